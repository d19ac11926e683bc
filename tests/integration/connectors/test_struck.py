"""What a source says is gone leaves the warehouse, and comes back when it does."""

from __future__ import annotations

from pathlib import Path

from integration.connectors.conftest import Mirror
from integration.connectors.hubspot_account import connector, fill, settle
from mingji.connectors.shaping import shaped
from mingji.connectors.source import Cursor, Delivery
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library
from vendors.hubspot import HubSpotServer


class Stock:
    """A warehouse that takes what a source of contacts delivers."""

    def __init__(self, hubspot: HubSpotServer, root: Path) -> None:
        self.source, self.warehouse = connector(hubspot), Warehouse(root)
        self.entity = next(each for each in self.source.entities() if each.name == "contacts")
        self.cursor: Cursor | None = None

    def put(self, delivery: Delivery) -> None:
        reading = shaped(delivery.reading, self.entity.columns, self.entity.values)
        table = library().definitions.tables["leads"]
        self.warehouse.load(table, reading, loaded_at="2026-11-28T00:00:00Z")

    def refresh(self) -> set[str]:
        """Reads on, and says which leads there are."""
        for delivery in self.source.read("contacts", self.cursor):
            self.put(delivery)
            self.cursor = delivery.cursor
        connection = self.warehouse.connect(library().definitions)
        return {id_ for (id_,) in connection.sql("SELECT lead_id FROM leads").fetchall()}


def test_rows_that_are_gone_leave_the_warehouse(hubspot: HubSpotServer, tmp_path: Path) -> None:
    fill(hubspot, 30)
    stock = Stock(hubspot, tmp_path)
    every = {str(number) for number in range(1, 31)}
    assert stock.refresh() == every

    settle(hubspot)
    hubspot.archive("contacts", "10")
    hubspot.merge("contacts", winner="20", loser="21")
    assert stock.refresh() == every - {"10", "21"}

    for _ in range(2):
        settle(hubspot)
        hubspot.objects["contacts"]["10"]["archived"] = False
        hubspot.put("contacts", "10", {})
        assert stock.refresh() == every - {"21"}
        settle(hubspot)
        hubspot.archive("contacts", "10")
        assert stock.refresh() == every - {"10", "21"}


def test_a_delivery_that_comes_twice_changes_nothing(
    hubspot: HubSpotServer, tmp_path: Path
) -> None:
    fill(hubspot, 30)
    stock = Stock(hubspot, tmp_path)
    stock.refresh()
    settle(hubspot)
    hubspot.archive("contacts", "10")
    [delivery] = stock.source.read("contacts", stock.cursor)
    stock.put(delivery)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    [again] = stock.source.read("contacts", stock.cursor)
    stock.put(again)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert len(Mirror(stock.source, "contacts").take()) == 29
