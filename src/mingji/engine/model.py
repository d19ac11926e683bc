"""The words of a definitions file: tables, columns, joins, metrics (docs/reference/metrics.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from mingji.rules.text import Text

ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "timestamp"]
MetricType = Literal["simple", "ratio", "derived"]
Aggregate = Literal[
    "sum", "count", "count_distinct", "min", "max", "average", "median", "percentile"
]
Direction = Literal["up", "down", "closer"]

COLUMN_TYPES: tuple[ColumnType, ...] = (
    "text",
    "integer",
    "decimal",
    "boolean",
    "date",
    "timestamp",
)
AGGREGATES: tuple[Aggregate, ...] = (
    "sum",
    "count",
    "count_distinct",
    "min",
    "max",
    "average",
    "median",
    "percentile",
)
#: Aggregates whose parts may stand above and below the line of a ratio.
ADDITIVE: tuple[Aggregate, ...] = ("sum", "count", "count_distinct")

#: Decimal places of a quotient: far more than any score needs.
EXACT_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how its cells are read and what they are measured in.

    `headers` are the names it may carry in a file (its own name always works). `scale` is the
    number of decimal places kept of a `decimal`. A `required` cell may not be blank; an `optional`
    column may be missing from a file as a whole. `values` maps spellings to the one that counts.
    `dates` says how 03/04/2026 is meant: `dmy` or `mdy`; empty: not at all.
    """

    name: str
    type: ColumnType
    unit: str = ""
    headers: tuple[str, ...] = ()
    scale: int = 8
    required: bool = False
    optional: bool = False
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dates: str = ""

    @property
    def label(self) -> Text:
        """What people call it: a header in their language where the definitions have one.

        >>> Column("owner", "text", headers=("负责人",)).label
        Text(zh='负责人', en='owner')
        """
        chinese = [header for header in self.headers if not header.isascii()]
        english = [header for header in self.headers if header.isascii()]
        return Text(next(iter(chinese), self.name), next(iter(english), self.name))


@dataclass(frozen=True, slots=True)
class Health:
    """From where on something about a table or a metric is worth a finding (`engine/health.py`).

    `silent_days`, and `silent_times` the usual gap: that long without a row. `volume` and `jump`:
    so many usual distances from the median. `blanks`: so many points of a hundred more than before.
    `duplicates`: in percent. `ahead_days`: no date lies further ahead. `fewest`: with no more
    periods than that before it, no value is a jump.
    """

    silent_days: Decimal = Decimal(7)
    silent_times: Decimal = Decimal(2)
    volume: Decimal = Decimal(6)
    blanks: Decimal = Decimal(20)
    duplicates: Decimal = Decimal(2)
    ahead_days: Decimal = Decimal(731)
    jump: Decimal = Decimal(8)
    fewest: Decimal = Decimal(4)


@dataclass(frozen=True, slots=True)
class Join:
    """A dimension table that rows of a table look up: `on` here equals the key of `table` there."""

    name: str
    table: str
    on: str


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of row: its columns, its key, the date it counts on, and whose row it is."""

    name: str
    label: Text
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    time: str = ""
    owner: str = ""
    source: str = ""
    joins: Mapping[str, Join] = field(default_factory=lambda: MappingProxyType({}))
    health: Health = Health()


@dataclass(frozen=True, slots=True)
class Metric:
    """One number with one definition.

    A `simple` metric aggregates rows of one table; a `ratio` divides two metrics (a ratio of sums,
    never a mean of ratios); a `derived` one is a formula over metrics. `inputs` names the metrics
    that either is made from. The published value is rounded half-up once, at `scale` decimal
    places; `places` of them are always written. `percentile` lies in 0..1. `owner` answers for the
    data.
    """

    id: str
    name: Text
    type: MetricType
    table: str = ""
    agg: Aggregate | None = None
    expression: str = ""
    filter: str = ""
    time: str = ""
    percentile: Decimal | None = None
    numerator: str = ""
    denominator: str = ""
    formula: str = ""
    inputs: tuple[str, ...] = ()
    unit: str = ""
    scale: int = 2
    direction: Direction = "up"
    formula_text: Text = Text("", "")
    owner: Text = Text("", "")
    gaming_risk: Text = Text("", "")
    counter_metric: str = ""
    health: Health = Health()

    @property
    def places(self) -> int:
        """Decimal places that a value is written with even where they are zero."""
        return min(self.scale, 4 if self.type != "simple" and self.unit in ("", "ratio") else 2)


@dataclass(frozen=True, slots=True)
class Roster:
    """Where the list of members stands when no owners file is given: a table, one row a member.

    `attributes` names what the roster says about a member (manager, office, team) and the column
    that says it.
    """

    table: str
    member: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything a definitions file says, already checked."""

    file: str
    tables: Mapping[str, Table]
    metrics: Mapping[str, Metric]
    roster: Roster | None = None

    def leaves(self, metric: Metric) -> tuple[Metric, ...]:
        """The simple metrics below a metric (itself, if it is one), each once."""
        if metric.type == "simple":
            return (metric,)
        found: dict[str, Metric] = {}
        for name in metric.inputs:
            found.update({leaf.id: leaf for leaf in self.leaves(self.metrics[name])})
        return tuple(found.values())
