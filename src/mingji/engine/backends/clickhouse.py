"""ClickHouse: sums in 76 digits, exact counts, blanks that stay blank in outer joins.

Statements are printed from checked trees, and names and texts in them are quoted by the printer.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.backends.copying import LEDGER, Shelf
from mingji.engine.backends.decimals import levelled
from mingji.engine.backends.dialects import clickhouse_type, within_clickhouse
from mingji.engine.backends.fitting import located
from mingji.engine.backends.foreign import HOME, Foreign, missing_driver, refused, unreachable
from mingji.engine.backends.interface import Session
from mingji.engine.identity import ALWAYS, FOREVER
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.sql import Tree, exp, literal, render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Without these, ClickHouse answers fast and differently.
_SETTINGS: Mapping[str, str | int] = {
    "join_use_nulls": 1,
    "count_distinct_implementation": "uniqExact",
    "decimal_check_overflow": 1,
    "output_format_decimal_trailing_zeros": 1,
    "output_format_arrow_string_as_string": 1,
    "prefer_column_name_to_alias": 1,
    "cast_keep_nullable": 1,
}


class ClickHouse:
    """A server that has the fact tables.

    Args:
        address: `clickhouse://user:password@host:8123/database`; `clickhouses://` speaks HTTPS.
        places: Where tables are (`database.table`); others are looked for in `mingji`.
        zone: The time zone in which instants become days, unless a column names its own.
    """

    def __init__(self, address: str, places: Mapping[str, str], zone: str = "UTC") -> None:
        self.address, self.places, self.zone = address, places, zone

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        """A session with temporary tables of its own."""
        with connected(self.address) as driver:
            yield _Session(driver, definitions, self.places, self.zone)

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """The database `mingji`; a batch counts as copied once its last row is there."""
        with connected(self.address) as driver:
            driver.command(f"CREATE DATABASE IF NOT EXISTS {HOME}")
            driver.command(
                f"CREATE TABLE IF NOT EXISTS {HOME}.{LEDGER} "
                "(name String, batch String, state String) "
                "ENGINE = MergeTree ORDER BY (name, batch)"
            )
            yield _Shelf(driver)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A connection with a session of its own; failures become sentences.

    Raises:
        Invalid: If the driver is missing, the server does not answer, or a statement fails.
    """
    try:
        import clickhouse_connect
        from clickhouse_connect.driver.exceptions import Error
    except ImportError as error:
        raise missing_driver("clickhouse-connect", "clickhouse") from error
    scheme, _, rest = address.partition("://")
    try:
        secure = scheme == "clickhouses"
        driver = clickhouse_connect.get_client(dsn=f"clickhouse://{rest}", secure=secure)
    except Error as error:
        raise unreachable("ClickHouse", error) from error
    try:
        yield driver
    except Error as error:
        raise refused("ClickHouse", error) from error
    finally:
        driver.close()


class _Session(Foreign):
    dialect = "clickhouse"

    def __init__(
        self, driver: Client, definitions: Definitions, places: Mapping[str, str], zone: str
    ) -> None:
        super().__init__(definitions, places)
        self.driver = driver
        self.provided: dict[str, dict[str, Column]] = {}
        told = {**_SETTINGS, "session_timezone": zone}
        self.settings = ", ".join(f"{name} = {value!r}" for name, value in told.items())

    def run(self, query: Tree) -> pa.Table:
        return _as_told(
            self.driver.query_arrow(f"{self.statement(query)} SETTINGS {self.settings}")
        )

    def adapted(self, query: Tree) -> Tree:
        columns: dict[tuple[str, str], Column] = {}
        for each in query.find_all(exp.Table):
            table = self.definitions.tables.get(each.name)
            known = table.columns if table else self.provided.get(each.name, {})
            for name, spec in known.items():
                key = each.alias or each.name, name
                # One alias may stand for different tables at different depths: the most places.
                columns[key] = max(columns.get(key, spec), spec, key=lambda column: column.scale)
        return levelled(query, columns)

    def provide(self, name: str, rows: pa.Table) -> None:
        target = _quoted(name)
        self.provided[name] = {field.name: _column(field) for field in rows.schema}
        columns = ", ".join(
            f"{_quoted(column)} Nullable({_stored(spec)})"
            for column, spec in self.provided[name].items()
        )
        self.driver.command(f"DROP TABLE IF EXISTS {target}")
        self.driver.command(f"CREATE TEMPORARY TABLE {target} ({columns})")
        self.driver.insert_arrow(target, _within(rows))

    def present(self, place: str) -> Mapping[str, str]:
        name = render(located(place), dialect="clickhouse")
        if not self.driver.query_arrow(f"EXISTS TABLE {name}").column(0)[0].as_py():
            return {}
        return {
            row["name"]: row["type"]
            for row in self.driver.query_arrow(f"DESCRIBE {name}").to_pylist()
        }

    def type_of(self, column: Column, there: str) -> Any:
        name = {
            "text": "String",
            "integer": "Decimal(76, 0)",
            "decimal": f"Decimal(76, {column.scale})",
            "boolean": "Bool",
            "date": "Date32",
            "timestamp": f"DateTime64(6{_zone_of(there)})",
        }[column.type]
        return clickhouse_type(name)


class _Shelf:
    def __init__(self, driver: Client) -> None:
        self.driver = driver

    def kept(self, table: Table) -> dict[str, str]:
        query = f"SELECT batch, state FROM {HOME}.{LEDGER} WHERE name = {_text(table.name)}"
        return {row["batch"]: row["state"] for row in self.driver.query_arrow(query).to_pylist()}

    def clear(self, table: Table) -> None:
        self._delete(f"{HOME}.{LEDGER}", f"name = {_text(table.name)}")
        target = _copy_of(table)
        self.driver.command(f"DROP TABLE IF EXISTS {target} SYNC")
        columns = [
            f"{_quoted(spec.name)} Nullable({_stored(spec)})" for spec in table.columns.values()
        ]
        columns += [f"{ROW} Int64", f"{FILE} String", f"{BATCH} String"]
        self.driver.command(
            f"CREATE TABLE {target} ({', '.join(columns)}) ENGINE = MergeTree ORDER BY {BATCH}"
        )

    def replace(self, table: Table, batch: str, state: str, rows: Iterator[pa.Table]) -> None:
        self.remove(table, batch)
        for chunk in rows:
            self.driver.insert_arrow(_copy_of(table), _within(chunk))
        told = ", ".join(_text(each) for each in (table.name, batch, state))
        self.driver.command(f"INSERT INTO {HOME}.{LEDGER} VALUES ({told})")

    def remove(self, table: Table, batch: str) -> None:
        self._delete(f"{HOME}.{LEDGER}", f"name = {_text(table.name)} AND batch = {_text(batch)}")
        self._delete(_copy_of(table), f"{BATCH} = {_text(batch)}")

    def _delete(self, target: str, condition: str) -> None:
        if self.driver.query_arrow(f"SELECT 1 FROM {target} WHERE {condition} LIMIT 1").num_rows:
            self.driver.command(
                f"DELETE FROM {target} WHERE {condition} SETTINGS lightweight_deletes_sync = 2"
            )


def _copy_of(table: Table) -> str:
    return render(located(f"{HOME}.{table.name}"), dialect="clickhouse")


def _quoted(name: str) -> str:
    return render(exp.to_identifier(name, quoted=True), dialect="clickhouse")


def _text(value: str) -> str:
    return render(literal(value), dialect="clickhouse")


def _stored(column: Column) -> str:
    """The type of a copied column: as exact as in the warehouse."""
    return {
        "text": "String",
        "integer": "Int64",
        "decimal": f"Decimal(38, {column.scale})",
        "boolean": "Bool",
        "date": "Date32",
        "timestamp": "DateTime64(6, 'UTC')",
    }[column.type]


def _zone_of(there: str) -> str:
    """The zone that a column of instants names for itself, as the rest of its type."""
    _, quote, rest = there.partition("'")
    return f", '{rest.partition(quote)[0]}'" if quote else ""


def _column(field: pa.Field) -> Column:
    """A column of a small table as a definition would say it."""
    if pa.types.is_decimal(field.type):
        return Column(field.name, "decimal", scale=field.type.scale)
    if pa.types.is_integer(field.type):
        return Column(field.name, "integer")
    return Column(field.name, "date" if pa.types.is_date(field.type) else "text")


def _as_told(rows: pa.Table) -> pa.Table:
    """The same rows with instants as the clock of their zone tells them."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz:
            rows = rows.set_column(place, field.name, compute.local_timestamp(rows.column(place)))
    return rows


def _within(rows: pa.Table) -> pa.Table:
    """The same rows with days that every ClickHouse can hold."""
    for place, field in enumerate(rows.schema):
        if field.type == pa.date32():
            first, last = (
                pa.scalar(within_clickhouse(day), pa.date32()) for day in (ALWAYS, FOREVER)
            )
            column = compute.max_element_wise(rows.column(place), first, skip_nulls=False)
            column = compute.min_element_wise(column, last, skip_nulls=False)
            rows = rows.set_column(place, field, column)
    return rows
