"""Compute every metric over the warehouse and keep what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from mingji.audit import trail
from mingji.engine.identity import Identity
from mingji.engine.model import Definitions, Metric
from mingji.engine.observation import Observations, Unmatched
from mingji.engine.observe import observe
from mingji.metrics import policy
from mingji.metrics.actions.defining import put_in_force
from mingji.metrics.definitions import Library, library, warehouse
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.models import Observation, RefreshRun
from mingji.metrics.queries.sources import loaded_batches
from mingji.metrics.stored import finding_data, unmatched_data
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.explanation import as_data
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_CHUNK = 500
Key = tuple[str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Value:
    """What a refresh found for one slice."""

    value: Decimal | None
    rows: int
    tree: dict[str, Any]


@dataclass(slots=True)
class Found:
    """Everything that a refresh found: values worth keeping, rows of nobody, findings."""

    values: dict[Key, Value] = field(default_factory=dict)
    unmatched: tuple[Unmatched, ...] = ()
    findings: dict[Finding, None] = field(default_factory=dict)


def refresh(actor: Actor, periods: Sequence[str], at: datetime) -> RefreshRun | None:
    """Compute the metrics of these periods by member, team and company, and keep what changed.

    Values of other periods stay as they are. Where a value changed, the one before remains as
    history. With the same batches, definitions, mapping and postings as last time there is
    nothing to do, and no run.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: a period that is none, or batches that no longer fit the definitions.
    """
    policy.may_keep_data(actor).require()
    if not periods:
        raise Invalid(Text("没有指定期间", "no period is given"), code="no_period")
    spans = sorted({Period.parse(period) for period in periods}, key=lambda each: each.start)
    periods = [str(each) for each in spans]
    put_in_force()
    identity = identity_between(spans[0].start, max(each.end for each in spans))
    shelf = library()
    batches = [[batch.table, batch.id] for batch in loaded_batches()]
    digest = _digest(shelf, batches, identity, periods)
    last = RefreshRun.objects.first()
    if last and last.inputs_digest == digest:
        return None
    found = _found(shelf.definitions, identity, periods, {table for table, _ in batches})
    with transaction.atomic():
        run = RefreshRun.objects.create(
            at=at,
            definitions_digest=shelf.digest,
            inputs_digest=digest,
            periods=periods,
            batches=batches,
            findings=[finding_data(finding) for finding in found.findings],
            unmatched=[unmatched_data(each) for each in found.unmatched],
        )
        changed = _keep(run, periods, found.values)
        trail.record(
            actor=actor_code(actor),
            action="metrics.refresh",
            kind="refresh_run",
            object_id=run.pk,
            at=at,
            evidence={"inputs": digest, "periods": periods, "changed": changed},
        )
    return run


def _digest(
    shelf: Library, batches: list[list[str]], identity: Identity, periods: Iterable[str]
) -> str:
    owners = [
        [each.source, each.owner, each.member, str(each.starts_on), str(each.ends_on)]
        for each in identity.owners
    ]
    postings = [
        [each.member, dict(each.attributes), str(each.starts_on), str(each.ends_on)]
        for each in identity.postings
    ]
    content = [shelf.digest, batches, sorted(owners), postings, periods]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _found(
    definitions: Definitions, identity: Identity, periods: Sequence[str], tables: set[str]
) -> Found:
    found = Found()
    teams = {code: team.pk for code, team in people.teams_by_code().items()}
    codes = sorted({posting.member for posting in identity.postings})
    members = {code: member.pk for code, member in people.members_by_code(codes).items()}
    for answer in _observed(definitions, identity, periods, tables):
        found.values.update(_values(answer, members, teams))
        found.unmatched = found.unmatched or answer.unmatched
        found.findings.update(dict.fromkeys(answer.findings))
    return found


def _observed(
    definitions: Definitions, identity: Identity, periods: Sequence[str], tables: set[str]
) -> Iterator[Observations]:
    """By member (first: it tells the unmatched), by team at each depth, and for the company."""
    loaded = [each for each in definitions.metrics.values() if _tables(definitions, each) & tables]
    owned = [
        each.id
        for each in loaded
        if all(definitions.tables[name].owner for name in _tables(definitions, each))
    ]
    depths = max((len(lineage) for lineage in team_lineages().values()), default=0)
    units = [name for name in map(unit, range(depths)) if name in identity.names]
    store = warehouse()
    for whose in (("member",), *((name,) for name in units), ()):
        yield observe(
            store,
            definitions,
            metrics=owned if whose else [each.id for each in loaded],
            by=(*whose, "period"),
            periods=tuple(periods),
            identity=identity,
            empty=False,
        )


def _tables(definitions: Definitions, metric: Metric) -> set[str]:
    return {leaf.table for leaf in definitions.leaves(metric)}


def _values(
    answer: Observations, members: Mapping[str, int], teams: Mapping[str, int]
) -> Iterator[tuple[Key, Value]]:
    """What is worth keeping: every value of somebody."""
    whose = answer.by[0] if len(answer.by) > 1 else ""
    for row in answer.rows:
        code = row.keys.get(whose, "")
        if whose and not code:
            continue  # rows of nobody: those are among the unmatched
        member = members[code] if whose == "member" else None
        team = teams[code] if is_unit(whose) else None
        value = Value(row.value, row.row_count, as_data(row.node))
        yield (row.metric, row.keys["period"], member, team), value


def _keep(run: RefreshRun, periods: Iterable[str], found: Mapping[Key, Value]) -> int:
    """Add what is new or different and retire what it replaces; how many values changed."""
    current = Observation.objects.filter(current=True, period__in=list(periods))
    before = {
        (row.metric, row.period, row.member_id, row.team_id): row
        for row in current.iterator(chunk_size=_CHUNK)
    }
    fresh, gone = [], set(before)
    for key, value in found.items():
        old = before.get(key)
        if old and (old.rows, old.tree) == (value.rows, value.tree):
            gone.discard(key)
            continue
        metric, period, member, team = key
        fresh.append(
            Observation(
                run=run,
                metric=metric,
                period=period,
                member_id=member,
                team_id=team,
                value=value.value,
                rows=value.rows,
                tree=value.tree,
            )
        )
    retired = [before[key].pk for key in gone]
    for start in range(0, len(retired), _CHUNK):
        Observation.objects.filter(pk__in=retired[start : start + _CHUNK]).update(current=False)
    Observation.objects.bulk_create(fresh, batch_size=_CHUNK)
    return len(fresh)
