"""The word `kpi` of a definitions file, and a folder of files read as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingji.engine.definitions import load_definitions
from mingji.rules.errors import Invalid

TABLES = "tables: {leads: {time: on, columns: {on: date}}}\n"
LEADS = """\
metrics:
  leads:
    name: {zh: 新增线索数, en: New leads}
    table: leads
    agg: count
    kpi:
      number: 32
      name: {zh: 线索数, en: Leads}
      definition: {zh: 有多少人留下联系方式, en: how many left their details}
      source: {zh: 客户系统, en: CRM}
      baseline: last_year
      frequency: month
      lag_days: 7
      methods: [ratio, band]
      parameters: {form: inverse}
      families: [DG, CT]
      weight: 10-20
"""


def test_a_metric_says_how_it_is_used_as_a_kpi() -> None:
    kpi = load_definitions(TABLES + LEADS).metrics["leads"].kpi

    assert kpi is not None
    assert (kpi.number, kpi.name.zh, kpi.baseline, kpi.frequency) == (
        32,
        "线索数",
        "last_year",
        "month",
    )
    assert (kpi.methods, kpi.parameters) == (("ratio", "band"), (("form", "inverse"),))
    assert (kpi.families, kpi.weight, kpi.lag_days) == (("DG", "CT"), (10, 20), 7)


def test_a_metric_without_the_word_is_no_kpi() -> None:
    text = LEADS.partition("    kpi:")[0]

    assert load_definitions(TABLES + text).metrics["leads"].kpi is None


def test_a_red_line_carries_no_weight() -> None:
    text = LEADS.replace("[ratio, band]", "red_line").replace("      weight: 10-20\n", "")

    kpi = load_definitions(TABLES + text).metrics["leads"].kpi

    assert kpi is not None
    assert (kpi.methods, kpi.weight) == (("red_line",), None)


@pytest.mark.parametrize(
    ("written", "instead", "word"),
    [
        ("number: 32", "number: 0", "number"),
        ("last_year", "last_yaer", "baseline"),
        ("frequency: month", "frequency: daily", "frequency"),
        ("lag_days: 7", "lag_days: -1", "lag_days"),
        ("[ratio, band]", "[ratio, bend]", "methods"),
        ("[DG, CT]", "[DG, XX]", "families"),
        ("      families: [DG, CT]\n", "", "families"),
        ("weight: 10-20", "weight: 20-10", "weight"),
        ("weight: 10-20", "weight: heavy", "weight"),
        ("weight: 10-20", "weigt: 10", "weight"),
    ],
)
def test_each_mistake_in_it_is_told_where_it_stands(written: str, instead: str, word: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_definitions(TABLES + LEADS.replace(written, instead))

    finding = refused.value.findings[0]
    assert word in finding.message.en
    assert finding.place.line
    assert finding.remedy.zh != finding.remedy.en


def test_a_folder_is_read_as_one_file_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "2-leads.yaml").write_text(LEADS, encoding="utf-8")
    (tmp_path / "1-tables.yaml").write_text(
        TABLES + "metrics: {first: {table: leads, agg: count}}\n", encoding="utf-8"
    )

    definitions = load_definitions(tmp_path)

    assert list(definitions.metrics) == ["first", "leads"]
    assert list(definitions.tables) == ["leads"]


def test_a_mistake_in_a_folder_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text(TABLES, encoding="utf-8")
    (tmp_path / "2.yaml").write_text(LEADS.replace("table: leads", "table: lead"), "utf-8")

    with pytest.raises(Invalid) as refused:
        load_definitions(tmp_path)

    place = refused.value.findings[0].place
    assert (place.file, place.line) == (f"{tmp_path.name}/2.yaml", 4)


def test_two_files_may_not_say_the_same_metric(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text(TABLES + LEADS, encoding="utf-8")
    (tmp_path / "2.yaml").write_text(LEADS, encoding="utf-8")

    with pytest.raises(Invalid) as refused:
        load_definitions(tmp_path)

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.file) == ("duplicate", f"{tmp_path.name}/2.yaml")


def test_a_folder_without_definitions_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"no \.yaml file"):
        load_definitions(tmp_path)
