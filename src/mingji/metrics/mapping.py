"""Which column of a source is which column of a table: suggestions, what is missing, the reading.

A mapping is plain data in `Source.mapping`: by column of the table, `From` as a dictionary.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from mingji.connectors.files import Reading
from mingji.connectors.meant import Way, meant
from mingji.connectors.shaping import shaped
from mingji.connectors.source import Entity
from mingji.engine.model import Column, Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

How = Literal["name", "known", "source", "alike"]
_ALIKE = 0.78
_PERSONAL = re.compile(
    r"手机|电话|邮箱|邮件|微信|身份证|地址|姓名|联系人|phone|mobile|e-?mail|wechat|id.?card|address"
    r"|birth|生日|contact.?name|first.?name|last.?name",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class From:
    """Where the cells of a table's column come from and how they are meant (`meant.Way`).

    An empty `header` means that the source does not know the column: its cells are blank.
    """

    header: str
    dates: str = ""
    comma: bool = False
    unit: str = ""

    @property
    def way(self) -> Way:
        """How the cells are meant."""
        return Way(self.dates, self.comma, self.unit)

    def data(self) -> dict[str, Any]:
        """As it lies in the database."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column of the source that is probably the one of the table, and what speaks for it."""

    header: str
    how: How


def mapping_of(data: Mapping[str, Mapping[str, Any]]) -> dict[str, From]:
    """The mapping that lies in the database."""
    return {name: From(**given) for name, given in data.items()}


def suggestions(
    table: Table, headers: Sequence[str], entity: Entity | None = None
) -> dict[str, Suggestion]:
    """For each column of a table the most likely column of a source, none twice.

    In this order: what the connector says, the column's own name, a header that the definitions
    know, a name that looks alike.
    """
    found: dict[str, Suggestion] = {}
    folded = {fold(header): header for header in reversed(headers) if header.strip()}

    def take(column: Column, names: Iterable[str], how: How) -> None:
        taken = {each.header for each in found.values()}
        if column.name in found:
            return
        fitting = [folded[fold(name)] for name in names if fold(name) in folded]
        free = [header for header in fitting if header not in taken]
        if free:
            found[column.name] = Suggestion(free[0], how)

    columns = table.columns.values()
    told = entity.columns if entity and entity.table == table.name else {}
    for column in columns:
        take(column, filter(None, (told.get(column.name, ""),)), "source")
    for column in columns:
        take(column, (column.name,), "name")
    for column in columns:
        take(column, column.headers, "known")
    for column in columns:
        near = [
            name
            for known in (*column.headers, column.name)
            for name in difflib.get_close_matches(fold(known), folded, 1, _ALIKE)
        ]
        take(column, near, "alike")
    return found


def is_personal(header: str) -> bool:
    """Whether a column of a source probably says who a person is."""
    return bool(_PERSONAL.search(header))


def must_have(table: Table, column: Column) -> bool:
    """Whether rows are of no use without the column: key, date, owner, and what is required."""
    return column.required or column.name in (*table.key, table.time, table.owner)


def flaws(table: Table, mapping: Mapping[str, From], headers: Sequence[str]) -> list[Finding]:
    """Everything that keeps a mapping from being used, each with its remedy."""
    there = set(headers)
    found: list[Finding] = []
    users: dict[str, list[str]] = {}
    for name, column in table.columns.items():
        given = mapping.get(name)
        header = given.header if given else ""
        if header:
            users.setdefault(header, []).append(name)
        if header and header not in there:
            found.append(_flaw(name, _gone(column, header)))
        elif not header and must_have(table, column):
            found.append(_flaw(name, _unmapped(column)))
    for header, names in users.items():
        if len(names) > 1:
            found.append(_flaw(names[1], _twice(table, header, names)))
    return found


def resolved(table: Table, mapping: Mapping[str, From], reading: Reading) -> Reading:
    """The reading with its header where the mapped names stand."""
    wanted = {fold(each.header) for each in mapping.values() if each.header}
    return _best(reading, lambda cells: len(wanted & {fold(cell) for cell in cells}))


def headed(table: Table | None, reading: Reading) -> Reading:
    """The reading with its header in the likeliest row: names that are known, then words at all."""
    known = {
        fold(name)
        for column in (table.columns.values() if table else ())
        for name in (column.name, *column.headers)
    }

    def holds(cells: Sequence[str]) -> int:
        words = {fold(cell) for cell in cells if cell and not re.fullmatch(r"[\d.,:/ -]+", cell)}
        return 1000 * len(known & words) + len(words)

    return _best(reading, holds)


def fitted(
    table: Table,
    mapping: Mapping[str, From],
    reading: Reading,
    *,
    excluded: Sequence[str] = (),
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> Reading:
    """The reading as rows of the table, with nothing in it that was not mapped.

    Where something personal is kept outside, misshapen lines are told without their text.

    Raises:
        Invalid: a mapped column is not in the source any more, or stands there twice.
    """
    found = resolved(table, mapping, reading)
    named = replace(found, columns=tuple(_named(header, mapping) for header in found.columns))
    _refuse_drift(table, mapping, named)
    ways = {each.header: each.way for each in mapping.values() if each.header}
    columns = {name: mapping[name].header if name in mapping else "" for name in table.columns}
    ready = shaped(meant(named, ways), columns, values)
    if not excluded:
        return ready

    def batches() -> Iterator[pa.RecordBatch]:
        yield from ready.batches()
        ready.misshapen[:] = [replace(line, text="–") for line in ready.misshapen]

    return replace(ready, batches=batches)


def fold(name: str) -> str:
    """A column name without the differences that nobody means."""
    return re.sub(r"[\s_()（）\-]+", "", name.replace("\ufeff", "")).casefold()


def _best(reading: Reading, holds: Callable[[Sequence[str]], int]) -> Reading:
    rows = [(reading.header, reading.columns), *reading.head]
    row = max(rows, key=lambda each: (holds(each[1]), -each[0]))[0]
    return reading if row == reading.header else reading.under(row)


def _named(header: str, mapping: Mapping[str, From]) -> str:
    """The header as the mapping writes it: blanks and marks around it do not matter."""
    same = (each.header for each in mapping.values() if fold(each.header) == fold(header))
    return next(filter(None, same), header)


def blanks(table: Table, mapping: Mapping[str, From]) -> list[Column]:
    """The columns that every file of the table should have and this source leaves blank."""
    return [
        column
        for column in table.columns.values()
        if not (column.optional or must_have(table, column))
        and not (column.name in mapping and mapping[column.name].header)
    ]


def _refuse_drift(table: Table, mapping: Mapping[str, From], reading: Reading) -> None:
    found = flaws(table, mapping, reading.columns)
    for name, each in mapping.items():
        if each.header and reading.columns.count(each.header) > 1:
            column = table.columns[name]
            found.append(_flaw(name, _repeated(column, each.header)))
    if not found:
        return
    there = [header for header in reading.columns if header][:12]
    first = found[0].message
    message = Text(
        f"{reading.file} 与字段对应不符：{first.zh}。文件里的列有：{'、'.join(there)}",
        f"{reading.file} does not fit the mapping: {first.en}. It has: {', '.join(there)}",
    )
    told = tuple(replace(each, place=Place(reading.file, reading.header)) for each in found)
    raise Invalid(message, code="columns", findings=told)


def _flaw(column: str, said: tuple[Text, Text]) -> Finding:
    return Finding("mapping", "error", said[0], said[1], Place(path=column))


def _unmapped(column: Column) -> tuple[Text, Text]:
    label = column.label
    return (
        Text(f"“{label.zh}”还没有对应的列", f"“{label.en}” has no column yet"),
        Text("选一列", "choose a column"),
    )


def _gone(column: Column, header: str) -> tuple[Text, Text]:
    return (
        Text(f"没有列“{header}”（{column.label.zh}）", f"no column “{header}” ({column.label.en})"),
        Text("在“字段对应”里另选一列，或按原来的列名导出", "map another, or export as before"),
    )


def _repeated(column: Column, header: str) -> tuple[Text, Text]:
    return (
        Text(f"列“{header}”出现了多次", f"column “{header}” stands more than once"),
        Text("在文件里改掉重名的列", "rename one of them in the file"),
    )


def _twice(table: Table, header: str, names: Sequence[str]) -> tuple[Text, Text]:
    labels = [table.columns[name].label for name in names]
    zh, en = "、".join(each.zh for each in labels), ", ".join(each.en for each in labels)
    return (
        Text(f"“{header}”同时对应了：{zh}", f"“{header}” is used for {en} at once"),
        Text("一列只对应一个字段", "use a column once"),
    )
