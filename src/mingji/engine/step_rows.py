"""The rows that took a step of a conversion and that no step can count, each with its one reason.

All steps of all conversions are one query: each table is read once for each of its steps, joined
by equal keys alone, and only rows that cannot be counted leave it, grouped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mingji.engine.backends.interface import Session
from mingji.engine.expressions import FACT, check
from mingji.engine.journeys import day_of, filtered, with_steps
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.part_words import STEP
from mingji.engine.shapes import Conversion, Journey, Lagged, Step
from mingji.engine.sql import Tree, column, exp, literal
from mingji.rules.text import Text

#: Why a row is counted in no step; the place in this list is its number in a query.
REASONS = (
    "",
    "step_without_key",
    "step_undated",
    "step_without_start",
    "step_start_not_taken",
    "step_before_start",
    "step_skipped",
    "step_out_of_order",
    "step_after_window",
)
#: What the definition of a conversion means to leave out: counted, but without keys.
INTENDED = ("step_without_key", "step_skipped", "step_after_window")
#: What a person can mend; days to come are told beside the one reason of a row.
WARNED = (*(each for each in REASONS if each and each not in INTENDED), "step_in_future")
SHOWN = 5
_BEGIN, _ENTRY, _PIECE = "_begin", "_entry", "_piece"
_COLUMNS = ("_number", "_reason", "_ahead", "_shown")


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps that are taken one after the other, the last of which is looked at.

    `base` is the table that they set out from. `taken` are, where all lie in it, the conditions
    under which a row took each step and all before it. A lagged metric is a chain of one step,
    `alone`.
    """

    base: str
    steps: tuple[Step, ...]
    days: int | None = None
    taken: tuple[str, ...] = ()
    alone: bool = False

    @property
    def step(self) -> Step:
        """The step that is looked at."""
        return self.steps[-1]

    @property
    def table(self) -> str:
        """The table that its rows lie in."""
        return self.step.table or self.base

    @property
    def nameless(self) -> Chain:
        """The same chain, whatever its steps are called."""
        steps = tuple(replace(step, id=str(n), name=_NAMELESS) for n, step in enumerate(self.steps))
        taken, days = (self.taken, self.days) if len(steps) > 1 else ((), None)
        return replace(self, steps=steps, days=days, taken=taken)


_NAMELESS = Text("", "")


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows of a chain's last step have a reason, with the first of their keys.

    `ahead`: their day is still to come. An empty reason: they count. `keys` are one more than
    `SHOWN` where there are more.
    """

    reason: str
    ahead: bool
    rows: int
    keys: tuple[str, ...]


def chains(definitions: Definitions, metrics: Iterable[Metric]) -> dict[Chain, dict[str, Text]]:
    """Every step of the conversions and lagged metrics below some metrics, with those metrics.

    Those with a condition on an amount that is converted are left out.
    """
    found: dict[Chain, tuple[Chain, dict[str, Text]]] = {}
    for metric in metrics:
        for below in _below(metric, definitions):
            for chain in _chains(below, definitions):
                known = found.setdefault(chain.nameless, (chain, {}))
                known[1][metric.id] = metric.name
    return dict(found.values())


def _below(metric: Metric, definitions: Definitions) -> Iterator[Metric]:
    yield metric
    for name in metric.inputs:
        yield from _below(definitions.metric(name), definitions)


def _chains(metric: Metric, definitions: Definitions) -> Iterator[Chain]:
    if isinstance(metric.shape, Lagged):
        for leaf in definitions.leaves(metric):
            table = definitions.table(leaf.table)
            day = leaf.time or table.time
            if day in table.columns and not table.typed and table.journey is None:
                if _by_converted(table, leaf.filter):
                    continue
                step = Step(leaf.id, leaf.name, day, leaf.filter)
                yield Chain(table.name, (step,), alone=True)
    if isinstance(metric.shape, Conversion) and metric.parts:
        base, shape = definitions.base(metric.parts[0].table).name, metric.shape
        taken = () if metric.view else tuple(part.filter for part in metric.parts)
        if any(_by_converted(definitions.tables[base], each) for each in taken):
            return
        for last, step in enumerate(shape.steps, 1):
            if step.time:
                steps = tuple(_in(base, each) for each in shape.steps[:last])
                yield Chain(base, steps, shape.days, taken[:last])


def _by_converted(table: Table, condition: str) -> bool:
    """Whether a condition compares an amount that is converted: rates decide which rows meet it."""
    names = set(_NAME.findall(condition))
    return any(spec.currency and spec.name in names for spec in table.columns.values())


_NAME = re.compile(r"\w+")


def _in(base: str, step: Step) -> Step:
    return replace(step, table="" if step.table == base else step.table)


def found_in(
    session: Session,
    definitions: Definitions,
    wanted: Sequence[Chain],
    today: dt.date | None,
    without: Collection[str] = (),
) -> Mapping[Chain, list[Found]]:
    """What is found of each chain, in one query.

    Args:
        session: Where the rows are.
        definitions: What the tables are.
        wanted: The chains.
        today: The day after which no step can have been taken; None: days to come are not told.
        without: Tables without any row: keys that are missing there are not listed one by one.
    """
    found: dict[Chain, list[Found]] = {chain: [] for chain in wanted}
    if not wanted:
        return found
    pieces = [
        _counted(number, chain, definitions, today, without) for number, chain in enumerate(wanted)
    ]
    rows: dict[tuple[int, int, int], tuple[int, list[str]]] = {}
    for row in session.run(_listed(pieces)).to_pylist():
        key = (row["_number"], row["_reason"], row["_ahead"])
        keys = rows.setdefault(key, (int(row["_total"]), []))[1]
        keys += [row["_shown"]] if row["_shown"] is not None else []
    for (number, reason, ahead), (total, keys) in sorted(rows.items()):
        told = Found(REASONS[reason], bool(ahead), total, tuple(sorted(keys)))
        found[wanted[number]].append(told)
    return found


def _listed(pieces: Sequence[Any]) -> Any:
    """Of each group of rows the total, and a line for each of its first keys."""
    every = pieces[0]
    for piece in pieces[1:]:
        every = exp.union(every, piece, distinct=False, copy=False)
    groups = [exp.column(name) for name in _COLUMNS]
    partition = groups[:-1]
    total = exp.Window(this=exp.Sum(this=exp.column("_rows")), partition_by=partition)
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[each.copy() for each in partition],
        order=exp.Order(expressions=[exp.Ordered(this=groups[-1].copy(), nulls_first=False)]),
    )
    numbered = exp.select(
        *(each.copy() for each in groups), total.as_("_total"), place.as_("_place")
    ).from_(every.subquery("_groups"))
    return (
        exp.select(*(each.copy() for each in groups), exp.column("_total"))
        .from_(numbered.subquery("_found"))
        .where(exp.LTE(this=exp.column("_place"), expression=literal(SHOWN + 1)))
    )


def _counted(
    number: int,
    chain: Chain,
    definitions: Definitions,
    today: dt.date | None,
    without: Collection[str],
) -> Any:
    """The rows of a chain's last step that are not in order, by reason and key."""
    reason, ahead = exp.column("_reason"), exp.column("_ahead")
    quiet = [literal(REASONS.index(each)) for each in _unlisted(chain, without)]
    told = exp.or_(
        exp.EQ(this=ahead.copy(), expression=literal(1)),
        exp.Not(this=exp.In(this=reason.copy(), expressions=quiet)),
    )
    shown = exp.Case().when(told, exp.column("_key"), copy=False)
    odd = exp.or_(
        exp.NEQ(this=reason.copy(), expression=literal(0)),
        exp.EQ(this=ahead.copy(), expression=literal(1)),
    )
    return (
        exp.select(
            literal(number).as_("_number"),
            reason,
            ahead,
            shown.as_("_shown"),
            exp.Count(this=exp.Star()).as_("_rows"),
        )
        .from_(_judged(chain, definitions, today).subquery(_PIECE))
        .where(odd)
        .group_by(reason.copy(), ahead.copy(), shown.copy())
    )


def _unlisted(chain: Chain, without: Collection[str]) -> tuple[str, ...]:
    return (*INTENDED, "step_without_start") if chain.base in without else INTENDED


def _judged(chain: Chain, definitions: Definitions, today: dt.date | None) -> Any:
    """Each row that claims a chain's last step: `_key`, `_reason`, and whether its day is ahead."""
    step, table = chain.step, definitions.tables[chain.table]
    day = day_of(table, step.time)
    query = filtered(
        exp.Select().from_(exp.table_(table.name, quoted=True, alias=FACT)),
        step,
        table,
        definitions,
    )
    if not step.filter and step.time != table.time:
        query = query.where(_known(day))
    key = step.key if step.table else (table.key[0] if len(table.key) == 1 else "")
    if len(chain.steps) == 1:
        reasons = [(_blank(day), "step_undated")]
    elif chain.taken:
        query, reasons = _in_one_row(query, chain, table, definitions)
    else:
        query, reasons = _in_tables(query, chain, table, definitions)
    case = exp.Case()
    for condition, reason in reasons:
        case = case.when(condition, literal(REASONS.index(reason)), copy=False)
    late = exp.GT(this=day, expression=_date(today)) if today else exp.false()
    return query.select(
        (exp.cast(column(key, FACT), "text") if key else exp.null()).as_("_key"),
        case.else_(literal(0), copy=False).as_("_reason"),
        exp.Case().when(late, literal(1)).else_(literal(0)).as_("_ahead"),
    )


def _in_one_row(
    query: Any, chain: Chain, table: Table, definitions: Definitions
) -> tuple[Any, list[tuple[Tree, str]]]:
    """Of steps that are columns of one table."""
    day, first = day_of(table, chain.step.time), day_of(table, chain.steps[0].time)
    conditions = [check(each, definitions, table, kind="boolean") for each in chain.taken[:-1]]
    own = check(chain.step.filter, definitions, table).joins if chain.step.filter else frozenset()
    for name in sorted(frozenset().union(*(each.joins for each in conditions)) - own):
        join = table.joins[name]
        other = column(definitions.tables[join.table].key[0], name)
        on = exp.EQ(this=column(join.on, FACT), expression=other)
        query = query.join(exp.table_(join.table, quoted=True, alias=name), on=on, join_type="left")
    begun, before = (_untrue(conditions[place].tree) for place in (0, -1))
    dated = next(each.time for each in reversed(chain.steps[:-1]) if each.time)
    return query, [
        (_blank(day), "step_undated"),
        (begun, "step_start_not_taken"),
        (exp.LT(this=day.copy(), expression=first), "step_before_start"),
        (before, "step_skipped"),
        (exp.LT(this=day.copy(), expression=day_of(table, dated)), "step_out_of_order"),
        *_too_late(chain, day, first),
    ]


def _in_tables(
    query: Any, chain: Chain, table: Table, definitions: Definitions
) -> tuple[Any, list[tuple[Tree, str]]]:
    """Of steps that lie in several tables and are found by the key of the first."""
    step, base = chain.step, definitions.tables[chain.base]
    key = column(step.key if step.table else base.key[0], FACT)
    day, entry = day_of(table, step.time), column(_ENTRY, _BEGIN)
    query = query.join(
        _begun(chain, definitions).subquery(_BEGIN),
        on=exp.EQ(this=key, expression=column("_key", _BEGIN)),
        join_type="left",
    )
    reasons = [
        (_blank(key), "step_without_key"),
        (_blank(day), "step_undated"),
        (_blank(column("_key", _BEGIN)), "step_without_start"),
        (_blank(entry), "step_start_not_taken"),
        (exp.LT(this=day.copy(), expression=entry.copy()), "step_before_start"),
    ]
    if len(chain.steps) > 2:
        before = f"{STEP}{chain.steps[-2].id}"
        journey = Journey(chain.base, chain.steps, chain.days)
        query = with_steps(query, journey, chain.steps[:-1], definitions).join(
            exp.table_(before, quoted=True),
            on=exp.EQ(this=key.copy(), expression=column("_key", before)),
            join_type="left",
        )
        previous = column("_day", before)
        reasons += [
            (_blank(previous), "step_skipped"),
            (exp.LT(this=day.copy(), expression=previous.copy()), "step_out_of_order"),
        ]
    return query, [*reasons, *_too_late(chain, day, entry)]


def _begun(chain: Chain, definitions: Definitions) -> Any:
    """Every row that the steps set out from: its key, and the day of the first step if taken."""
    base, first = definitions.tables[chain.base], chain.steps[0]
    day = day_of(base, first.time)
    query = exp.Select().from_(exp.table_(base.name, quoted=True, alias=FACT))
    if first.filter:
        query = filtered(query, first, base, definitions)
        condition = query.args.pop("where").this
        day = exp.Case().when(condition, day, copy=False)
    return query.select(column(base.key[0], FACT).as_("_key"), day.as_(_ENTRY))


def _too_late(chain: Chain, day: Tree, entry: Tree) -> list[tuple[Tree, str]]:
    if chain.days is None:
        return []
    between = exp.DateDiff(this=day.copy(), expression=entry.copy(), unit=exp.var("DAY"))
    return [(exp.GT(this=between, expression=literal(chain.days)), "step_after_window")]


def _date(day: dt.date) -> Tree:
    return exp.cast(literal(day.isoformat()), "date")


def _blank(tree: Tree) -> Tree:
    return exp.Is(this=tree.copy(), expression=exp.null())


def _known(tree: Tree) -> Tree:
    return exp.Not(this=_blank(tree))


def _untrue(tree: Tree) -> Tree:
    """A condition that does not hold, or of which nothing is known."""
    return exp.Not(this=exp.Coalesce(this=tree.copy(), expressions=[exp.false()]))
