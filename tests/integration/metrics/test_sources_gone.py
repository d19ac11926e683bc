"""Rows that a source no longer has count no more once it was read whole."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

import builders
from mingji.rules.errors import Invalid
from mingji.rules.text import Text
from vendors.hubspot import HubSpotServer

_CUT = Text("断了", "cut")
COLUMNS = {"lead_id": "id", "created_on": "made", "owner": "sales"}


@pytest.fixture
def shop(company, tmp_path, monkeypatch):
    """A database of three leads."""
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path))
    with sqlite3.connect(tmp_path / "crm.sqlite3") as connection:
        connection.execute("CREATE TABLE leads (id, made, sales, touched)")
        rows = [(f"A{n}", f"2026-07-0{n}", "subject", n) for n in (1, 2, 3)]
        connection.executemany("INSERT INTO leads VALUES (?, ?, ?, ?)", rows)
    yield connection
    connection.close()


def source_of(kind, entity, settings, columns, **more):
    from mingji.metrics.models import Source

    return Source.objects.create(
        code="crm",
        name_zh="来源",
        name_en="Source",
        kind=kind,
        settings=settings,
        entity=entity,
        table="leads",
        mapping={name: {"header": header} for name, header in columns.items()},
        created_at=builders.NOW,
        **more,
    )


def table_of(tmp_path, **settings):
    address = f"sqlite:///{tmp_path}/crm.sqlite3"
    given = {"address": address, "table": "leads", "key": "id", **settings}
    return source_of("database", "", given, COLUMNS)


def do(connection, statement):
    with connection:
        connection.execute(statement)


def run(**more):
    from mingji.metrics import actions

    return actions.run_source("system", "crm", lambda: builders.NOW, **more)


def leads():
    from mingji.metrics.definitions import library, warehouse

    with warehouse().connect(library().definitions) as connection:
        return {id_ for (id_,) in connection.sql("SELECT lead_id FROM leads").fetchall()}


def test_without_a_cursor_column_deleted_rows_leave_with_the_next_run(shop, tmp_path):
    table_of(tmp_path)
    run()
    do(shop, "DELETE FROM leads WHERE id = 'A2'")

    done = run()

    assert leads() == {"A1", "A3"}
    [told] = [each for each in done.findings if each["code"] == "gone_rows"]
    assert (told["count"], told["severity"]) == (1, "warning")
    assert run().status == "nothing"


def test_everything_is_read_anew_from_the_page(shop, tmp_path, client_of, company):
    table_of(tmp_path, cursor="touched")
    client = client_of(company.analyst)
    assert "重新全量读取" not in client.get("/metrics/data/sources/crm/").content.decode()
    run()
    do(shop, "DELETE FROM leads WHERE id = 'A2'")
    assert "重新全量读取" in client.get("/metrics/data/sources/crm/").content.decode()

    answer = client.post("/metrics/data/sources/crm/run/", {"anew": "1"}, follow=True)

    assert "来源里已经没有的 1 行不再计入" in answer.content.decode()
    assert leads() == {"A1", "A3"}


def test_with_a_cursor_column_they_leave_when_everything_is_read_anew(shop, tmp_path):
    table_of(tmp_path, cursor="touched")
    run()
    do(shop, "DELETE FROM leads WHERE id = 'A2'")
    assert run().status == "nothing"
    assert leads() == {"A1", "A2", "A3"}

    run(anew=True)
    assert leads() == {"A1", "A3"}

    do(shop, "INSERT INTO leads VALUES ('A2', '2026-07-02', 'subject', 2)")
    run(anew=True)
    assert leads() == {"A1", "A2", "A3"}
    assert run().status == "nothing"


def test_rows_that_cannot_be_read_any_more_are_not_taken_for_gone(shop, tmp_path):
    table_of(tmp_path)
    run()
    do(shop, "UPDATE leads SET made = 'soon' WHERE id = 'A2'")

    done = run()

    assert done.rejected == 1
    assert leads() == {"A1", "A2", "A3"}


def test_rows_of_another_source_stay(shop, tmp_path, load):
    load(
        "leads",
        (
            "lead_id,created_on,channel,campaign,region,industry,owner,"
            "mql_on,sql_on,rejected_on,reject_reason\nB1,2026-07-02,search,,east,auto,subject,,,,\n"
        ),
    )
    table_of(tmp_path)
    run()
    do(shop, "DELETE FROM leads WHERE id = 'A2'")
    run()

    assert leads() == {"A1", "A3", "B1"}


def test_a_whole_reading_that_broke_off_begins_again_before_anything_is_gone(
    shop, tmp_path, monkeypatch
):
    from mingji.connectors import database

    table_of(tmp_path, cursor="touched")
    run()
    do(shop, "DELETE FROM leads WHERE id = 'A1'")
    read = database.Database.read

    def breaks_off(self, entity, since=None):
        self._rows = 1
        deliveries = read(self, entity, since)
        yield next(deliveries)
        raise Invalid(_CUT, code="cut")

    with monkeypatch.context() as patch:
        patch.setattr(database.Database, "read", breaks_off)
        assert run(anew=True).status == "failed"
    assert leads() == {"A1", "A2", "A3"}

    assert run().status == "succeeded"
    assert leads() == {"A2", "A3"}


def test_a_contact_that_was_removed_for_good_leaves_and_one_modified_just_now_stays(
    company, monkeypatch
):
    from mingji.kit import clock

    monkeypatch.setenv("MINGJI_SOURCE_HUBSPOT", "pat-good")
    hubspot = HubSpotServer()
    monkeypatch.setattr(clock, "now", lambda: hubspot.now + timedelta(minutes=3))
    try:
        for number in ("1", "2", "3"):
            hubspot.put("contacts", number, {"hs_analytics_source": "PAID_SEARCH"})
        settings = {"address": hubspot.address, "token": "env:MINGJI_SOURCE_HUBSPOT"}
        columns = {"lead_id": "id", "created_on": "created_at", "owner": "owner"}
        source_of("hubspot", "contacts", settings, columns)
        run()
        del hubspot.objects["contacts"]["1"]
        hubspot.now += timedelta(hours=1)
        hubspot.put("contacts", "2", {"country": "CN"})
        monkeypatch.setattr(clock, "now", lambda: hubspot.now + timedelta(minutes=1))
        run()
        assert leads() == {"1", "2", "3"}

        run(anew=True)
        assert leads() == {"2", "3"}
    finally:
        hubspot.close()
