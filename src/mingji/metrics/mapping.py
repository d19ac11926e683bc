"""Which column of a source is which column of a table: suggestions, what is missing, the reading.

A mapping is plain data in `Source.mapping`: by column of the table, `From` as a dictionary.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast

import pyarrow as pa

from mingji.connectors.files import Reading
from mingji.connectors.source import Entity
from mingji.engine import headers as engine
from mingji.engine.answers import Answers
from mingji.engine.model import Column, Table
from mingji.engine.unit_words import split_header
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: How the number of model units in one unit of a column is written into its header.
UNITS = {"1000": "千", "10000": "万", "1000000": "百万", "100000000": "亿"}
How = Literal["name", "known", "source", "alike"]
_ALIKE = 0.78
_PERSONAL = re.compile(
    r"手机|电话|邮箱|邮件|微信|身份证|地址|姓名|联系人|phone|mobile|e-?mail|wechat|id.?card|address"
    r"|birth|生日|contact.?name|first.?name|last.?name",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class From:
    """Where the cells of a table's column come from, and how they are meant.

    An empty `header` means that the source does not know the column: its cells are blank. Empty
    `dates` (`dmy`, `mdy`, `ymd`) and `numbers` (`comma` or `point` as decimal mark) leave it to the
    evidence in the column. `unit` is the number of model units in one unit of the column.
    """

    header: str
    dates: str = ""
    numbers: str = ""
    unit: str = ""

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


def headed(table: Table | None, reading: Reading) -> Reading:
    """The reading with its header where the table's names stand, or else in the likeliest row:
    the first of those with most words."""
    if table:
        found = cast(Reading, engine.headed(table, reading))
        if engine.holds_names(table, found.columns):
            return found
    rows = [(reading.header, reading.columns), *reading.head]

    def words(cells: Sequence[str]) -> int:
        return sum(1 for cell in set(cells) if re.search(r"[^\W\d_]", cell))

    row = max(rows, key=lambda each: (words(each[1]), -each[0]))[0]
    return reading if row == reading.header else reading.under(row)


def alike_sheets(reading: Reading) -> tuple[str, ...]:
    """The other sheets of a workbook in which the same column names stand."""
    return tuple(
        other.sheet
        for other in reading.others()
        if any(cells == reading.columns for _, cells in other.head)
    )


def answers(mapping: Mapping[str, From]) -> Answers:
    """How the columns are written, as far as a person said so."""
    return Answers(
        numbers={name: each.numbers for name, each in mapping.items() if each.numbers},
        dates={name: each.dates for name, each in mapping.items() if each.dates},
    )


def fitted(
    table: Table,
    mapping: Mapping[str, From],
    reading: Reading,
    excluded: Sequence[str] = (),
    *,
    lenient: bool = False,
) -> Reading:
    """A file with the names of the table over the mapped columns, and blanks for the others.

    Units that stand in a header or were said stay behind the name, where the engine reads them.
    The cells of excluded columns are blanked, and with them the text of misshapen lines. A
    `lenient` reading may lack columns that are optional in the table.

    Raises:
        Invalid: a mapped column is not in the source any more, or stands there twice.
    """
    found = cast(Reading, engine.headed(as_mapped(table, mapping), reading))
    places = _places(table, mapping, found, lenient=lenient)
    names = {place: _named(table.columns[n], mapping[n]) for n, place in places.items()}
    taken = {fold(name) for c in table.columns.values() for name in (c.name, *c.headers)}
    columns = [
        names.get(place, "" if fold(split_header(header)[0]) in taken else header)
        for place, header in enumerate(found.columns)
    ]
    absent = [name for name in table.columns if name not in places]
    hidden = {place for place, name in enumerate(found.columns) if name in excluded}

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in found.batches():
            yield _filled(batch, len(columns), len(absent), hidden)
        if hidden:
            found.misshapen[:] = [replace(m, text="–", values=()) for m in found.misshapen]

    told = json.dumps([{name: each.data() for name, each in mapping.items()}, sorted(hidden)])
    digest = hashlib.sha256(f"{found.digest} {told}".encode()).hexdigest()
    above = tuple(row for row in found.head if row[0] < found.header)
    pairs = [pair for pair in zip(columns, found.columns, strict=True) if pair[0]]
    return replace(
        found,
        digest=digest,
        columns=(*columns, *absent),
        batches=batches,
        head=above,
        others=_none,
        pointed=frozenset(name for name, header in pairs if header in found.pointed),
        rounded=frozenset(name for name, header in pairs if header in found.rounded),
        called={name: header for name, header in pairs if name != header},
    )


def _none() -> Iterator[Reading]:
    return iter(())


def _filled(batch: pa.RecordBatch, width: int, absent: int, hidden: set[int]) -> pa.RecordBatch:
    """The batch with blank columns for what the source does not know and what stays outside."""
    blank = pa.nulls(batch.num_rows, pa.string())
    own = set(map(str, range(width)))
    cells = [blank if place in hidden else batch.column(str(place)) for place in range(width)]
    system = [name for name in batch.schema.names if name not in own]
    names = [*map(str, range(width + absent)), *system]
    kept = [batch.column(name) for name in system]
    return pa.RecordBatch.from_arrays([*cells, *[blank] * absent, *kept], names)


def as_mapped(table: Table, mapping: Mapping[str, From]) -> Table:
    """The table as the source names it, to find the row and sheet where the names stand."""
    columns = {
        name: replace(column, name=mapping[name].header, headers=())
        for name, column in table.columns.items()
        if name in mapping and mapping[name].header
    }
    return replace(table, columns=columns)


def _named(column: Column, given: From) -> str:
    """A header that the engine takes for the column: the source's own where it is one."""
    bare = split_header(given.header.strip())[0]
    known = {name.casefold() for name in (column.name, *column.headers)}
    if not given.unit and {given.header.strip().casefold(), bare.casefold()} & known:
        return given.header
    name = bare if bare.casefold() in known else column.name
    unit = _unit(given)
    return f"{name}（{unit}）" if unit else name


def in_units(mapping: Mapping[str, From], reading: Reading) -> Reading:
    """Rows in the columns of a table, with the units that a person or the source's header said.

    They stand behind the names, where the engine reads them, and make the rows another batch.
    """
    units = {name: unit for name, given in mapping.items() if (unit := _unit(given))}
    names = {name: f"{name}（{unit}）" for name, unit in units.items()}
    if not names:
        return reading
    told = json.dumps(sorted(units.items()))
    return replace(
        reading,
        digest=hashlib.sha256(f"{reading.digest} {told}".encode()).hexdigest(),
        columns=tuple(names.get(name, name) for name in reading.columns),
        called={names[name]: mapping[name].header for name in names},
    )


def _unit(given: From) -> str:
    """The unit of a column: what was said, else what its header states."""
    stated = split_header(given.header.strip())[1]
    return UNITS.get(given.unit) or (stated.text if stated else "")


def fold(name: str) -> str:
    """A column name without the differences that nobody means."""
    return re.sub(r"[\s_()（）\-]+", "", name.replace("\ufeff", "")).casefold()


def blanks(table: Table, mapping: Mapping[str, From]) -> list[Column]:
    """The columns that every file of the table should have and this source leaves blank."""
    return [
        column
        for column in table.columns.values()
        if not (column.optional or must_have(table, column))
        and not (column.name in mapping and mapping[column.name].header)
    ]


def _places(
    table: Table, mapping: Mapping[str, From], reading: Reading, *, lenient: bool
) -> dict[str, int]:
    """Where the mapped columns stand; blanks and marks around a name do not matter."""
    folded = [fold(header) for header in reading.columns]
    places = {}
    found: list[Finding] = []
    for name, column in table.columns.items():
        header = mapping[name].header if name in mapping else ""
        if not header:
            continue
        at = [place for place, other in enumerate(reading.columns) if other == header]
        at = at or [place for place, other in enumerate(folded) if other == fold(header)]
        if len(at) == 1:
            places[name] = at[0]
        elif at or not (lenient and column.optional):
            found.append(_flaw(name, (_repeated if at else _gone)(column, header)))
    if found:
        raise _drifted(reading, found)
    return places


def _drifted(reading: Reading, found: Sequence[Finding]) -> Invalid:
    there = [header for header in reading.columns if header][:12]
    first = found[0].message
    message = Text(
        f"{reading.file} 与字段对应不符：{first.zh}。文件里的列有：{'、'.join(there)}",
        f"{reading.file} does not fit the mapping: {first.en}. It has: {', '.join(there)}",
    )
    told = tuple(replace(each, place=Place(reading.file, reading.header)) for each in found)
    return Invalid(message, code="columns", findings=told)


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
