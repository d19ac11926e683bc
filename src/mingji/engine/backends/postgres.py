"""PostgreSQL: the fact tables lie in a schema of a database; answers stream back by COPY.

Statements are printed from checked trees, and names in them are quoted by the printer.
"""

# ruff: noqa: S608

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as csv

from mingji.engine.backends.copying import LEDGER, Shelf
from mingji.engine.backends.fitting import located
from mingji.engine.backends.foreign import (
    HOME,
    Foreign,
    missing_driver,
    refused,
    too_large,
    unreachable,
)
from mingji.engine.backends.interface import Session
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.sql import Tree, exp, render

if TYPE_CHECKING:
    import psycopg

_BLOCK = 16 * 2**20
#: Types of PostgreSQL by their numbers; whatever else arrives is text.
_ARROW: Mapping[int, pa.DataType] = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int64(),
    23: pa.int64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
}
_NUMERIC = 1700
_TYPES: Mapping[str, str] = {
    "text": "text",
    "integer": "bigint",
    "decimal": "numeric",  # of any length: sums never overflow
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
    WHERE attrelid = pg_catalog.to_regclass(%s) AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
"""


class Postgres:
    """A database that has the fact tables.

    Args:
        address: `postgresql://user:password@host:port/database`.
        places: Where tables are (`schema.table`); others are looked for in the schema `mingji`.
        zone: The time zone in which instants become days.
    """

    def __init__(self, address: str, places: Mapping[str, str], zone: str = "UTC") -> None:
        self.address, self.places, self.zone = address, places, zone

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        """One snapshot of the database, however many queries; what is provided goes with it."""
        with connected(self.address) as connection:
            connection.execute("SELECT set_config('TimeZone', %s, true)", [self.zone])
            yield _Session(connection, definitions, self.places)
            connection.rollback()

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """The schema `mingji`, in one transaction: all of a copy is there, or nothing."""
        with connected(self.address) as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {HOME}")
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {HOME}.{LEDGER} "
                "(name text, batch text, state text, PRIMARY KEY (name, batch))"
            )
            connection.commit()
            connection.execute(f"LOCK TABLE {HOME}.{LEDGER} IN EXCLUSIVE MODE")
            yield _Shelf(connection)


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection]:
    """A connection whose transaction sees one snapshot; failures become sentences.

    Raises:
        Invalid: If the driver is missing, the server does not answer, or a statement fails.
    """
    try:
        import psycopg
    except ImportError as error:
        raise missing_driver("psycopg", "postgres") from error
    try:
        connection = psycopg.connect(address, client_encoding="UTF8")
    except psycopg.Error as error:
        raise unreachable("PostgreSQL", error) from error
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        with connection:
            yield connection
    except psycopg.Error as error:
        raise refused("PostgreSQL", error) from error


class _Session(Foreign):
    dialect = "postgres"

    def __init__(
        self, connection: psycopg.Connection, definitions: Definitions, places: Mapping[str, str]
    ) -> None:
        super().__init__(definitions, places)
        self.connection = connection

    def run(self, query: Tree) -> pa.Table:
        return fetched(self.connection, self.statement(query))

    def provide(self, name: str, rows: pa.Table) -> None:
        target = _quoted(name)
        self.connection.execute(f"DROP TABLE IF EXISTS pg_temp.{target}")
        self.connection.execute(f"CREATE TEMP TABLE {target} ({columns_of(rows.schema)})")
        copied(self.connection, target, rows)
        self.connection.execute(f"ANALYZE {target}")

    def present(self, place: str) -> Mapping[str, str]:
        name = render(located(place), dialect="postgres")
        return dict(self.connection.execute(_COLUMNS, [name]).fetchall())

    def type_of(self, column: Column, there: str) -> Any:
        return exp.DataType.build(_TYPES[column.type], dialect="postgres")


class _Shelf:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def kept(self, table: Table) -> dict[str, str]:
        query = f"SELECT batch, state FROM {HOME}.{LEDGER} WHERE name = %s"
        return dict(self.connection.execute(query, [table.name]).fetchall())

    def clear(self, table: Table) -> None:
        target = _copy_of(table)
        self.connection.execute(f"DROP TABLE IF EXISTS {target}")
        columns = [f"{_quoted(spec.name)} {_stored(spec)}" for spec in table.columns.values()]
        columns += [f"{ROW} bigint", f"{FILE} text", f"{BATCH} text"]
        self.connection.execute(f"CREATE TABLE {target} ({', '.join(columns)})")
        self.connection.execute(f"CREATE INDEX ON {target} ({BATCH})")
        self.connection.execute(f"DELETE FROM {HOME}.{LEDGER} WHERE name = %s", [table.name])

    def replace(self, table: Table, batch: str, state: str, rows: Iterator[pa.Table]) -> None:
        self.remove(table, batch)
        for chunk in rows:
            copied(self.connection, _copy_of(table), chunk)
        self.connection.execute(
            f"INSERT INTO {HOME}.{LEDGER} VALUES (%s, %s, %s)", [table.name, batch, state]
        )

    def remove(self, table: Table, batch: str) -> None:
        self.connection.execute(f"DELETE FROM {_copy_of(table)} WHERE {BATCH} = %s", [batch])
        self.connection.execute(
            f"DELETE FROM {HOME}.{LEDGER} WHERE name = %s AND batch = %s", [table.name, batch]
        )


def _copy_of(table: Table) -> str:
    return render(located(f"{HOME}.{table.name}"), dialect="postgres")


def _quoted(name: str) -> str:
    return render(exp.to_identifier(name, quoted=True), dialect="postgres")


def _stored(column: Column) -> str:
    """The type of a copied column: as exact as in the warehouse."""
    return f"numeric(28, {column.scale})" if column.type == "decimal" else _TYPES[column.type]


def fetched(connection: psycopg.Connection, statement: str) -> pa.Table:
    """The answer to a statement: streamed as text, read by Arrow, numbers to their last digit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({statement}) AS answer LIMIT 0")
        described = [(each.name, each.type_code) for each in cursor.description or ()]
        types = {name: _ARROW.get(code, pa.string()) for name, code in described}
        with cursor.copy(
            f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)"
        ) as copy:
            answer = csv.read_csv(
                io.BufferedReader(_Stream(iter(copy)), _BLOCK),
                read_options=csv.ReadOptions(use_threads=False, block_size=_BLOCK),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=csv.ConvertOptions(
                    column_types=types,
                    null_values=[""],
                    true_values=["t"],
                    false_values=["f"],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                ),
            )
    for place, (name, code) in enumerate(described):
        if code == _NUMERIC:
            answer = answer.set_column(place, name, exact(answer.column(place)))
    return answer


def exact(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Written numbers as decimals with as many places as the longest of them has.

    Raises:
        Invalid: If one has more than 76 digits.

    >>> exact(pa.chunked_array([["1.5", None, "-20.125"]])).type
    Decimal128Type(decimal128(10, 3))
    """
    length, point = compute.utf8_length(numbers), compute.find_substring(numbers, ".")
    places = compute.if_else(
        compute.less(point, 0), 0, compute.subtract(compute.subtract(length, point), 1)
    )
    scale = compute.max(places).as_py() or 0
    digits = (compute.max(length).as_py() or 1) + scale
    kind = pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(76, scale)
    try:
        return compute.cast(numbers, kind)
    except pa.ArrowInvalid as error:
        raise too_large(error) from error


def columns_of(schema: pa.Schema) -> str:
    """The columns of a small table for CREATE TABLE."""
    kinds = {pa.string(): "text", pa.date32(): "date", pa.int64(): "bigint"}
    return ", ".join(
        f"{_quoted(field.name)} {kinds.get(field.type, 'numeric')}" for field in schema
    )


def copied(connection: psycopg.Connection, target: str, rows: pa.Table) -> None:
    """Streams rows into a table that is there."""
    buffer = io.BytesIO()
    csv.write_csv(rows, buffer, csv.WriteOptions(include_header=False))
    with connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
        copy.write(buffer.getbuffer())


class _Stream(io.RawIOBase):
    """Blocks that arrive one by one, as a file that can be read."""

    def __init__(self, blocks: Iterator[Any]) -> None:
        self.blocks, self.left = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.left:
            block = next(self.blocks, None)
            if block is None:
                return 0
            self.left = memoryview(block)
        count = min(len(buffer), len(self.left))
        buffer[:count], self.left = self.left[:count], self.left[count:]
        return count
