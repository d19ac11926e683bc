"""The metric library and the canonical model: complete, consistent, documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mingji.demo import actuals, words
from mingji.demo.actuals import library
from mingji.demo.files import columns_of
from mingji.demo.owners import SOURCES
from mingji.demo.strategy import department_goals, themes
from mingji.engine.typed import TYPED

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
FAMILIES = {"BR", "DG", "CT", "PM", "CH", "EV", "PR", "MR", "GR", "SS", "OP", "MG"}


def test_every_metric_says_in_both_languages_what_it_means_and_how_it_can_be_gamed():
    for metric in library().metrics.values():
        for text in (metric.name, metric.formula_text, metric.gaming_risk, metric.owner):
            assert text.zh, metric.id
            assert text.en, metric.id
        assert metric.unit, metric.id


def test_every_counter_metric_exists_and_is_another_one():
    metrics = library().metrics
    for metric in metrics.values():
        assert metric.counter_metric in metrics, metric.id
        assert metric.counter_metric != metric.id


def test_every_job_family_has_at_least_five_metrics_of_its_own():
    families = words.bank("strategy")["families"]

    assert set(families) == FAMILIES
    for family, metrics in families.items():
        assert len(metrics) >= 5, family
        assert set(metrics) <= set(library().metrics), family


def test_every_metric_with_a_target_belongs_to_exactly_one_theme():
    themed = [metric for theme in themes() for metric in theme.metrics]
    wanted = {metric for family in words.bank("strategy")["families"].values() for metric in family}

    assert len(themed) == len(set(themed))
    assert wanted <= set(themed) <= set(library().metrics)
    assert 3 <= len(themes()) <= 4


def test_every_department_goal_is_measured_by_a_metric_of_its_theme():
    of = {theme.code: theme.metrics for theme in themes()}

    assert all(goal.metric in of[goal.theme] for goal in department_goals())


@pytest.mark.parametrize("table", sorted(SOURCES))
def test_the_rows_of_a_table_have_the_columns_of_the_library(table):
    definition = library().tables[table]
    written = columns_of(table)

    assert written == tuple(name for name in definition.columns if name in written)
    assert all(definition.columns[name].optional for name in definition.columns.keys() - written)
    assert definition.source == SOURCES[table]
    assert definition.owner == "owner"
    assert definition.time


def test_the_planner_restates_exactly_the_metrics_that_have_a_condition():
    filtered = {metric.id for metric in actuals.planned() if metric.filter}

    assert set(actuals.CONDITIONS) == filtered


def _loaded_tables():
    """The tables of the library that rows are loaded into: typed-in values come from no system."""
    return {name: table for name, table in library().tables.items() if name != TYPED}


@pytest.mark.parametrize("page", ["canonical-model.md", "canonical-model.zh.md"])
def test_the_reference_page_describes_every_table_and_column_and_no_other(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)`[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S))

    tables = _loaded_tables()
    assert set(sections) == set(tables)
    assert {str(len(tables)), str(len(library().metrics))} <= set(re.findall(r"\d+", text))
    for name, section in sections.items():
        described = re.findall(r"^\| `(\w+)` \|", section, re.M)
        assert described == list(tables[name].columns), name


@pytest.mark.parametrize("page", ["canonical-model.md", "canonical-model.zh.md"])
def test_the_reference_page_gives_each_column_its_type_and_unit(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)`[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S))

    for name, table in _loaded_tables().items():
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]*) \|", sections[name], re.M)
        assert rows == [
            (column.name, column.type, column.unit or "—") for column in table.columns.values()
        ]


@pytest.mark.parametrize("page", ["canonical-model.md", "canonical-model.zh.md"])
def test_the_reference_page_marks_optional_columns_and_names_the_metrics_of_each_table(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    mark = "（可缺）" if page.endswith(".zh.md") else "*(optional)*"
    sections = dict(re.findall(r"^## `(\w+)`[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S))

    for name, table in _loaded_tables().items():
        marked = re.findall(rf"^\| `(\w+)` .*{re.escape(mark)} \|$", sections[name], re.M)
        assert marked == [column.name for column in table.columns.values() if column.optional]
        metrics = re.findall(r"`(\w+)`", sections[name].strip().splitlines()[-1])
        assert metrics == [
            metric.id for metric in library().metrics.values() if metric.table == name
        ]
