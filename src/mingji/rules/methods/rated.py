"""Methods in which a person picks: described cases, named levels, behaviours, several raters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeVar

from mingji.rules.methods.anchors import Anchors, TieredTarget
from mingji.rules.methods.bands import BandLinear, BandMethod
from mingji.rules.methods.events import Deduct
from mingji.rules.methods.given import Earned, Given, NoData, refuse
from mingji.rules.methods.ratio import Binary, Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.numbers import exact, shown
from mingji.rules.raters import GROUP_NAMES
from mingji.rules.text import Text

NONE = Text("", "")
MeasuredMethod = (
    Ratio
    | Binary
    | Efficacy
    | Deviation
    | BandMethod
    | BandLinear
    | BaseStep
    | BestHistory
    | Anchors
    | TieredTarget
    | Deduct
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A described case: its own `points`, or `scored_by` a method of its own."""

    id: str
    name: Text
    points: Decimal | None = None
    scored_by: MeasuredMethod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """说明法: the case that happened decides the points; evidence is required."""

    method: Literal["described"] = "described"
    cases: tuple[Case, ...] = ()

    @exact
    def earn(self, given: Given) -> Earned:
        """The points of the case that happened (scoring.md §1).

        >>> slipped = Case(id="supplier", name=Text("供应商延误", "slipped by supplier"),
        ...                points=Decimal(8))
        >>> Described(cases=(slipped,)).earn(Given(choice="supplier")).score
        Decimal('8')
        """
        case = _chosen(given.choice, self.cases)
        if case.scored_by is not None:
            inner = case.scored_by.earn(given)
            words = Text(
                f"情形“{case.name.zh}”：{inner.formula.zh}",
                f"case “{case.name.en}”: {inner.formula.en}",
            )
            return Earned(
                score=inner.score,
                formula=words,
                used=("choice", *inner.used),
                flags=inner.flags,
            )
        points = case.points or Decimal(0)
        words = Text(
            f"情形“{case.name.zh}”计 {shown(points)} 分",
            f"case “{case.name.en}” earns {shown(points)}",
        )
        return Earned(score=points, formula=words, used=("choice",))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleLevel:
    """A named level with fixed points and, for the rater, what it looks like."""

    id: str
    name: Text
    points: Decimal
    description: Text = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeScale:
    """等级评分法: the rater picks a named level."""

    method: Literal["grade_scale"] = "grade_scale"
    levels: tuple[ScaleLevel, ...] = ()

    @exact
    def earn(self, given: Given) -> Earned:
        """The points of the level picked (scoring.md §1).

        >>> good = ScaleLevel(id="good", name=Text("良", "good"), points=Decimal(10))
        >>> GradeScale(levels=(good,)).earn(Given(choice="良")).score
        Decimal('10')
        """
        level = _chosen(given.choice, self.levels)
        p = shown(level.points)
        words = Text(f"评为“{level.name.zh}”，计 {p} 分", f"rated “{level.name.en}”: {p} points")
        return Earned(score=level.points, formula=words, used=("choice",))


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourLevel:
    """Level `level` (1 is lowest) shows in this behaviour; `points` default to W·level/levels."""

    level: int
    behaviour: Text
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourAnchor:
    """行为锚定法: levels with a described behaviour each; between two levels it is linear."""

    method: Literal["behaviour_anchor"] = "behaviour_anchor"
    levels: tuple[BehaviourLevel, ...] = ()

    @exact
    def earn(self, given: Given) -> Earned:
        """The points of the level whose behaviour was seen (scoring.md §1).

        >>> five = BehaviourAnchor(levels=tuple(
        ...     BehaviourLevel(level=n, behaviour=Text.same("…")) for n in range(1, 6)))
        >>> [five.earn(Given(choice=n, weight=Decimal(20))).score for n in "145"]
        [Decimal('4'), Decimal('16'), Decimal('20')]
        """
        level = self._level(given)
        points = [(Decimal(each.level), self._points(each, given.weight)) for each in self.levels]
        points.sort()
        left = max(pair for pair in points if pair[0] <= level)
        right = min(pair for pair in points if pair[0] >= level)
        score = left[1]
        if right != left:
            score += (level - left[0]) / (right[0] - left[0]) * (right[1] - left[1])
        v, s = shown(level), shown(score)
        used = ("choice", "weight") if given.choice else ("actual", "weight")
        return Earned(
            score=score, formula=Text(f"行为等级 {v}，计 {s} 分", f"level {v}: {s}"), used=used
        )

    def _level(self, given: Given) -> Decimal:
        try:
            level = Decimal(given.choice.strip()) if given.choice else given.need("actual")
        except InvalidOperation:
            level = Decimal("NaN")
        steps = [each.level for each in self.levels]
        if level.is_finite() and min(steps) <= level <= max(steps):
            return level
        seen = given.choice or shown(given.actual)
        raise refuse(
            "unknown_level",
            f"“{seen}”不是行为等级；填 {min(steps)} 到 {max(steps)}",
            f"“{seen}” is no behaviour level; write {min(steps)} to {max(steps)}",
        )

    def _points(self, level: BehaviourLevel, weight: Decimal) -> Decimal:
        if level.points is not None:
            return level.points
        return weight * level.level / max(each.level for each in self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroup:
    """A group of raters (`manager`, `peer`, `report`, `self`, `client` …) and its weight."""

    id: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiRater:
    """多评价人加权: mean of each group, weighted over the groups that answered.

    `groups` left empty takes those of the member's level, `minimum` left out the scheme's.
    Ratings run from 0 to `scale`. Groups with fewer than `minimum` answers are left out (manager
    and self are exempt).
    """

    method: Literal["multi_rater"] = "multi_rater"
    groups: tuple[RaterGroup, ...] = ()
    scale: Decimal = Decimal(100)
    minimum: int | None = None

    @exact
    def earn(self, given: Given) -> Earned:
        """The weighted mean of the groups that answered, on the rating scale (scoring.md §4).

        The parts are group means (`raters.group_means`), never single answers.

        >>> from mingji.rules.facts import Part
        >>> weights = (("manager", 50), ("peer", 30), ("report", 20))
        >>> groups = tuple(RaterGroup(id=g, weight=Decimal(w)) for g, w in weights)
        >>> means = tuple(Part(key=g, value=Decimal(v))
        ...               for g, v in (("manager", 90), ("peer", 80), ("report", 70)))
        >>> MultiRater(groups=groups).earn(Given(parts=means)).score
        Decimal('83')
        """
        means = {part.key: part.value for part in given.parts}
        counted = [
            (group, mean)
            for group in self.groups
            if (mean := means.get(group.id)) is not None and group.weight > 0
        ]
        if not counted:
            raise NoData("parts")
        whole = sum((group.weight for group, _ in counted), Decimal(0))
        score = sum((group.weight * mean for group, mean in counted), Decimal(0)) / whole
        left_out = any(g.weight > 0 and means.get(g.id) is None for g in self.groups)
        return Earned(
            score=score,
            formula=Text(*(_group_words(counted, whole, zh=zh) for zh in (True, False))),
            used=("parts",),
            flags=("rater_group_left_out",) if left_out else (),
        )


def _group_words(counted: list[tuple[RaterGroup, Decimal]], whole: Decimal, *, zh: bool) -> str:
    terms = []
    for group, mean in counted:
        name = GROUP_NAMES.get(group.id, Text.same(group.id))
        terms.append(
            f"{name.zh if zh else name.en} {shown(mean)} × {shown(group.weight / whole * 100)} %"
        )
    return " + ".join(terms)


Option = TypeVar("Option", Case, ScaleLevel)


def _chosen(choice: str, options: tuple[Option, ...]) -> Option:
    word = choice.strip()
    if not word:
        raise NoData("choice")
    for option in options:
        if word.lower() in (option.id.lower(), option.name.zh.lower(), option.name.en.lower()):
            return option
    zh = "、".join(option.name.zh for option in options)
    en = ", ".join(option.id for option in options)
    raise refuse(
        "unknown_choice",
        f"没有“{word}”这一档，可选的有：{zh}",
        f"there is no level “{word}”; choose one of: {en}",
    )
