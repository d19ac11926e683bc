"""The words of a definitions file: tables, columns, joins, metrics (docs/reference/metrics.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, get_args

from mingji.engine.kpi import Kpi
from mingji.engine.periods import CALENDAR_YEAR, Fiscal
from mingji.engine.shapes import Cumulative, Growth, Journey, Lagged, Shape, Share
from mingji.rules.text import Text

ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "timestamp"]
MetricType = Literal[
    "simple",
    "ratio",
    "derived",
    "growth",
    "cumulative",
    "lagged",
    "share",
    "survey",
    "conversion",
    "typed",
]
Aggregate = Literal[
    "sum", "count", "count_distinct", "min", "max", "average", "median", "percentile"
]
Direction = Literal["up", "down", "closer"]

COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
METRIC_TYPES: tuple[MetricType, ...] = get_args(MetricType)
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
#: Aggregates whose parts may stand above and below the line of a ratio.
ADDITIVE: tuple[Aggregate, ...] = ("sum", "count", "count_distinct")

_CURRENCY = re.compile(r"[A-Z]{3}")
#: Decimal places of a quotient: far more than any score needs.
EXACT_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how its cells are read and what they are measured in.

    `headers` are the names it may carry in a file (its own name always works). `scale` is the
    number of decimal places kept of a `decimal`. A `required` cell may not be blank; an `optional`
    column may be missing from a file as a whole. `values` maps spellings to the one that counts.
    `dates` says how 03/04/2026 is meant (`dmy`, `mdy` or `ymd`), `numbers` which mark of 1.052 or
    1052,75 is the decimal one (`point` or `comma`); empty: as the column itself says. `currency`
    is the column that names the currency of an amount, row by row. Cells of a column with `exclude`
    are never stored. `zone` is the time zone into which times that name another are converted.
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
    currency: str = ""
    numbers: str = ""
    exclude: bool = False
    zone: str = ""

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
    """A kind of row: its columns, its key, the date it counts on, and whose row it is.

    With a `journey` its rows are those of another table, with the days of their steps beside them.
    A `typed` one holds values that people typed in, each for one period and one of the levels.
    Of rows of one key the later stays, or the one whose column `latest` is greatest.
    `uses` names, by column, the metrics that read it; `words` the values they compare it with.
    """

    name: str
    label: Text
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    time: str = ""
    owner: str = ""
    source: str = ""
    joins: Mapping[str, Join] = field(default_factory=lambda: MappingProxyType({}))
    journey: Journey | None = None
    health: Health = Health()
    typed: bool = False
    latest: str = ""
    uses: Mapping[str, tuple[Text, ...]] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def personal(self) -> bool:
        """Whether its rows count for members and teams."""
        return bool(self.owner) or self.typed


@dataclass(frozen=True, slots=True)
class Metric:
    """One number with one definition.

    A `simple` metric aggregates rows of one table; a `ratio` divides two metrics (a ratio of sums,
    never a mean of ratios); a `derived` one is a formula over metrics; what the other types do is
    their `shape`; a `typed` one is read as a simple one over typed-in values (`engine/typed.py`).
    `inputs` names the metrics that any of these is made from; `parts` are those of them that belong
    to this metric alone (the steps of a conversion, the answers of a survey), and `view` the table
    of journeys that they are counted in, if the steps lie in several tables. The published value is
    rounded half-up once, at `scale` decimal places; `places` of them are always written.
    `percentile` lies in 0..1. `owner` answers for the data. `kpi` is what a catalogue adds. One
    that keeps an earlier definition says of which metric (`formerly`), and the number of the last
    version of the company's own definitions in which that was in force (`until`).
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
    shape: Shape | None = None
    parts: tuple[Metric, ...] = ()
    view: Table | None = None
    unit: str = ""
    scale: int = 2
    direction: Direction = "up"
    formula_text: Text = Text("", "")
    owner: Text = Text("", "")
    gaming_risk: Text = Text("", "")
    counter_metric: str = ""
    kpi: Kpi | None = None
    health: Health = Health()
    formerly: str = ""
    until: int = 0

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
class Rates:
    """Where exchange rates stand: what one unit of a currency is worth from a day, or in a period.

    They are all into one currency (`into`), or a column says into which.
    """

    table: str
    currency: str
    rate: str
    day: str = ""
    period: str = ""
    into: str = ""
    into_column: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything a definitions file says, already checked.

    `parts` are the metrics that belong to another one, by id; `views` the tables of journeys;
    `earlier` by metric those that keep an earlier definition of it, the oldest first.
    """

    file: str
    tables: Mapping[str, Table]
    metrics: Mapping[str, Metric]
    roster: Roster | None = None
    rates: Rates | None = None
    fiscal: Fiscal = CALENDAR_YEAR
    parts: Mapping[str, Metric] = field(init=False)
    views: Mapping[str, Table] = field(init=False)
    earlier: Mapping[str, tuple[Metric, ...]] = field(init=False)

    def __post_init__(self) -> None:
        parts = {part.id: part for metric in self.metrics.values() for part in metric.parts}
        object.__setattr__(self, "parts", MappingProxyType(parts))
        views = {each.view.name: each.view for each in self.metrics.values() if each.view}
        object.__setattr__(self, "views", MappingProxyType(views))
        earlier: dict[str, tuple[Metric, ...]] = {}
        for kept in sorted(self.metrics.values(), key=lambda each: each.until):
            if kept.formerly:
                earlier[kept.formerly] = (*earlier.get(kept.formerly, ()), kept)
        object.__setattr__(self, "earlier", MappingProxyType(earlier))

    def as_of(self, name: str, number: int) -> str:
        """The metric that says what `name` meant in that version of the company's own definitions:
        the one that keeps that meaning, or itself where it means the same still."""
        kept = (each.id for each in self.earlier.get(name, ()) if each.until >= number)
        return next(kept, name)

    def metric(self, name: str) -> Metric:
        """The metric or part of a metric of that id."""
        found = self.metrics.get(name)
        return found if found is not None else self.parts[name]

    def table(self, name: str) -> Table:
        """The table, or table of journeys, of that name."""
        return self.views[name] if name in self.views else self.tables[name]

    def target(self, metric: Metric) -> str:
        """The currency that the amounts of a metric are converted into, if they are."""
        if self.rates is None:
            return ""
        return self.rates.into or (metric.unit if _CURRENCY.fullmatch(metric.unit) else "")

    def base(self, name: str) -> Table:
        """The table whose rows those of a table are: of journeys, the one they set out from."""
        journey = self.table(name).journey
        return self.tables[journey.table if journey else name]

    def sources(self, metric: Metric) -> frozenset[str]:
        """The tables whose rows a metric is made from."""
        found: set[str] = set()
        for leaf in self.leaves(metric):
            journey = self.table(leaf.table).journey
            steps = journey.steps if journey else ()
            found |= {self.base(leaf.table).name, *(step.table for step in steps if step.table)}
        return frozenset(found)

    def leaves(self, metric: Metric) -> tuple[Metric, ...]:
        """The simple metrics below a metric (itself, if it is one), each once."""
        if metric.type == "simple":
            return (metric,)
        found: dict[str, Metric] = {}
        for name in metric.inputs:
            found.update({leaf.id: leaf for leaf in self.leaves(self.metric(name))})
        return tuple(found.values())

    def cut(self, metric: Metric) -> tuple[Metric, ...]:
        """The simple metrics below one whose tables must have every key that it is cut by."""
        if isinstance(metric.shape, Share) and metric.shape.of_total:
            return self.leaves(self.metric(metric.inputs[0]))
        if metric.type == "simple":
            return (metric,)
        found = (leaf for name in metric.inputs for leaf in self.cut(self.metric(name)))
        return tuple({leaf.id: leaf for leaf in found}.values())

    def moves(self, metric: Metric) -> bool:
        """Whether a metric, or one below it, looks at other days than those of its period."""
        if isinstance(metric.shape, Growth | Cumulative | Lagged):
            return True
        return any(self.moves(self.metric(name)) for name in metric.inputs)
