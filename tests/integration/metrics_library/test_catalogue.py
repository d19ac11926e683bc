"""The catalogue of KPIs is complete, and agrees with the list it was made from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mingji.schemes.document import find, load
from mingji.schemes.facts.names import all_items

ROOT = Path(__file__).parents[3]
LIST = ROOT.parent.parent / "shared/design/kpis.csv"
UNITS = {
    "%": {"ratio"},
    "% / pp": {"ratio", "pp"},
    "× or %": {"ratio", "times"},
    "×": {"times"},
    "n": {"count"},
    "–": {"count"},
    "pts": {"point", "points"},
    "% / pts": {"ratio", "point"},
    "h": {"hour"},
    "months": {"month"},
    "CNY": {"CNY"},
}
#: Where our unit says the same in other words.
SAID_OTHERWISE = {
    3: {"pp"},  # the change of a share is told in percentage points
    88: {"point", "ratio"},  # the survey in points, beside it the accuracy of materials
}


@pytest.fixture(scope="module")
def kpis(library):
    return [metric for metric in library.metrics.values() if metric.kpi]


@pytest.fixture(scope="module")
def listed():
    if not LIST.exists():
        pytest.skip("the list of KPIs is not beside this repository")
    with LIST.open(encoding="utf-8") as file:
        return {int(row["no"]): row for row in csv.DictReader(file)}


def test_every_kpi_says_all_that_a_catalogue_asks(kpis):
    for metric in kpis:
        kpi = metric.kpi
        words = (kpi.name, kpi.definition, kpi.source, metric.name, metric.formula_text)
        for text in (*words, metric.owner, metric.gaming_risk):
            assert text.zh, metric.id
            assert text.en, metric.id
        assert metric.unit, metric.id
        assert metric.counter_metric, metric.id
        assert kpi.families, metric.id
        assert kpi.methods, metric.id


def test_the_library_covers_the_whole_list(kpis, listed):
    assert {metric.kpi.number for metric in kpis} == set(listed)


def test_names_units_directions_families_and_weights_agree_with_the_list(kpis, listed):
    for metric in kpis:
        kpi, row = metric.kpi, listed[metric.kpi.number]
        weight = None if row["typical_weight_percent"] == "red line" else kpi.weight
        low, _, high = row["typical_weight_percent"].partition("-")
        every = "BR DG CT PM CH EV PR MR GR SS OP MG"
        families = row["job_families"].replace("all", every).split()

        assert (kpi.name.zh, kpi.name.en.casefold()) == (
            row["name_zh"],
            row["name_en"].casefold(),
        )
        assert metric.unit in SAID_OTHERWISE.get(kpi.number, UNITS[row["unit"]]), metric.id
        assert metric.direction == row["direction"].replace("yes/no", "down"), metric.id
        assert list(kpi.families) == families, metric.id
        assert weight is None or weight == (int(low), int(high or low)), metric.id
        assert kpi.methods[0].replace("red_line", "red line") in row["suggested_method"], metric.id


def test_what_the_design_pairs_is_paired(library):
    counter = {metric.id: metric.counter_metric for metric in library.metrics.values()}

    assert counter["leads_created"] == "lead_qualification_rate"
    assert counter["ad_roas"] == "won_revenue"
    assert counter["net_followers"] == "content_engagement_rate"
    assert counter["sales_target_attainment"] == "collection_rate"


def test_the_shipped_scheme_measures_with_the_library(library):
    scheme = load(find("marketing-team")).scheme
    items = [item for item in (*all_items(scheme), *scheme.team_items) if item.source == "metric"]

    assert {item.metric for item in items} <= set(library.metrics)
