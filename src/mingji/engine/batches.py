"""A batch: one loaded file with its manifest, and the files that belong to it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from mingji.engine.answers import Answers
from mingji.engine.model import Table
from mingji.engine.sql import exp, literal, render
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: What the loader writes, and what follows the batch's id in the name of the file it becomes.
PARTS: Mapping[str, str] = {
    "rows.parquet": "parquet",
    "rejected.parquet": "rejected.parquet",
    "whole.parquet": "whole.parquet",
    "deleted.parquet": "deleted.parquet",
    "superseded.parquet": "superseded.parquet",
    "settled.parquet": "settled.parquet",
}


@dataclass(frozen=True, slots=True)
class Batch:
    """One loaded file: where its rows are, what came of it, what a person should know.

    `sequence` orders the batches of a table and `turn` those that mend rows of one of them; the
    later row of a key counts. `loaded_at` is the ISO instant the caller gave, `source` where the
    rows come from. `columns` are the headers of the file and `forms` how its cells are written.
    `mends` is the batch whose rejected rows these are. `deleted` counts keys that are gone.
    `replaces` are batches of the same content, read otherwise, in whose place this one stands.
    `parts` holds the SHA-256 of each of its files by its name in `PARTS`; a batch of an earlier
    version of Mingji has none.
    """

    id: str
    table: str
    file: str
    digest: str
    schema: str
    sequence: int
    loaded_at: str
    read: int = 0
    loaded: int = 0
    superseded: int = 0
    findings: tuple[Finding, ...] = ()
    source: str = ""
    turn: int = 0
    mends: str = ""
    deleted: int = 0
    answers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, int]:
        """Where the batch stands among those of its table."""
        return self.sequence, self.turn

    @property
    def rejected(self) -> int:
        """Rows that were set aside."""
        return self.read - self.loaded


@dataclass(frozen=True, slots=True)
class Mending:
    """Rejected rows that come again: of which batch, and their row numbers there."""

    batch: Batch
    rows: tuple[int, ...]


def fingerprint(table: Table) -> str:
    """A fingerprint of everything in the definitions that decides how a file is read."""
    told = [
        [
            c.name,
            c.type,
            c.scale if c.type == "decimal" else 0,
            c.required,
            c.optional,
            sorted(c.headers),
            sorted(c.values.items()),
            c.dates,
            *([c.numbers] if c.numbers else []),
            *(["exclude"] if c.exclude else []),
            *([c.zone] if c.zone else []),
        ]
        for c in table.columns.values()
    ]
    latest = [table.latest] if table.latest else []
    text = json.dumps([sorted(told, key=str), list(table.key), *latest], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def batch_id(digest: str, schema: str, answers: Answers) -> str:
    """The name of a batch: its content, and everything that decides how it was read."""
    words = " ".join([digest, schema, *answers.words])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


class Shelf:
    """The files of one table's batches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def batches(self) -> list[Batch]:
        """The batches in the order in which they count."""
        read = [_read(file) for file in self.folder.glob("*.json")]
        replaced = {id_ for batch in read for id_ in batch.replaces}
        return sorted((b for b in read if b.id not in replaced), key=lambda batch: batch.order)

    def path(self, batch: Batch, part: str) -> Path:
        """The file of a batch that holds a part (see `PARTS`)."""
        return self.folder / f"{batch.id}.{PARTS[part]}"

    def put(self, batch: Batch, work: Path) -> Batch:
        """Makes what stands in a work folder a batch. Its manifest comes last: a batch without
        one does not exist, so that being killed anywhere leaves either all of it or nothing.

        Returns:
            The batch, which knows its files by their digests.
        """
        there = [part for part in PARTS if (work / part).exists()]
        batch = replace(batch, parts={part: _sha256(work / part) for part in there})
        for part in there:
            _sync(work / part)
            (work / part).replace(self.path(batch, part))
        written = work / "manifest.json"
        written.write_text(_manifest(batch), encoding="utf-8")
        _sync(written)
        written.replace(self.folder / f"{batch.id}.json")
        _sync(self.folder)
        work.rmdir()
        return batch

    def differing(self, batch: Batch) -> list[str]:
        """The names of the files of a batch that are gone or no longer what was loaded."""
        return [
            path.name
            for part, known in sorted(batch.parts.items())
            if not (path := self.path(batch, part)).exists() or _sha256(path) != known
        ]

    def remove(self, id_: str) -> None:
        """Removes a batch, its manifest first: without that it does not exist."""
        files = self.folder.glob(f"{id_}.*")
        for file in sorted(files, key=lambda path: path.suffix != ".json"):
            if file.is_dir():
                shutil.rmtree(file)
            else:
                file.unlink()

    def sweep(self) -> None:
        """Removes what a load that was killed left behind. For the holder of the lock only."""
        for path in self.leftovers():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def leftovers(self) -> list[Path]:
        """Files of no batch, manifests first."""
        if not self.folder.exists():
            return []
        known = {batch.id for batch in self.batches()}
        strange = (
            path
            for path in self.folder.iterdir()
            if path.name.partition(".")[0] not in known or path.suffix == ".part"
        )
        return sorted(strange, key=lambda path: (path.suffix != ".json", path.name))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One load at a time; the lock of a process that is killed goes with it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def parquet_rows(files: Sequence[Path]) -> str:
    """What reads files of one table; an amount has 18 digits in some and 28 in others."""
    listed = render(exp.Array(expressions=[literal(str(file)) for file in files]))
    return f"read_parquet({listed}, union_by_name = true)"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _manifest(batch: Batch) -> str:
    return json.dumps(asdict(batch), ensure_ascii=False, indent=1, sort_keys=True)


def _read(path: Path) -> Batch:
    data = json.loads(path.read_text(encoding="utf-8"))
    data["findings"] = tuple(
        Finding(
            **{
                **each,
                "message": Text(**each["message"]),
                "remedy": Text(**each["remedy"]),
                "place": Place(**each["place"]),
            }
        )
        for each in data["findings"]
    )
    for name in ("answers", "columns", "replaces"):
        data[name] = tuple(data.get(name, ()))
    return Batch(**data)
