"""Add to the audit trail, and prove that nothing in it was changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from mingji.audit.models import AuditRecord
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

GENESIS = "0" * 64
# Any number that no other advisory lock of the product uses.
_LOCK = 0x6D696E67


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long the trail was and its last digest: kept elsewhere, it proves the end of it."""

    count: int
    digest: str

    def __str__(self) -> str:
        return f"{self.count}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """A checkpoint as it was written down, `count:digest`.

        Raises:
            Invalid: it does not read like one.
        """
        count, _, digest = text.strip().partition(":")
        if not count.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise Invalid(
                Text(
                    zh=f"“{text}”不是检查点。检查点由条数、冒号和 64 位摘要组成。",
                    en=f"“{text}” is no checkpoint: a count, a colon, 64 characters.",
                ),
                code="no_checkpoint",
            )
        return cls(int(count), digest)


def record(
    *,
    actor: str,
    action: str,
    kind: str,
    object_id: object,
    at: datetime,
    reason: str = "",
    evidence: Mapping[str, object] | None = None,
) -> None:
    """Write that `actor` (a member code or `system`) did `action` to an object at an instant.

    Call it last inside the transaction of the write itself, so that both happen or neither does,
    and so that writers wait for one another only at the very end. Identifiers and digests belong
    into `evidence`; what only some may read does not.

    Raises:
        TypeError: the evidence holds something other than text, whole numbers, booleans, None,
            lists and mappings of these with text keys (they survive every database unchanged).
    """
    _check_plain(evidence or {})
    with transaction.atomic():
        _wait_for_turn()
        last = AuditRecord.objects.order_by("-number").first()
        entry = AuditRecord(
            number=last.number + 1 if last else 1,
            at=at.astimezone(UTC),
            actor=actor,
            action=action,
            kind=kind,
            object_id=str(object_id),
            reason=reason,
            evidence=dict(evidence or {}),
            previous=last.digest if last else GENESIS,
        )
        entry.digest = _digest(entry)
        entry.save()


def checkpoint() -> Checkpoint:
    """The present end of the trail, to be printed, mailed or filed away from the database."""
    last = AuditRecord.objects.order_by("-number").first()
    return Checkpoint(last.number, last.digest) if last else Checkpoint(0, GENESIS)


def first_break(known: Checkpoint | None = None) -> int | None:
    """The number of the first record that was changed, taken out or put in; None if all hold.

    A chain by itself cannot show that its *last* records were taken off. With a checkpoint
    `known` from before, that shows too: as the number of the first record that is missing.
    """
    previous, count, reached = GENESIS, 0, known is None or known.count == 0
    entries = AuditRecord.objects.order_by("number").iterator(chunk_size=2000)
    for count, entry in enumerate(entries, start=1):
        if (entry.number, entry.previous, entry.digest) != (count, previous, _digest(entry)):
            return count
        previous = entry.digest
        if known and known.count == count:
            if known.digest != previous:
                return count
            reached = True
    return None if reached else count + 1


def _wait_for_turn() -> None:
    """One writer at a time, to the end of its transaction.

    SQLite has one writer anyway (transactions begin IMMEDIATE). On PostgreSQL a row lock on the
    last record would not do: who waited for it would still take the old last one for the last.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _check_plain(value: object) -> None:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("audit evidence: keys are text")
        for inner in value.values():
            _check_plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_plain(inner)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"audit evidence: write {value!r} as text")


def _digest(entry: AuditRecord) -> str:
    content = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor,
        entry.action,
        entry.kind,
        entry.object_id,
        entry.reason,
        entry.evidence,
        entry.previous,
    ]
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()
