"""How a goal may agree that its item is scored: by which methods, within which bounds (§1).

The method and its settings are written as in a scheme file: `{"method": "ratio", "cap": "1.1"}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from mingji.rules.assess import full_score, overridden
from mingji.rules.codec import parameter_names
from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts
from mingji.rules.findings import Finding
from mingji.rules.formula import parse
from mingji.rules.goal_checks import check_goal
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.method_checks import check_method, finding
from mingji.rules.methods.anchors import Anchors, TieredTarget
from mingji.rules.methods.bands import BandLinear, BandMethod
from mingji.rules.methods.events import Deduct
from mingji.rules.methods.ratio import Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Formula, Matrix, Rank
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.points import score_item
from mingji.rules.scheme import Item
from mingji.rules.text import Text

# The methods that turn one measured number into points. The others ask for ratings, events,
# milestones or the values of others, which a KPI does not bring.
AGREEABLE = (
    "ratio",
    "tiered_target",
    "anchors",
    "band",
    "band_linear",
    "binary",
    "base_step",
    "best_history",
    "efficacy",
    "deviation",
    "deduct",
    "formula",
)
PLACE = "scoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the item would earn at a value: points, and the same in words with the numbers."""

    label: Text
    value: Decimal
    points: Decimal
    words: Text


def agreed_item(item: Item, goal: GoalTerms) -> Item:
    """The item as the goal has it: its weight, its method.

    Raises:
        Invalid: a method or setting that does not exist, or a value of the wrong kind.
    """
    weight = item.weight if goal.weight is None else goal.weight
    return overridden(replace(item, weight=weight), goal.scoring)


def scoring_findings(item: Item, goal: GoalTerms, direction: str = "up") -> tuple[Finding, ...]:
    """What is wrong with the scoring that a goal agrees for an item of the form.

    >>> won = Item(id="won", name=Text("赢单额", "won value"), weight=Decimal(20))
    >>> goal = GoalTerms(key="won", target=Decimal(100), scoring={"method": "rank"})
    >>> [each.code for each in scoring_findings(won, goal)]
    ['method_not_agreeable']
    """
    return tuple(_findings(item, goal, direction)) if goal.scoring else ()


def examples(item: Item, goal: GoalTerms, direction: str = "up") -> tuple[Example, ...]:
    """What the item earns at the agreed threshold, target and stretch, the hardest last.

    Where threshold or stretch is not agreed, a fifth short of the target and beyond it stands in.
    Empty where the method lacks a value or has no meaning there.

    >>> won = Item(id="won", name=Text("赢单额", "won value"), weight=Decimal(20))
    >>> [str(each.points) for each in examples(won, GoalTerms(key="won", target=Decimal(100)))]
    ['16.00', '20.00', '24.00']
    """
    found = []
    for label, value in _places(goal, direction):
        try:
            result = score_item(agreed_item(item, replace(goal, scoring={})), _facts(goal, value))
        except Invalid:
            return ()
        if result.points is None:
            return ()
        words = result.node.inputs[0].formula
        found.append(Example(label=label, value=value, points=result.points, words=words))
    return tuple(found)


@exact
def highest_share(item: Item) -> Decimal | None:
    """The most that an item can earn as a share of its weight (1 is the whole); None: no bound.

    >>> highest_share(Item(id="won", name=Text.same("won"), scoring=Ratio(cap=Decimal("1.2"))))
    Decimal('1.2')
    """
    match item.scoring:
        case Ratio(cap=cap, floor=floor):
            return cap if cap is None or floor is None else max(cap, floor)
        case Deviation(unit=unit) if unit < 0:
            return None
        case Matrix(coefficients=rows):
            return max((cell for row in rows for cell in row), default=ZERO)
        case Rank(shares=shares):
            return max(shares, default=ZERO)
    points = _highest_points(item)
    whole = full_score(item) or item.weight
    return points / whole if points is not None and whole else points


def _highest_points(item: Item) -> Decimal | None:
    """The most in the method's own points."""
    most: Decimal | None = full_score(item) or item.weight
    match item.scoring:
        case Deduct(floor=floor) | Deviation(floor=floor):
            most = max(item.weight, floor)
        case BaseStep(base=base, cap_up=up):
            most = base + up
        case BestHistory(cap=cap, floor=floor):
            most = max(cap, floor)
        case Efficacy(cap=top, floor=bottom):
            most = top if top is None or bottom is None else max(top, bottom)
        case TieredTarget() as tiers:
            most = max(tiers.threshold_score, tiers.target_score, tiers.stretch_score)
        case Formula(expression=expression):
            most = parse(expression).bounds[1]
        case Anchors(anchors=listed):
            most = max((each.points for each in listed), default=ZERO)
        case BandMethod(bands=bands):
            most = max((each.points for each in bands), default=ZERO)
        case BandLinear(bands=linear):
            most = max((max(each.bottom, each.top) for each in linear), default=ZERO)
    return most


def _findings(item: Item, goal: GoalTerms, direction: str) -> Iterator[Finding]:
    if item.scoring_from == "scheme":
        yield _FIXED
        return
    method = goal.scoring.get("method", "")
    if method not in AGREEABLE:
        yield _not_agreeable(method)
        return
    try:
        scored = agreed_item(item, goal)
        names = {*parameter_names(scored.scoring), "method", "out_of"}
        if odd := sorted(goal.scoring.keys() - names):
            yield _odd_setting(odd[0])
            return
        wrong = (
            *check_method(scored, PLACE),
            *check_goal(scored, target=goal.target, baseline=goal.baseline),
            *_needs(scored, goal),
            *_direction(scored, direction),
        )
        bounds = () if wrong else (*_too_high(item, scored), *_negative(scored))
        backwards = () if wrong or bounds else _backwards(item, goal, direction)
    except Invalid as refusal:
        yield finding(refusal.code, PLACE, refusal.message, _REMEDY)
        return
    yield from wrong or bounds or backwards


def _needs(item: Item, goal: GoalTerms) -> Iterator[Finding]:
    needed = isinstance(item.scoring, TieredTarget | Efficacy)
    if needed and goal.threshold is None and item.threshold is None:
        yield finding(
            "threshold_missing",
            "threshold",
            Text("这种计分方法要有门槛值", "this method needs a threshold"),
            Text("填门槛值，或换一种计分方法", "add one, or choose another method"),
        )


def _direction(item: Item, direction: str) -> Iterator[Finding]:
    own = getattr(item.scoring, "direction", direction)
    if direction in ("up", "down") and own != direction:
        yield finding(
            "scoring_direction",
            PLACE,
            Text("计分方向和指标相反", "it scores in the other direction than the metric"),
            Text(f"方向写 {direction}", f"make the direction {direction}"),
        )


def _too_high(item: Item, scored: Item) -> Iterator[Finding]:
    most, own = highest_share(scored), highest_share(item)
    if own is None or (most is not None and most <= own):
        return
    limit = shown(own * HUNDRED)
    got = (
        Text("最高分没有上限", "its points have no upper bound")
        if most is None
        else Text(
            f"最高能得权重的 {shown(most * HUNDRED)}%",
            f"it can earn {shown(most * HUNDRED)} % of the weight",
        )
    )
    yield finding(
        "scoring_above_scheme",
        PLACE,
        Text(
            f"{got.zh}，超过方案给这一项的上限 {limit}%",
            f"{got.en}, more than the scheme pays for this item: {limit} %",
        ),
        Text(f"把最高分降到权重的 {limit}% 以内", f"keep the most within {limit} % of the weight"),
    )


def _negative(item: Item) -> Iterator[Finding]:
    """A KPI that is missed earns nothing; it takes nothing from other items."""
    match item.scoring:
        case Formula(expression=expression):
            least = parse(expression).bounds[0]
        case Anchors(anchors=listed):
            least = min(each.points for each in listed)
        case BandMethod(bands=bands):
            least = min(each.points for each in bands)
        case BandLinear(bands=linear):
            least = min(min(each.bottom, each.top) for each in linear)
        case BaseStep(base=base, cap_down=down):
            least = base - down
        case _:
            least = ZERO
    if least is None or least < 0:
        yield finding(
            "scoring_negative",
            PLACE,
            Text("这样计分可能得负分", "it could earn less than nothing"),
            Text(
                "最低到 0：公式写成 max(0, …)，扣分不超过基准分",
                "stop at 0: write max(0, …) in a formula, and take no more than the base",
            ),
        )


def _backwards(item: Item, goal: GoalTerms, direction: str) -> Iterator[Finding]:
    points = [each.points for each in examples(item, goal, direction)]
    if len(points) > 1 and points[0] > points[1]:
        yield finding(
            "scoring_backwards",
            PLACE,
            Text("达到目标值反而比差一截得分低", "reaching the target earns less than missing it"),
            Text("检查各点的分值和方向", "check the points and the direction"),
        )


def _facts(goal: GoalTerms, actual: Decimal) -> ItemFacts:
    return ItemFacts(
        actual=actual,
        target=goal.target,
        baseline=goal.baseline,
        stretch=goal.stretch,
        threshold=goal.threshold,
        overrides=goal.scoring,
    )


@exact
def _places(goal: GoalTerms, direction: str) -> list[tuple[Text, Decimal]]:
    target = goal.target
    if target is None:
        return []
    found = [(Text("目标值", "target"), target)]
    worse, better = (120, 80) if direction == "down" else (80, 120)
    if goal.threshold is not None:
        found.insert(0, (Text("门槛值", "threshold"), goal.threshold))
    elif target > 0:
        found.insert(0, (_of_target(worse), target * worse / HUNDRED))
    if goal.stretch is not None:
        found.append((Text("挑战值", "stretch target"), goal.stretch))
    elif target > 0:
        found.append((_of_target(better), target * better / HUNDRED))
    return found


def _of_target(percent: int) -> Text:
    return Text(f"目标值的 {percent}%", f"{percent} % of the target")


def _not_agreeable(method: str) -> Finding:
    listed = ", ".join(AGREEABLE)
    return finding(
        "method_not_agreeable",
        PLACE,
        Text(
            f"计分方法“{method}”不能用来给一个指标数值计分",
            f"the method “{method}” does not score one measured number",
        ),
        Text(f"可以用：{listed}", f"use one of: {listed}"),
    )


def _odd_setting(name: str) -> Finding:
    return finding(
        "unknown_parameter",
        PLACE,
        Text(f"这种计分方法没有参数 {name}", f"this method has no setting {name}"),
        _REMEDY,
    )


_REMEDY = Text("按这种方法的说明改参数", "mend its settings; see the method's own words")
_FIXED = finding(
    "scoring_fixed",
    PLACE,
    Text("方案固定了这一项的计分方法，不能另行约定", "the scheme fixes how this item is scored"),
    Text("选“按方案”", "leave it as the scheme says"),
)
