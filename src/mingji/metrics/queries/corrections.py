"""Reading corrections: the inbox, one correction, the row that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from mingji.engine.identity import FOREVER
from mingji.engine.model import Column, Table
from mingji.engine.one_row import row_of
from mingji.kit.numbers import whole
from mingji.metrics import policy
from mingji.metrics.corrected import applied
from mingji.metrics.definitions import library
from mingji.metrics.identity import identity_between
from mingji.metrics.models import Correction, Dispute
from mingji.metrics.queries.disputes import KEY_DIGITS, LinePage, waiting_disputes
from mingji.metrics.queries.typed import TypedChange, told_keys, typed_change
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

SHOWN = 30
CorrectionKind = Correction.Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a corrected row: what it was, and what it is to be if that is different."""

    name: Text
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction in one line; `correction` is what stands behind it."""

    number: int
    correction: Correction
    table: Text
    key: Text
    kind: str
    status: Correction.Status
    proposed_by: Text
    proposed_at: datetime
    dispute_id: int | None


@dataclass(frozen=True, slots=True)
class CorrectionList:
    """Some corrections, the latest first; `next` is the key of the page after, or empty."""

    lines: tuple[CorrectionLine, ...]
    next: str


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """One correction: the row (or the typed-in value) before and after, the two people, and
    whether the viewer decides."""

    correction: Correction
    line: CorrectionLine
    cells: tuple[Cell, ...]
    typed: TypedChange | None
    members: tuple[Text, ...]
    dispute_id: int | None
    may_decide: bool
    refusal: Text | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits: disputes for an answer, corrections for a second person; what was decided."""

    disputes: LinePage
    waiting: tuple[CorrectionLine, ...]
    decided: tuple[CorrectionLine, ...]
    may_answer: bool
    may_decide: bool


def correction_for(viewer: Viewer, number: int, *, lock: bool = False) -> Correction:
    """A correction by its number, if the viewer may read it.

    Raises:
        NotFound: there is none, or it is not the viewer's to read.
    """
    found = Correction.objects.filter(pk=number)
    if lock:
        found = found.select_for_update(of=("self",))
    correction = _fetched(found).first()
    if correction is None or not policy.may_read_correction(viewer, correction):
        raise NotFound(
            Text(
                zh="没有这条更正，或者它不在你的范围内。",
                en="There is no such correction, or it is not yours to read.",
            ),
            code="no_correction",
        )
    return correction


def inbox(viewer: Viewer, after: str = "") -> Inbox:
    """Disputes that wait for an answer and corrections that wait for a second person.

    A data owner sees the disputes of their metrics, and no corrections.

    Raises:
        NotAllowed: the viewer is neither an analyst nor a data owner nor the company's HR partner.
    """
    disputes = waiting_disputes(viewer, after)
    if not policy.may_see_inbox(viewer):
        return Inbox(disputes, (), (), may_answer=False, may_decide=False)
    waiting = _fetched(Correction.objects.filter(status=Correction.Status.PROPOSED))
    decided = _fetched(Correction.objects.exclude(status=Correction.Status.PROPOSED))
    return Inbox(
        disputes=disputes,
        waiting=_lines(waiting.order_by("pk")[:SHOWN]),
        decided=_lines(decided[:SHOWN]),
        may_answer=viewer.analyst,
        may_decide=True,
    )


def corrections(viewer: Viewer, status: str, after: str, limit: int) -> CorrectionList:
    """Corrections and typed-in values, of one status if it is named: all for those who decide on
    them, else those that the viewer proposed. Four queries at most."""
    mine = Q() if policy.may_see_inbox(viewer) else Q(proposed_by_id=viewer.member_id)
    found = _fetched(Correction.objects.filter(mine))
    if status:
        found = found.filter(status=status)
    if key := whole(after, 0, digits=KEY_DIGITS):
        found = found.filter(pk__lt=key)
    rows = list(found[: limit + 1])
    following = str(rows[limit - 1].pk) if rows[limit:] else ""
    return CorrectionList(_lines(rows[:limit]), following)


def correction_page(viewer: Viewer, number: int) -> CorrectionPage:
    """One correction with the row as it was and as it is to be.

    Raises:
        NotFound: as `correction_for`.
    """
    correction = correction_for(viewer, number)
    waits = correction.status == Correction.Status.PROPOSED
    verdict = policy.may_decide(viewer, correction) if policy.may_see_inbox(viewer) else None
    names = people.names_by_code(correction.members)
    dispute = policy.disputes_visible_to(viewer) & Q(pk=correction.dispute_id)
    return CorrectionPage(
        correction=correction,
        line=_lines([correction])[0],
        cells=tuple(_cells(correction)),
        typed=typed_change(correction),
        members=tuple(names[code] for code in correction.members if code in names),
        dispute_id=correction.dispute_id if Dispute.objects.filter(dispute).exists() else None,
        may_decide=bool(waits and verdict),
        refusal=verdict.why if waits and verdict is not None and not verdict else None,
    )


def count_waiting_corrections(viewer: Viewer) -> int:
    """How many corrections wait that the viewer may decide. One query."""
    if not policy.may_see_inbox(viewer):
        return 0
    waiting = Correction.objects.filter(status=Correction.Status.PROPOSED)
    return sum(bool(policy.may_decide(viewer, each)) for each in waiting.select_related("dispute"))


def correctable_tables(actor: Viewer, dispute: Dispute | None) -> dict[str, Table]:
    """The tables whose rows the actor may correct; a data owner only those of the metric.

    Typed-in values are typed in anew.
    """
    definitions = library().definitions
    tables = {name: each for name, each in definitions.tables.items() if not each.typed}
    metric = definitions.metrics.get(dispute.metric) if dispute else None
    if not actor.analyst and metric:
        tables = {name: tables[name] for name in definitions.sources(metric) if name in tables}
    return tables


def row_as_it_stands(table: Table, key: Sequence[str]) -> dict[str, str] | None:
    """A row with the corrections in force, as text; None if there is none."""
    if len(key) != len(table.key):
        return None
    return row_of(applied().warehouse, library().definitions, table, key)


def whose_row(table: Table, row: Mapping[str, str]) -> set[str]:
    """The code of the member that a row counts for; empty for rows of nobody."""
    owner = row.get(table.owner, "") if table.owner else ""
    if not owner:
        return set()
    day = _day(row.get(table.time, ""))
    links = identity_between(day, day).links(table.source)
    return {
        link.member
        for link in links
        if link.owner == owner and link.starts_on <= day <= link.ends_on
    }


def _lines(corrections: Iterable[Correction]) -> tuple[CorrectionLine, ...]:
    found = list(corrections)
    told = told_keys(found)
    return tuple(_line(each, told.get(each.pk)) for each in found)


def _line(correction: Correction, told: Text | None) -> CorrectionLine:
    table = library().definitions.tables.get(correction.table)
    return CorrectionLine(
        number=correction.pk,
        correction=correction,
        table=table.label if table else Text.same(correction.table),
        key=told or Text.same(" / ".join(correction.key)),
        kind=gettext("typed-in value") if told else correction.get_kind_display(),
        status=Correction.Status(correction.status),
        proposed_by=correction.proposed_by.known_as,
        proposed_at=correction.proposed_at,
        dispute_id=correction.dispute_id,
    )


def _cells(correction: Correction) -> Iterator[Cell]:
    """Every column that has a value before or after, the key first."""
    table = library().definitions.tables.get(correction.table)
    columns: Mapping[str, Column] = table.columns if table else {}
    key = dict(zip(table.key, correction.key, strict=False)) if table else {}
    for name, column in columns.items():
        before = correction.before.get(name, "")
        after = correction.changes.get(name, key.get(name))
        if correction.kind == Correction.Kind.EXCLUDE or after == before:
            after = None
        if before or after:
            yield Cell(column.label, before, after)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return FOREVER


def _fetched(found: QuerySet[Correction]) -> QuerySet[Correction]:
    return found.select_related("proposed_by", "decided_by", "dispute", "file")
