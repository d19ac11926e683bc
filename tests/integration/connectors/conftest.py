"""What tests of connectors share: reading to the end, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from mingji.connectors.source import DELETED, Connector, Cursor, Delivery
from mingji.engine.model import Column
from vendors.hubspot import HubSpotServer


def rows_of(delivery: Delivery) -> list[dict[str, Any]]:
    """The rows of a delivery by the names of its columns, with `_row` and `_deleted`."""
    names = delivery.reading.columns
    found = []
    for batch in delivery.reading.batches():
        for row in batch.to_pylist():
            named = {names[int(n)] if n.isdigit() else n: value for n, value in row.items()}
            found.append(named)
    return found


class Mirror:
    """What a source's rows are after every delivery so far, told by key; and its cursor."""

    def __init__(self, connector: Connector, entity: str) -> None:
        self.connector, self.entity = connector, entity
        self.key = next(e.key for e in connector.entities() if e.name == entity)
        self.rows: dict[tuple[Any, ...], Mapping[str, Any]] = {}
        self.cursor: Cursor | None = None

    def take(self, deliveries: Iterable[Delivery] | None = None) -> list[dict[str, Any]]:
        """Reads on to the end and gives the rows that came."""
        came = []
        if deliveries is None:
            deliveries = self.connector.read(self.entity, self.cursor)
        for delivery in deliveries:
            for row in rows_of(delivery):
                key = tuple(row[name] for name in self.key)
                if row.get(DELETED):
                    self.rows.pop(key, None)
                else:
                    self.rows[key] = row
                came.append(row)
            self.cursor = delivery.cursor
        return came


def required(columns: Mapping[str, Column]) -> set[str]:
    """The columns of a table that a file may not lack."""
    return {name for name, column in columns.items() if not column.optional}


@pytest.fixture
def hubspot(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubSpotServer]:
    monkeypatch.setenv("MINGJI_SOURCE_HUBSPOT", "pat-good")
    monkeypatch.setenv("MINGJI_SOURCE_CLIENT", "s3cret")
    monkeypatch.setenv("MINGJI_SOURCE_REFRESH", "refresh")
    server = HubSpotServer()
    yield server
    server.close()
