"""Decimal arithmetic as the rules do it: 34 digits inside, rounded once where the scheme says."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Literal, ParamSpec, TypeVar

from mingji.rules.errors import Invalid
from mingji.rules.explanation import plain
from mingji.rules.text import Text

P = ParamSpec("P")
R = TypeVar("R")
RoundingMode = Literal["half_up", "half_even", "down"]
HUNDRED = Decimal(100)
ZERO = Decimal(0)
_MODES: dict[str, str] = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "down": decimal.ROUND_DOWN,
}
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(16))
_EXACT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)
_WIDE = decimal.Context(prec=60)
# Beyond this many digits before the point a figure is a mistake, and exactness is gone.
_LARGEST = 15
# Beyond this place a figure that was divided holds only what the division could not end.
_NOISE = 14
_PLACES_SHOWN = 4


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function in the rules' own decimal context, whatever the caller's thread has set."""

    @wraps(function)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        current = decimal.getcontext()
        if current.prec == _EXACT.prec and current.rounding == _EXACT.rounding:
            return function(
                *args, **kwargs
            )  # already inside: entering again costs, changes nothing
        with decimal.localcontext(_EXACT):
            return function(*args, **kwargs)

    return within


def rounded(value: Decimal, places: int = 2, mode: RoundingMode = "half_up") -> Decimal:
    """A value to so many places; half up unless the scheme says otherwise; never `-0`.

    >>> rounded(Decimal("16.665")), rounded(Decimal("2.5"), 0, "half_even")
    (Decimal('16.67'), Decimal('2'))
    """
    step = _STEPS[places] if 0 <= places < len(_STEPS) else Decimal(1).scaleb(-places)
    if places < _NOISE // 2:
        # A quotient that ends halfway arrives as 31.87499…9: its last digits are noise.
        value = value.quantize(_STEPS[_NOISE], rounding=decimal.ROUND_HALF_EVEN, context=_WIDE)
    result = value.quantize(step, rounding=_MODES[mode], context=_WIDE)
    return result if result else abs(result)


@lru_cache(maxsize=1 << 14)  # the same few targets and weights stand in everybody's formulas
def shown(value: Decimal | None) -> str:
    """A value as a formula in words shows it: at most four places, no trailing zeros.

    >>> shown(Decimal("16.666666")), shown(Decimal("20.00")), shown(None)
    ('16.6667', '20', '—')
    """
    if value is None:
        return "—"
    text = plain(value)
    if len(text) - text.find(".") > _PLACES_SHOWN + 1 and "." in text:
        text = plain(rounded(value, _PLACES_SHOWN))
    return text.rstrip("0").rstrip(".") if "." in text else text


def checked(value: Decimal | None, what: Text) -> Decimal | None:
    """The value, if it can be reckoned with.

    Raises:
        Invalid: it is not a number, infinite, or has more than 15 digits before the point.
    """
    if value is None or (value.is_finite() and value.adjusted() < _LARGEST):
        return value
    if value.is_finite():
        raise Invalid(
            Text(
                zh=f"{what.zh}是 {value}，整数部分超过 {_LARGEST} 位；检查是不是多写了，"
                "或换大一些的单位",
                en=f"{what.en} is {value}, with more than {_LARGEST} digits before the point; "
                "check the digits, or count in a larger unit",
            ),
            code="not_a_finite_number",
        )
    raise Invalid(
        Text(
            zh=f"{what.zh}是 {value}，不是可以计算的数；改成一个有限的数值，或留空表示无数据",
            en=f"{what.en} is {value}, which cannot be reckoned with; "
            "write a finite number, or leave it empty for no data",
        ),
        code="not_a_finite_number",
    )
