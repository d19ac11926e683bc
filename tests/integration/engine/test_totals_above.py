"""Totals that stand above what they add up: under the header, over it, and over each group."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mingji.cli import main

DEFINITIONS = """\
tables:
  deals:
    name: {zh: 成交, en: Deals}
    source: crm
    key: id
    owner: owner
    time: closed
    columns:
      id: {type: text, header: 单号}
      owner: {type: text, header: 负责人}
      closed: {type: date, header: 成交日期}
      amount: {type: decimal, unit: CNY, scale: 2, header: 成交金额}
metrics:
  won: {table: deals, agg: sum, column: amount}
"""
HEAD = "单号;负责人;成交日期;成交金额（元）"
WANG = ["D1;王磊;2026-01-05;1.200,50", "D2;王磊;2026-02-06;800,00"]
LI = ["D3;李娜;2026-01-07;10.000,00", "D4;李娜;2026-03-08;12,34"]


def answer(tmp_path: Path, *lines: str) -> tuple[Decimal, dict[str, list[Any]]]:
    """What all rows come to, and the findings by code."""
    definitions, file = tmp_path / "definitions.yaml", tmp_path / "deals.csv"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    table = ["--definitions", str(definitions), "--table", f"deals={file}"]
    result = CliRunner().invoke(main, ["metrics", *table, "--by", "", "--format", "json"])
    told = json.loads(result.stdout)
    found: dict[str, list[Any]] = {}
    for each in told["findings"]:
        found.setdefault(each["code"], []).append(each)
    return Decimal(told["rows"][0]["values"]["won"]), found


def test_subtotals_above_their_groups_agree_with_the_rows_below_them(tmp_path: Path) -> None:
    total, found = answer(
        tmp_path,
        HEAD,
        "总计;;;12.012,84",
        "王磊 小计;;;2.000,50",
        *WANG,
        "李娜 小计;;;10.012,34",
        *LI,
    )

    assert total == Decimal("12012.84")
    assert "wrong_total" not in found
    assert [each["count"] for each in found["totals_row"]] == [3]


def test_a_grand_total_below_says_nothing_of_where_the_subtotals_stand(tmp_path: Path) -> None:
    _, found = answer(
        tmp_path,
        HEAD,
        "王磊 小计;;;2.000,50",
        *WANG,
        "李娜 小计;;;10.012,34",
        *LI,
        "总计;;;12.012,84",
    )

    assert "wrong_total" not in found


def test_a_wrong_subtotal_above_is_told_with_what_its_rows_come_to(tmp_path: Path) -> None:
    _, found = answer(tmp_path, HEAD, "王磊 小计;;;2.000,50", *WANG, "李娜 小计;;;10.013,34", *LI)

    (wrong,) = found["wrong_total"]
    assert "10,012.34" in wrong["message"]["en"]


@pytest.mark.parametrize(("said", "wrong"), [("12.012,84", 0), ("13.012,84", 1)])
def test_a_total_above_the_header_is_held_against_the_rows(
    tmp_path: Path, said: str, wrong: int
) -> None:
    total, found = answer(
        tmp_path,
        "2026年成交明细;;;",
        f"合计;;;{said}",
        "小计;王磊;;2.000,50",
        HEAD,
        *WANG,
        *LI,
    )

    assert total == Decimal("12012.84")
    assert [each["count"] for each in found["totals_row"]] == [1]
    assert len(found.get("wrong_total", [])) == wrong
