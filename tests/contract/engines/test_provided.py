"""What the embedded engine joins comes back as it was given, however its texts are held."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from mingji.engine.backends.duckdb import EmbeddedSession
from mingji.engine.model import Definitions
from mingji.engine.sql import exp
from mingji.engine.warehouse import Warehouse

NO_TABLES = Definitions("none.yaml", {}, {})


def test_few_and_many_people_come_back_as_they_were_given(tmp_path: Path) -> None:
    session = EmbeddedSession(duckdb.connect(), Warehouse(tmp_path), NO_TABLES)
    for count in (3, 1000, 2000, 10, 1000):  # the name is given again, with other texts
        people = pa.table(
            {
                "owner": [f"o{n}" for n in range(count)],
                "member": pa.array([None] * count, pa.string()),
                'the "team"': [["北", "南", "", None][(n + count) % 4] for n in range(count)],
            }
        )

        session.provide("_people_deals", people)

        query = exp.select("*").from_(exp.table_("_people_deals", quoted=True))
        assert session.run(query).to_pylist() == people.to_pylist()
