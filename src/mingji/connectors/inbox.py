"""The inbox: a folder in which exports arrive; every file new or changed is a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from mingji.connectors.files import Reading, open_file
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: The one entity of an inbox.
ROWS = "rows"


class Inbox:
    """The files of a folder that fit a pattern, the oldest first.

    Nothing outside the folder is read, whatever the pattern or a link inside says. The cursor
    holds size and time of each file that was delivered.
    """

    def __init__(self, root: Path, pattern: str) -> None:
        self.root, self.pattern = root, pattern

    def entities(self) -> tuple[Entity, ...]:
        """One: the rows of the files, whatever they are."""
        return (Entity(ROWS, Text("文件中的行", "rows of the files"), ()),)

    def test(self) -> Tested:
        """Whether a file fits the pattern, and the newest of them can be opened."""
        try:
            files = self._files()
            if not files:
                return Tested(False, self._nothing())
            reading = open_file(files[-1])
        except Invalid as error:
            return Tested(False, error.message)
        told = Text(
            f"找到 {len(files)} 个文件，最新的是 {reading.file}",
            f"{len(files)} files fit, the newest is {reading.file}",
        )
        return Tested(True, told, readable=(ROWS,))

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first rows of the newest file, as they stand.

        Raises:
            Invalid: no file fits, or the newest cannot be opened.
        """
        reading = self.newest()
        return Preview(reading.columns, tuple(first_rows(reading, limit)))

    def newest(self) -> Reading:
        """The newest file, opened.

        Raises:
            Invalid: no file fits, or it cannot be opened.
        """
        files = self._files()
        if not files:
            raise Invalid(self._nothing(), code="no_file")
        return open_file(files[-1])

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Each file that is new or has another size or time than when it was delivered.

        Raises:
            Invalid: a file cannot be opened; those before it are valid.
        """
        seen: dict[str, Any] = dict((since or {}).get("files", {}))
        for path in self._files():
            told = path.stat()
            name, mark = path.relative_to(self.root).as_posix(), [told.st_size, told.st_mtime_ns]
            if seen.get(name) == mark:
                continue
            reading = open_file(path)
            seen[name] = mark
            yield Delivery(reading, {"files": dict(seen)})

    def _files(self) -> list[Path]:
        """Files inside the folder, by the time of their last change."""
        steps = PurePosixPath(self.pattern)
        if steps.is_absolute() or ".." in steps.parts or not steps.parts:
            raise Invalid(
                Text(
                    f"“{self.pattern}”要写成文件夹里的路径，如 crm/leads*.csv",
                    f"“{self.pattern}” must be a path inside the folder, such as crm/leads*.csv",
                ),
                code="pattern",
            )
        root = self.root.resolve()
        found = {path.resolve() for path in root.glob(self.pattern) if path.is_file()}
        inside = [path for path in found if path.is_relative_to(root)]
        return sorted(inside, key=lambda path: (path.stat().st_mtime_ns, path.as_posix()))

    def _nothing(self) -> Text:
        return Text(
            f"文件夹里没有符合“{self.pattern}”的文件。放一个文件进去，或改路径",
            f"No file in the folder fits “{self.pattern}”. Put one there, or change the pattern",
        )


def first_rows(reading: Reading, limit: int) -> Iterator[tuple[str, ...]]:
    """The first rows of a reading as text, blank cells empty."""
    names = [str(place) for place in range(len(reading.columns))]
    left = limit
    for batch in reading.batches():
        rows = batch.select(names).slice(0, left)
        columns = [column.cast(pa.string()).to_pylist() for column in rows.columns]
        yield from (tuple(cell or "" for cell in row) for row in zip(*columns, strict=True))
        left -= rows.num_rows
        if left <= 0:
            return
