"""A file that spells a value otherwise than the metrics' conditions is told so."""

from __future__ import annotations

from integration.engine.conftest import DEALS, Load
from mingji.engine.definitions import load_definitions

HEADER = DEALS.splitlines()[0]


def told(load: Load, *stages: str, name: str = "") -> list[tuple[str, str, int | None, str]]:
    lines = [f"{at},Anna,{stage},,2026-01-01,2026-01-02,1" for at, stage in enumerate(stages)]
    batch = load("deals", "\n".join([HEADER, *lines]), name)
    return [(each.code, each.severity, each.count, each.message.zh) for each in batch.findings]


def test_a_column_without_one_value_that_conditions_name_is_told(load: Load) -> None:
    ((code, severity, count, words),) = told(load, "赢单", "输单", "赢单")

    assert (code, severity, count) == ("unknown_values", "warning", 3)
    assert words.startswith("stage 没有一行是指标条件里写的值（Won、Lost）：赢单 (2)、输单 (1)；")
    assert "win_rate" in words


def test_another_case_or_spacing_of_a_value_is_told(load: Load) -> None:
    ((code, severity, count, words),) = told(load, "Won", "WON", "won", "Ｌost", "Open")

    assert (code, severity, count) == ("alike_values", "warning", 3)
    assert words.endswith("不算同一个值：WON (1)、won (1)、Ｌost (1)")


def test_values_that_no_condition_names_are_nothing_to_be_told_beside_those(load: Load) -> None:
    assert told(load, "Won", "Open", "Qualified") == []


def test_the_values_of_a_condition_are_read_however_it_is_written() -> None:
    text = """\
tables:
  deals:
    columns: {stage: text, kind: text, by: text, amount: decimal}
metrics:
  a: {table: deals, agg: count, filter: "stage = 'won' and coalesce(by, 'us') = 'us'"}
  b: {table: deals, agg: count, filter: "kind not in ('x', 'it''s') or stage<>'lost'"}
  c: {table: deals, agg: sum, expression: "case when stage = 'half' then amount else 0 end"}
"""
    assert dict(load_definitions(text).tables["deals"].words) == {
        "stage": ("won", "lost", "half"),
        "kind": ("x", "it's"),
        "by": ("us",),
    }
