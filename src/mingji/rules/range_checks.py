"""Settings of a method or scheme that are numbers, but not numbers that can be meant (§9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from mingji.rules.findings import Finding
from mingji.rules.method_checks import finding
from mingji.rules.methods.anchors import TieredTarget
from mingji.rules.methods.events import Bonus, Deduct, Milestone
from mingji.rules.methods.rated import MultiRater
from mingji.rules.methods.ratio import Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Rank
from mingji.rules.numbers import HUNDRED, ZERO, shown
from mingji.rules.scheme import Item, Scheme
from mingji.rules.text import Text

# A cap of the ratio is a share of the weight: from here on it was meant in percent.
_CAP_IN_PERCENT = Decimal(10)
_MOST_PLACES = 6
_PERIODS_A_YEAR = {"month": 12, "quarter": 4, "half": 2}


def check_item_ranges(item: Item, path: str) -> Iterator[Finding]:
    """Figures of an item and its method that no score can come from."""
    if item.out_of is not None and item.out_of <= 0:
        yield _too_small(f"{path}.out_of", "out_of", item.out_of, above=True)
    at = f"{path}.scoring"
    match item.scoring:
        case Ratio(cap=cap, floor=floor) | Efficacy(cap=cap, floor=floor):
            yield from _bounds(cap, floor, at)
            if isinstance(item.scoring, Ratio) and cap is not None and cap >= _CAP_IN_PERCENT:
                yield _in_percent(f"{at}.cap", cap)
            if isinstance(item.scoring, Efficacy):
                yield from _apart(item.scoring, at)
        case Bonus(cap=cap, floor=floor) | BestHistory(cap=cap, floor=floor):
            yield from _bounds(cap, floor, at)
        case Deviation(tolerance=tolerance, unit=unit):
            yield from _not_negative({"tolerance": tolerance, "unit": unit}, at)
        case BaseStep(cap_up=up, cap_down=down, unit=unit):
            yield from _not_negative({"cap_up": up, "cap_down": down, "unit": unit}, at)
        case Deduct(points_each=each):
            yield from _not_negative({"points_each": each}, at)
        case _:
            yield from _orders(item, path)


def _orders(item: Item, path: str) -> Iterator[Finding]:
    """Lists and pairs that must stand in an order, and scales that must be wide."""
    at = f"{path}.scoring"
    match item.scoring:
        case MultiRater(scale=scale) if scale <= 0:
            yield _too_small(f"{at}.scale", "scale", scale, above=True)
        case TieredTarget():
            yield from _tiers(item, path)
        case Rank(shares=shares):
            yield from _shares(shares, f"{at}.shares")
        case Milestone(lateness=steps) if [s.days for s in steps] != sorted(s.days for s in steps):
            words = Text("延迟天数没有从小到大排", "the days late are not in ascending order")
            remedy = Text("把天数少的写在前面", "write the fewest days first")
            yield finding("not_ascending", f"{at}.lateness", words, remedy)


def check_scheme_ranges(scheme: Scheme) -> Iterator[Finding]:
    """Figures of a scheme outside the items that cannot be meant."""
    bounds = {"adjustment_limit": scheme.adjustment_limit, "bonus_cap": scheme.bonus_cap or ZERO}
    yield from _not_negative(bounds, "")
    if not 0 <= scheme.rounding.places <= _MOST_PLACES:
        places = scheme.rounding.places
        words = Text(f"保留 {places} 位小数", f"rounding to {places} places")
        remedy = Text(f"写 0 到 {_MOST_PLACES}", f"write 0 to {_MOST_PLACES}")
        yield finding("out_of_range", "rounding.places", words, remedy)
    for n, step in enumerate(scheme.blend.coefficients):
        yield from _not_negative({"coefficient": step.coefficient}, f"blend.coefficients[{n}]")
    for n, share in enumerate(scheme.distribution.shares):
        for name, percent in (("at_most", share.at_most), ("at_least", share.at_least)):
            if percent is not None and not 0 <= percent <= HUNDRED:
                words = Text(f"比例是 {shown(percent)} %", f"the share is {shown(percent)} %")
                remedy = Text("写 0 到 100", "write 0 to 100")
                yield finding("out_of_range", f"distribution.shares[{n}].{name}", words, remedy)
    yield from _year(scheme)


def _year(scheme: Scheme) -> Iterator[Finding]:
    given, wanted = len(scheme.year.quarter_weights), _PERIODS_A_YEAR.get(scheme.period)
    if given and wanted and given != wanted:
        words = Text(
            f"一年有 {wanted} 个考核周期，却写了 {given} 个权重",
            f"a year has {wanted} periods, but {given} weights are given",
        )
        remedy = Text("每个周期写一个，或删去（平均）", "give each a weight, or none (equal)")
        yield finding("year_weights", "year.quarter_weights", words, remedy)


def _bounds(cap: Decimal | None, floor: Decimal | None, at: str) -> Iterator[Finding]:
    if cap is not None and cap < (ZERO if floor is None else floor):
        low = shown(ZERO if floor is None else floor)
        words = Text(
            f"封顶 {shown(cap)} 低于保底 {low}", f"the cap {shown(cap)} lies below the floor {low}"
        )
        remedy = Text("让 cap 不小于 floor", "make the cap no less than the floor")
        yield finding("cap_below_floor", f"{at}.cap", words, remedy)


def _in_percent(path: str, cap: Decimal) -> Finding:
    c, share = shown(cap), shown(cap / HUNDRED)
    return finding(
        "cap_looks_like_percent",
        path,
        Text(f"封顶写的是权重的 {c} 倍", f"the cap is {c} times the weight"),
        Text(f"要的是 {c} % 就写 {share}", f"write {share} if {c} % is meant"),
        "warning",
    )


def _apart(method: Efficacy, at: str) -> Iterator[Finding]:
    if method.satisfactory is not None and method.unacceptable == method.satisfactory:
        value = shown(method.satisfactory)
        words = Text(
            f"不允许值和满意值都是 {value}", f"unacceptable and satisfactory are both {value}"
        )
        remedy = Text("把两者分开", "set them apart")
        yield finding("values_equal", f"{at}.satisfactory", words, remedy)


def _tiers(item: Item, path: str) -> Iterator[Finding]:
    given = [v for v in (item.threshold, item.target, item.stretch) if v is not None]
    rising = sorted(set(given))
    if given not in (rising, rising[::-1]):
        listed = " / ".join(map(shown, given))
        words = Text(
            f"门槛值/目标值/挑战值是 {listed}，没有依次变难",
            f"threshold / target / stretch are {listed}: not one harder than the other",
        )
        remedy = Text("从易到难排好，各不相同", "put them in order, easiest first, all different")
        yield finding("tiers_not_in_order", path, words, remedy)


def _shares(shares: Sequence[Decimal], path: str) -> Iterator[Finding]:
    if shares and all(0 <= share <= 2 for share in shares):
        return
    listed = ", ".join(map(shown, shares)) or "—"
    words = Text(f"各名次的份额是 {listed}", f"the shares of the ranks are {listed}")
    remedy = Text(
        "写成权重的份额，如 1, 0.8, 0.6", "write shares of the weight, such as 1, 0.8, 0.6"
    )
    yield finding("out_of_range", path, words, remedy)


def _not_negative(values: dict[str, Decimal], at: str) -> Iterator[Finding]:
    for name, value in values.items():
        if value < 0:
            yield _too_small(f"{at}.{name}" if at else name, name, value)


def _too_small(path: str, name: str, value: Decimal, *, above: bool = False) -> Finding:
    words = Text(f"{name} 是 {shown(value)}", f"{name} is {shown(value)}")
    remedy = Text("改成大于 0 的数", "make it greater than 0")
    if not above:
        remedy = Text("改成 0 或以上", "make it 0 or more")
    return finding("out_of_range", path, words, remedy)
