"""The amounts that a title names: 300, 1.5 万, 25 %, 5 个百分点, 三成, two million, by or to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.numbers import exact
from mingji.rules.smart.words import Words

QuantityKind = Literal["plain", "percent", "points", "times"]
Role = Literal["from", "to", "by", "year", ""]
_HUNDRED = Decimal(100)
_SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5,
    "万": 4, "w": 4, "千": 3, "百": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6,
    "billion": 9, "bn": 9,
}  # fmt: skip
_UNITS: dict[str, QuantityKind] = {
    "个百分点": "points", "百分点": "points", "percentage points": "points",
    "percentage point": "points", "points": "points", "pp": "points", "pts": "points",
    "%": "percent", "percent": "percent", "成": "percent",
    "倍": "times", "times": "times", "x": "times",
}  # fmt: skip


def _longest_first(words: dict[str, int] | dict[str, QuantityKind]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(word) + (r"(?![a-z])" if word.isascii() and word.isalpha() else "")
        for word in ordered
    )


_DIGITS = re.compile(
    r"(?<![0-9.])(?P<digits>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?P<part>\.[0-9]{1,9})?"
    rf"(?![0-9])(?:[ ]?(?P<scale>{_longest_first(_SCALES)}))?"
    rf"(?:[ ]?(?P<unit>{_longest_first(_UNITS)}))?"
)
_LETTERS = re.compile(r"(?!(?:h|hrs?|min|d)(?![a-z]))[a-z]")
_CODE = re.compile(r"(?:(?<![a-z])[a-z]|tier|top|fy|web|iso|gpt|vol|ver|no\.?)[- ]?$")
_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MEASURES = "个家场次篇条名位人份项款支档期部张件套座城站单批种天小时周"
_CHINESE = re.compile(
    r"(?<![0-9][ ])(?<![0-9第一二两三四五六七八九十百千])"
    r"(?P<digits>[一二两三四五六七八九十百千]{1,7})"
    rf"(?P<unit>成(?![为本功交立果就长员])|倍|万|亿|[{_MEASURES}])(?!性|度)"
)
_PER_CENT = re.compile(r"百分之(?P<digits>[一二两三四五六七八九十百]{1,5}|[0-9]{1,3})")
_DOUBLING = re.compile(r"翻(?:一)?[番倍]|(?<![a-z])doubl(?:e|es|ed|ing)(?![a-z-])")
_NONE = re.compile(r"零(?=投诉|客诉|缺陷|事故|差错|失误|逾期|重大|违规)|(?<![a-z])zero(?= [a-z])")
_ENGLISH = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
)  # fmt: skip
_COUNTED = re.compile(rf"(?<![a-z])(?:{'|'.join(_ENGLISH)})(?![a-z])")
_FROM = re.compile(
    r"(?:从|由|自|(?<![a-z])from)[ ]?(?:目前|现在|当前|现有|去年|上期|上季度|同期)?的?[ ]?[¥$€]?$"
)
_ARROW = re.compile(r"[ ]?(?:→|->|=>)")
_TO = re.compile(
    r"(?:到|至|达|为|不低于|不少于|不高于|不超过|超过|突破|控制在|保持在|≥|≤|>=|<=|>|<|=|:"
    r"|(?<![a-z])(?:to|reach|reaches|least|most|below|under|above|over|within|hit|than))"
    r"[ ]?[¥$€]?[ ]?$"
)
_BY = re.compile(
    r"(?:提升|提高|增长|增加|上升|涨|降低|下降|减少|缩短|压缩|降|环比|\+|(?<![a-z])by|"
    r"(?<![a-z])(?:increase|reduce|cut|grow|lift|raise|improve|boost|decrease)[a-z ]{0,30})"
    r"[了约近 ]{0,3}$"
)
_YEAR = re.compile(
    r"同比[^，,；;]{0,6}$|(?:yoy|year[- ]on[- ]year|year[- ]over[- ]year)[^,;]{0,20}$"
)
_YEAR_AFTER = re.compile(r"[ ]?(?:yoy|year[- ]o(?:n|ver)[- ]year|(?:vs\.?|over|than|on) last year)")
_BY_AFTER = re.compile(r"[ ]?(?:的(?:增长|增幅|降幅|提升)|growth|increase|reduction|lift|decrease)")
_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a title. Percent and points are fractions: 25 % is 0.25.

    Its `role`: where something starts (`from`) or ends (`to`), how far it moves (`by`) or against
    last year (`year`); empty if the words do not say.
    """

    value: Decimal
    kind: QuantityKind
    role: Role
    words: str
    start: int
    end: int


def quantities(
    text: str, words: Words, without: tuple[tuple[int, int], ...] = ()
) -> tuple[Quantity, ...]:
    """The amounts in a folded text, in order, leaving out the spans of dates.

    >>> from mingji.rules.smart.words import shipped
    >>> [(str(q.value), q.kind, q.role) for q in quantities("官网转化率从 2% 提升到 3%", shipped())]
    [('0.02', 'percent', 'from'), ('0.03', 'percent', 'to')]
    >>> [str(q.value) for q in quantities("双11举办三场直播，新增1.5万粉丝", shipped())]
    ['3', '15000.0']
    """
    names = "|".join(re.escape(name) for name in words.names)
    closed = (*without, *(match.span() for match in re.finditer(names, text) if names))
    found = [
        quantity
        for quantity in (*_digits(text), *_chinese(text, words.articles), *_spoken(text))
        if not any(start < quantity.end and quantity.start < end for start, end in closed)
    ]
    return tuple(sorted(found, key=lambda quantity: quantity.start))


@exact
def _digits(text: str) -> list[Quantity]:
    found = []
    for match in _DIGITS.finditer(text):
        if _CODE.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if not (match["scale"] or match["unit"]) and _LETTERS.match(text, match.end()):
            continue
        if text[max(0, match.start() - 1) : match.start()] == "第":
            continue
        value = Decimal(match["digits"].replace(",", "") + (match["part"] or ""))
        if match["scale"]:
            value *= 10 ** _SCALES[match["scale"]]
        kind = _UNITS.get(match["unit"] or "", "plain")
        if kind in ("percent", "points"):
            value /= 10 if match["unit"] == "成" else _HUNDRED
        found.append(_quantity(text, value, kind, match.start(), match.end()))
    return found


def _chinese(text: str, articles: tuple[str, ...]) -> list[Quantity]:
    found = []
    for match in _CHINESE.finditer(text):
        digits, unit = match["digits"], match["unit"]
        often = "每" in text[max(0, match.start() - 6) : match.start()]
        if digits == "一" and unit in articles and not often:
            continue  # 一个标杆 is a model, 每月复盘一次 is an amount
        value = Decimal(_numeral(digits))
        kind: QuantityKind = "plain"
        if unit == "成":
            value, kind = value / 10, "percent"
        elif unit == "倍":
            kind = "times"
        elif unit in _SCALES:
            value *= 10 ** _SCALES[unit]
        found.append(_quantity(text, value, kind, match.start(), match.end()))
    return found


def _spoken(text: str) -> list[Quantity]:
    found = []
    for match in _PER_CENT.finditer(text):
        digits = match["digits"]
        value = Decimal(digits if digits.isascii() else _numeral(digits)) / _HUNDRED
        found.append(_quantity(text, value, "percent", match.start(), match.end()))
    for match in _NONE.finditer(text):
        start, end = match.span()
        found.append(Quantity(Decimal(0), "plain", "", match[0], start, end))
    for match in _COUNTED.finditer(text):
        value = Decimal(_ENGLISH.index(match[0]) + 2)
        found.append(_quantity(text, value, "plain", match.start(), match.end()))
    for match in _DOUBLING.finditer(text):
        start, end = match.span()
        found.append(Quantity(Decimal(1), "percent", "by", match[0], start, end))
    return found


def _numeral(signs: str) -> int:
    """A Chinese numeral below ten thousand: 三十二 → 32, 一百二 → 120 (as it is said)."""
    total, digit, ten = 0, 0, 1
    for sign in signs:
        if sign in _TENS:
            ten = _TENS[sign]
            total, digit = total + (digit or 1) * ten, 0
        else:
            digit = _NUMERALS[sign]
    spoken_short = ten >= 100 and digit and signs[-2] in _TENS
    return total + (digit * ten // 10 if spoken_short else digit)


def _quantity(text: str, value: Decimal, kind: QuantityKind, start: int, end: int) -> Quantity:
    before = text[max(0, start - _BEFORE) : start]
    role: Role = ""
    if _YEAR.search(before) or _YEAR_AFTER.match(text[end:]):
        role = "year"
    elif _TO.search(before):
        role = "to"
    elif _FROM.search(before) or _ARROW.match(text[end:]):
        role = "from"
    elif kind != "times" and (_BY.search(before) or _BY_AFTER.match(text[end:])):
        role = "by" if kind != "plain" or not before.rstrip().endswith("增加") else ""
    return Quantity(value, kind, role, text[start:end].strip(), start, end)
