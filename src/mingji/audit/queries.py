"""Reading the audit trail: of one object for its page, and the whole for the HR partner."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mingji.audit import policy
from mingji.audit.models import AuditRecord
from mingji.audit.words import action_in_words, kind_in_words
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Event:
    """One record for reading: `who` is a member code or `system`; `digest` proves it."""

    number: int
    at: datetime
    who: str
    what: Text
    kind: str
    kind_words: Text
    object_id: str
    detail: str
    evidence: Mapping[str, Any]
    digest: str

    @property
    def on_record(self) -> tuple[tuple[str, Any], ...]:
        """The evidence as pairs: a template would take `evidence.items` for the key `items`."""
        return tuple(self.evidence.items())


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some records, the latest first; `next` is the key of the page of older ones, or empty."""

    events: tuple[Event, ...]
    next: str


def history(kind: str, object_id: object, limit: int = 50) -> tuple[Event, ...]:
    """What happened to one object, the latest first.

    The caller has fetched the object for its viewer: that was the permission check.
    """
    records = AuditRecord.objects.filter(kind=kind, object_id=str(object_id))
    return tuple(map(_event, records.order_by("-number")[:limit]))


def latest_evidence(kind: str, object_id: object, action: str) -> Mapping[str, Any]:
    """What the last record of an action on an object wrote down; empty when there is none."""
    records = AuditRecord.objects.filter(kind=kind, object_id=str(object_id), action=action)
    last = records.order_by("-number").first()
    return last.evidence if last else {}


@dataclass(frozen=True, slots=True)
class Step:
    """One record for a check: what an action wrote down of an object, by whom and when."""

    action: str
    object_id: str
    who: str
    at: datetime
    evidence: Mapping[str, Any]


def steps(kinds: Collection[str], actions: Collection[str]) -> Iterator[Step]:
    """Everything that was recorded of these actions on objects of these kinds, the first first.

    For checks that are run on the machine itself: no viewer is asked for.
    """
    records = AuditRecord.objects.filter(kind__in=kinds, action__in=actions).order_by("number")
    columns = ("action", "object_id", "actor", "at", "evidence")
    return (Step(*values) for values in records.values_list(*columns).iterator())


def trail_page(
    viewer: Viewer, *, kind: str = "", object_id: str = "", after: str = ""
) -> TrailPage:
    """Recent writes, of one kind or one object if asked, `PAGE` at a time.

    Raises:
        NotAllowed: the viewer is not the HR partner of the whole company.
    """
    policy.may_read(viewer).require()
    records = AuditRecord.objects.order_by("-number")
    if kind:
        records = records.filter(kind=kind)
    if object_id:
        records = records.filter(object_id=object_id)
    if after.isdecimal() and len(after) < 19:
        records = records.filter(number__lt=int(after))
    found = list(records[: PAGE + 1])
    shown = tuple(map(_event, found[:PAGE]))
    return TrailPage(shown, str(shown[-1].number) if len(found) > PAGE else "")


def _event(record: AuditRecord) -> Event:
    return Event(
        number=record.number,
        at=record.at,
        who=record.actor,
        what=action_in_words(record.action),
        kind=record.kind,
        kind_words=kind_in_words(record.kind),
        object_id=record.object_id,
        detail=record.reason,
        evidence=record.evidence,
        digest=record.digest,
    )
