"""Spark: the distributed engine, by Connect (`sc://`) or as a driver of its own (`spark://`).

Statements are printed from checked trees, and names and texts in them are quoted by the printer.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mingji.engine.backends.copying import Shelf
from mingji.engine.backends.fitting import located
from mingji.engine.backends.foreign import HOME, Foreign, missing_driver, refused, unreachable
from mingji.engine.backends.interface import Session
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.sql import Tree, exp, literal, render

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Overflow is an error and no digit is dropped; otherwise Spark rounds products to six places.
_SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.storeAssignmentPolicy": "ANSI",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}

#: Properties of a copied table that say which batches it holds, and in which state.
_STATE = "mingji.batch."
_CHUNK = "_mingji_chunk"


class Spark:
    """A Spark that has the fact tables in its catalog.

    Args:
        address: `sc://host:15002` for Spark Connect, `spark://host:7077` for a standalone master.
        places: Where tables are (`database.table`); others are looked for in `mingji`.
        zone: The time zone in which instants become days.
    """

    def __init__(self, address: str, places: Mapping[str, str], zone: str = "UTC") -> None:
        self.address, self.places, self.zone = address, places, zone

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        """A session with views of its own; the connection is kept for the next one."""
        with connected(self.address, self.zone) as spark:
            session = _Session(spark, definitions, self.places)
            yield session
            for name in session.provided:
                spark.catalog.dropTempView(name)

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """The database `mingji`: a partition for each batch, its state a table property."""
        with connected(self.address, "UTC") as spark:
            spark.sql(f"CREATE DATABASE IF NOT EXISTS {HOME}")
            yield _Shelf(spark)


@contextmanager
def connected(address: str, zone: str) -> Iterator[SparkSession]:
    """A session with exact arithmetic; failures become sentences.

    Raises:
        Invalid: If the driver is missing, the cluster does not answer, or a statement fails.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise missing_driver("pyspark-client", "spark") from error
    builder = SparkSession.builder.appName("mingji")
    try:
        if address.startswith("sc://"):
            spark = builder.remote(address).getOrCreate()
        else:
            spark = builder.master(address).getOrCreate().newSession()
        for name, value in {**_SETTINGS, "spark.sql.session.timeZone": zone}.items():
            spark.conf.set(name, value)
    except (PySparkException, RuntimeError, OSError) as error:
        raise unreachable("Spark", error) from error
    try:
        yield spark
    except PySparkException as error:
        raise refused("Spark", error) from error


class _Session(Foreign):
    dialect = "spark"

    def __init__(
        self, spark: SparkSession, definitions: Definitions, places: Mapping[str, str]
    ) -> None:
        super().__init__(definitions, places)
        self.spark, self.provided = spark, set[str]()

    def run(self, query: Tree) -> pa.Table:
        return self.spark.sql(self.statement(query)).toArrow()

    def provide(self, name: str, rows: pa.Table) -> None:
        self.spark.createDataFrame(rows).createOrReplaceTempView(name)
        self.provided.add(name)

    def present(self, place: str) -> Mapping[str, str]:
        name = render(located(place), dialect="spark")
        if not self.spark.catalog.tableExists(name):
            return {}
        fields = self.spark.table(name).schema.fields
        return {field.name: field.dataType.simpleString() for field in fields}

    def type_of(self, column: Column, there: str) -> Any:
        return exp.DataType.build(_type(column), dialect="spark")


class _Shelf:
    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark

    def kept(self, table: Table) -> dict[str, str]:
        target = _copy_of(table)
        if not self.spark.catalog.tableExists(target):
            return {}
        properties = self.spark.sql(f"SHOW TBLPROPERTIES {target}").toArrow().to_pylist()
        return {
            row["key"].removeprefix(_STATE): row["value"]
            for row in properties
            if row["key"].startswith(_STATE)
        }

    def clear(self, table: Table) -> None:
        target = _copy_of(table)
        self.spark.sql(f"DROP TABLE IF EXISTS {target}")
        columns = [f"{_quoted(spec.name)} {_stored(spec)}" for spec in table.columns.values()]
        columns += [f"{ROW} bigint", f"{FILE} string", f"{BATCH} string"]
        self.spark.sql(
            f"CREATE TABLE {target} ({', '.join(columns)}) USING parquet PARTITIONED BY ({BATCH})"
        )

    def replace(self, table: Table, batch: str, state: str, rows: Iterator[pa.Table]) -> None:
        self.remove(table, batch)
        chosen = ", ".join(
            [f"CAST({_quoted(spec.name)} AS {_stored(spec)})" for spec in table.columns.values()]
            + [ROW, FILE]
        )
        for chunk in rows:
            self.spark.createDataFrame(chunk).createOrReplaceTempView(_CHUNK)
            self.spark.sql(
                f"INSERT INTO {_copy_of(table)} PARTITION ({BATCH} = {_text(batch)}) "
                f"SELECT {chosen} FROM {_CHUNK}"
            )
        self.spark.catalog.dropTempView(_CHUNK)
        self.spark.sql(
            f"ALTER TABLE {_copy_of(table)} "
            f"SET TBLPROPERTIES ({_text(_STATE + batch)} = {_text(state)})"
        )

    def remove(self, table: Table, batch: str) -> None:
        target = _copy_of(table)
        self.spark.sql(
            f"ALTER TABLE {target} UNSET TBLPROPERTIES IF EXISTS ({_text(_STATE + batch)})"
        )
        self.spark.sql(f"ALTER TABLE {target} DROP IF EXISTS PARTITION ({BATCH} = {_text(batch)})")


def _copy_of(table: Table) -> str:
    return render(located(f"{HOME}.{table.name}"), dialect="spark")


def _quoted(name: str) -> str:
    return render(exp.to_identifier(name, quoted=True), dialect="spark")


def _text(value: str) -> str:
    return render(literal(value), dialect="spark")


def _stored(column: Column) -> str:
    """The type of a copied column: as exact as in the warehouse."""
    return "bigint" if column.type == "integer" else _type(column)


def _type(column: Column) -> str:
    return {
        "text": "string",
        "integer": "decimal(20, 0)",
        "decimal": f"decimal(28, {column.scale})",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp_ntz",
    }[column.type]
