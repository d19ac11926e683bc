"""What a value rests on: the definitions, the conditions and the batches it was computed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingji.engine.batches import Batch
from mingji.engine.model import Metric
from mingji.metrics.definitions import library, warehouse
from mingji.metrics.models import DefinitionsVersion, RefreshRun
from mingji.metrics.queries.catalogue import SliceView, observation_for
from mingji.metrics.queries.naming import condition_of
from mingji.metrics.slices import Slice
from mingji.people.viewer import Viewer
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Leaf:
    """A metric that counts rows itself, with its table and which of the rows count."""

    metric: Metric
    table: str
    condition: Text


@dataclass(frozen=True, slots=True)
class Basis:
    """A value with what it rests on; without a run nothing was computed: "no data".

    `version` is that of the company's own definitions (None: none was published by then), `digest`
    covers them and the shipped library. `next` is the key of the next page of batches, or empty.
    """

    seen: SliceView
    computed_at: datetime | None
    version: int | None
    digest: str
    leaves: tuple[Leaf, ...]
    batches: tuple[Batch, ...]
    next: str


def basis(viewer: Viewer, asked: Slice, after: str, limit: int) -> Basis:
    """What a value rests on, if the value is the viewer's to see.

    Raises:
        NotFound: as `observation_for`.
    """
    seen = observation_for(viewer, asked)
    run = RefreshRun.objects.filter(pk=seen.run_id).first() if seen.run_id else None
    definitions = library().definitions
    tables = sorted(definitions.sources(seen.metric))
    wanted = {tuple(each) for each in run.batches} if run else set()
    every = [
        batch
        for table in tables
        for batch in sorted(warehouse().batches(table), key=_key)
        if (table, batch.id) in wanted and _key(batch) > after
    ]
    shown = every[:limit]
    return Basis(
        seen=seen,
        computed_at=run.at if run else None,
        version=_version_at(run.at) if run else None,
        digest=run.definitions_digest if run else "",
        leaves=tuple(
            Leaf(leaf, leaf.table, condition_of(leaf)) for leaf in definitions.leaves(seen.metric)
        ),
        batches=tuple(shown),
        next=_key(shown[-1]) if len(every) > limit else "",
    )


def _version_at(at: datetime) -> int | None:
    """The number of the own definitions that were in force."""
    found = DefinitionsVersion.objects.filter(at__lte=at)
    return found.values_list("number", flat=True).first()


def _key(batch: Batch) -> str:
    return f"{batch.table}/{batch.id}"
