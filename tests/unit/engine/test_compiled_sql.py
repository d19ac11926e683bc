"""The SQL is reviewed: one query for all metrics of a table, medians without interpolation."""

from __future__ import annotations

from pathlib import Path

from mingji.engine.compile import Slice, grouped, ordered
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.slices import Question
from mingji.engine.sql import render

SNAPSHOT = Path(__file__).with_name("compiled_deals.sql")
DEFINITIONS = load_definitions("""\
tables:
  deals:
    key: id
    time: closed_on
    owner: rep
    columns: {id: text, rep: text, stage: text, product: text, closed_on: date, amount: decimal}
    joins: {products: product}
  products:
    key: product
    columns: {product: text, series: text}
metrics:
  won_value: {table: deals, agg: sum, column: amount, filter: stage = 'Won'}
  closed: {table: deals, agg: count}
  median_deal: {table: deals, agg: median, column: amount, filter: stage = 'Won'}
""")


def sliced() -> Slice:
    identity = Identity(postings=(Posting("anna", {"team": "north"}),))
    question = Question(
        DEFINITIONS, ("team", "series", "period"), "quarter", ("2026Q3",), "amount > 0", identity
    )
    return question.slice(DEFINITIONS.metrics["won_value"], ("2026Q3",))


def test_one_query_serves_all_metrics_of_a_table_and_one_more_each_median() -> None:
    metrics = DEFINITIONS.metrics
    together = grouped([sliced()], [metrics["won_value"], metrics["closed"]], DEFINITIONS)
    median = ordered([sliced()], metrics["median_deal"], DEFINITIONS)

    compiled = f"{render(together, pretty=True)};\n\n{render(median, pretty=True)};\n"

    assert compiled == SNAPSHOT.read_text(encoding="utf-8")
