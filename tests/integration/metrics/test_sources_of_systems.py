"""A source of a system is driven through its connector: tested, previewed, read by its cursor."""

from __future__ import annotations

import sqlite3

import pytest

import builders

CRM = "/metrics/data/sources/crm/"
NAMED = {"kind": "database", "name_zh": "商机库", "name_en": "Deals", "code": "crm"}


@pytest.fixture
def deals(company, tmp_path, monkeypatch, settings):
    """A database of leads that grows."""
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path))
    connection = sqlite3.connect(tmp_path / "crm.sqlite3")
    connection.execute("CREATE TABLE leads (id, made, sales, phone, touched)")

    def put(*rows):
        with connection:
            connection.executemany("INSERT INTO leads VALUES (?, ?, ?, '139', ?)", rows)

    put(("A1", "2026-07-01", "subject", 1), ("A2", "2026-07-02", "peer", 2))
    put.address = f"sqlite:///{tmp_path}/crm.sqlite3"
    yield put
    connection.close()


def test_a_table_of_a_database_is_set_up_on_the_pages_and_read_from_its_cursor_on(
    deals, company, client_of
):
    from mingji.metrics import actions
    from mingji.metrics.definitions import library, warehouse

    client = client_of(company.analyst)
    assert client.post("/metrics/data/sources/new/", NAMED).status_code == 302
    form = {"address": deals.address, "table": "leads", "key": "id", "cursor": "touched"}
    assert client.post(f"{CRM}settings/", {**form, "zone": "Asia/Shanghai"}).status_code == 302
    client.post(f"{CRM}test/")
    assert "连接正常" in client.get(f"{CRM}test/").content.decode()
    assert "<td>A1</td>" in client.get(f"{CRM}preview/").content.decode()
    columns = {"from:lead_id": "id", "from:created_on": "made", "from:owner": "sales"}
    assert client.post(f"{CRM}mapping/", {"table": "leads", **columns}).status_code == 302
    assert "<td>2026-07-01</td>" in client.get(f"{CRM}preview/").content.decode()

    first = actions.run_source("system", "crm", lambda: builders.NOW)
    again = actions.run_source("system", "crm", lambda: builders.NOW)
    deals(("A2", "2026-07-02", "subject", 3), ("A3", "2026-07-03", "peer", 4))
    more = actions.run_source("system", "crm", lambda: builders.NOW)

    assert [(each.status, each.loaded) for each in (first, again, more)] == [
        ("succeeded", 2),
        ("nothing", 0),
        ("succeeded", 2),
    ]
    with warehouse().connect(library().definitions) as connection:
        rows = connection.sql("SELECT lead_id, owner FROM leads ORDER BY 1").fetchall()
    assert rows == [("A1", "subject"), ("A2", "subject"), ("A3", "peer")]


def test_what_a_kind_refuses_stands_beside_the_field(deals, company, client_of):
    client = client_of(company.analyst)
    client.post("/metrics/data/sources/new/", NAMED)

    form = {"address": deals.address, "table": "leads", "key": "id", "zone": "Mars/Olympus"}
    answer = client.post(f"{CRM}settings/", form)

    assert answer.status_code == 422
    assert "没有时区“Mars/Olympus”" in answer.content.decode()


@pytest.mark.parametrize(("header", "unit"), [("cost", "10000"), ("花费（万元）", "")])
def test_a_unit_that_was_said_or_stands_in_the_header_counts(
    deals, company, client_of, header, unit
):
    from mingji.metrics import actions
    from mingji.metrics.definitions import library, warehouse

    client = client_of(company.analyst)
    client.post("/metrics/data/sources/new/", NAMED)
    query = f'SELECT id, made, sales, 1.25 AS "{header}", phone AS mobile FROM leads'
    form = {"address": deals.address, "query": query, "key": "id", "zone": "Asia/Shanghai"}
    client.post(f"{CRM}settings/", form)
    columns = {"from:spend_id": "id", "from:spent_on": "made", "from:channel": "mobile"}
    columns |= {"from:amount": header, "unit:amount": unit, "from:owner": "sales"}
    client.post(f"{CRM}mapping/", {"table": "spend", **columns})
    assert "12500.00" in client.get(f"{CRM}preview/").content.decode()

    actions.run_source("system", "crm", lambda: builders.NOW)

    with warehouse().connect(library().definitions) as connection:
        amounts = connection.sql("SELECT DISTINCT CAST(amount AS VARCHAR) FROM spend").fetchall()
    assert amounts == [("12500.00",)]


def test_a_warehouse_that_cannot_be_written_is_told_in_words(deals, company, settings):
    from mingji.metrics import actions
    from mingji.metrics.models import Source

    columns = {"lead_id": "id", "created_on": "made", "owner": "sales"}
    Source.objects.create(
        code="crm",
        kind="database",
        settings={"address": deals.address, "table": "leads", "key": "id"},
        entity="rows",
        table="leads",
        mapping={name: {"header": header} for name, header in columns.items()},
        created_at=builders.NOW,
    )
    in_the_way = settings.MINGJI_WAREHOUSE / "batches" / "leads"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("no folder")
    full = actions.run_source("system", "crm", lambda: builders.NOW)
    in_the_way.unlink()
    again = actions.run_source("system", "crm", lambda: builders.NOW)

    assert (full.status, full.loaded) == ("failed", 0)
    assert "磁盘空间" in full.error_zh
    assert (again.status, again.loaded) == ("succeeded", 2)
