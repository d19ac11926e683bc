"""A performance scheme (绩效方案) as data: what is measured, how it scores, what it leads to.

Weights are in percent. A scheme file names only what differs from the defaults below.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.coefficients import DEFAULT_GRADES, Grade, Settlement, YearRule
from mingji.rules.methods import Method
from mingji.rules.methods.rated import RaterGroup
from mingji.rules.methods.ratio import Ratio
from mingji.rules.text import Text

NONE = Text("", "")
Aggregation = Literal["weighted_total", "weighted_by_dimension", "sum", "formula", "manual"]
Missing = Literal["redistribute", "zero", "block"]
ScoringFrom = Literal["goal", "scheme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the form (考核项): what is looked at and how it becomes points.

    `weight` in percent, of its dimension or of the form as the scheme's aggregation says.
    `scoring` is the method with its settings. `source`: from a metric, rated by people, typed in,
    or events counted. `target`, `baseline`, `stretch`, `threshold` are defaults for members whose
    goals name none. `target_from` previous_period takes last period's actual plus
    `target_growth` percent. `lag_months` is how long the outcome takes to follow the work.
    `scoring_from` says whether a goal may agree another method for this item: goal, or scheme for
    the item's own method only; left out, as the scheme says.
    An item with the source `objectives` is scored by the key results that were agreed for the
    period; stretch objectives stay out of it unless `stretch_counts`.
    `out_of` is the method's score that earns the whole weight; left out, it is 100 for
    band_linear, tiered_target and efficacy, 1 for okr, the rating scale for multi_rater, and for
    every other method the points are points of the form already.
    """

    id: str
    name: Text
    scoring: Method = Ratio()
    weight: Decimal = Decimal(0)
    source: Literal["metric", "rated", "typed", "events", "objectives"] = "metric"
    metric: str = ""
    unit: str = ""
    description: Text = NONE
    target: Decimal | None = None
    baseline: Decimal | None = None
    stretch: Decimal | None = None
    threshold: Decimal | None = None
    target_from: Literal["goal", "previous_period"] = "goal"
    target_growth: Decimal = Decimal(0)
    raters: tuple[str, ...] = ()
    data_owner: str = ""
    lag_months: int = 0
    gaming_risk: Text = NONE
    counter_metric: str = ""
    evidence_required: bool = False
    stretch_counts: bool = False
    scoring_from: ScoringFrom | None = None
    out_of: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """An appraisal dimension (评估维度); weights of dimensions add up to 100."""

    id: str
    name: Text
    weight: Decimal
    items: tuple[Item, ...] = ()
    description: Text = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionWeight:
    """The weight a level or template gives a dimension instead of the common one."""

    dimension: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A role level: `individual` is the share of the own result (α) against the team's, 0..1.

    `measured_on`: the metrics of somebody who leads a team are the team's, those of others their
    own. `raters` are the group weights of a 360 for this level; empty means the scheme's.
    """

    id: str
    name: Text
    individual: Decimal = Decimal("0.7")
    measured_on: Literal["own", "team"] = "own"
    weights: tuple[DimensionWeight, ...] = ()
    raters: tuple[RaterGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateItems:
    """What a job family measures in one dimension; `replace` drops the common items there."""

    dimension: str
    items: tuple[Item, ...]
    replace: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The form of a job family (岗位序列): its own items, and weights where they differ."""

    family: str
    name: Text
    items: tuple[TemplateItems, ...] = ()
    weights: tuple[DimensionWeight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Where a figure is rounded, once: at each item's points or at the total."""

    at: Literal["item", "total"] = "item"
    places: int = 2
    mode: Literal["half_up", "half_even", "down"] = "half_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCoefficient:
    """From this team score on, the individual score is multiplied by `coefficient`."""

    at_least: Decimal
    coefficient: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """From this team score on, `top` percent may get the best grade and `second` the next."""

    at_least: Decimal
    top: Decimal
    second: Decimal


CEILINGS = tuple(
    Ceiling(at_least=Decimal(at), top=Decimal(top), second=Decimal(second))
    for at, top, second in (
        ("5", 15, 40),
        ("4.5", 10, 35),
        ("4", 8, 30),
        ("3.5", 5, 30),
        ("3", 3, 25),
        ("2", 0, 20),
        ("1", 0, 15),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendRule:
    """How the team's result enters the individual one (§3).

    weighted: α·individual + (1−α)·team with the level's α. coefficient: individual times the
    team's coefficient. ceiling: the team's result (on the scale of `ceilings`) bounds the share of
    top grades; the score stays. none: the team does not enter. `team` says whose score it is: the
    mean of the members, or the team's own items.
    """

    mode: Literal["weighted", "coefficient", "ceiling", "none"] = "weighted"
    team: Literal["mean_of_members", "team_items"] = "mean_of_members"
    coefficients: tuple[TeamCoefficient, ...] = ()
    ceilings: tuple[Ceiling, ...] = CEILINGS


def _groups(weights: str) -> tuple[RaterGroup, ...]:
    pairs = (pair.split() for pair in weights.split(","))
    return tuple(RaterGroup(id=group, weight=Decimal(weight)) for group, weight in pairs)


SPECIALIST_RATERS = _groups("manager 45, peer 30, self 10, client 15")
MANAGER_RATERS = _groups("manager 35, peer 25, report 25, self 5, client 10")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRule:
    """The 360: group weights where the level names none, and the anonymity minimum (≥ 3)."""

    groups: tuple[RaterGroup, ...] = SPECIALIST_RATERS
    minimum: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeShare:
    """How many, in percent, may or should have one of these grades."""

    grades: tuple[str, ...]
    at_most: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionGuidance:
    """How grades should spread (§5): guidance to depart from with a reason, or a hard quota.

    Silent under `minimum_pool` people. In a quota, people tied at the edge all get the `ties`
    grade: the lower one (the quota holds) or the better one (it is exceeded).
    """

    mode: Literal["guidance", "quota"] = "guidance"
    minimum_pool: int = 20
    shares: tuple[GradeShare, ...] = (
        GradeShare(grades=("S",), at_most=Decimal(10)),
        GradeShare(grades=("A",), at_most=Decimal(20)),
        GradeShare(grades=("C", "D"), at_least=Decimal(5)),
    )
    ties: Literal["lower", "better"] = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedLine:
    """A red line (红线): caps the grade, fixes it, or closes the payout."""

    id: str
    name: Text
    effect: Literal["cap_grade", "fix_grade", "zero_payout"]
    grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of the appraisal calendar that lasts `days` calendar days."""

    id: str
    name: Text
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The stages of a cycle, in order; the first starts `starts_after` days after the period."""

    starts_after: int = 1
    stages: tuple[Stage, ...] = (
        Stage(id="self_review", name=Text("自评", "Self-review"), days=5),
        Stage(id="manager_review", name=Text("上级评价", "Manager review"), days=7),
        Stage(id="computed", name=Text("汇总核对", "Check"), days=3),
        Stage(id="released", name=Text("发布结果", "Release"), days=2),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRule:
    """What holds the release of results back.

    `open_disputes`: a number of an appraised member is disputed and nobody has answered yet.
    warn: shown to whoever releases. block: no release before each is answered.
    """

    open_disputes: Literal["warn", "block"] = "warn"


LEVELS = (
    Level(id="specialist", name=Text("专员", "Specialist")),
    Level(
        id="lead",
        name=Text("团队负责人", "Team lead"),
        individual=Decimal("0.5"),
        raters=MANAGER_RATERS,
    ),
    Level(
        id="head",
        name=Text("部门负责人", "Head of department"),
        individual=Decimal("0.3"),
        raters=MANAGER_RATERS,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A performance scheme. Everything but id, name and dimensions has a default.

    `missing` says what an item without data does: its weight goes to the others (flagged; first
    inside its dimension, or over the whole form under weighted_total and sum), it counts zero, or
    it blocks the result. `formula` is the total under aggregation `formula`,
    over the dimension ids. `bonus_cap` bounds what all bonus items add. `weakest_item_rule`: one
    item under its base holds the others at theirs. `adjustment_limit` bounds a rater's adjustment
    either side, in points; 0 means none is used. `team_items` are measured for a whole team.
    `scoring_from`: a goal may agree how its item is scored, within the most that the item's own
    method pays; or scheme, everybody by the methods written here.
    """

    id: str
    name: Text
    dimensions: tuple[Dimension, ...]
    version: str = "1"
    currency: str = "CNY"
    period: Literal["month", "quarter", "half", "year"] = "quarter"
    aggregation: Aggregation = "weighted_by_dimension"
    formula: str = ""
    missing: Missing = "redistribute"
    scoring_from: ScoringFrom = "goal"
    rounding: Rounding = Rounding()
    levels: tuple[Level, ...] = LEVELS
    templates: tuple[Template, ...] = ()
    team_items: tuple[Item, ...] = ()
    blend: BlendRule = BlendRule()
    raters: RaterRule = RaterRule()
    grades: tuple[Grade, ...] = DEFAULT_GRADES
    distribution: DistributionGuidance = DistributionGuidance()
    red_lines: tuple[RedLine, ...] = ()
    year: YearRule = YearRule()
    settlement: Settlement = Settlement()
    calendar: Calendar = Calendar()
    release: ReleaseRule = ReleaseRule()
    bonus_cap: Decimal | None = None
    weakest_item_rule: bool = False
    adjustment_limit: Decimal = Decimal(0)
    description: Text = NONE
