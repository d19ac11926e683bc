"""The schema that editors complete definitions from knows the words that the reader knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mingji.engine.definitions import load_definitions
from mingji.engine.model import AGGREGATES, COLUMN_TYPES, METRIC_TYPES
from mingji.rules.errors import Invalid

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/reference/metrics.schema.json").read_text("utf-8")
)
SHAPES: dict[str, dict[str, Any]] = {
    name.lower(): shape["properties"] for name, shape in SCHEMA["$defs"].items()
}


def understood(mapping: str) -> set[str]:
    """The words that the reader lists for a mapping in which it finds one that it does not know."""
    with pytest.raises(Invalid) as refused:
        load_definitions(mapping)
    (unknown,) = (each for each in refused.value.findings if each.code == "unknown")
    return set(unknown.remedy.en.removeprefix("use ").split(", "))


def test_every_type_of_metric_is_in_the_schema() -> None:
    assert set(SHAPES) == set(METRIC_TYPES)
    assert SHAPES["simple"]["agg"]["enum"] == list(AGGREGATES)


@pytest.mark.parametrize("type_", METRIC_TYPES)
def test_a_metric_has_the_words_that_the_reader_understands(type_: str) -> None:
    more = {"simple": ", agg: percentile", "survey": ", method: csat"}.get(type_, "")
    words = understood(f"metrics: {{it: {{type: {type_}, zzzzzzzzzz: 1{more}}}}}")

    assert words == set(SHAPES[type_])


def test_tables_columns_rates_and_calendars_have_theirs() -> None:
    table = SCHEMA["properties"]["tables"]["additionalProperties"]["properties"]
    column = table["columns"]["additionalProperties"]["anyOf"][1]["properties"]

    assert column["type"]["enum"] == list(COLUMN_TYPES)
    assert understood("tables: {t: {zzzzzzzzzz: 1}}") == set(table)
    assert understood("tables: {t: {columns: {c: {zzzzzzzzzz: 1}}}}") == set(column)
    for name in ("rates", "calendar", "members"):
        words = understood(f"{name}: {{zzzzzzzzzz: 1}}")
        assert words == set(SCHEMA["properties"][name]["properties"])
    assert understood("zzzzzzzzzz: 1") == set(SCHEMA["properties"])
