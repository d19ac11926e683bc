"""What a person should know of the steps of conversions: rows of no journey, steps too early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mingji.engine.backends.interface import Session
from mingji.engine.expressions import FACT
from mingji.engine.journeys import day_of, entries, filtered
from mingji.engine.model import Definitions, Metric
from mingji.engine.shapes import Journey, Step
from mingji.engine.sql import Tree, column, exp
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_SHOWN = 5
_START = "_start"


def step_findings(
    session: Session, definitions: Definitions, metrics: Iterable[Metric]
) -> Iterator[Finding]:
    """Rows of other tables that no conversion can count, though they took one of its steps.

    Their key is in no row of the table that the conversion sets out from, or their day lies before
    that of the first step. Rows without a key or a day belong to nobody and are not told here.
    """
    hanging: dict[str, dict[str, Text]] = {}
    for metric in metrics:
        for leaf in definitions.leaves(metric):
            if definitions.table(leaf.table).journey is not None:
                hanging.setdefault(leaf.table, {})[metric.id] = metric.name
    told: dict[tuple[str, Step], tuple[Journey, dict[str, Text]]] = {}
    for view, names in hanging.items():
        journey = definitions.table(view).journey
        if journey is None:
            continue
        for step in journey.steps[1:]:
            if step.table and step.table != journey.table:
                _, known = told.setdefault((journey.table, step), (journey, {}))
                known.update(names)
    for (_, step), (journey, names) in told.items():
        hang = tuple(names.values())
        yield from _orphans(session, definitions, journey, step, hang)
        yield from _early(session, definitions, journey, step, hang)


def _orphans(
    session: Session, definitions: Definitions, journey: Journey, step: Step, hang: Sequence[Text]
) -> Iterator[Finding]:
    table, base = definitions.tables[step.table], definitions.tables[journey.table]
    key, known = column(step.key, FACT), column(base.key[0], _START)
    query = exp.Select().from_(exp.table_(table.name, quoted=True, alias=FACT))
    query = filtered(query, step, table, definitions).join(
        exp.table_(base.name, quoted=True, alias=_START),
        on=exp.EQ(this=key, expression=known),
        join_type="left",
    )
    query = query.where(exp.Is(this=known.copy(), expression=exp.null()))
    query = query.where(exp.Not(this=exp.Is(this=key.copy(), expression=exp.null())))
    count, shown = _counted(session, query, key)
    if count:
        cell, listed, told = table.columns[step.key].label, _listed(shown, count), _metrics(hang)
        yield Finding(
            "step_without_start",
            "warning",
            Text(
                f"{table.label.zh} 有 {count:,} 行的 {cell.zh} 在 {base.label.zh} 里找不到，"
                f"不计入转化：{listed.zh}{told.zh}",
                f"{table.label.en}: {cell.en} is in no row of {base.label.en} in {count:,} of its "
                f"rows, which count in no conversion: {listed.en}{told.en}",
            ),
            Text(
                f"核对这些编号，或补上 {base.label.zh} 里缺的行",
                f"check these keys, or load the rows that {base.label.en} lacks",
            ),
            Place(path=f"{table.name}.{step.key}"),
            count=count,
        )


def _early(
    session: Session, definitions: Definitions, journey: Journey, step: Step, hang: Sequence[Text]
) -> Iterator[Finding]:
    table, first = definitions.tables[step.table], journey.steps[0]
    key = column(step.key, FACT)
    start, entry = entries(journey, definitions)
    query = exp.Select().from_(exp.table_(table.name, quoted=True, alias=FACT))
    query = filtered(query, step, table, definitions).join(
        start.subquery(_START), on=exp.EQ(this=key, expression=column("_key", _START))
    )
    query = query.where(exp.LT(this=day_of(table, step.time), expression=column(entry, _START)))
    count, shown = _counted(session, query, key)
    if count:
        cell, begin = table.columns[step.time].label, first.name
        listed, told = _listed(shown, count), _metrics(hang)
        yield Finding(
            "step_before_start",
            "warning",
            Text(
                f"{table.label.zh} 有 {count:,} 行的 {cell.zh} 早于第一步“{begin.zh}”，"
                f"不计入转化：{listed.zh}{told.zh}",
                f"{table.label.en}: {cell.en} lies before the first step, “{begin.en}”, in "
                f"{count:,} rows, which count in no conversion: {listed.en}{told.en}",
            ),
            Text("核对这两个日期", "check both dates"),
            Place(path=f"{table.name}.{step.time}"),
            count=count,
        )


def _counted(session: Session, query: Any, key: Tree) -> tuple[int, list[str]]:
    """How many rows a query finds, and the first few keys in order."""
    total = query.select(exp.Count(this=exp.Star()).as_("rows"))
    (row,) = session.run(total).to_pylist()
    if not row["rows"]:
        return 0, []
    some = query.select(exp.cast(key.copy(), "text").as_("key")).distinct()
    listed = session.run(some.order_by(exp.column("key")).limit(_SHOWN)).to_pylist()
    return row["rows"], [each["key"] for each in listed]


def _listed(keys: Sequence[str], count: int) -> Text:
    more = count > len(keys)
    return Text(
        "、".join(keys) + (" 等" if more else ""), ", ".join(keys) + (", …" if more else "")
    )


def _metrics(hang: Sequence[Text]) -> Text:
    zh, en = "、".join(each.zh for each in hang), ", ".join(each.en for each in hang)
    return Text(f"；涉及指标：{zh}", f"; metrics concerned: {en}")
