"""Compute every metric over the warehouse and keep what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import transaction

from mingji.audit import trail
from mingji.engine.backends.interface import Backend
from mingji.engine.identity import Identity
from mingji.engine.meanings import At, Meanings, days_of, span
from mingji.engine.model import Definitions
from mingji.engine.observation import Observation, Unmatched
from mingji.engine.observe import Cut, look
from mingji.engine.periods import CALENDAR_YEAR, grain_of
from mingji.engine.plan import earliest_day
from mingji.engine.step_checks import Uncounted
from mingji.engine.touched import Touched, touched
from mingji.engine.warehouse import Batch, Warehouse
from mingji.metrics import policy
from mingji.metrics.actions.defining import put_in_force
from mingji.metrics.actions.keeping import Difference, Differences, Value, write
from mingji.metrics.actions.quality import check_quality, steps_now
from mingji.metrics.actions.restating import Key, last_runs, restate
from mingji.metrics.computing import computing, places
from mingji.metrics.corrected import Applied, applied, with_corrections
from mingji.metrics.definitions import Library, library
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.models import RefreshRun
from mingji.metrics.queries.sources import loaded_batches
from mingji.metrics.stored import finding_data, unmatched_data
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Source, as_data
from mingji.rules.findings import Finding
from mingji.rules.text import Text


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
        check_quality(last, at, steps_now(at))
        return None
    tables = {*(table for table, _ in batches), *elsewhere}
    ground = _ground(corrections, identity, tables)
    steps = steps_now(at)
    with ExitStack() as files:
        kept, told = [], []
        for alike in _by_kind(spans):
            differences = files.enter_context(Differences(alike, shelf.definitions))
            told.append(_compared(differences, ground))
            kept.append(differences)
        run = RefreshRun(
            at=at,
            definitions_digest=shelf.digest,
            inputs_digest=digest,
            periods=periods,
            batches=batches,
            findings=[
                finding_data(each) for each in [*_once(told), *(step.finding for step in steps)]
            ],
            unmatched=[unmatched_data(each) for each in told[0].unmatched],
        )
        _write(actor, run, chain.from_iterable(kept), loaded, steps)
    return run


def _by_kind(spans: Iterable[Period]) -> list[list[str]]:
    """Periods of one kind together, as the engine counts them; quarters before all others."""
    kinds: dict[str, list[str]] = {}
    for each in spans:
        kinds.setdefault(each.kind, []).append(str(each))
    return [kinds[kind] for kind in sorted(kinds, key=lambda kind: (kind != "quarter", kind))]


@transaction.atomic
def _write(
    actor: Actor,
    run: RefreshRun,
    differences: Iterable[Difference],
    loaded: Iterable[Batch],
    steps: Sequence[Uncounted],
) -> None:
    """Write a run with all that it changes."""
    before = last_runs(run.periods)
    run.save()
    changed = restated = 0
    for difference in differences:
        write(run, difference)
        changed += len(difference.fresh)
        restated += restate(run, difference.changes, before, loaded)
    _record(actor, run, {"changed": changed, "restated": restated})
    check_quality(run, run.at, steps)


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


@dataclass(frozen=True, slots=True)
class _Told:
    """What a refresh found on the way: rows of nobody, and findings."""

    unmatched: tuple[Unmatched, ...]
    findings: tuple[Finding, ...]


def _once(told: Iterable[_Told]) -> list[Finding]:
    """What was found in periods of any kind, once: as it was for the first kind that has it."""
    found: list[Finding] = []
    for each in told:
        known = {(finding.code, finding.place) for finding in found}
        new = (one for one in each.findings if (one.code, one.place) not in known)
        found += dict.fromkeys(new)
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """What periods of every kind are computed from, made ready once."""

    store: Warehouse | Backend
    corrections: Applied
    identity: Identity
    tables: set[str]
    members: Mapping[str, int]
    teams: Mapping[str, int]


def _ground(corrections: Applied, identity: Identity, tables: set[str]) -> _Ground:
    codes = sorted({posting.member for posting in identity.postings})
    return _Ground(
        store=computing(corrections.warehouse),
        corrections=corrections,
        identity=identity,
        tables=tables | {each.table for each in corrections.corrections},
        members={code: member.pk for code, member in people.members_by_code(codes).items()},
        teams={code: team.pk for code, team in people.teams_by_code().items()},
    )


def _compared(differences: Differences, ground: _Ground) -> _Told:
    """Compute and compare every value, by member, by team at each depth, and for the company."""
    definitions, corrections = differences.definitions, ground.corrections
    cuts = _cuts(definitions, ground.identity, ground.tables)
    looked = look(
        ground.store,
        definitions,
        cuts,
        grain=grain_of(differences.periods[0]),
        periods=differences.periods,
        identity=ground.identity,
        empty=False,
    )
    corrected: dict[Key, set[int]] = {}
    for place, cut in enumerate(cuts):
        behind = touched(
            corrections.warehouse,
            definitions,
            metrics=cut.metrics or (),
            by=cut.by,
            periods=differences.periods,
            identity=ground.identity,
        )
        whose = _Whose(cut.by, ground.members, ground.teams)
        for key, numbers in _moved(definitions, cut, differences.periods, whose, behind):
            corrected.setdefault(key, set()).update(numbers)
        differences.compare(_values(looked.rows(place), whose, behind, corrections), corrected)
    differences.retire_others(corrected)
    return _Told(looked.unmatched, looked.findings)


def _cuts(definitions: Definitions, identity: Identity, tables: set[str]) -> list[Cut]:
    """By member, by team at each depth, and for the company; only metrics that may have rows."""
    loaded = [each for each in definitions.metrics.values() if definitions.sources(each) & tables]
    owned = tuple(
        each.id
        for each in loaded
        if all(definitions.table(leaf.table).personal for leaf in definitions.cut(each))
    )
    depths = max((len(lineage) for lineage in team_lineages().values()), default=0)
    units = [name for name in map(unit, range(depths)) if name in identity.names]
    cuts = [Cut((whose, "period"), owned) for whose in ("member", *units)]
    return [*cuts, Cut(("period",), tuple(each.id for each in loaded))]


def _moved(
    definitions: Definitions,
    cut: Cut,
    periods: Iterable[str],
    whose: _Whose,
    behind: Mapping[Touched, frozenset[int]],
) -> Iterator[tuple[Key, frozenset[int]]]:
    """The corrections behind each slice of each metric, through the simple ones it is made of."""
    meanings = Meanings(definitions, CALENDAR_YEAR)
    above: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name in (cut.metrics or ()) if behind else ():
        for period in periods:
            for leaf in meanings.leaves(At(name, period)):
                above.setdefault((leaf.metric, leaf.when or ""), []).append((name, period))
    for (leaf_id, (*rest, when)), numbers in behind.items():
        moved = [rest] if len(rest) == len(whose.by) - 1 else whose.everybody()
        for name, period in above.get((leaf_id, when), ()):
            for codes in moved:
                key = whose.key(name, dict(zip(whose.by, (*codes, period), strict=True)))
                if key:
                    yield key, numbers


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose values an answer holds: of members, of teams at a depth, or of the company."""

    by: tuple[str, ...]
    members: Mapping[str, int]
    teams: Mapping[str, int]

    def everybody(self) -> list[list[str]]:
        """Whom what counts for the whole company moves: each member, or each team."""
        return [[code] for code in (self.members if self.by[0] == "member" else self.teams)]

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
    found: Iterable[Observation],
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
    everybodys = named.get((), {})
    for row in found:
        key = whose.key(row.metric, row.keys)
        if key:
            own = named.get(tuple(row.keys[name] for name in whose.by[:-1]), {})
            node = with_corrections(row.node, {**everybodys, **own} if everybodys else own)
            yield key, Value(row.value, row.row_count, as_data(node))
