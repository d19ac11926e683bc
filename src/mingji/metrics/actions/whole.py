"""Readings of a whole source: which runs belong to one, and the rows that did not come with it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

from mingji.connectors.files import Reading
from mingji.connectors.records import Parcel
from mingji.connectors.source import Mirrored
from mingji.engine.vanished import vanished
from mingji.metrics.definitions import library, warehouse
from mingji.metrics.doors import FILES, connector_of
from mingji.metrics.mapping import mapping_of
from mingji.metrics.models import Source, SourceRun
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_GOOD = (SourceRun.Status.SUCCEEDED, SourceRun.Status.NOTHING)
#: If more than one row in so many is gone, somebody should look.
_MANY = 10


def to_be_begun_again(source: Source) -> bool:
    """Whether a source was being read whole once more and that broke off.

    The first reading goes on where it was; a later one begins again, or else what it did not see
    would not be known in the end.
    """
    begun = source.runs.filter(cursor_before__isnull=True).first()
    if begun is None:
        return False
    good = source.runs.filter(status__in=_GOOD)
    return good.filter(pk__lt=begun.pk).exists() and not good.filter(pk__gte=begun.pk).exists()


def told_apart(source: Source, run: SourceRun, reading: Reading) -> Reading:
    """A reading of another whole reading than the first: the same rows are another batch then.

    Otherwise rows that went, and came back as they were, would be taken for the batch before. A
    file is the same batch whenever it comes.
    """
    if source.kind in FILES:
        return reading
    runs = source.runs.filter(pk__lte=run.pk)
    begun = runs.filter(cursor_before__isnull=True).first()
    before = runs.filter(pk__lt=begun.pk, status__in=_GOOD).first() if begun else None
    if before is None:
        return reading
    first = runs.filter(pk__gt=before.pk, cursor_before__isnull=True).last()
    digest = hashlib.sha256(f"{reading.digest} whole {first.pk if first else 0}".encode())
    return replace(reading, digest=digest.hexdigest())


def without_the_gone(
    source: Source, run: SourceRun, last: Reading, latest: Collection[str]
) -> Reading | None:
    """After a whole reading: the keys of rows that the source no longer has, to be struck out.

    `last` is the last reading that it gave, `latest` the batches that it became.
    """
    connector = connector_of(source)
    if not isinstance(connector, Mirrored):
        return None
    entities = {entity.name: entity for entity in connector.entities()}
    entity = entities.get(source.entity or next(iter(entities), ""))
    if entity is None or (run.cursor_before is not None and entity.incremental):
        return None
    table, mapping = library().definitions.tables[source.table], mapping_of(source.mapping)
    missing = [
        {mapping[name].header: cell for name, cell in key.items()}
        for key in vanished(warehouse(), table, source.code, latest)
    ]
    parcel = Parcel(last.file, last.columns, source.cursor)
    for key in connector.absent(entity.name, missing) if missing else ():
        parcel.strike(key)
    return parcel.delivery(source.cursor or {}).reading if parcel.rows else None


def gone_rows(file: str, gone: int, there: int) -> Finding:
    """That rows count no more: a warning if they are more than a tenth of those there were."""
    many = gone * _MANY > gone + there
    return Finding(
        "gone_rows",
        "warning" if many else "info",
        Text(
            f"来源里已经没有的 {gone} 行不再计入",
            f"{gone} rows that the source no longer has count no more",
        ),
        Text(
            "核对查询条件和读取权限；来源里恢复后重新全量读取",
            "check the query and what may be read; once they are back, read everything anew",
        )
        if many
        else Text("", ""),
        Place(file),
        count=gone,
    )
