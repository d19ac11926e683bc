"""Reading files of evidence: for who may read what they prove, and only while they hold."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.metrics.evidence import held, media_type
from mingji.metrics.models import EvidenceFile
from mingji.metrics.queries.corrections import correction_for
from mingji.metrics.queries.disputes import dispute_for
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of evidence as it was given: its bytes, held against their digest."""

    name: str
    media: str
    content: bytes


def correction_evidence(viewer: Viewer, number: int) -> KeptFile:
    """The file that proves a correction or a typed-in value.

    Raises:
        NotFound: as `correction_for`; there is no file; its bytes are gone or not the same.
    """
    correction = correction_for(viewer, number)
    return _kept(EvidenceFile.objects.filter(correction=correction).first())


def dispute_evidence(viewer: Viewer, dispute_id: int) -> KeptFile:
    """The file that was put beside a dispute.

    Raises:
        NotFound: as `dispute_for`; there is no file; its bytes are gone or not the same.
    """
    dispute = dispute_for(viewer, dispute_id)
    return _kept(EvidenceFile.objects.filter(dispute=dispute).first())


def _kept(file: EvidenceFile | None) -> KeptFile:
    if file is None:
        raise NotFound(Text("没有附文件。", "There is no file."), code="no_file")
    content = held(file.sha256)
    if content is None:
        raise NotFound(_CHANGED, code="file_changed")
    return KeptFile(file.name, media_type(file.name), content)


_CHANGED = Text(
    "这个文件不在了，或者被改动过，所以不提供。让管理员运行 mingji verify 核对，从备份恢复。",
    "The file is gone or was changed, so it is not handed out. Whoever runs the installation "
    "checks it with mingji verify and restores it from a backup.",
)
