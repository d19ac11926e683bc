"""Tables and queries of databases: exact, streamed, and each changed row exactly once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from integration.connectors.conftest import Mirror, rows_of
from mingji.connectors.database import Database, DatabaseSettings
from mingji.connectors.kinds import kind_named
from mingji.connectors.settings import decoded
from mingji.connectors.shaping import shaped
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid
from on_postgres import server as postgres_server

TABLE = """CREATE TABLE orders (
    id INTEGER PRIMARY KEY, amount NUMERIC(20, 6), note TEXT, paid BOOLEAN, ordered_on DATE,
    changed_at TIMESTAMP
)"""
DEFINITIONS = """
tables:
  orders:
    name: {zh: 订单, en: Orders}
    key: id
    time: ordered_on
    columns:
      id: {type: text}
      ordered_on: {type: date}
      amount: {type: decimal, scale: 6}
metrics: {}
"""


@dataclass
class Shop:
    """A database with orders, as the shop writes it and as the source reads it."""

    engine: sqlalchemy.Engine
    address: str

    def run(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(sqlalchemy.text(statement), values)

    def order(self, id_: int, day: int, amount: str = "1.10") -> None:
        self.run(
            "INSERT INTO orders VALUES (:id, CAST(:amount AS NUMERIC(20, 6)), '好', true, "
            "'2026-11-02', :changed)",
            id=id_,
            amount=amount,
            changed=f"2026-11-{day:02d} 08:00:00.123456",
        )

    def source(self, *, rows: int = 50_000, **given: str) -> Database:
        settings = {"address": self.address, "table": "orders", "key": "id"}
        return Database(decoded(DatabaseSettings, {**settings, **given}), rows=rows)


def postgres_is_missing() -> bool:
    places = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return not places and shutil.which("initdb") is None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if postgres_is_missing():
        pytest.skip("PostgreSQL is not installed")
    with postgres_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path))
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/shop.db"
        engine = sqlalchemy.create_engine(address)
    else:
        address = request.getfixturevalue("postgres")
        engine = sqlalchemy.create_engine(address.replace("postgresql", "postgresql+psycopg"))
    shop = Shop(engine, address)
    shop.run("DROP TABLE IF EXISTS orders")
    shop.run(TABLE)
    yield shop
    engine.dispose()


def test_everything_is_read_then_exactly_what_changed_then_nothing(shop: Shop) -> None:
    for id_ in range(1, 301):
        shop.order(id_, day=1 + id_ % 20)
    orders = Mirror(shop.source(cursor="changed_at"), "rows")

    assert len(orders.take()) == len(orders.rows) == 300
    assert orders.take() == []

    shop.run(
        "UPDATE orders SET amount = 7, changed_at = '2026-11-21 09:00:00' WHERE id IN (3, 77, 300)"
    )
    shop.order(301, day=22)

    assert sorted(int(row["id"]) for row in orders.take()) == [3, 77, 300, 301]
    assert Decimal(orders.rows["77",]["amount"]) == 7
    assert orders.take() == []


def test_rows_that_share_the_last_value_come_once_and_late_ones_are_not_lost(shop: Shop) -> None:
    for id_ in (1, 2, 3):
        shop.order(id_, day=5)
    orders = Mirror(shop.source(cursor="changed_at"), "rows")
    orders.take()
    shop.order(4, day=5)
    shop.run("UPDATE orders SET note = 'changed within the same instant' WHERE id = 2")

    assert sorted(row["id"] for row in orders.take()) == ["2", "4"]
    assert orders.take() == []


def test_rows_of_a_slow_transaction_are_not_lost(shop: Shop) -> None:
    if shop.address.startswith("sqlite"):
        pytest.skip("one writes at a time")
    late = "INSERT INTO orders (id, changed_at) VALUES (2, '2026-11-05 07:55:00')"
    orders = Mirror(shop.source(cursor="changed_at"), "rows")
    with shop.engine.begin() as slow:
        slow.execute(sqlalchemy.text(late))
        shop.order(1, day=5)
        assert [row["id"] for row in orders.take()] == ["1"]

    assert [row["id"] for row in orders.take()] == ["2"]
    assert orders.take() == []


def test_a_reading_that_was_killed_goes_on_from_its_last_cursor(shop: Shop) -> None:
    for id_ in range(1, 101):
        shop.order(id_, day=1 + id_ // 10)
    source = shop.source(rows=30, cursor="changed_at")
    whole, broken = Mirror(source, "rows"), Mirror(source, "rows")
    whole.take()
    deliveries = source.read("rows")
    first, lost = next(deliveries), next(deliveries)
    broken.take([first])
    again = next(iter(source.read("rows", broken.cursor)))
    broken.take()

    assert again.reading.digest == lost.reading.digest
    assert (broken.rows, broken.cursor) == (whole.rows, whole.cursor)


def test_without_a_cursor_column_everything_comes_when_anything_changed(shop: Shop) -> None:
    for id_ in range(1, 101):
        shop.order(id_, day=1)
    orders = Mirror(shop.source(rows=30), "rows")
    digests: list[str] = []
    for amount in ("1.10", "2.20", "1.10", "2.20"):
        shop.run(f"UPDATE orders SET amount = {amount} WHERE id = 5")
        deliveries = list(orders.connector.read("rows", orders.cursor))
        digests += [delivery.reading.digest for delivery in deliveries]
        assert len(orders.take(deliveries)) == 100
        assert orders.take() == []

    # the same content comes back, but never as the same batch
    assert len(set(digests)) == len(digests) == 16


def test_decimals_keep_every_digit_into_the_warehouse(shop: Shop, tmp_path: Path) -> None:
    amounts = ["0.290000", "99999999999999.123456", "-0.000001"]
    if shop.address.startswith("sqlite"):
        amounts[1] = "9999999.123456"  # SQLite itself keeps binary floats
    for id_, amount in enumerate(amounts, start=1):
        shop.order(id_, day=1, amount=amount)
    definitions = load_definitions(DEFINITIONS)
    warehouse = Warehouse(tmp_path / "warehouse")
    [delivery] = shop.source(cursor="changed_at").read("rows")
    columns = {"id": "id", "ordered_on": "ordered_on", "amount": "amount"}
    warehouse.load(definitions.tables["orders"], shaped(delivery.reading, columns), loaded_at="")

    rows = warehouse.connect(definitions).sql("SELECT amount FROM orders ORDER BY id").fetchall()
    assert [amount for (amount,) in rows] == [Decimal(amount) for amount in amounts]


def test_a_query_may_join_cast_and_hold_colons_and_percents(shop: Shop) -> None:
    shop.order(1, day=1)
    query = (
        "SELECT id, note || ' 12:30 %' AS told, amount * 2 AS twice FROM orders\n"
        "WHERE note LIKE '%好%' -- of all:\n;"
    )
    source = shop.source(table="", query=query)

    [row] = rows_of(next(source.read("rows")))

    assert row["told"] == "好 12:30 %"
    assert Decimal(row["twice"]) == Decimal("2.2")


def test_nothing_can_be_changed_through_a_source(shop: Shop) -> None:
    shop.order(1, day=1)
    for query in (
        "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone",
        "SELECT 1 AS id) x; COMMIT; DROP TABLE orders; SELECT * FROM (SELECT 1 AS id",
    ):
        with pytest.raises(Invalid):
            list(shop.source(table="", query=query).read("rows"))
    assert len(Mirror(shop.source(), "rows").take()) == 1


def test_mistakes_are_told_in_words(shop: Shop) -> None:
    shop.order(1, day=1)
    shop.run("INSERT INTO orders (id) VALUES (2)")

    missing = shop.source(key="order_no").test()
    assert not missing.ok
    assert "order_no" in missing.message.zh
    assert "changed_at" in missing.message.zh
    absent = shop.source(table="ordres").test()
    assert not absent.ok
    assert "ordres" in absent.message.en
    assert "检查表名、查询和读取权限" in absent.message.zh
    with pytest.raises(Invalid) as blank:
        list(shop.source(cursor="changed_at").read("rows"))
    assert "COALESCE(changed_at" in blank.value.message.en
    with pytest.raises(Invalid):
        shop.source(query="SELECT 1")


def test_a_database_that_does_not_answer_or_let_us_in_says_where_to_look(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGJI_SOURCE_DB", "geheim-41")
    url = sqlalchemy.make_url(postgres)
    there = str(url.set(database="no_such_database"))
    for address, word in (
        (there, "no_such_database"),
        ("postgresql://u@127.0.0.1:1/crm", "refused"),
    ):
        given = {"address": address, "table": "t", "key": "id", "password": "env:MINGJI_SOURCE_DB"}
        tested = Database(decoded(DatabaseSettings, given)).test()
        assert not tested.ok
        assert "检查地址、端口、库名、用户名和密码" in tested.message.zh
        assert word in tested.message.en
        assert "geheim" not in f"{tested}"


def test_the_connection_test_and_the_preview_read_little(shop: Shop) -> None:
    for id_ in range(1, 51):
        shop.order(id_, day=1)
    tested = shop.source().test()
    preview = shop.source().preview("rows", 3)

    assert tested.ok
    assert "6" in tested.message.en
    assert preview.columns[:2] == ("id", "amount")
    assert len(preview.rows) == 3
    assert preview.rows[0][2] == "好"


def test_a_password_is_a_secret_and_files_lie_where_sources_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = kind_named("database")
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path / "allowed"))
    for address in (
        "postgresql://reader:pw@db.example.com/crm",
        f"sqlite:///{tmp_path}/secret.db",
        f"sqlite:///{tmp_path}/allowed/../secret.db",
        "sqlite://",
        "nonsense",
        "mysql://reader@db.example.com/crm?passwd=pw",
        "mssql+pyodbc://?odbc_connect=DRIVER%3Dx%3BPWD%3Dpw",
        "duckdb:////etc/passwd",
    ):
        with pytest.raises(Invalid):
            kind.open({"address": address, "table": "t", "key": "id"}, lambda: None)  # type: ignore[arg-type,return-value]


def test_a_long_table_comes_piece_by_piece(shop: Shop) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
    shop.run(
        f"INSERT INTO orders (id, amount, changed_at) {numbers} SELECT i, i, '2026-11-01' FROM n"
        if shop.address.startswith("sqlite")
        else "INSERT INTO orders (id, amount, changed_at) "
        "SELECT i, i, '2026-11-01' FROM generate_series(1, 30000) AS n(i)"
    )
    deliveries = shop.source(rows=1000).read("rows")

    first = next(deliveries)

    assert len(rows_of(first)) == 1000
    assert sum(len(rows_of(delivery)) for delivery in deliveries) == 29_000
