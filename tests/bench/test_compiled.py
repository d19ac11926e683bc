"""Compiled metrics beside the SQL that a person would write, and beside pandas.

Each group is one question; the yardstick stands in the same table, and the ratio behind each time
is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from bench.conftest import MEMBERS, Generated
from mingji.engine.backends.duckdb import EmbeddedSession
from mingji.engine.compile import grouped
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.local import prepare
from mingji.engine.slices import Question
from mingji.engine.sql import render

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(group="eight metrics by member and quarter")]
DEFINITIONS = load_definitions("""\
tables:
  deals:
    key: id
    time: closed_on
    owner: rep
    columns: {id: integer, rep: text, stage: text, product: text, closed_on: date, amount: decimal}
metrics:
  value: {table: deals, column: amount}
  won_value: {table: deals, column: amount, filter: "stage = 'v1'"}
  deals_all: {table: deals, agg: count}
  won: {table: deals, agg: count, filter: "stage = 'v1'"}
  large: {table: deals, agg: count, filter: amount > 5000}
  largest: {table: deals, agg: max, column: amount}
  smallest: {table: deals, agg: min, column: amount}
  average: {table: deals, agg: average, column: amount}
""")
BY_HAND = """
    SELECT p.member, year(closed_on) || 'Q' || quarter(closed_on) AS quarter,
        sum(amount), sum(amount) FILTER (stage = 'v1'), count(*), count(*) FILTER (stage = 'v1'),
        count(*) FILTER (amount > 5000), max(amount), min(amount), count(amount)
    FROM deals LEFT JOIN _people_deals AS p
        ON p.owner = deals.rep AND closed_on BETWEEN p.starts_on AND p.ends_on
    GROUP BY ALL
"""


ROWS_OF = {
    True: "FROM deals",
    False: "SELECT * REPLACE (CAST(amount AS DOUBLE) AS amount, CAST(closed_on AS TIMESTAMP) "
    "AS closed_on) FROM deals",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows with what every query joins, and the compiled query over them."""

    connection: duckdb.DuckDBPyConnection
    compiled: str


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    rows = Generated(tmp_path_factory.mktemp("deals"), DEFINITIONS)
    identity = Identity(postings=tuple(Posting(f"m{n}", {}) for n in range(MEMBERS)))
    question = Question(DEFINITIONS, ("member", "quarter"), "quarter", None, "", identity)
    slice_ = question.slice(DEFINITIONS.metrics["value"], None)
    session = EmbeddedSession(rows.connection, rows.warehouse, DEFINITIONS)
    prepare(session, [slice_], DEFINITIONS, identity, DEFINITIONS.fiscal)
    compiled = grouped([slice_], DEFINITIONS.metrics.values(), DEFINITIONS)
    return Asked(rows.connection, render(compiled))


def test_written_by_hand(benchmark: Any, asked: Asked) -> None:
    answer = benchmark(lambda: asked.connection.sql(BY_HAND).to_arrow_table())

    assert answer.num_rows > 0


def test_compiled(benchmark: Any, asked: Asked) -> None:
    answer = benchmark(lambda: asked.connection.sql(asked.compiled).to_arrow_table())

    assert answer.num_rows == asked.connection.sql(BY_HAND).to_arrow_table().num_rows


@pytest.mark.parametrize("exactly", [False, True], ids=["in binary fractions", "exactly"])
def test_pandas(benchmark: Any, asked: Asked, exactly: bool) -> None:
    """The same question: whose row it is on its day, then the eight numbers."""
    import pandas

    kind = pandas.ArrowDtype if exactly else None
    frame = asked.connection.sql(ROWS_OF[exactly]).to_arrow_table().to_pandas(types_mapper=kind)
    people = asked.connection.sql("FROM _people_deals").to_arrow_table()
    people = people.to_pandas(types_mapper=kind, date_as_object=False)

    def grouped_there() -> Any:
        made = frame.merge(people, how="left", left_on="rep", right_on="owner")
        made = made[
            (made["closed_on"] >= made["starts_on"]) & (made["closed_on"] <= made["ends_on"])
        ]
        days = made["closed_on"].dt
        made = made.assign(
            quarter=days.year * 10 + days.quarter,
            won=made["amount"].where(made["stage"] == "v1"),
            large=made["amount"] > 5000,
        )
        return made.groupby(["member", "quarter"]).agg(
            value=("amount", "sum"),
            won_value=("won", "sum"),
            rows=("id", "count"),
            won=("won", "count"),
            large=("large", "sum"),
            largest=("amount", "max"),
            smallest=("amount", "min"),
            average=("amount", "mean"),
        )

    answer = benchmark.pedantic(grouped_there, rounds=1)

    assert len(answer) == asked.connection.sql(BY_HAND).to_arrow_table().num_rows
