"""What is being written, with everything around it that the SMART check looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from mingji.rules.text import Text

GoalKind = Literal["objective", "key_result", "kpi"]
Direction = Literal["up", "down", "closer"]
Measure = Literal["metric", "milestone", "yes_no"]
_NONE = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The metric of a goal, as the catalogue knows it.

    `aliases` are other ways to write its name (MQL, CPL). `lag_days` is how long the outcome takes
    to follow the work. `families` are the job families whose duty it is; none means everybody's.
    """

    code: str
    name: Text
    unit: str = ""
    direction: Direction = "up"
    source: Text = _NONE
    owner: Text = _NONE
    aliases: tuple[str, ...] = ()
    lag_days: int = 0
    families: tuple[str, ...] = ()
    gaming_risk: Text = _NONE
    counter_metric: str = ""
    counter_name: Text = _NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The post of the person: its job family, and the metrics that are its duty by name."""

    name: Text
    job_family: str = ""
    metrics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A forecast in plain figures: 80 of 100 cases from `low` to `high`, and the chance (0..1)."""

    median: Decimal
    low: Decimal
    high: Decimal
    chance: Decimal | None
    note: Text = _NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A goal while it is written; what is not known yet is left out. Amounts are finite.

    `period` is the start and end of its period, `due` the deadline if it is not the period's end.
    `parent` and `theme` name what it is aligned to. `history` are the metric's values by whole
    period, oldest first. `outlook` is the forecast; without one, `no_outlook` may say why.
    `others` are the metrics of the other goals on the form, None if unknown. `key_results` counts
    those of an objective, None if unknown. `evidence` is what a milestone is proved by.
    """

    title: str
    kind: GoalKind = "kpi"
    measure: Measure = "metric"
    metric: Measured | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    stretch: Decimal | None = None
    threshold: Decimal | None = None
    committed: bool = True
    period: tuple[date, date] | None = None
    due: date | None = None
    parent: str = ""
    theme: str = ""
    post: Post | None = None
    history: tuple[Decimal, ...] = ()
    outlook: Outlook | None = None
    no_outlook: Text = _NONE
    others: frozenset[str] | None = None
    key_results: int | None = None
    evidence: str = ""

    @property
    def unit(self) -> str:
        """The unit of the metric, empty without one."""
        return self.metric.unit if self.metric else ""
