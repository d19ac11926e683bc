"""Prove that the files of evidence are those that were given: by digest and by the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mingji.audit import queries as audit
from mingji.metrics.evidence import held
from mingji.metrics.models import EvidenceFile
from mingji.rules.text import Text

_GIVEN = ("metrics.type_in", "metrics.propose_correction", "metrics.dispute_raised")


@dataclass(frozen=True, slots=True)
class EvidenceProof:
    """The outcome for one file: what it proves, and the problem; None when all is as given."""

    what: Text
    problem: Text | None


def prove() -> Iterator[EvidenceProof]:
    """Hold each file against its digest, and its digest against what was recorded with it."""
    recorded = {
        (step.action == _GIVEN[2], step.object_id): str(step.evidence["file"])
        for step in audit.steps(("correction", "dispute"), _GIVEN)
        if "file" in step.evidence
    }
    for file in EvidenceFile.objects.iterator():
        disputed = file.dispute_id is not None
        number = str(file.dispute_id if disputed else file.correction_id)
        known = recorded.pop((disputed, number), "")
        yield EvidenceProof(_what(disputed, number), _problem(file.sha256, known))
    for disputed, number in recorded:
        yield EvidenceProof(_what(disputed, number), _DISAPPEARED)


def _problem(sha256: str, recorded: str) -> Text | None:
    if sha256 != recorded:
        return _OTHER
    return None if held(sha256) is not None else _CHANGED


def _what(disputed: bool, number: str) -> Text:
    if disputed:
        return Text(f"异议 №{number} 的文件", f"file of dispute №{number}")
    return Text(f"更正 №{number} 的文件", f"file of correction №{number}")


_OTHER = Text(
    "登记的摘要与审计记录不一致：被换过。",
    "Its digest differs from the audit trail: another file was put in its place.",
)
_CHANGED = Text(
    "文件不在了，或者内容与摘要不一致。", "The file is gone, or its bytes differ from its digest."
)
_DISAPPEARED = Text(
    "审计记录里有这个文件，登记不见了：被删除过。",
    "The audit trail recorded this file, and its entry is gone: it was deleted.",
)
