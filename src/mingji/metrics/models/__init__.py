"""The tables of metrics: values, where they come from, and how they are mended."""

from mingji.metrics.models.corrections import (
    Correction,
    Dispute,
    DisputeEntry,
    EvidenceFile,
    QualityFinding,
    Restatement,
)
from mingji.metrics.models.definitions import DataOwner, DefinitionsVersion
from mingji.metrics.models.observations import Observation, OwnerMapping, RefreshRun
from mingji.metrics.models.sources import Push, Source, SourceRun

__all__ = [
    "Correction",
    "DataOwner",
    "DefinitionsVersion",
    "Dispute",
    "DisputeEntry",
    "EvidenceFile",
    "Observation",
    "OwnerMapping",
    "Push",
    "QualityFinding",
    "RefreshRun",
    "Restatement",
    "Source",
    "SourceRun",
]
