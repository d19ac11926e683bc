"""What a person should know of the steps of conversions: how many rows no step counts, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mingji.engine.backends.interface import Session
from mingji.engine.model import Definitions, Metric
from mingji.engine.sql import exp, literal
from mingji.engine.step_rows import INTENDED, SHOWN, Chain, Found, chains, found_in
from mingji.engine.step_words import Told, remedy, sentence
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_OF_KEYS = ("step_without_key", "step_without_start")


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A finding about rows that no step counts, and the ids of the metrics that it concerns."""

    finding: Finding
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of a chain that have one reason; `counting` of them count all the same."""

    chain: Chain
    reason: str
    rows: int
    counting: int
    keys: tuple[str, ...]
    metrics: Mapping[str, Text]


def step_findings(
    session: Session,
    definitions: Definitions,
    metrics: Iterable[Metric],
    today: dt.date | None = None,
) -> Iterator[Finding]:
    """The findings of `uncounted` alone."""
    for each in uncounted(session, definitions, metrics, today):
        yield each.finding


def uncounted(
    session: Session,
    definitions: Definitions,
    metrics: Iterable[Metric],
    today: dt.date | None = None,
    touching: Collection[str] | None = None,
) -> list[Uncounted]:
    """The rows that took a step of a conversion below some metrics and that it cannot count.

    Each row has one reason: no key, no day, a key that the table of the first step does not have
    or that did not take that step, a day before it, a step left out, a day before that of the step
    before, a day after the window. Rows whose day is still to come are told beside that. A metric
    that looks back (`lagged`) has one step: its rows without a day belong to no period.

    Args:
        session: Where the rows are.
        definitions: What the metrics mean.
        metrics: The metrics.
        today: The day after which no step can have been taken; None: days to come are not told.
        touching: Only conversions that a row of one of these tables can change; None: all.
    """
    every = chains(definitions, metrics)
    wanted = _touched(every, touching)
    bases = sorted({chain.base for chain in wanted if chain.step.table})
    without = {name for name in bases if _is_empty(session, name)}
    found = found_in(session, definitions, wanted, today, without)
    groups = [each for chain in wanted for each in _groups(chain, found[chain], every[chain])]
    return [_told(definitions, group, path, without, today) for group, path in _together(groups)]


def step_columns(
    definitions: Definitions, metrics: Iterable[Metric], touching: Collection[str]
) -> dict[str, set[str]]:
    """By table, the columns that findings of `uncounted` with the same `touching` may be about."""
    columns: dict[str, set[str]] = {}
    for chain in _touched(chains(definitions, metrics), touching):
        named = {chain.step.time, *filter(None, (chain.step.key,))}
        columns.setdefault(chain.table, set()).update(named)
    return columns


def _touched(every: Collection[Chain], touching: Collection[str] | None) -> list[Chain]:
    """The chains that rows of some tables can change, and all that end in the same tables.

    So everything is known that may be told of a table, and what is not found there is gone.
    """
    if touching is None:
        return list(every)
    reached = {
        chain.table
        for chain in every
        if not {chain.base, *(step.table for step in chain.steps)}.isdisjoint(touching)
    }
    return [chain for chain in every if chain.table in reached]


def _is_empty(session: Session, table: str) -> bool:
    query = exp.select(literal(1).as_("one")).from_(exp.table_(table, quoted=True)).limit(1)
    return not session.run(query).to_pylist()


def _groups(chain: Chain, found: Sequence[Found], metrics: Mapping[str, Text]) -> Iterator[_Group]:
    """What is to be told of a chain: each reason, and beside it the rows whose day is ahead."""
    reasons = dict.fromkeys(each.reason for each in found if each.reason)
    for reason in reasons:
        same = [each for each in found if each.reason == reason]
        yield _Group(chain, reason, _total(same), 0, _first(same), metrics)
    ahead = [each for each in found if each.ahead]
    if ahead:
        counting = _total([each for each in ahead if not each.reason])
        yield _Group(chain, "step_in_future", _total(ahead), counting, _first(ahead), metrics)


def _total(found: Iterable[Found]) -> int:
    return sum(each.rows for each in found)


def _first(found: Iterable[Found]) -> tuple[str, ...]:
    return tuple(sorted({key for each in found for key in each.keys})[: SHOWN + 1])


def _together(groups: Iterable[_Group]) -> Iterator[tuple[_Group, str]]:
    """Conversions of which the same is to be told, as one; with the path of the finding."""
    places: dict[tuple[str, str], dict[tuple[int, int, tuple[str, ...]], _Group]] = {}
    for group in groups:
        step = group.chain.step
        named = step.key if group.reason in _OF_KEYS else step.time
        same = places.setdefault((group.reason, f"{group.chain.table}.{named}"), {})
        what = (group.rows, group.counting, group.keys)
        known = same.setdefault(what, group)
        same[what] = replace(known, metrics={**known.metrics, **group.metrics})
    for (_, path), same in places.items():
        for group in same.values():
            yield group, f"{path}@{next(iter(group.metrics))}" if len(same) > 1 else path


def _told(
    definitions: Definitions,
    group: _Group,
    path: str,
    without: Collection[str],
    today: dt.date | None,
) -> Uncounted:
    chain = group.chain
    empty = chain.base in without
    told = Told(
        table=definitions.tables[chain.table],
        base=definitions.tables[chain.base],
        step=chain.step,
        first=chain.steps[0],
        before=chain.steps[-2] if len(chain.steps) > 1 else chain.step,
        rows=group.rows,
        counting=group.counting,
        keys=group.keys,
        metrics=tuple(group.metrics.values()),
        alone=chain.alone,
        empty=empty,
        today=today,
        days=chain.days,
    )
    meant = group.reason in INTENDED or (group.reason == "step_without_start" and empty)
    meant = meant or (group.reason == "step_start_not_taken" and bool(chain.steps[0].filter))
    finding = Finding(
        group.reason,
        "info" if meant else "warning",
        sentence(group.reason, told),
        remedy(group.reason, told),
        Place(path=path),
        count=group.rows,
    )
    return Uncounted(finding, tuple(group.metrics))
