"""MetricFlow as a judge: what both languages can say has the same figures.

MetricFlow lives in an environment of its own (`make engines`) and writes SQL; it is run over the
same rows. Its quotients are binary fractions, so they are compared as such.
"""

from __future__ import annotations

import json
import math
import subprocess
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.values import rounded
from mingji.engine.warehouse import Warehouse

pytestmark = pytest.mark.metricflow
ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-metricflow/bin/python"
MANIFEST = """\
semantic_model:
  name: deals
  node_relation: {schema_name: main, alias: deals}
  defaults: {agg_time_dimension: closed_on}
  primary_entity: deal
  entities: [{name: product, type: foreign}]
  dimensions:
    - {name: closed_on, type: time, type_params: {time_granularity: day}}
    - {name: stage, type: categorical}
    - {name: rep, type: categorical, expr: '"负责人"'}
  measures:
    - {name: m_value, agg: sum, expr: amount}
    - {name: m_rows, agg: sum, expr: "1"}
    - {name: m_products, agg: count_distinct, expr: product}
    - {name: m_smallest, agg: min, expr: amount}
    - {name: m_largest, agg: max, expr: amount}
    - {name: m_seats, agg: sum, expr: seats}
---
semantic_model:
  name: products
  node_relation: {schema_name: main, alias: products}
  entities: [{name: product, type: primary}]
  dimensions: [{name: series, type: categorical}]
---
metric: {name: value, type: simple, type_params: {measure: m_value}}
---
metric: {name: rows, type: simple, type_params: {measure: m_rows}}
---
metric: {name: products_sold, type: simple, type_params: {measure: m_products}}
---
metric: {name: smallest, type: simple, type_params: {measure: m_smallest}}
---
metric: {name: largest, type: simple, type_params: {measure: m_largest}}
---
metric: {name: seats, type: simple, type_params: {measure: m_seats}}
---
metric:
  name: won_value
  type: simple
  type_params: {measure: m_value}
  filter: "{{ Dimension('deal__stage') }} = 'Won'"
---
metric:
  name: won
  type: simple
  type_params: {measure: m_rows}
  filter: "{{ Dimension('deal__stage') }} = 'Won'"
---
metric:
  name: win_rate
  type: ratio
  type_params: {numerator: {name: won}, denominator: {name: rows}}
---
metric:
  name: price
  type: ratio
  type_params: {numerator: {name: value}, denominator: {name: seats}}
---
project_configuration:
  time_spines:
    - node_relation: {schema_name: main, alias: spine}
      primary_column: {name: day, time_granularity: day}
"""
METRICS = [
    "value",
    "rows",
    "products_sold",
    "smallest",
    "largest",
    "seats",
    "won_value",
    "won",
    "win_rate",
    "price",
]
#: How MetricFlow names the keys of a question, and Mingji.
KEYS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "company": ([], ()),
    "column": (["deal__stage"], ("stage",)),
    "owner": (["deal__rep"], ("负责人",)),
    "joined column": (["product__series"], ("series",)),
    "quarter": (["metric_time__quarter"], ("quarter",)),
    "column and month": (["deal__stage", "metric_time__month"], ("stage", "month")),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """MetricFlow's SQL for each metric and way to cut it."""
    if not PYTHON.exists():
        pytest.skip("MetricFlow is not installed here (make engines does it)")
    manifest = tmp_path_factory.mktemp("metricflow") / "manifest.yaml"
    manifest.write_text(MANIFEST, encoding="utf-8")
    asked = [(metric, cut) for metric in METRICS for cut in KEYS]
    questions = [{"metrics": [metric], "by": KEYS[cut][0]} for metric, cut in asked]
    script = str(Path(__file__).with_name("metricflow_sql.py"))
    done = subprocess.run(
        [str(PYTHON), script, str(manifest), json.dumps(questions)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(asked, json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("cut", KEYS)
@pytest.mark.parametrize("metric", METRICS)
def test_metricflow_says_the_same(
    told: dict[tuple[str, str], str],
    book: Warehouse,
    definitions: Definitions,
    metric: str,
    cut: str,
) -> None:
    names, by = KEYS[cut]
    with book.connect(definitions) as connection:
        theirs = connection.sql(told[metric, cut]).to_arrow_table().to_pylist()
    ours = observe(book, definitions, metrics=[metric], by=by).rows

    expected = {tuple(map(_key, (row[name] for name in names), by)): row[metric] for row in theirs}
    expected = {keys: value for keys, value in expected.items() if value is not None}
    found = {tuple(row.keys[name] for name in by): row.value for row in ours}
    # Undated rows lie in no period here, and in a blank one there; zero of nothing is told here.
    expected = {keys: value for keys, value in expected.items() if "no day" not in keys}
    found = {keys: value for keys, value in found.items() if value or keys in expected}
    assert found.keys() == expected.keys()
    for keys, value in expected.items():
        assert _same(found[keys], value, definitions.metrics[metric].scale), keys


def _key(value: Any, name: str) -> str:
    if name in ("quarter", "month"):
        if value is None:
            return "no day"
        return f"{value:%Y-%m}" if name == "month" else f"{value:%Y}Q{(value.month + 2) // 3}"
    return "" if value is None else str(value)


def _same(ours: Decimal | None, theirs: Any, scale: int) -> bool:
    if isinstance(theirs, float):
        return ours is not None and math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-18)
    return ours == rounded(Fraction(theirs), scale)
