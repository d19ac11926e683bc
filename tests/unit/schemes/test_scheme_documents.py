"""A scheme document is either usable, or every fault in it is told with its line and remedy."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.form import form_for
from mingji.rules.methods import METHODS
from mingji.schemes.document import find, load, read_kept, shipped
from mingji.schemes.document.schema import schema, schema_text
from mingji.schemes.document.shapes import fields_of

ROOT = Path(__file__).resolve().parents[3]
GOOD = """\
id: small
name: {zh: 小方案, en: Small}
blend: {mode: none}
dimensions:
  - id: all
    name: 全部
    weight: 100
    items:
      - &item
        id: leads
        name: {zh: 线索数, en: Leads}
        weight: 40
        scoring: {method: ratio, cap: 0.29}
        data_owner: 运营
      - {<<: *item, id: views, weight: 30}
      - {<<: *item, id: deals, weight: 30, scoring: binary}
"""
# what replaces what in the good one: code, line, part of the Chinese message, of the English remedy
FAULTS = {
    "a misspelt key": (
        ("        weight: 40", "        weights: 40"),
        ("unknown_key", 12, "没有“weights”", "did you mean “weight”?"),
    ),
    "an unknown method": (
        ("scoring: binary", "scoring: binari"),
        ("unknown_method", 16, "没有叫“binari”的计分方法", "did you mean “binary”?"),
    ),
    "a scoring without a method": (
        ("{method: ratio, cap: 0.29}", "{cap: 0.29}"),
        ("missing_key", 13, "缺少“method”", "add method"),
    ),
    "a parameter of another method": (
        ("cap: 0.29", "points_each: 2"),
        ("unknown_key", 13, "计分方法 ratio 没有“points_each”", "cap, direction, floor, form"),
    ),
    "a missing name": (
        ("    name: 全部\n", ""),
        ("missing_key", 5, "dimensions[0] 缺少“name”", "add name"),
    ),
    "half a bilingual text": (
        ("{zh: 小方案, en: Small}", "{zh: 小方案}"),
        ("missing_key", 2, "缺少“en”", "add en"),
    ),
    "a comma outside quotes": (
        ("en: Small}", "en: small, but useful}"),
        ("unknown_key", 2, "没有“but useful”", "put quotes round a text with a comma"),
    ),
    "a percent sign": (
        ("weight: 100", "weight: 100%"),
        ("not_a_number", 7, "“100%”不是数字", "write 100"),
    ),
    "a thousands separator": (
        ("weight: 100", "weight: '1,000'"),
        ("not_a_number", 7, "“1,000”不是数字", "leave the thousands separators out"),
    ),
    "a monstrous number": (
        ("weight: 100", "weight: 1e999999999"),
        ("number_out_of_range", 7, "位数太多", "at most 15 digits"),
    ),
    "a word where it must be one of some": (
        ("mode: none", "mode: nono"),
        ("not_a_choice", 3, "不能写“nono”", "weighted, coefficient, ceiling, none"),
    ),
    "an empty value": (
        ("weight: 100", "weight:"),
        ("empty_value", 7, "没有写值", "add the value"),
    ),
    "a value where a list belongs": (
        ("    items:\n", "    items: none\n    x:\n"),
        ("wrong_kind", 8, "应该是一个列表", "check the indentation"),
    ),
    "a key twice": (
        ("    weight: 100\n", "    weight: 100\n    weight: 90\n"),
        ("duplicate_key", 8, "第一次在第 7 行", "remove one"),
    ),
    "a fraction of a month": (
        ("        weight: 40\n", "        weight: 40\n        lag_months: 1.5\n"),
        ("not_whole", 13, "“1.5”不是整数", "a whole number"),
    ),
    "neither true nor false": (
        ("blend:", "weakest_item_rule: maybe\nblend:"),
        ("not_a_truth", 3, "既不是 true", "write true or false"),
    ),
    "weights that miss 100": (
        ("weight: 40", "weight: 35"),
        ("weights_not_100", 8, "合计 95", "add 5"),
    ),
    "no YAML at all": (
        ("  - id: all", "  - id: [all"),
        ("unreadable", None, "不是合法的 YAML", "indent with spaces"),
    ),
}


def faults(text: str) -> tuple[Finding, ...]:
    with pytest.raises(Invalid) as refused:
        load(text, "mine.yaml")
    return refused.value.findings


def test_the_good_one_is_good():
    loaded = load(GOOD, "mine.yaml")

    assert loaded.findings == ()
    assert [item.id for _, item in form_for(loaded.scheme).items()] == ["leads", "views", "deals"]


def test_numbers_reach_the_scheme_as_the_digits_written():
    _, item = next(form_for(load(GOOD).scheme).items())

    assert str(item.scoring.cap) == "0.29"
    assert isinstance(item.weight, Decimal)


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_told_with_its_line_and_remedy_in_both_languages(case):
    (before, after), (code, line, said_zh, remedy_en) = FAULTS[case]
    assert before in GOOD

    found = next(each for each in faults(GOOD.replace(before, after, 1)) if each.code == code)

    assert found.place.file == "mine.yaml"
    assert line is None or found.place.line == line
    assert said_zh in found.message.zh
    assert remedy_en in found.remedy.en
    assert found.message.en
    assert found.remedy.zh


def test_all_faults_are_told_at_once_in_the_order_of_their_lines():
    text = GOOD.replace("mode: none", "mode: nono").replace("weight: 100", "weight: lots")
    text = text.replace("scoring: binary", "scoring: {method: band, bands: 3, color: red}")

    assert [(each.code, each.place.line) for each in faults(text)] == [
        ("not_a_choice", 3),
        ("not_a_number", 7),
        ("wrong_kind", 16),
        ("unknown_key", 16),
    ]


def test_words_that_yaml_takes_for_truth_stay_words():
    text = GOOD.replace("id: views", "id: no").replace("id: deals", "id: on")

    assert [item.id for _, item in form_for(load(text).scheme).items()] == ["leads", "no", "on"]


def test_a_bomb_of_anchors_is_refused_before_it_grows():
    layers = "\n".join(f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))

    (found,) = faults(f"x-0: &a0 [1]\n{layers}\n{GOOD}")

    assert "too large" in found.message.en


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_an_abyss_of_nesting_is_refused_and_ends_no_process(text):
    (found,) = faults(text)

    assert "nests too deep" in found.message.en


def test_an_anchor_inside_itself_is_refused():
    assert faults(f"x-0: &a [*a]\n{GOOD}")


def test_nothing_in_a_document_is_executed():
    found = faults(GOOD.replace("weight: 100", "weight: !!python/object/apply:os.getpid []"))

    assert [each.code for each in found] == ["wrong_kind"]


def test_line_ends_do_not_change_the_digest():
    assert load(GOOD).digest == load("\ufeff" + GOOD.replace("\n", "\r\n")).digest


def test_a_kept_document_is_read_even_if_a_later_rule_would_refuse_it():
    text = GOOD.replace("weight: 40", "weight: 35")

    assert read_kept(text, "kept").id == "small"


def test_a_file_in_another_encoding_is_refused_with_a_remedy(tmp_path):
    place = tmp_path / "mine.yaml"
    place.write_text(GOOD, encoding="gb18030")

    with pytest.raises(Invalid) as refused:
        load(place)

    assert refused.value.findings[0].remedy.en == "save it as UTF-8 in your editor"


def test_the_shipped_schemes_have_neither_errors_nor_warnings():
    assert shipped() == ("marketing-team", "minimal")
    assert [load(find(name)).findings for name in shipped()] == [(), ()]


def test_the_marketing_scheme_has_a_form_for_each_of_twelve_families():
    scheme = load(find("marketing-team")).scheme

    assert [each.family for each in scheme.templates] == (
        ["BR", "DG", "CT", "PM", "CH", "EV", "PR", "MR", "GR", "SS", "OP", "MG"]
    )
    assert [str(each.weight) for each in form_for(scheme).dimensions] == (
        ["50", "15", "10", "10", "5", "10"]
    )
    assert [str(level.individual) for level in scheme.levels] == ["0.7", "0.5", "0.3"]
    for template in scheme.templates:
        assert 9 <= sum(1 for _ in form_for(scheme, "", template.family).items()) <= 10


def test_the_marketing_scheme_describes_five_levels_wherever_people_rate():
    scheme = load(find("marketing-team")).scheme
    rated = [
        item
        for family in ("", "MG")
        for _, item in form_for(scheme, "", family).items()
        if item.source == "rated"
    ]

    assert {item.id for item in rated} == {
        "professional_judgement",
        "cooperation",
        "new_attempts",
        "customer_focus",
        "leading_people",
    }
    for item in rated:
        assert [level.level for level in item.scoring.levels] == [1, 2, 3, 4, 5]
        assert all(level.behaviour.zh != level.behaviour.en for level in item.scoring.levels)


def test_every_metric_of_the_marketing_scheme_is_in_the_library():
    from mingji.engine.definitions import load_definitions
    from mingji.schemes.facts.names import all_items

    known = set(load_definitions(ROOT / "src/mingji/metrics/library").metrics)
    scheme = load(find("marketing-team")).scheme
    items = [*all_items(scheme), *scheme.team_items]

    assert {each.metric for each in items if each.source == "metric"} <= known
    assert {each.counter_metric for each in items if each.counter_metric} <= known


def test_the_committed_schema_is_current():
    committed = ROOT / "docs/reference/scheme.schema.json"

    mend = "run `mingji scheme schema > docs/reference/scheme.schema.json`"
    assert committed.read_text("utf-8") == schema_text(), mend


def test_the_schema_knows_every_method_with_its_parameters():
    definitions = schema()["$defs"]

    for name, method in METHODS.items():
        made = definitions[method.__name__]
        assert made["properties"]["method"] == {"const": name}
        assert set(made["properties"]) == {"method", *fields_of(method)}
        assert made["additionalProperties"] is False


def test_shipped_files_name_their_schema():
    for name in shipped():
        place = find(name)
        first = place.read_text("utf-8").splitlines()[0]
        where = first.removeprefix("# yaml-language-server: $schema=")

        assert (place.parent / where).resolve() == ROOT / "docs/reference/scheme.schema.json"
