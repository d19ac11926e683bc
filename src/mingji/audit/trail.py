"""Add to the audit trail, and prove that nothing in it was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from mingji.audit.models import AuditRecord

GENESIS = "0" * 64


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

    Call it inside the transaction of the write itself, so that both happen or neither does.
    Identifiers and digests belong into `evidence`; what only some may read does not.
    """
    with transaction.atomic():
        last = AuditRecord.objects.select_for_update().order_by("-number").first()
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


def first_break() -> int | None:
    """The number of the first record that was changed, taken out or put in; None if all hold."""
    previous = GENESIS
    entries = AuditRecord.objects.order_by("number").iterator(chunk_size=2000)
    for number, entry in enumerate(entries, start=1):
        if (entry.number, entry.previous, entry.digest) != (number, previous, _digest(entry)):
            return number
        previous = entry.digest
    return None


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
