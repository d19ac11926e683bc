"""One warehouse, copied into every engine that is here to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import on_postgres
from contract.engines.book import DEALS, DEFINITIONS, PRODUCTS, SPEND
from contract.engines.cluster import connect_server, standalone
from contract.engines.served_clickhouse import served
from integration.engine.conftest import loader
from mingji.engine.backends.choosing import Engine, engine_at
from mingji.engine.backends.copying import copy
from mingji.engine.backends.duckdb import Embedded
from mingji.engine.backends.interface import Backend
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.warehouse import Warehouse

MARKED = ("clickhouse", "spark", "connect", "metricflow")
FOREIGN = [
    "postgres",
    pytest.param("clickhouse", marks=pytest.mark.clickhouse),
    pytest.param("spark", marks=pytest.mark.spark),
]
EVERY = ["duckdb", *FOREIGN]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Big engines run when they are asked for (`make engines`), never along the way."""
    away = {mark for mark in MARKED if mark not in config.option.markexpr}
    skipped = [
        item
        for item in items
        if item.path.is_relative_to(Path(__file__).parent)
        and any(item.get_closest_marker(mark) for mark in away)
    ]
    config.hook.pytest_deselected(items=skipped)
    items[:] = [item for item in items if item not in skipped]


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_definitions(DEFINITIONS)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    """The warehouse that every engine holds a copy of."""
    folder = tmp_path_factory.mktemp("book")
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, definitions)
    load("deals", DEALS)
    load("products", PRODUCTS)
    load("spend", SPEND)
    return warehouse


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """A PostgreSQL server of the test's own."""
    if not on_postgres.available():
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    with on_postgres.server() as address:
        yield engine_at(address)


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The ClickHouse that chdb carries, asked through the driver that people use."""
    from chdb.session import Session  # type: ignore[import-not-found,unused-ignore]

    with Session(str(tmp_path_factory.mktemp("chdb"))) as session, served(session) as address:
        yield engine_at(address)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A standalone Spark: a master and two workers, each a process of its own."""
    with standalone(tmp_path_factory.mktemp("spark")) as address:
        yield engine_at(address)


@pytest.fixture(scope="session")
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Spark behind Connect. No process can hold this and a driver: it is run by itself."""
    with connect_server(tmp_path_factory.mktemp("connect")) as address:
        yield engine_at(address)


@pytest.fixture(scope="session")
def stocked(
    request: pytest.FixtureRequest, book: Warehouse, definitions: Definitions
) -> dict[str, Backend]:
    """Engines by name, each with the book in it; filled as they are asked for."""
    return {"duckdb": Embedded(book)}


@pytest.fixture
def engine(
    request: pytest.FixtureRequest,
    stocked: dict[str, Backend],
    book: Warehouse,
    definitions: Definitions,
) -> Backend:
    """The engine that a test names in its parameters, with the book in it."""
    name: str = request.param
    if name not in stocked:
        engine: Engine = request.getfixturevalue(name)
        copy(book, definitions, engine)
        stocked[name] = engine
    return stocked[name]
