"""Units in words: 万元, thousand USD, %, above a table, in a header or beside a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: The code of a currency, as definitions have it for a unit.
CURRENCY = re.compile(r"[A-Z]{3}")
#: How people write a currency; the first that fits wins, so longer spellings stand first.
CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "CNY": ("人民币", "cn¥", "¥", "rmb", "cny", "元整", "元"),
    "USD": ("us$", "$", "usd", "美元", "美金"),
    "EUR": ("€", "eur", "欧元"),
    "GBP": ("£", "gbp", "英镑"),
    "HKD": ("hk$", "hkd", "港元", "港币"),
    "JPY": ("¥", "jpy", "日元", "円"),
}
#: Multipliers as powers of ten.
MULTIPLIERS: Mapping[str, int] = {
    "十亿": 9,
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "万": 4,
    "千": 3,
    "thousands": 3,
    "thousand": 3,
    "millions": 6,
    "million": 6,
    "billions": 9,
    "billion": 9,
    "mio": 6,
    "mn": 6,
    "mm": 6,
    "bn": 9,
    "k": 3,
    "m": 6,
    "b": 9,
}
_PERCENT = ("%", "％", "百分比", "percent", "pct")
_SPELT = sorted(
    {spelling for spellings in CURRENCIES.values() for spelling in spellings}, key=len, reverse=True
)
_MULTIPLIED = sorted(MULTIPLIERS, key=len, reverse=True)
_BRACKETED = re.compile(
    r"^(.+?)\s*[（(\[【]\s*(?:单位\s*[:：]?)?\s*([^（()）\[\]【】]+?)\s*[)）\]】]$"
)
_APART = re.compile(r"^(.+?)\s*[/_:：,，\s-]\s*([^\s/_:：,，-]{2,}|[%％元万亿千])$")
_JOINED = re.compile(r"^(.+?)((?:百万|千万|十亿|万|亿|千)(?:美元|欧元|港元|日元|英镑|元))$")
_LINE = re.compile(
    r"(?:单\s*位|货币单位|金额单位|unit|units|amounts?|figures?|currency)"
    r"\s*(?:[:：]|[均都]?[为是]|are in|in)\s*"
    r"([^，,；;、。()（）]+)",
    re.IGNORECASE,
)
_COUNTED_IN = re.compile(r"以\s*([^以，,；;、。()（）]+?)\s*(?:计|为单位)")
_BARE_LINE = re.compile(r"^[（(]?\s*(in\s+.+?)[)）]?$", re.IGNORECASE)
_IN_TITLE = re.compile(r"[（(\[【]\s*(?:单位\s*[:：]?)?\s*([^（()）\[\]【】]{1,12}?)\s*[)）\]】]")
_WAYS = (_LINE, _COUNTED_IN, _BARE_LINE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written: `shift` is the power of ten that leads to the plain unit."""

    text: str
    shift: int = 0
    currency: tuple[str, ...] = ()

    @property
    def percent(self) -> bool:
        """Whether values are hundredths."""
        return self.shift < 0


def unit_of(text: str) -> Unit | None:
    """The unit that a text names as a whole, or None.

    >>> unit_of("万元"), unit_of("thousand USD").shift, unit_of("小时")
    (Unit(text='万元', shift=4, currency=('CNY',)), 3, None)
    """
    words = re.sub(r"^in\s+|\s+of\s+|[\s.]+", " ", text.strip().casefold()).strip()
    if words in _PERCENT:
        return Unit(text, -2)
    currency: tuple[str, ...] = ()
    for spelling in _SPELT:
        if words.startswith(spelling) or words.endswith(spelling):
            currency = tuple(code for code, ways in CURRENCIES.items() if spelling in ways)
            words = words.removesuffix(spelling).removeprefix(spelling).strip()
            break
    # 人民币万元 names its currency twice.
    for spelling in CURRENCIES["CNY"] if "CNY" in currency else ():
        words = words.removesuffix(spelling).removeprefix(spelling).strip()
    if words in _MULTIPLIED:
        return Unit(text, MULTIPLIERS[words], currency)
    return Unit(text, 0, currency) if currency and not words else None


def is_chinese(text: str) -> bool:
    """Whether a text is in Chinese."""
    return any("一" <= each <= "鿿" for each in text)


def split_header(header: str) -> tuple[str, Unit | None]:
    """A header without the unit that it ends in, and that unit.

    >>> split_header("金额（万元）")[0], split_header("Amount (K USD)")[1].shift
    ('金额', 3)
    """
    for pattern in (_BRACKETED, _APART, _JOINED):
        if match := pattern.match(header):
            unit = unit_of(match[2])
            if match[2] in ("w", "W") and is_chinese(header):
                unit = Unit(match[2], MULTIPLIERS["万"])
            if unit:
                return match[1], unit
    return header, None


def unit_in_line(cells: tuple[str, ...]) -> Unit | None:
    """The unit that a line states for the money of a table, such as 单位：万元.

    >>> unit_in_line(("注：金额单位均为万元。",)).text, unit_in_line(("以上以千元计",)).shift
    ('万元', 3)
    """
    for cell in cells:
        for match in (each for way in _WAYS for each in way.finditer(cell)):
            if unit := unit_of(match[1]):
                return unit
    return None


def unit_in_title(cells: tuple[str, ...]) -> Unit | None:
    """The unit of money in brackets in a line above the table, such as 费用明细表（万元）.

    >>> unit_in_title(("2025年费用明细表（万元）",)).shift, unit_in_title(("费用（%）", "报表(k)"))
    (4, None)
    """
    for cell in cells:
        for match in _IN_TITLE.finditer(cell):
            if (unit := unit_of(match[1])) and unit.currency:
                return unit
    return None
