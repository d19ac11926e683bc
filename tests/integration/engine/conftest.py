"""A small CRM whose every number can be worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from mingji.cli import main
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.warehouse import Batch, Warehouse

DEFINITIONS = """\
tables:
  deals:
    source: crm
    key: id
    time: closed_on
    owner: rep
    columns:
      id: text
      rep: text
      stage: text
      product: {type: text, values: {GTXPro: GTX Pro}}
      opened_on: date
      closed_on: date
      amount: {type: decimal, unit: CNY}
    joins: {products: product}
  products:
    key: product
    columns: {product: text, series: text}
  spend:
    time: day
    columns: {day: date, channel: text, cost: {type: decimal, unit: CNY}}
metrics:
  won_value: {table: deals, agg: sum, column: amount, filter: stage = 'Won'}
  won: {table: deals, agg: count, filter: stage = 'Won'}
  closed: {table: deals, agg: count, filter: "stage in ('Won', 'Lost')"}
  win_rate: {type: ratio, numerator: won, denominator: closed, unit: ratio}
  average: {table: deals, agg: average, column: amount, filter: stage = 'Won'}
  median_days:
    {table: deals, agg: median, expression: "days_between(opened_on, closed_on)", unit: days}
  products_sold: {table: deals, agg: count_distinct, column: product, filter: stage = 'Won'}
  largest: {table: deals, agg: max, column: amount}
  cost: {table: spend, agg: sum, column: cost}
  cost_per_won: {type: ratio, numerator: cost, denominator: won, unit: CNY}
  margin: {type: derived, formula: (won_value - cost) / won_value}
"""

DEALS = """\
id,rep,stage,product,opened_on,closed_on,amount
1,Anna,Won,GTXPro,2026-01-01,2026-01-11,100.10
2,Anna,Won,GTX Pro,2026-01-01,2026-02-20,200.20
3,Anna,Lost,MG,2026-01-01,2026-02-21,0
4,Bob,Won,MG,2026-02-01,2026-02-02,0.05
5,Bob,Lost,MG,2026-02-01,2026-04-02,0
6,Bob,Lost,Ufo,2026-02-01,2026-04-03,0
7,Carl,Won,MG,2026-02-01,,
8,Dora,Won,,2026-03-01,2026-03-31,1000
"""
PRODUCTS = "product,series\nGTX Pro,GTX\nMG,MG\n"
SPEND = "day,channel,cost\n2026-01-05,ads,30\n2026-04-05,ads,70\n2026-04-06,mail,20.5\n"

Load = Callable[..., Batch]


def loader(folder: Path, warehouse: Warehouse, definitions: Definitions) -> Load:
    """Writes a text as a file and loads it into a table."""

    def load(table: str, text: str, name: str = "") -> Batch:
        path = folder / (name or f"{table}.csv")
        path.write_text(text, encoding="utf-8")
        at = "2026-11-22T00:00:00Z"
        return warehouse.load(definitions.tables[table], open_file(path), loaded_at=at)

    return load


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_definitions(DEFINITIONS)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    """A warehouse with all three tables loaded, for reading only."""
    folder = tmp_path_factory.mktemp("book")
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, definitions)
    load("deals", DEALS)
    load("products", PRODUCTS)
    load("spend", SPEND)
    return warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def load(tmp_path: Path, warehouse: Warehouse, definitions: Definitions) -> Load:
    return loader(tmp_path, warehouse, definitions)


class Judged(NamedTuple):
    """What `mingji metrics` makes of one file: figures, findings, and these in words."""

    values: dict[str, str | None]
    findings: list[tuple[str, int | None]]
    words: str


Judge = Callable[..., Judged]
JUDGED = """\
tables:
  deals:
    key: id
    owner: owner
    time: closed
    columns:
      id: {type: text, header: 商机编号}
      owner: {type: text, header: 负责人}
      created: {type: date, header: 创建日期, optional: true}
      closed: {type: date, header: 关闭日期}
      amount: {type: decimal, unit: CNY, scale: 2, header: 金额}
metrics:
  revenue: {table: deals, agg: sum, column: amount}
  deals: {table: deals, agg: count}
"""


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Asks the command for revenue and deals of a file: a path, or its text or bytes."""

    def asked(file: Path | str | bytes, *words: str, by: str = "") -> Judged:
        if not isinstance(file, Path):
            text, file = file, tmp_path / "deals.csv"
            file.write_bytes(text.encode() if isinstance(text, str) else text)
        definitions = tmp_path / "definitions.yaml"
        definitions.write_text(JUDGED, encoding="utf-8")
        table = ["--definitions", str(definitions), "--table", f"deals={file}", "--by", by]
        result = CliRunner().invoke(main, ["metrics", *table, "--format", "json", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        if not result.stdout:
            return Judged({}, [], result.stderr)
        told = json.loads(result.stdout)
        values = {"/".join(row["keys"].values()): row["values"] for row in told["rows"]}
        findings = [(each["code"], each["count"]) for each in told["findings"]]
        words_told = json.dumps(told["findings"], ensure_ascii=False)
        figures = values.get("", {}) if not by else {n: v["revenue"] for n, v in values.items()}
        return Judged(figures, findings, words_told)

    return asked
