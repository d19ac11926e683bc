"""The metric definitions of this installation, and the warehouse they read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

#: The library's files, one a topic, read together in the order of their names.
LIBRARY = Path(__file__).parent / "library"
#: What findings call the company's own definitions.
OWN_NAME = "own definitions"


@dataclass(frozen=True, slots=True)
class Library:
    """Definitions, with the digest of the files that say them."""

    definitions: Definitions
    digest: str


def library() -> Library:
    """The definitions in force: the shipped library under the company's own.

    Read once, and again only when the company's own file changes: pages ask for it goal by goal.

    Raises:
        Invalid: a file is broken; the findings name each line and remedy.
    """
    own = own_file()
    try:
        return _read((*_shipped(), (own, own.stat().st_mtime_ns)))
    except FileNotFoundError:
        return _read(_shipped())


@cache
def _shipped() -> tuple[tuple[Path, int], ...]:
    """The files of the shipped library, which stay as they are while a process runs."""
    return tuple((file, file.stat().st_mtime_ns) for file in sorted(LIBRARY.glob("*.yaml")))


def own_file() -> Path:
    """Where the company's own definitions in force lie, beside the rows that they read."""
    return warehouse().root / "definitions.yaml"


def under(own: str) -> Library:
    """The shipped library with these own definitions over it; nothing is put in force.

    Raises:
        Invalid: they do not fit; each finding names the line and the remedy.
    """
    digest = hashlib.sha256()
    for file in sorted(LIBRARY.glob("*.yaml")):
        digest.update(file.read_bytes() + b"\0")
    digest.update(own.encode())
    loaded = load_definitions(LIBRARY, own=own, own_file=OWN_NAME)
    return Library(loaded, digest.hexdigest())


def loadable_tables() -> dict[str, Table]:
    """The tables that rows are read into; typed-in values are none of them."""
    tables = library().definitions.tables
    return {name: each for name, each in tables.items() if not each.typed}


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


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, int], ...]) -> Library:
    own = files[-1][0]
    return under("" if own.parent == LIBRARY else own.read_text(encoding="utf-8"))
