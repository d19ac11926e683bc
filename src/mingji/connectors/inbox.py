"""The inbox: a folder in which exports arrive; every file new or changed is a delivery.

Files are read as they stand, or, where their layout is known, in the columns of our tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from mingji.connectors.exports import arranged
from mingji.connectors.files import Reading, open_file
from mingji.connectors.folder import ENTITIES, other_level
from mingji.connectors.layouts import Recognised, recognised
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: The rows of the files as they stand.
ROWS = "rows"
_EXPORT = "export-"
#: The rows of exports of ads and marketing automation whose layout is known.
EXPORTS = tuple(
    replace(
        each,
        name=f"{_EXPORT}{each.name}",
        label=Text(f"平台导出的{each.label.zh}", f"{each.label.en}, exported by a platform"),
    )
    for each in ENTITIES
    if each.table
)


class Inbox:
    """The files of a folder that fit a pattern, the oldest first.

    Nothing outside the folder is read, whatever the pattern or a link inside says. The cursor
    holds size and time of each file that was delivered, and what reports of spend are about.
    """

    def __init__(self, root: Path, pattern: str, zone: ZoneInfo) -> None:
        self.root, self.pattern, self.zone = root, pattern, zone

    def entities(self) -> tuple[Entity, ...]:
        """The rows of the files, whatever they are; or those of exports whose layout is known."""
        return (Entity(ROWS, Text("文件中的行", "rows of the files"), ()), *EXPORTS)

    def likely(self) -> str:
        """What the newest file holds: the rows of a known export, or just rows."""
        try:
            name = f"{_EXPORT}{recognised(self.newest()).layout.table}"
        except Invalid:
            return ROWS
        return name if name in {each.name for each in EXPORTS} else ROWS

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
        reading = self.newest(entity)
        return Preview(reading.columns, tuple(first_rows(reading, limit)))

    def newest(self, entity: str = ROWS) -> Reading:
        """The newest file, opened as an entity has it.

        Raises:
            Invalid: no file fits, or it cannot be opened, or it is no such export.
        """
        files = self._files()
        if not files:
            raise Invalid(self._nothing(), code="no_file")
        return as_entity(open_file(files[-1]), entity, self.zone)

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Each file that is new or has another size or time than when it was delivered.

        Raises:
            Invalid: a file cannot be opened, or is no such export; those before it are valid.
        """
        seen: dict[str, Any] = dict((since or {}).get("files", {}))
        levels: dict[str, str] = dict((since or {}).get("levels", {}))
        for path in self._files():
            told = path.stat()
            name, mark = path.relative_to(self.root).as_posix(), [told.st_size, told.st_mtime_ns]
            if seen.get(name) == mark:
                continue
            reading = open_file(path)
            if is_export(entity):
                _same_level(recognised(reading), levels)
            reading = as_entity(reading, entity, self.zone)
            seen[name] = mark
            kept = {"levels": dict(levels)} if levels else {}
            yield Delivery(reading, {"files": dict(seen), **kept})

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


def is_export(entity: str) -> bool:
    """Whether an entity of an inbox is that of exports whose layout is known."""
    return entity.startswith(_EXPORT)


def as_entity(reading: Reading, entity: str, zone: ZoneInfo) -> Reading:
    """The rows of a file as they stand, or in our columns if the entity is that of exports.

    Raises:
        Invalid: the file has no layout that is known, or is an export of something else.
    """
    if not is_export(entity):
        return reading
    found = recognised(reading)
    if f"{_EXPORT}{found.layout.table}" == entity:
        return arranged(found, zone=zone)
    raise Invalid(
        Text(
            f"{reading.file} 是{found.layout.label.zh}的另一种导出，放进另一个来源",
            f"{reading.file} is another export of {found.layout.label.en}; "
            "it belongs into a source of its own",
        ),
        code="layout",
    )


def _same_level(found: Recognised, levels: dict[str, str]) -> None:
    """Reports of one platform by campaign and by ad would count the same money twice."""
    if found.layout.table != "spend":
        return
    before = levels.setdefault(found.layout.name, found.level)
    if before != found.level:
        wrong = other_level(found, before)
        raise Invalid(wrong.message, code="level", findings=(wrong,))


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
