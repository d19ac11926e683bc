"""From metrics to SQL: one query for each fact table and date, whatever the number of metrics.

Only what is additive and means the same on every engine is pushed down: SUM, COUNT, MIN and MAX
over CASE, joins to dimensions, the calendar and the people, GROUP BY. Division, rounding and the
last step of a median happen afterwards, exactly (`engine/values.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from mingji.engine.expressions import FACT, Checked, Converted, check
from mingji.engine.journeys import day_of, rows_of
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.sql import Tree, column, exp, literal

PEOPLE, CALENDAR = "_people", "_calendar"
#: Days that are not those of one period: a row for each day of each of them.
SPANS = "_spans"
#: The column that counts the rows of a slice; no metric can be called so.
ROWS = "*"
#: Where a row came from: its batch, its file, its place there.
PLACE = (BATCH, FILE, ROW)
#: Aggregates that need the values in order; each takes a query of its own.
ORDERED = ("median", "percentile")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a slice: its name in the answer, and the column of the query that gives it."""

    name: str
    alias: str
    column: str

    @property
    def label(self) -> str:
        """Its name in the query, which no metric can have."""
        return f"@{self.name}"

    @property
    def absent(self) -> str:
        """The name of the column that says in which rows of the answer it is no key."""
        return f"{self.label}?"


@dataclass(frozen=True, slots=True)
class Slice:
    """What a query covers: a fact table on one of its dates, cut by keys, within conditions.

    `day` is the date column that rows count on (empty: none). `periods` limits the column `grain`
    of the `calendar`. With `blank`, only rows count for which one of these keys has no value.
    """

    table: Table
    day: str
    keys: tuple[Key, ...]
    people: bool
    calendar: str = CALENDAR
    grain: str = ""
    periods: tuple[str, ...] | None = None
    where: str = ""
    blank: tuple[Key, ...] = ()


def people_of(table: Table) -> str:
    """The name under which the people of a table's source are registered."""
    return f"{PEOPLE}_{table.name}"


def grouped(slices: Sequence[Slice], metrics: Iterable[Metric], definitions: Definitions) -> Any:
    """The query of all metrics that need no order, one row for each combination of keys.

    The slices cover the same rows and differ in their keys: the rows are read once for all.
    Columns: the keys (`@name`), with several slices `@name?` (1 in the rows of slices without that
    key), `*` (rows of the slice), and for each metric its value under its id, `<id>.rows` (rows
    that pass its filter) and `<id>.cells` (those with a value).
    """
    slice_ = _whole(slices)
    chosen = _keys(slices)
    chosen.append(exp.Count(this=exp.Star()).as_(ROWS, quoted=True))
    needed = _Needed()
    for metric in metrics:
        condition, value, converted = _parts(metric, slice_, definitions, needed)
        one = exp.Literal.number("1")
        passing = exp.Count(this=_case(condition, one) if condition is not None else exp.Star())
        cells = passing if value is None else exp.Count(this=_case(condition, value))
        whole = _aggregate(metric, cells, _case(condition, value))
        chosen.append(whole.copy().as_(metric.id, quoted=True))
        chosen.append(passing.copy().as_(f"{metric.id}.rows", quoted=True))
        chosen.append(cells.copy().as_(f"{metric.id}.cells", quoted=True))
        if converted:
            blank = exp.or_(*(each.unrated for each in converted))
            unrated = blank if condition is None else exp.and_(condition.copy(), blank)
            counted = exp.Count(this=_case(unrated, one))
            chosen.append(counted.as_(f"{metric.id}.unrated", quoted=True))
    return _group(_from(slice_, definitions, needed).select(*chosen), slices)


def _whole(slices: Sequence[Slice]) -> Slice:
    """Slices of the same rows as one, with the keys of all."""
    keys = {key.label: key for slice_ in slices for key in slice_.keys}
    people = any(each.people for each in slices)
    return replace(slices[0], keys=tuple(keys.values()), people=people)


def _keys(slices: Sequence[Slice]) -> list[Any]:
    """The keys of all slices, and of several, what says in which rows each of them is none."""
    keys = _whole(slices).keys
    chosen = [_of(key).as_(key.label, quoted=True) for key in keys]
    if len(slices) > 1:
        chosen += [
            exp.Grouping(expressions=[_of(key)]).as_(key.absent, quoted=True) for key in keys
        ]
    return chosen


def _of(key: Key) -> Tree:
    return column(key.column, key.alias)


def ordered(slices: Sequence[Slice], metric: Metric, definitions: Definitions) -> Any:
    """The query of a median or percentile: the one or two values at its place, exactly.

    Equal values are counted together, and places are whole numbers: no engine interpolates.
    Columns: the keys as `grouped` gives them, `value`, `upto` (values up to and including it),
    `times`, `total`.
    """
    counted = _counted(slices, metric, definitions)
    keys = [each.alias for each in _keys(slices)]
    ranked = _ranked(keys)
    place = Fraction(metric.percentile if metric.percentile is not None else Fraction(1, 2))
    upto, times, total = (exp.column(name, quoted=True) for name in ("upto", "times", "total"))
    before = exp.paren(upto - times - literal(1))
    # The place is (total - 1) × share from 0; both sides times its denominator: nothing is divided.
    sought = exp.paren(total - literal(1)) * literal(place.numerator)
    parts = literal(place.denominator)
    return (
        exp.select(*(exp.column(name, quoted=True) for name in (*keys, *_ORDERED)))
        .from_("ranked")
        .where(exp.GT(this=upto * parts, expression=sought))
        .where(exp.LTE(this=before * parts, expression=sought.copy()))
        .with_("counted", as_=counted)
        .with_("ranked", as_=ranked)
    )


def _counted(slices: Sequence[Slice], metric: Metric, definitions: Definitions) -> Any:
    """How often each value occurs in each slice."""
    needed, slice_ = _Needed(), _whole(slices)
    condition, value, _ = _parts(metric, slice_, definitions, needed)
    assert value is not None
    query = _from(slice_, definitions, needed).select(
        *_keys(slices),
        value.copy().as_("value", quoted=True),
        exp.Count(this=exp.Star()).as_("times", quoted=True),
    )
    if condition is not None:
        query = query.where(condition)
    blank = exp.Is(this=exp.paren(value.copy()), expression=exp.null())
    return _group(query.where(exp.Not(this=blank)), slices, value)


def _ranked(keys: Sequence[str]) -> Any:
    """For each value, how many there are up to it, and in all."""
    names = [exp.column(key, quoted=True) for key in keys]
    value, times = (exp.column(name, quoted=True) for name in ("value", "times"))
    total = exp.Window(this=exp.Sum(this=times), partition_by=[name.copy() for name in names])
    upto = total.copy()
    upto.set("order", exp.Order(expressions=[exp.Ordered(this=value, nulls_first=False)]))
    return exp.select(
        *(each.copy() for each in (*names, value, times)),
        upto.as_("upto", quoted=True),
        total.as_("total", quoted=True),
    ).from_("counted")


_ORDERED = ("value", "upto", "times", "total")


def opened(slice_: Slice, metric: Metric, definitions: Definitions, conditions: list[Tree]) -> Any:
    """The rows of the fact table that a metric counted in a slice, with the value of each."""
    needed = _Needed()
    condition, value, _ = _parts(metric, slice_, definitions, needed)
    query = _from(slice_, definitions, needed).select(
        *(column(name, FACT).as_(name, quoted=True) for name in (*slice_.table.columns, *PLACE))
    )
    query = query.select((value if value is not None else literal(1)).as_("_value", quoted=True))
    for each in [*([condition] if condition is not None else []), *conditions]:
        query = query.where(each)
    return query


def key_condition(key: Key, value: str) -> Tree:
    """A key equals a value; the empty value stands for a blank one."""
    tree = column(key.column, key.alias)
    if value == "":
        return exp.Is(this=tree, expression=exp.null())
    return exp.EQ(this=exp.cast(tree, "text"), expression=literal(value))


def from_slice(slice_: Slice, definitions: Definitions) -> Any:
    """The rows of a slice before any metric's filter, for questions about the rows themselves."""
    return _from(slice_, definitions, _Needed())


@dataclass(slots=True)
class _Needed:
    """What the expressions of a query look up: dimensions, and rates of exchange."""

    joins: set[str] = field(default_factory=set)
    converted: set[Converted] = field(default_factory=set)

    def note(self, checked: Checked) -> Tree:
        self.joins |= checked.joins
        self.converted |= checked.converted
        return checked.tree


def without_rate(
    slice_: Slice, converted: Converted, metrics: Iterable[Metric], definitions: Definitions
) -> Any:
    """How many rows that metrics count have an amount and no rate, by `currency` and `dated`.

    A filter that compares the amount itself cannot be decided without a rate: it lets rows pass.
    """
    bare, needed = Slice(slice_.table, slice_.day, (), people=False), _Needed()
    needed.converted.add(converted)
    conditions = [_decided(metric, slice_, definitions, needed) for metric in metrics]
    currency, day = column(converted.currency, FACT), column(slice_.day, FACT)
    dated = exp.Case().when(exp.Is(this=day, expression=exp.null()), literal(0)).else_(literal(1))
    query = (
        _from(bare, definitions, needed)
        .select(
            currency.as_("currency", quoted=True),
            dated.as_("dated", quoted=True),
            exp.Count(this=exp.Star()).as_("rows", quoted=True),
        )
        .where(converted.unrated)
        .group_by(currency.copy(), dated.copy())
    )
    passes = [each for each in conditions if each is not None]
    return query.where(exp.or_(*passes)) if len(passes) == len(conditions) else query


def _decided(
    metric: Metric, slice_: Slice, definitions: Definitions, needed: _Needed
) -> Tree | None:
    """The condition of a metric's rows; None without one, or where amounts decide it."""
    if not metric.filter:
        return None
    target = definitions.target(metric)
    checked = check(metric.filter, definitions, slice_.table, target=target)
    return None if checked.converted else needed.note(checked)


def _parts(
    metric: Metric, slice_: Slice, definitions: Definitions, needed: _Needed
) -> tuple[Tree | None, Tree | None, list[Converted]]:
    """The condition and the value of a metric, and the amounts of its value to be converted."""
    target = definitions.target(metric)
    trees: list[Tree | None] = []
    converted: list[Converted] = []
    for text in (metric.filter, metric.expression):
        if not text:
            trees.append(None)
            continue
        checked = check(text, definitions, slice_.table, target=target)
        converted = sorted(checked.converted) if text is metric.expression else []
        trees.append(needed.note(checked))
    return trees[0], trees[1], converted


def _case(condition: Tree | None, value: Tree | None) -> Tree:
    value = literal(1) if value is None else value.copy()
    return value if condition is None else exp.Case().when(condition.copy(), value, copy=False)


def _aggregate(metric: Metric, cells: Tree, value: Tree) -> Tree:
    match metric.agg:
        case "count":
            return cells
        case "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[value]))
        case "min":
            return exp.Min(this=value)
        case "max":
            return exp.Max(this=value)
    # An average is finished from this sum and the number of cells.
    return exp.Sum(this=value)


def _group(query: Any, slices: Sequence[Slice], *also: Tree) -> Any:
    """Groups by the keys of each slice, and in all of them by what else there is.

    The same keys in another order are the same groups: twice in the query, they count twice.
    """
    sets = {
        frozenset(key.label for key in each.keys): [*map(_of, each.keys), *also] for each in slices
    }
    parts = [[tree.copy() for tree in each] for each in sets.values()]
    if len(slices) == 1:
        return query.group_by(*parts[0])
    together = exp.GroupingSets(expressions=[exp.Tuple(expressions=each) for each in parts])
    return query.group_by(exp.Group(grouping_sets=[together]))


def _from(slice_: Slice, definitions: Definitions, needed: _Needed) -> Any:
    table = slice_.table
    query = exp.Select().from_(rows_of(table, definitions))
    where: Tree | None = None
    if slice_.where:
        target = definitions.rates.into if definitions.rates else ""
        checked = check(slice_.where, definitions, table, kind="boolean", target=target)
        where = needed.note(checked)
    joins = needed.joins | {key.alias for key in slice_.keys if key.alias in table.joins}
    for name in sorted(joins):
        join = table.joins[name]
        key = definitions.tables[join.table].key[0]
        on = exp.EQ(this=column(join.on, FACT), expression=column(key, name))
        query = query.join(exp.table_(join.table, quoted=True, alias=name), on=on, join_type="left")
    for each in sorted({(c.currency, c.target): c for c in needed.converted}.values()):
        query = query.join(
            exp.table_(each.table(each.target), quoted=True, alias=each.alias),
            on=exp.and_(
                exp.EQ(this=column("currency", each.alias), expression=column(each.currency, FACT)),
                exp.EQ(this=column("day", each.alias), expression=day_of(table, slice_.day)),
            ),
            join_type="left",
        )
    if slice_.people:
        query = _with_people(query, slice_)
    if slice_.grain:
        on = exp.EQ(this=column("day", slice_.calendar), expression=day_of(table, slice_.day))
        query = query.join(exp.table_(slice_.calendar, quoted=True), on=on)
    if slice_.periods is not None:
        values = [_period(period, slice_.grain) for period in slice_.periods]
        named = column(slice_.grain, slice_.calendar)
        query = query.where(exp.In(this=named, expressions=values))
    if slice_.blank:
        query = query.where(exp.or_(*(key_condition(key, "") for key in slice_.blank)))
    return query if where is None else query.where(where)


def _period(name: str, grain: str) -> Tree:
    return exp.cast(literal(name), "date") if grain == "day" else literal(name)


def _with_people(query: Any, slice_: Slice) -> Any:
    table = slice_.table
    forever = exp.cast(literal("9999-12-31"), "date")
    day: Tree = forever
    if slice_.day:
        day = exp.Coalesce(this=day_of(table, slice_.day), expressions=[forever])
    on = exp.and_(
        exp.EQ(this=column("owner", PEOPLE), expression=column(table.owner, FACT)),
        exp.LTE(this=column("starts_on", PEOPLE), expression=day),
        exp.GTE(this=column("ends_on", PEOPLE), expression=day.copy()),
    )
    return query.join(
        exp.table_(people_of(table), quoted=True, alias=PEOPLE), on=on, join_type="left"
    )
