"""Whether the rows behind the numbers look as they usually do: fresh, as many, as complete.

Each check compares a table with its own history, or a row with common sense, and says what a person
should look at. Same rows, same day, same findings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from mingji.engine.backends.interface import Session
from mingji.engine.expressions import FACT
from mingji.engine.journeys import day_of
from mingji.engine.model import Column, Definitions, Metric, Table
from mingji.engine.sql import Tree, column, exp, literal
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_YEAR = 365
_QUARTER = 92
_FEWEST_GAPS, _FEWEST_MONTHS, _FEWEST_ROWS = 8, 6, 30
_MONTHS = 13
_EARLIEST = dt.date(2000, 1, 1)
#: A spread below this share of the usual is no spread: every month would be an outlier.
_LEAST_SPREAD = Decimal("0.05")
_DATES = ("date", "timestamp")
#: Columns that say when a record began; nothing about it can be earlier.
_BEGINNINGS = ("created_", "assigned_", "opened_")
_PER_CENT = Decimal(100)


def table_findings(
    session: Session,
    definitions: Definitions,
    table: Table,
    today: dt.date,
) -> list[Finding]:
    """What stands out in the rows of a table; the thresholds are those of its definition."""
    findings: list[Finding] = []
    if table.time:
        days = _days(session, table)
        findings += _freshness(table, days, today)
        findings += _volume(table, days, today)
        findings += _blanks(session, table, today)
        findings += _order(session, table)
    findings += impossible_dates(session, table, table.columns, today)
    findings += _duplicates(session, table)
    findings += _references(session, definitions, table)
    return findings


def jump(metric: Metric, series: Sequence[tuple[str, Decimal | None]]) -> Finding | None:
    """Whether the last value of a metric is far from all it ever was.

    Args:
        metric: Its definition, with the threshold.
        series: Its closed periods with their values, earliest first.
    """
    known = [value for _, value in series if value is not None]
    if not series or series[-1][1] is None or len(known) <= metric.health.fewest:
        return None
    last, before = known[-1], known[:-1]
    usual, spread = _robust(before)
    if abs(last - usual) <= metric.health.jump * spread:
        return None
    name, period = metric.name, series[-1][0]
    return Finding(
        "jump",
        "warning",
        Text(
            f"{name.zh} 在 {period} 突然变化：{_told(last)}，以往通常在 {_told(usual)} 左右",
            f"{name.en} jumps in {period}: {_told(last)}, usually about {_told(usual)}",
        ),
        Text(
            "核对这一期的数据行；如果业务确实如此，写明原因确认",
            "check the rows of the period; if business was so, acknowledge it with the reason",
        ),
        Place(path=metric.id),
    )


def _robust(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The median and the usual distance from it, never less than a twentieth of it."""
    middle = median(values)
    spread = median([abs(value - middle) for value in values])
    return middle, max(spread, abs(middle) * _LEAST_SPREAD, Decimal("0.000001"))


def _told(value: Decimal) -> str:
    return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.0f}"


def _days(session: Session, table: Table) -> dict[dt.date, int]:
    """How many rows each day has."""
    day = day_of(table, table.time)
    query = (
        exp.select(day.as_("day"), exp.Count(this=exp.Star()).as_("rows"))
        .from_(_fact(table))
        .where(_filled(day))
        .group_by(day.copy())
    )
    rows = session.run(query).to_pylist()
    return dict(sorted((row["day"], row["rows"]) for row in rows))


def _freshness(table: Table, days: Mapping[dt.date, int], today: dt.date) -> Iterator[Finding]:
    past = [day for day in days if today - dt.timedelta(days=_YEAR) <= day <= today]
    gaps = sorted((later - earlier).days for earlier, later in pairwise(past))
    if len(gaps) < _FEWEST_GAPS:
        return
    usual = gaps[len(gaps) * 95 // 100]
    silent = (today - past[-1]).days
    if silent <= max(table.health.silent_days, usual * table.health.silent_times):
        return
    name = table.label
    yield Finding(
        "stale",
        "warning",
        Text(
            f"{name.zh} 已有 {silent} 天没有新数据，以往最多隔 {usual} 天左右",
            f"{name.en}: no new row for {silent} days, usually at most about {usual}",
        ),
        Text("查看来源的导出是否停了", "check whether the export of the source has stopped"),
        Place(path=table.name),
        count=silent,
    )


def _volume(table: Table, days: Mapping[dt.date, int], today: dt.date) -> Iterator[Finding]:
    """The last whole month against the months before it."""
    months: dict[tuple[int, int], int] = {}
    for day, rows in days.items():
        months[day.year, day.month] = months.get((day.year, day.month), 0) + rows
    last = (today.replace(day=1) - dt.timedelta(days=1)).timetuple()[:2]
    before = [Decimal(rows) for month, rows in sorted(months.items()) if month < last][-_MONTHS:]
    if len(before) < _FEWEST_MONTHS:
        return
    now = Decimal(months.get((last[0], last[1]), 0))
    usual, spread = _robust(before)
    if abs(now - usual) <= table.health.volume * spread:
        return
    name, month = table.label, f"{last[0]}-{last[1]:02}"
    yield Finding(
        "volume",
        "warning",
        Text(
            f"{name.zh} 在 {month} 有 {now:,.0f} 行，以往每月 {usual:,.0f} 行左右",
            f"{name.en}: {now:,.0f} rows in {month}, usually about {usual:,.0f} a month",
        ),
        Text(
            "核对这个月的文件是否装全、有没有重复载入",
            "check that the month was loaded wholly, and once",
        ),
        Place(path=table.name),
        count=int(now),
    )


def _blanks(session: Session, table: Table, today: dt.date) -> Iterator[Finding]:
    """Columns that are blank far more often lately than before. Dates come later by nature."""
    wanted = [each for each in table.columns.values() if each.type not in _DATES]
    if not wanted:
        return
    recent = exp.GTE(
        this=day_of(table, table.time),
        expression=exp.cast(literal((today - dt.timedelta(days=_QUARTER)).isoformat()), "date"),
    )
    parts: list[Tree] = [recent.as_("recent"), exp.Count(this=exp.Star()).as_("rows")]
    parts += [exp.Count(this=column(each.name, FACT)).as_(f"c{n}") for n, each in enumerate(wanted)]
    query = (
        exp.select(*parts)
        .from_(_fact(table))
        .where(_filled(day_of(table, table.time)))
        .group_by(recent.copy())
    )
    found = {row["recent"]: row for row in session.run(query).to_pylist()}
    if len(found) < 2 or min(row["rows"] for row in found.values()) < _FEWEST_ROWS:
        return
    for n, each in enumerate(wanted):
        now, before = (_blank_share(found[side], n) for side in (True, False))
        if now - before > table.health.blanks:
            yield _blank_finding(table, each, now, before)


def _blank_share(row: Mapping[str, Any], number: int) -> Decimal:
    return (1 - Decimal(row[f"c{number}"]) / Decimal(row["rows"])) * _PER_CENT


def _blank_finding(table: Table, cell: Column, now: Decimal, before: Decimal) -> Finding:
    name, label = table.label, cell.label
    return Finding(
        "blanks",
        "warning",
        Text(
            f"{name.zh} 的“{label.zh}”近三个月有 {now:.0f}% 是空的，以前是 {before:.0f}%",
            f"{name.en}: {now:.0f}% of {label.en} is blank in the last three months, "
            f"{before:.0f}% before",
        ),
        Text("核对来源是否改了字段或填写规则", "check whether the source changed the field"),
        Place(path=f"{table.name}.{cell.name}"),
    )


def _order(session: Session, table: Table) -> Iterator[Finding]:
    """Dates before the day on which the record began."""
    if not table.time.startswith(_BEGINNINGS):
        return
    for each in table.columns.values():
        if each.type not in _DATES or each.name == table.time:
            continue
        before = exp.LT(this=day_of(table, each.name), expression=day_of(table, table.time))
        count = _count(session, table, before)
        if count:
            name, label, start = table.label, each.label, table.columns[table.time].label
            yield Finding(
                "date_order",
                "warning",
                Text(
                    f"{name.zh} 有 {count:,} 行的“{label.zh}”早于“{start.zh}”",
                    f"{name.en}: {label.en} lies before {start.en} in {_rows(count)}",
                ),
                Text("在来源里改正日期，或提出更正", "mend the dates, or propose corrections"),
                Place(path=f"{table.name}.{each.name}"),
                count=count,
            )


def impossible_dates(
    session: Session, table: Table, columns: Collection[str], today: dt.date
) -> list[Finding]:
    """Dates that nobody can have meant, of some columns: long before or long after our time."""
    latest = today + dt.timedelta(days=int(table.health.ahead_days))
    dates = [
        each for each in table.columns.values() if each.type in _DATES and each.name in columns
    ]
    if not dates:
        return []
    first, last = (exp.cast(literal(day.isoformat()), "date") for day in (_EARLIEST, latest))
    query = exp.Select().from_(_fact(table))
    for n, each in enumerate(dates):
        day = day_of(table, each.name)
        beyond = exp.or_(
            exp.LT(this=day, expression=first.copy()),
            exp.GT(this=day.copy(), expression=last.copy()),
        )
        query = query.select(exp.Count(this=exp.Case().when(beyond, literal(1))).as_(f"c{n}"))
    (row,) = session.run(query).to_pylist()
    counts = {each.name: int(row[f"c{n}"]) for n, each in enumerate(dates)}
    return [
        Finding(
            "impossible_date",
            "error",
            Text(
                f"{table.label.zh} 有 {counts[each.name]:,} 行的“{each.label.zh}”"
                f"不在 {_EARLIEST} 到 {latest} 之间",
                f"{table.label.en}: {each.label.en} is not between {_EARLIEST} and {latest} "
                f"in {_rows(counts[each.name])}",
            ),
            Text("在来源里改正日期，或提出更正", "mend the dates, or propose corrections"),
            Place(path=f"{table.name}.{each.name}"),
            count=counts[each.name],
        )
        for each in dates
        if counts[each.name]
    ]


def _duplicates(session: Session, table: Table) -> Iterator[Finding]:
    """Rows that differ in their key and in nothing else."""
    rest = [column(name, FACT) for name in table.columns if name not in table.key]
    if not table.key or not rest:
        return
    same = (
        exp.select(exp.Count(this=exp.Star()).as_("times"))
        .from_(_fact(table))
        .group_by(*(each.copy() for each in rest))
    )
    times = exp.column("times")
    query = exp.select(
        exp.Sum(this=times).as_("rows"),
        exp.Sum(this=exp.Sub(this=times.copy(), expression=literal(1))).as_("more"),
    ).from_(same.subquery("same"))
    row = session.run(query).to_pylist()[0]
    rows, more = int(row["rows"] or 0), int(row["more"] or 0)
    if rows < _FEWEST_ROWS or Decimal(more) * _PER_CENT <= table.health.duplicates * rows:
        return
    name = table.label
    yield Finding(
        "duplicates",
        "warning",
        Text(
            f"{name.zh} 有 {more:,} 行除了主键与另一行完全相同",
            f"{name.en}: {_rows(more)} equal to another in everything but the key",
        ),
        Text("核对是否重复录入", "check whether they were entered twice"),
        Place(path=table.name),
        count=more,
    )


def _references(session: Session, definitions: Definitions, table: Table) -> Iterator[Finding]:
    """Values of a column called like the key of another table, and not found there."""
    for name in table.columns:
        for other in definitions.tables.values():
            if other.name == table.name or other.key != (name,):
                continue
            missing = _unknown(session, table, other, name)
            if missing:
                yield _reference_finding(table, other, name, missing)


def _unknown(session: Session, table: Table, other: Table, name: str) -> int:
    """How many rows name something that the other table does not have; 0 if it has no row."""
    query = (
        exp.select(exp.Count(this=exp.Star()).as_("rows"))
        .from_(_fact(table))
        .join(
            exp.table_(other.name, quoted=True, alias="other"),
            on=exp.EQ(this=column(name, FACT), expression=column(name, "other")),
            join_type="left",
        )
        .where(_filled(column(name, FACT)))
        .where(exp.Is(this=column(name, "other"), expression=exp.null()))
    )
    if not _count(session, other, exp.true()):
        return 0
    return int(session.run(query).to_pylist()[0]["rows"])


def _reference_finding(table: Table, other: Table, name: str, missing: int) -> Finding:
    label, cell, there = table.label, table.columns[name].label, other.label
    return Finding(
        "unknown_reference",
        "warning",
        Text(
            f"{label.zh} 有 {missing:,} 行的“{cell.zh}”在{there.zh}里找不到",
            f"{label.en}: {_rows(missing)} with a {cell.en} that {there.en} does not have",
        ),
        Text("补装缺少的数据，或核对编号", "load what is missing, or check the numbers"),
        Place(path=f"{table.name}.{name}"),
        count=missing,
    )


def _fact(table: Table) -> Tree:
    return exp.table_(table.name, quoted=True, alias=FACT)


def _filled(tree: Tree) -> Tree:
    return exp.Not(this=exp.Is(this=tree.copy(), expression=exp.null()))


def _count(session: Session, table: Table, condition: Tree) -> int:
    query = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(_fact(table)).where(condition)
    return int(session.run(query).to_pylist()[0]["rows"])


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
