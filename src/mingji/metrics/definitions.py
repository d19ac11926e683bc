"""The metric definitions of this installation, and the warehouse they read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions, Metric
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

#: The library's files, one a topic, read together in the order of their names.
LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True, slots=True)
class Library:
    """Definitions, with the digest of the files that say them."""

    definitions: Definitions
    digest: str


def library() -> Library:
    """The shipped metric library, read once and again only when a file changes.

    Raises:
        Invalid: a file is broken; the findings name each line and remedy.
    """
    return _read(tuple((file.name, file.stat().st_mtime_ns) for file in _files()))


def metric_of(metric_id: str) -> Metric:
    """A metric, or a part of one (a step of a conversion), by its id.

    Raises:
        NotFound: the library has no such metric.
    """
    definitions = library().definitions
    found = definitions.metrics.get(metric_id) or definitions.parts.get(metric_id)
    if found:
        return found
    raise NotFound(
        Text(
            zh=f"没有指标“{metric_id}”。在指标列表里选一个",
            en=f"There is no metric “{metric_id}”. Choose one from the list of metrics",
        ),
        code="no_metric",
    )


def warehouse() -> Warehouse:
    """The batches of this installation (`MINGJI_WAREHOUSE`)."""
    return Warehouse(settings.MINGJI_WAREHOUSE)


def _files() -> list[Path]:
    return sorted(LIBRARY.glob("*.yaml"))


@lru_cache(maxsize=2)
def _read(_changed: tuple[tuple[str, int], ...]) -> Library:
    digest = hashlib.sha256(b"\0".join(file.read_bytes() for file in _files())).hexdigest()
    return Library(load_definitions(LIBRARY), digest)
