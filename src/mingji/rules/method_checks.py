"""What is wrong with the settings of one item's method, before any fact is known (§9)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.formula import parse
from mingji.rules.methods.anchors import Anchors
from mingji.rules.methods.bands import BandLinear, BandMethod
from mingji.rules.methods.events import Bonus, Deduct
from mingji.rules.methods.rated import BehaviourAnchor, Described, GradeScale, MultiRater
from mingji.rules.methods.ratio import Deviation, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import NAMES, Formula, Matrix
from mingji.rules.numbers import shown
from mingji.rules.raters import LEAST_MINIMUM
from mingji.rules.scheme import Item
from mingji.rules.text import Text


def finding(
    code: str,
    path: str,
    message: Text,
    remedy: Text,
    severity: Severity = "error",
) -> Finding:
    """A finding at a path of the scheme document."""
    return Finding(code, severity, message, remedy, Place(path=path))


def check_method(item: Item, path: str) -> Iterator[Finding]:
    """Everything wrong with an item's method settings."""
    match item.scoring:
        case BandMethod() | BandLinear():
            yield from _bands(item.scoring, path)
        case Anchors() if len({a.value for a in item.scoring.anchors}) < max(
            2, len(item.scoring.anchors)
        ):
            yield finding(
                "anchors_not_distinct",
                f"{path}.anchors",
                Text("锚点少于两个，或取值重复", "fewer than two anchors, or two at one value"),
                Text("至少写两个取值不同的锚点", "write at least two with different values"),
            )
        case BaseStep() | BestHistory():
            yield from _steps(item, path)
        case Matrix():
            yield from _matrix(item.scoring, path)
        case Formula():
            yield from _formula(item.scoring, path)
        case MultiRater(minimum=int(minimum)) if minimum < LEAST_MINIMUM:
            yield minimum_too_low(f"{path}.minimum")
        case Described() | GradeScale() | BehaviourAnchor():
            yield from _choices(item.scoring, path)
    if item.target is not None and item.target <= 0 and divides_by_target(item):
        yield _target_not_positive(item, path)


def divides_by_target(item: Item) -> bool:
    """Whether an item's method has no meaning at a target of zero or less."""
    match item.scoring:
        case Ratio():
            return True
        case Deviation(measure=measure) | BandMethod(measure=measure):
            return measure == "percent"
        case BandLinear(measure=measure) | Anchors(measure=measure):
            return measure == "percent"
    return False


def lowest_points(item: Item) -> Decimal:
    """The fewest points an item can bring; below 0 it takes from the others."""
    match item.scoring:
        case Deduct(floor=floor) | Deviation(floor=floor) | BestHistory(floor=floor):
            return floor
        case BandMethod(bands=bands):
            points = [band.points for band in bands]
        case GradeScale(levels=levels):
            points = [level.points for level in levels]
        case Described(cases=cases):
            points = [case.points for case in cases if case.points is not None]
        case BaseStep(base=base, cap_down=down):
            points = [base - down]
        case Ratio(floor=None):
            points = [-item.weight]
        case _:
            points = []
    return min(points, default=Decimal(0))


def outside_hundred(item: Item) -> bool:
    """Whether the item lies outside the 100."""
    return isinstance(item.scoring, Bonus)


def minimum_too_low(path: str) -> Finding:
    """The anonymity minimum is below three."""
    return finding(
        "anonymity_minimum_too_low",
        path,
        Text("匿名下限少于 3 人，可能认出是谁评的", "with fewer than 3 a rater can be recognised"),
        Text("改成 3 或以上（默认 4）", "make it 3 or more (4 unless you have a reason)"),
    )


def _target_not_positive(item: Item, path: str) -> Finding:
    target = shown(item.target)
    return finding(
        "target_not_positive",
        path.removesuffix(".scoring") + ".target",
        Text(f"目标值是 {target}，比率法没有意义", f"a ratio to the target {target} is undefined"),
        Text(
            "改用 base_step（measure: value）、anchors 或 described",
            "use base_step (measure: value), anchors or described",
        ),
    )


def _bands(method: BandMethod | BandLinear, path: str) -> Iterator[Finding]:
    infinite = Decimal("Infinity")
    spans = sorted(
        (
            -infinite if band.low is None else band.low,
            infinite if band.high is None else band.high,
        )
        for band in method.bands
    )
    remedy = Text("让每个区间从上一个的终点开始", "let each band begin where the last one ends")
    if not spans or any(low >= high for low, high in spans):
        words = Text("没有区间，或某个区间的下限不小于上限", "no bands, or one without any width")
        yield finding("band_empty", f"{path}.bands", words, remedy)
    for (_, end), (start, _) in pairwise(spans):
        if start != end:
            code, zh, en = (
                ("band_gap", "空档", "a gap")
                if start > end
                else ("band_overlap", "重叠", "an overlap")
            )
            low, high = sorted((start, end))
            words = Text(f"{low} 和 {high} 之间有{zh}", f"between {low} and {high} there is {en}")
            yield finding(code, f"{path}.bands", words, remedy)


def _steps(item: Item, path: str) -> Iterator[Finding]:
    method = item.scoring
    assert isinstance(method, BaseStep | BestHistory)
    if method.step <= 0:
        yield finding(
            "step_not_positive",
            f"{path}.step",
            Text(f"步长是 {shown(method.step)}", f"the step is {shown(method.step)}"),
            Text("改成大于 0 的数", "make it greater than 0"),
        )
    if isinstance(method, BaseStep) and method.measure == "given" and item.baseline is None:
        yield finding(
            "delta_without_baseline",
            path.removesuffix(".scoring") + ".baseline",
            Text(
                "考核的是变化幅度，却没有写和什么相比", "a change is scored, but not against what"
            ),
            Text(
                "补上 baseline（也可以写在每人的数据里），或改用 measure: percent",
                "add a baseline (a row of facts may bring it too), or use measure: percent",
            ),
            "warning",  # the change itself can be scored; only its reader is left guessing
        )


def _matrix(method: Matrix, path: str) -> Iterator[Finding]:
    widths = {len(row) for row in method.coefficients}
    ascending = all(list(b) == sorted(set(b)) for b in (method.rows, method.columns))
    fits = len(method.coefficients) == len(method.rows) and widths == {len(method.columns)}
    if fits and ascending:
        return
    yield finding(
        "matrix_shape",
        f"{path}.coefficients",
        Text("矩阵的行列数和边界对不上，或边界没有递增", "the grid does not fit its bounds"),
        Text(
            "每行写 columns 个系数，共 rows 行；边界从小到大",
            "one row for each bound in rows, one figure for each in columns, bounds ascending",
        ),
    )


def _formula(method: Formula, path: str) -> Iterator[Finding]:
    if method == Formula():
        words = Text("没有写公式，人人都得 0 分", "there is no formula: everybody earns 0")
        remedy = Text("写上 expression", "write the expression")
        yield finding("formula_refused", f"{path}.expression", words, remedy)
        return
    try:
        parse(method.expression, NAMES)
    except Invalid as refusal:
        remedy = Text("按公式说明改写", "rewrite it; see the scoring guide, “formula”")
        yield finding("formula_refused", f"{path}.expression", refusal.message, remedy)


def _choices(method: Described | GradeScale | BehaviourAnchor, path: str) -> Iterator[Finding]:
    if isinstance(method, BehaviourAnchor):
        names: list[str] = [str(level.level) for level in method.levels]
    else:
        options = method.cases if isinstance(method, Described) else method.levels
        names = [option.id for option in options]
    if len(names) < 2 or len(set(names)) < len(names):
        field = "cases" if isinstance(method, Described) else "levels"
        yield finding(
            "levels_not_distinct",
            f"{path}.{field}",
            Text("等级少于两档，或有重复", "fewer than two levels, or one stands twice"),
            Text("至少写两档，编号各不相同", "write at least two, each with its own id"),
        )
