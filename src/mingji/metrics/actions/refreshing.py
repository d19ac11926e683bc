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
from mingji.engine.meanings import At, Meanings, days_of, span
from mingji.engine.model import Definitions
from mingji.engine.observation import Observations, Unmatched
from mingji.engine.observe import observe
from mingji.engine.periods import CALENDAR_YEAR
from mingji.engine.plan import earliest_day
from mingji.engine.touched import Touched, touched
from mingji.metrics import policy
from mingji.metrics.actions.defining import put_in_force
from mingji.metrics.actions.quality import check_quality
from mingji.metrics.actions.restating import Change, Key, last_runs, restate
from mingji.metrics.computing import computing, places
from mingji.metrics.corrected import Applied, applied, corrections_in, with_corrections
from mingji.metrics.definitions import Library, library
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.models import Observation, RefreshRun
from mingji.metrics.queries.sources import loaded_batches
from mingji.metrics.stored import finding_data, unmatched_data
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Source, as_data, from_data
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Value:
    """What a refresh found for one slice."""

    value: Decimal | None
    rows: int
    tree: dict[str, Any]


@dataclass(slots=True)
class Found:
    """Everything that a refresh found: values worth keeping, the corrections behind each (also
    where a correction left no value), rows of nobody, findings."""

    values: dict[Key, Value] = field(default_factory=dict)
    corrected: dict[Key, set[int]] = field(default_factory=dict)
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
    shelf, corrections, loaded = library(), applied(), loaded_batches()
    metrics = shelf.definitions.metrics.values()
    first = earliest_day(shelf.definitions, metrics, periods, CALENDAR_YEAR)
    identity = identity_between(min(first, spans[0].start), max(each.end for each in spans))
    batches = [[batch.table, batch.id] for batch in loaded]
    elsewhere = places()  # rows that change without a batch
    digest = _digest(shelf, batches, corrections, identity, periods)
    last = RefreshRun.objects.first()
    if last and last.inputs_digest == digest and not elsewhere:
        check_quality(last, at)
        return None
    tables = {*(table for table, _ in batches), *elsewhere}
    found = _found(shelf.definitions, corrections, identity, periods, tables)
    with transaction.atomic():
        before = last_runs(periods)
        run = RefreshRun.objects.create(
            at=at,
            definitions_digest=shelf.digest,
            inputs_digest=digest,
            periods=periods,
            batches=batches,
            findings=[finding_data(finding) for finding in found.findings],
            unmatched=[unmatched_data(each) for each in found.unmatched],
        )
        changed, changes = _keep(run, periods, found)
        restated = restate(run, changes, before, loaded)
        _record(actor, run, {"changed": changed, "restated": restated})
        check_quality(run, at)
    return run


def _record(actor: Actor, run: RefreshRun, counts: Mapping[str, int]) -> None:
    trail.record(
        actor=actor_code(actor),
        action="metrics.refresh",
        kind="refresh_run",
        object_id=run.pk,
        at=run.at,
        evidence={"inputs": run.inputs_digest, "periods": run.periods, **counts},
    )


def _digest(
    shelf: Library,
    batches: list[list[str]],
    corrections: Applied,
    identity: Identity,
    periods: Iterable[str],
) -> str:
    owners = [
        [each.source, each.owner, each.member, str(each.starts_on), str(each.ends_on)]
        for each in identity.owners
    ]
    postings = [
        [each.member, dict(each.attributes), str(each.starts_on), str(each.ends_on)]
        for each in identity.postings
    ]
    content = [shelf.digest, batches, corrections.numbers, sorted(owners), postings, periods]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _found(
    definitions: Definitions,
    corrections: Applied,
    identity: Identity,
    periods: Sequence[str],
    tables: set[str],
) -> Found:
    found = Found()
    tables = tables | {each.table for each in corrections.corrections}
    teams = {code: team.pk for code, team in people.teams_by_code().items()}
    codes = sorted({posting.member for posting in identity.postings})
    members = {code: member.pk for code, member in people.members_by_code(codes).items()}
    store = computing(corrections.warehouse)
    for metrics, by in _questions(definitions, identity, tables):
        answer = observe(
            store,
            definitions,
            metrics=metrics,
            by=by,
            periods=tuple(periods),
            identity=identity,
            empty=False,
        )
        behind = touched(
            corrections.warehouse,
            definitions,
            metrics=metrics,
            by=by,
            periods=periods,
            identity=identity,
        )
        whose = _Whose(by, members, teams)
        for key, numbers in _moved(definitions, metrics, periods, whose, behind):
            found.corrected.setdefault(key, set()).update(numbers)
        found.values.update(_values(answer, whose, behind, corrections))
        found.unmatched = found.unmatched or answer.unmatched
        found.findings.update(dict.fromkeys(answer.findings))
    return found


def _questions(
    definitions: Definitions, identity: Identity, tables: set[str]
) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """By member (first: it tells the unmatched), by team at each depth, and for the company."""
    loaded = [each for each in definitions.metrics.values() if definitions.sources(each) & tables]
    owned = [
        each.id
        for each in loaded
        if all(definitions.table(leaf.table).personal for leaf in definitions.cut(each))
    ]
    depths = max((len(lineage) for lineage in team_lineages().values()), default=0)
    units = [name for name in map(unit, range(depths)) if name in identity.names]
    for whose in ("member", *units):
        yield owned, (whose, "period")
    yield [each.id for each in loaded], ("period",)


def _moved(
    definitions: Definitions,
    metrics: Iterable[str],
    periods: Iterable[str],
    whose: _Whose,
    behind: Mapping[Touched, frozenset[int]],
) -> Iterator[tuple[Key, frozenset[int]]]:
    """The corrections behind each slice of each metric, through the simple ones it is made of."""
    meanings = Meanings(definitions, CALENDAR_YEAR)
    above: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name in metrics if behind else ():
        for period in periods:
            for leaf in meanings.leaves(At(name, period)):
                above.setdefault((leaf.metric, leaf.when or ""), []).append((name, period))
    for (leaf_id, (*rest, when)), numbers in behind.items():
        for name, period in above.get((leaf_id, when), ()):
            key = whose.key(name, dict(zip(whose.by, (*rest, period), strict=True)))
            if key:
                yield key, numbers


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose values an answer holds: of members, of teams at a depth, or of the company."""

    by: tuple[str, ...]
    members: Mapping[str, int]
    teams: Mapping[str, int]

    def key(self, metric: str, keys: Mapping[str, str]) -> Key | None:
        """The slice of a metric; None for rows of nobody: those are among the unmatched."""
        whose = self.by[0] if len(self.by) > 1 else ""
        code = keys.get(whose, "")
        if whose and not code:
            return None
        codes = self.members if whose == "member" else self.teams
        if whose and code not in codes:  # typed in for somebody who has no post any more
            return None
        member = self.members[code] if whose == "member" else None
        return metric, keys["period"], member, self.teams[code] if is_unit(whose) else None


def _values(
    answer: Observations,
    whose: _Whose,
    behind: Mapping[Touched, frozenset[int]],
    corrections: Applied,
) -> Iterator[tuple[Key, Value]]:
    """What is worth keeping: every value of somebody, with the corrections among its reasons."""
    named: dict[tuple[str, ...], dict[tuple[str, str], list[Source]]] = {}
    for (leaf, (*rest, when)), numbers in behind.items():
        sources = [corrections.sources[number] for number in sorted(numbers)]
        for name in (when, span(*days_of(when, CALENDAR_YEAR))):
            named.setdefault(tuple(rest), {})[leaf, name] = sources
    for row in answer.rows:
        key = whose.key(row.metric, row.keys)
        if key:
            rest = [row.keys[name] for name in whose.by[:-1]]
            node = with_corrections(row.node, named.get(tuple(rest), {}))
            yield key, Value(row.value, row.row_count, as_data(node))


def _keep(run: RefreshRun, periods: Iterable[str], found: Found) -> tuple[int, list[Change]]:
    """Add what is new or different and retire what it replaces.

    Returns:
        How many values were written, and the slices that say another number than before.
    """
    current = Observation.objects.filter(current=True, period__in=list(periods))
    before = {
        (row.metric, row.period, row.member_id, row.team_id): row
        for row in current.iterator(chunk_size=_CHUNK)
    }
    definitions = library().definitions
    fresh, gone, changes = [], set(before), []
    for key, value in found.values.items():
        old = before.get(key)
        if old and (old.rows, old.tree) == (value.rows, value.tree):
            gone.discard(key)
            continue
        fresh.append(_observation(run, key, value))
        if (old.tree["value"] if old else None) != value.tree["value"]:
            changes.append(_change(key, old, value.value, found, definitions))
    changes += [
        _change(key, before[key], None, found, definitions)
        for key in sorted(gone, key=lambda each: before[each].pk)
        if key not in found.values and before[key].value is not None
    ]
    retired = [before[key].pk for key in gone]
    for start in range(0, len(retired), _CHUNK):
        Observation.objects.filter(pk__in=retired[start : start + _CHUNK]).update(current=False)
    Observation.objects.bulk_create(fresh, batch_size=_CHUNK)
    return len(fresh), changes


def _observation(run: RefreshRun, key: Key, value: Value) -> Observation:
    metric, period, member, team = key
    return Observation(
        run=run,
        metric=metric,
        period=period,
        member_id=member,
        team_id=team,
        value=value.value,
        rows=value.rows,
        tree=value.tree,
    )


def _change(
    key: Key,
    old: Observation | None,
    after: Decimal | None,
    found: Found,
    definitions: Definitions,
) -> Change:
    metric = definitions.metrics.get(key[0])
    known = corrections_in(from_data(old.tree)) if old else frozenset()
    return Change(
        key=key,
        before=old,
        after=after,
        tables=frozenset(definitions.sources(metric)) if metric else frozenset(),
        corrections=frozenset(found.corrected.get(key, ())) - known,
    )
