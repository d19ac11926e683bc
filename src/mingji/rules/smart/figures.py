"""A value of a metric as a sentence says it: 2.6%, ¥5,000,000, 22 hours."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

_BEHIND = {
    "hour": Text(" 小时", " hours"),
    "day": Text(" 天", " days"),
    "month": Text(" 个月", " months"),
    "point": Text(" 分", " points"),
    "pp": Text(" 个百分点", " percentage points"),
    "%": Text.same("%"),
    "times": Text(" 倍", " times"),
}
_PERCENT = Decimal(100)


@exact
def figure(value: Decimal | None, unit: str) -> Text:
    """The value with its unit; a ratio is said in percent, an amount with its thousands parted.

    >>> figure(Decimal("0.026"), "ratio").en, figure(Decimal(5000000), "CNY").zh
    ('2.6%', '¥5,000,000')
    >>> figure(Decimal(22), "hour").zh, figure(Decimal("84.50"), "").en
    ('22 小时', '84.5')
    """
    if value is None:
        return Text.same("—")
    if unit == "ratio":
        return Text.same(f"{_parted(value * _PERCENT)}%")
    words = _parted(value)
    if unit == "CNY":
        return Text.same(f"-¥{words[1:]}" if value < 0 else f"¥{words}")
    behind = _BEHIND.get(unit, Text("", ""))
    return Text(words + behind.zh, words + behind.en)


def _parted(value: Decimal) -> str:
    whole, point, part = shown(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    parts = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)]
    return sign + ",".join(reversed(parts)) + point + part
