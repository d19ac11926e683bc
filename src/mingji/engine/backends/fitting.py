"""How a table of a company's engine is seen: the columns of the definition, in exact types.

A column that would lose digits in silence is refused, not rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, ColumnType, Table
from mingji.engine.sql import exp, literal
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Kind = Literal["text", "integer", "decimal", "boolean", "date", "timestamp", "binary", "other"]
#: The type of an engine for a column, given the type that the column has there.
TypeOf = Callable[[Column, str], Any]

_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\((.*)\)")
_DECIMAL = re.compile(r"(?:decimal|numeric)(?:\(\d+,(\d+)\)|\d+\((\d+)\)|(\(\d+\))|)")
_NAMES: tuple[tuple[Kind, str], ...] = (
    (
        "text",
        r"text|string|fixedstring|(?:character|char|varchar|bpchar)(?: varying)?|name|uuid|enum\d+",
    ),
    ("integer", r"u?int(?:eger)?\d*|bigint|smallint|tinyint|long|short|byte"),
    ("boolean", r"bool(?:ean)?"),
    ("timestamp", r"timestamp(?:_ntz|_ltz)?|datetime(?:64)?"),
    ("date", r"date(?:32)?"),
    ("binary", r"double(?: precision)?|real|float\d*"),
)
#: What a column of the definitions may be there.
_FITS: Mapping[ColumnType, tuple[Kind, ...]] = {
    "text": ("text", "integer"),
    "integer": ("integer", "decimal"),
    "decimal": ("decimal", "integer"),
    "boolean": ("boolean",),
    "date": ("date", "timestamp"),
    "timestamp": ("timestamp", "date"),
}


@dataclass(frozen=True, slots=True)
class Physical:
    """A type as an engine names it: what kind it is, and its places after the point if known."""

    kind: Kind
    scale: int | None = None


def physical(name: str) -> Physical:
    """The kind of a type that PostgreSQL, ClickHouse or Spark names.

    >>> physical("Nullable(Decimal(18, 4))"), physical("character varying(30)").kind
    (Physical(kind='decimal', scale=4), 'text')
    >>> physical("timestamp with time zone").kind, physical("double precision").kind
    ('timestamp', 'binary')
    """
    told = re.sub(r"\s*,\s*", ",", name.strip().lower())
    while wrapped := _WRAPPED.fullmatch(told):
        told = wrapped[1]
    if number := _DECIMAL.fullmatch(told):
        scale = number[1] or number[2] or (0 if number[3] else None)
        return Physical("decimal", None if scale is None else int(scale))
    plain = re.sub(r"\(.*\)|\s+with(?:out)? time zone", "", told).strip()
    return next(
        (Physical(kind) for kind, pattern in _NAMES if re.fullmatch(pattern, plain)),
        Physical("other"),
    )


def fitted(
    table: Table, place: str, present: Mapping[str, str], type_of: TypeOf, *, numbered: bool
) -> Any:
    """A query that gives a table of an engine the columns of its definition.

    Args:
        table: The definition.
        place: Where the table is, `schema.table`.
        present: The columns it has there, and the engine's name of each type.
        type_of: The exact type of the engine for a column.
        numbered: Whether rows need their places; where the table has none of its own, they are
            numbered in the order of its key.

    Raises:
        Invalid: With one finding for each column that is missing or would lose digits.
    """
    findings = [each for spec in table.columns.values() for each in _unfit(table, spec, present)]
    if findings:
        message = Text(
            f"{place} 与表 {table.name} 的定义不合", f"{place} does not fit the table {table.name}"
        )
        raise Invalid(message, code="unfit_table", findings=tuple(findings))
    chosen = [
        _column(spec, present, type_of).as_(spec.name, quoted=True)
        for spec in table.columns.values()
    ]
    if numbered:
        chosen += _places(table, place, present, type_of)
    return exp.select(*chosen).from_(located(place))


def empty(table: Table, type_of: TypeOf) -> Any:
    """A query that gives the columns of a table and no rows."""
    columns = [
        exp.Cast(this=exp.null(), to=type_of(spec, "")).as_(spec.name, quoted=True)
        for spec in table.columns.values()
    ]
    return exp.select(*columns).where(exp.EQ(this=literal(1), expression=literal(0)))


def located(place: str) -> Any:
    """A table by its place; each part of the name is quoted as it stands."""
    *above, name = place.split(".")
    schema = above[-1] if above else None
    catalog = above[-2] if len(above) > 1 else None
    return exp.table_(name, db=schema, catalog=catalog, quoted=True)


def _found(name: str, present: Mapping[str, str]) -> str | None:
    """The column as it is spelled there; engines fold case in different ways."""
    if name in present:
        return name
    return next((each for each in present if each.casefold() == name.casefold()), None)


def _column(spec: Column, present: Mapping[str, str], type_of: TypeOf) -> Any:
    name = _found(spec.name, present)
    given = exp.null() if name is None else exp.column(name, quoted=True)
    return exp.Cast(this=given, to=type_of(spec, present[name] if name else ""))


def _places(table: Table, place: str, present: Mapping[str, str], type_of: TypeOf) -> list[Any]:
    text, whole = (type_of(Column("", kind), "") for kind in ("text", "integer"))
    batch: Any
    file: Any
    row: Any
    if {BATCH, FILE, ROW} <= set(present):
        batch, file, row = (exp.column(name, quoted=True) for name in (BATCH, FILE, ROW))
    else:
        order = [_column(table.columns[n], present, type_of) for n in table.key or table.columns]
        batch = file = literal(place)
        row = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=order))
    columns = [
        exp.Cast(this=each.copy(), to=kind)
        for each, kind in ((batch, text), (file, text.copy()), (row, whole))
    ]
    return [
        each.as_(name, quoted=True) for each, name in zip(columns, (BATCH, FILE, ROW), strict=True)
    ]


def _unfit(table: Table, spec: Column, present: Mapping[str, str]) -> list[Finding]:
    where = Place(path=f"{table.name}.{spec.name}")
    name = _found(spec.name, present)
    if name is None:
        if spec.optional:
            return []
        return [
            Finding(
                "missing_column",
                "error",
                Text(f"没有列 {spec.name}", f"there is no column {spec.name}"),
                Text(
                    f"建一个视图，把对应的列命名为 {spec.name}",
                    f"make a view that names the column {spec.name}",
                ),
                where,
            )
        ]
    found = physical(present[name])
    scale = 0 if spec.type == "integer" else spec.scale
    if found.kind in _FITS[spec.type] and (found.scale or 0) <= scale:
        return []
    return [_misfit(spec, present[name], found, where)]


def _misfit(spec: Column, told: str, found: Physical, where: Place) -> Finding:
    message = Text(
        f"列 {spec.name} 那里是 {told}，定义里是 {spec.type}",
        f"column {spec.name} is {told} there and {spec.type} in the definitions",
    )
    remedy = Text("建一个视图，转换成合适的类型", "make a view that casts it to a type that fits")
    if found.kind == "binary":
        remedy = Text(
            "二进制浮点数不精确：建一个视图，转换成 decimal",
            "binary fractions are not exact: make a view that casts it to a decimal",
        )
    elif found.kind == "decimal" and spec.type == "decimal":
        message = Text(
            f"列 {spec.name} 那里有 {found.scale} 位小数，定义只保留 {spec.scale} 位",
            f"column {spec.name} has {found.scale} decimal places there, "
            f"the definition keeps {spec.scale}",
        )
        remedy = Text(
            f"在定义里写 scale: {found.scale}", f"write scale: {found.scale} in the definition"
        )
    return Finding("unfit_column", "error", message, remedy, where)
