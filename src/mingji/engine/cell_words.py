"""Amounts in the numerals of cheques (壹万贰仟叁佰元整) and years of the Republic (民国114年).

Only what is certain is read: 壹万叁元 may be 13,000 or 10,003 and stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as compute

_DIGITS = {
    each: number
    for number, ways in enumerate(
        ("零〇", "壹", "贰貳弍", "叁參叄参", "肆", "伍", "陆陸", "柒", "捌", "玖")
    )
    for each in ways
}
_D, _ZERO = f"[{''.join(each for each, number in _DIGITS.items() if number)}]", "[零〇]"
#: Up to 9,999: a digit without a unit stands behind 拾, behind a zero or alone.
_SECTION = rf"{_ZERO}??(?:({_D})仟)?{_ZERO}??(?:({_D})佰)?{_ZERO}??(?:({_D}?)拾)?({_ZERO}?{_D})?"
_AMOUNT = re.compile(
    r"(?P<currency>(?:人民币|RMB|[¥￥])?[:：]?)(?P<sign>[负負]?)"
    r"(?:(?P<hundred_millions>[^亿億]+)[亿億])?(?:(?P<ten_thousands>[^亿億万萬]+)[万萬])?"
    r"(?P<ones>[^亿億万萬元圆圓角分整正]+)?(?P<yuan>[元圆圓])?"
    rf"{_ZERO}?(?:(?P<jiao>{_D}|{_ZERO})角)?{_ZERO}?(?:(?P<fen>{_D}|{_ZERO})分)?[整正]?"
)
_WHOLE = re.compile(_SECTION)
#: An amount has a digit or 拾, and a unit: 叁 alone is a word.
_COUNTS, _UNITS = re.compile(f"{_D}|{_ZERO}|拾"), re.compile("[拾佰仟万萬亿億元圆圓角分]")
_LIKELY = "[壹贰貳弍叁參叄肆伍陆陸柒捌玖零〇拾]"
_REPUBLIC = "民[国國]"
_BEGINNING = 1911
_DAY = re.compile(
    rf"(?:(?:中[华華])?{_REPUBLIC})? ?(?P<year>\d{{1,3}}|元)(?:年 ?|[-/.])"
    r"(?P<month>\d{1,2})(?:月 ?|[-/.])(?P<day>\d{1,2})[日号號]?(?P<clock>(?:[ T].*)?)"
)


def in_digits(cells: pa.Array) -> tuple[pa.Array, int]:
    """The cells with amounts in words as digits, and how many these were."""
    return _replaced(cells, _LIKELY, amount)


def in_our_years(cells: pa.Array, *, republican: bool) -> tuple[pa.Array, int]:
    """The cells with days of the Republic in our years, and how many these were.

    Args:
        cells: The cells of a column of days.
        republican: Whether the header says that years are of the Republic: 114/03/05 is one then.
    """
    if republican:
        return _replaced(cells, r"^\s*\d{1,3}[-/.年]|" + _REPUBLIC, _bare_day)
    return _replaced(cells, _REPUBLIC, day)


def amount(word: str) -> str | None:
    """An amount in words, in digits; None if it is none for certain.

    >>> amount("人民币壹万贰仟叁佰元整"), amount("叁拾元零伍分"), amount("壹万叁元"), amount("拾万")
    ('12300元', '30.05元', None, '100000')
    """
    bare = re.sub(r"\s", "", word)
    found = _AMOUNT.fullmatch(bare)
    if not found or not _COUNTS.search(bare) or not _UNITS.search(bare):
        return None
    high, middle, low = (
        _section(found[part]) for part in ("hundred_millions", "ten_thousands", "ones")
    )
    if high is None or middle is None or low is None or _is_open(found):
        return None
    whole = high * 10**8 + middle * 10**4 + low
    jiao, fen = (_DIGITS.get(found[part] or "零", 0) for part in ("jiao", "fen"))
    if (jiao or fen) and whole and not found["yuan"]:
        return None
    cents = f".{jiao}{fen}" if jiao or fen else ""
    money = "元" if found["yuan"] or cents or found["currency"] else ""
    return f"{'-' if found['sign'] else ''}{whole}{cents}{money}"


def _section(text: str | None) -> int | None:
    """A number below 10,000; None if it is none for certain."""
    if not text or re.fullmatch(_ZERO, text):
        return 0
    found = _WHOLE.fullmatch(text)
    if not found:
        return None
    thousands, hundreds, tens, ones = found.groups()
    bare = ones is not None and len(ones) == 1
    if bare and (thousands or hundreds) and tens is None:
        return None
    ten = 0 if tens is None else _DIGITS.get(tens, 1)
    return (
        _DIGITS.get(thousands or "零", 0) * 1000
        + _DIGITS.get(hundreds or "零", 0) * 100
        + ten * 10
        + (_DIGITS[ones[-1]] if ones else 0)
    )


def _is_open(found: re.Match[str]) -> bool:
    """Whether a bare digit stands behind 万 or 亿: 壹万叁 may be 13,000 or 10,003."""
    above = found["hundred_millions"] or found["ten_thousands"]
    return bool(above and found["ones"] and re.fullmatch(_D, found["ones"]))


def day(word: str) -> str | None:
    """A day of the Republic in our years; None if it does not say that it is one.

    >>> day("民国114年3月5日"), day("民國元年1月1日"), day("114/03/05")
    ('2025-3-5', '1912-1-1', None)
    """
    return _bare_day(word) if is_republican(word) else None


def is_republican(header: str) -> bool:
    """Whether a header says that the years below it are of the Republic."""
    return re.search(_REPUBLIC, header) is not None


def _bare_day(word: str) -> str | None:
    found = _DAY.fullmatch(word.strip())
    if not found:
        return None
    year = 1 if found["year"] == "元" else int(found["year"])
    return f"{_BEGINNING + year}-{found['month']}-{found['day']}{found['clock']}" if year else None


def _replaced(
    cells: pa.Array, likely: str, read: Callable[[str], str | None]
) -> tuple[pa.Array, int]:
    """Cells with what `read` makes of those that look so; each different one is read once."""
    looks = compute.fill_null(compute.match_substring_regex(cells, likely), False)
    if not compute.any(looks).as_py():
        return cells, 0
    words = compute.unique(cells.filter(looks)).to_pylist()
    known = {word: value for word in words if (value := read(word)) is not None}
    if not known:
        return cells, 0
    at = compute.index_in(cells, value_set=pa.array(list(known), cells.type))
    found = compute.and_(at.is_valid(), looks)
    values = pa.array(list(known.values()), cells.type).take(at)
    return compute.if_else(found, values, cells), compute.sum(found).as_py()
