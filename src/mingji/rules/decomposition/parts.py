"""What a goal below carries of the one above: a side of its fraction, or a factor of its funnel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast, get_args

from mingji.rules.decomposition.modes import Modes, is_money, is_rate
from mingji.rules.decomposition.terms import PERCENT, Child, Mode, Side, Stage
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED, exact
from mingji.rules.text import Text

Part = Literal["", "numerator", "denominator", "count", "rate", "value"]
Factor = Literal["count", "rate", "value"]

SIDES: tuple[Part, ...] = ("numerator", "denominator")
FACTORS: tuple[Factor, ...] = get_args(Factor)
NAMES: Mapping[str, Text] = {
    "numerator": Text("分子", "numerator"),
    "denominator": Text("分母", "denominator"),
    "count": Text("数量", "number"),
    "rate": Text("转化率", "conversion rate"),
    "value": Text("单值", "value of one"),
}
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a goal is measured by, as far as parts are told from it.

    `metric` is empty where no metric measures it, `modes` None where it has no target that could
    be combined. `numerator` and `denominator` are the metrics that a ratio divides, with their
    units; empty where they are not known. `places` is to how many places its targets are written.
    """

    name: Text
    unit: str = ""
    metric: str = ""
    modes: Modes | None = None
    numerator: str = ""
    denominator: str = ""
    numerator_unit: str = ""
    denominator_unit: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A goal below with what was said of it: the `part` that it carries (empty: as the metrics
    tell) and its `volume`, how much its rate or mean is over."""

    child: Child
    measure: Measure
    part: Part = ""
    volume: Decimal | None = None


def proposed_part(above: Measure, below: Measure) -> Part:
    """The part that the metrics themselves tell, or none.

    >>> cpl = Measure(name=Text.same("CPL"), numerator="spend", denominator="leads")
    >>> proposed_part(cpl, Measure(name=Text.same("leads"), metric="leads"))
    'denominator'
    """
    if not below.metric:
        return ""
    if below.metric == above.numerator:
        return "numerator"
    return "denominator" if below.metric == above.denominator else ""


def possible_parts(above: Measure, below: Measure) -> tuple[Part, ...]:
    """The parts that a goal below could carry, in the order in which they are offered."""
    return tuple(part for part in (*SIDES, *FACTORS) if _refused(part, above, below) is None)


def must_carry(part: str, above: Measure, below: Measure) -> Part:
    """The part, unless it makes no sense for these two.

    Raises:
        Invalid: with the reason, and the parts that do.
    """
    if part == "":
        return ""
    wrong = _NO_PART if part not in NAMES else _refused(cast(Part, part), above, below)
    if wrong is None:
        return cast(Part, part)
    fit = [NAMES[each] for each in possible_parts(above, below)]
    remedy = Text(
        f"可以选：{'、'.join(each.zh for each in fit) or '按指标'}",
        f"choose one of: {', '.join(each.en for each in fit) or 'as the metrics tell'}",
    )
    found = Finding("part_makes_no_sense", "error", wrong, remedy, Place(path="part"))
    message = Text(f"{wrong.zh}。{remedy.zh}", f"{wrong.en}; {remedy.en}")
    raise Invalid(message, code=found.code, findings=(found,))


def settled_mode(said: str, modes: Modes, above: Measure, carried: Sequence[Carried]) -> Mode:
    """How targets combine: as was said, else as the parts tell, else as the metric proposes.

    A ratio or a mean whose goals below name neither parts nor volumes is the same for each.
    """
    if said in modes.allowed:
        return said
    if "shared_funnel" in modes.allowed and any(each.part in FACTORS for each in carried):
        return "shared_funnel"
    if "ratio_of_sums" in modes.allowed and any(side_of(above, each) for each in carried):
        return "ratio_of_sums"
    if modes.proposed in ("ratio_of_sums", "weighted_mean") and "same" in modes.allowed:
        voluminous = bool(carried) and all(each.volume for each in carried)
        return modes.proposed if voluminous else "same"
    return modes.proposed


def side_of(above: Measure, each: Carried) -> Side:
    """On which side of the fraction a goal below stands; none for one that has the rate itself."""
    part = each.part or proposed_part(above, each.measure)
    return cast(Side, part) if part in SIDES else ""


def factor_of(above: Measure, each: Carried) -> Factor | Literal[""]:
    """Which factor of the funnel a goal below carries: as said, else the first that fits it."""
    if each.part in FACTORS:
        return each.part
    fit = [part for part in FACTORS if _refused(part, above, each.measure) is None]
    return fit[0] if fit and not each.part else ""


def arranged(
    above: Measure, carried: Sequence[Carried], mode: Mode
) -> tuple[tuple[Child, ...], tuple[Stage, ...]]:
    """The goals below as the check takes them, and the stages of the funnel if it is one."""
    if mode == "shared_funnel":
        return _funnel(above, carried)
    return tuple(_child(above, each, mode) for each in carried), ()


@exact
def _child(above: Measure, each: Carried, mode: Mode) -> Child:
    child, side = each.child, side_of(above, each)
    if mode == "ratio_of_sums" and side:
        return replace(child, side=side)
    if mode == "ratio_of_sums" and each.volume and child.target is not None:
        per = HUNDRED if child.unit in PERCENT else _ONE
        return replace(child, numerator=child.target * each.volume / per, denominator=each.volume)
    return replace(child, weight=each.volume) if mode == "weighted_mean" else child


def _funnel(
    above: Measure, carried: Sequence[Carried]
) -> tuple[tuple[Child, ...], tuple[Stage, ...]]:
    """Stages in their order: the number, the rates (one for each metric), the value of one.

    A stage that the target cannot do without stands there empty, so that it is seen to be missing.
    """
    keys = [_key(factor_of(above, each), each.measure) for each in carried]
    held = Counter(keys)
    stages: list[Stage] = []
    for factor in FACTORS:
        own = [each.measure for each in carried if factor_of(above, each) == factor]
        if factor == "rate":
            stages += [_stage(factor, measure) for measure in _distinct(own)]
        elif own:
            stages.append(_stage(factor, _commonest(own)))
        elif factor in _needed(above):
            stages.append(Stage(key=factor, name=NAMES[factor]))
    children = [
        replace(
            each.child,
            stage=key,
            metric=each.measure.metric,
            # Alone in its stage, it is the stage, however large its volume.
            weight=each.volume or (_ONE if held[key] == 1 else None),
        )
        for key, each in zip(keys, carried, strict=True)
    ]
    return tuple(children), tuple(stages)


def _key(factor: Factor | Literal[""], measure: Measure) -> str:
    return f"{factor}-{measure.metric}" if factor == "rate" and measure.metric else factor


def _stage(factor: Factor, measure: Measure) -> Stage:
    return Stage(
        key=_key(factor, measure),
        name=measure.name if measure.metric else NAMES[factor],
        unit=measure.unit,
        mode="sum" if factor == "count" else "weighted_mean",
        metric=measure.metric,
        places=measure.places,
    )


def _distinct(measures: Iterable[Measure]) -> list[Measure]:
    """One for each metric, by id: the order of the goals changes nothing."""
    found = {measure.metric: measure for measure in measures}
    return [found[metric] for metric in sorted(found)]


def _commonest(measures: Sequence[Measure]) -> Measure:
    """The measure that most have, the first by id among equals."""
    times = Counter(measure.metric for measure in measures)
    first = min(times, key=lambda metric: (-times[metric], metric))
    return next(measure for measure in measures if measure.metric == first)


def _needed(above: Measure) -> tuple[Factor, ...]:
    if is_rate(above.unit):
        return ()
    return ("count", "value") if is_money(above.unit) else ("count",)


def _refused(part: Part, above: Measure, below: Measure) -> Text | None:
    """Why a goal below cannot carry a part of the one above, or nothing."""
    if above.modes is None or below.modes is None:
        return _NO_TARGET
    if part in SIDES:
        return _refused_side(part, above, below)
    if "shared_funnel" not in above.modes.allowed:
        return _NO_FUNNEL
    fits = {
        "count": not is_rate(below.unit) and not is_money(below.unit) and not is_rate(above.unit),
        "rate": is_rate(below.unit),
        "value": below.unit == above.unit and not is_rate(above.unit),
    }
    return None if fits[part] else _MISFITS[part]


def _refused_side(part: Part, above: Measure, below: Measure) -> Text | None:
    assert above.modes is not None
    if "ratio_of_sums" not in above.modes.allowed:
        return _NO_FRACTION
    if is_rate(below.unit):
        return _RATE_IN_FRACTION
    unit = above.numerator_unit if part == "numerator" else above.denominator_unit
    if not unit or below.unit == unit:
        return None
    return Text(
        f"上级目标的{NAMES[part].zh}按“{unit}”计，这个目标的单位是“{below.unit}”",
        f"the {part} of the goal above is in “{unit}”, and this goal is in “{below.unit}”",
    )


_NO_PART = Text("没有这种组成部分", "there is no such part")
_NO_TARGET = Text(
    "没有数字目标值的目标不能作为组成部分",
    "a goal without a target in numbers carries no part of another",
)
_NO_FRACTION = Text(
    "上级目标不是比率，没有分子和分母",
    "the goal above is no ratio: it has neither numerator nor denominator",
)
_RATE_IN_FRACTION = Text(
    "比率不能当作分子或分母，分子分母是数量或金额",
    "a rate is neither numerator nor denominator: those are numbers or money",
)
_NO_FUNNEL = Text(
    "上级目标不能由漏斗各环节相乘得出", "the goal above is not made of stages that are multiplied"
)
_MISFITS: Mapping[str, Text] = {
    "count": Text(
        "作为数量的目标要按个数计，不能是比率或金额，上级目标也不能是比率",
        "the number at the head of a funnel is counted: no rate, no money, and no rate above it",
    ),
    "rate": Text("转化率环节的目标要是比率", "the goal of a conversion stage is a rate"),
    "value": Text(
        "单值环节的目标要和上级目标同一单位，例如都是金额",
        "the value of one is in the unit of the goal above, such as money for both",
    ),
}
