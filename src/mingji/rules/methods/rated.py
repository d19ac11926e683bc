"""Methods in which a person picks: described cases, named levels, behaviours, several raters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.anchors import Anchors, TieredTarget
from mingji.rules.methods.bands import BandLinear, BandMethod
from mingji.rules.methods.events import Deduct
from mingji.rules.methods.ratio import Binary, Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.strict import STRICT
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

    __pydantic_config__ = STRICT
    id: str
    name: Text
    points: Decimal | None = None
    scored_by: MeasuredMethod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """说明法: the case that happened decides the points; evidence is required."""

    __pydantic_config__ = STRICT
    method: Literal["described"] = "described"
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleLevel:
    """A named level with fixed points and, for the rater, what it looks like."""

    __pydantic_config__ = STRICT
    id: str
    name: Text
    points: Decimal
    description: Text = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeScale:
    """等级评分法: the rater picks a named level."""

    __pydantic_config__ = STRICT
    method: Literal["grade_scale"] = "grade_scale"
    levels: tuple[ScaleLevel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourLevel:
    """Level `level` (1 is lowest) shows in this behaviour; `points` default to W·level/levels."""

    __pydantic_config__ = STRICT
    level: int
    behaviour: Text
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourAnchor:
    """行为锚定法: levels with a described behaviour each; between two levels it is linear."""

    __pydantic_config__ = STRICT
    method: Literal["behaviour_anchor"] = "behaviour_anchor"
    levels: tuple[BehaviourLevel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroup:
    """A group of raters (`manager`, `peer`, `report`, `self`, `client` …) and its weight."""

    __pydantic_config__ = STRICT
    id: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiRater:
    """多评价人加权: mean of each group, weighted over the groups that answered.

    `groups` left empty takes those of the member's level. Ratings run from 0 to `scale`.
    Groups with fewer than `minimum` answers are left out (manager and self are exempt).
    """

    __pydantic_config__ = STRICT
    method: Literal["multi_rater"] = "multi_rater"
    groups: tuple[RaterGroup, ...] = ()
    scale: Decimal = Decimal(100)
    minimum: int = 4
