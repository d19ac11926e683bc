"""Keep the file that proves a correction, a typed-in value or what a dispute says."""

from __future__ import annotations

from datetime import datetime

from mingji.metrics.actions.uploading import safe_name
from mingji.metrics.evidence import EvidenceUpload, keep
from mingji.metrics.models import Correction, Dispute, EvidenceFile
from mingji.people.viewer import Viewer


def keep_evidence(
    actor: Viewer, upload: EvidenceUpload | None, of: Correction | Dispute, *, at: datetime
) -> dict[str, object]:
    """Keep a file that was checked before; for other actions, which record what this returns.

    Returns:
        The digest and the size for the audit trail, empty without a file. The name is not for all.
    """
    if upload is None:
        return {}
    keep(upload)
    EvidenceFile.objects.create(
        **{"correction" if isinstance(of, Correction) else "dispute": of},
        name=safe_name(upload.name),
        sha256=upload.sha256,
        size=len(upload.content),
        added_by_id=actor.member_id,
        added_at=at,
    )
    return {"file": upload.sha256, "bytes": len(upload.content)}
