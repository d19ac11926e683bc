"""The company's own definitions: versions, previews, one metric as a form."""

from __future__ import annotations

import html

import pytest

import builders
from integration.metrics.dispute_builders import a_correction, approved

EDIT = "/metrics/definitions/edit/"
DEFINE = "/metrics/definitions/define/"
OWN = """# ours
metrics:
  east_leads:
    name: {zh: 东区线索数, en: Eastern leads}
    table: leads
    agg: count
    filter: region = 'east'
    unit: count
"""
FORM = {
    "id": "east_leads",
    "name_zh": "东区线索数",
    "name_en": "Eastern leads",
    "type": "simple",
    "table": "leads",
    "agg": "count",
    "filter": "region = 'east'",
    "unit": "count",
    "direction": "up",
    "formula_text_zh": "东区的线索",
    "formula_text_en": "leads of the east",
    "owner_zh": "营销运营",
    "owner_en": "Marketing operations",
}


def _published(document=OWN, reason="we sell by region now"):
    from mingji.metrics import actions

    return actions.publish_definitions("system", document, reason, builders.NOW)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What an action leaves to the commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_check_shows_what_would_change_and_writes_nothing(refreshed, client_of):
    client = client_of(refreshed.analyst)

    page = client.post(EDIT, {"document": OWN, "check": "1"}).content.decode()

    assert "东区线索数" in page
    assert ">3</span>" in page
    assert client.get("/metrics/east_leads/").status_code == 404


def test_a_check_lists_only_what_changes(refreshed, client_of):
    page = client_of(refreshed.analyst).post(EDIT, {"document": OWN, "check": "1"})

    shown = page.content.decode()
    assert shown.count('<th scope="row">') == 1  # not every metric over leads
    assert "mql_count" not in shown


def test_a_check_counts_rows_as_the_corrections_leave_them(refreshed, client_of):
    correction = a_correction(refreshed.analyst, key=("L4",), values={"region": "east"})
    approved(correction, refreshed.company_hr_partner)

    page = client_of(refreshed.analyst).post(EDIT, {"document": OWN, "check": "1"})

    assert ">4</span>" in page.content.decode()


def test_a_published_metric_is_computed_and_opens_to_its_rows(refreshed, client_of, committed):
    from mingji.metrics import actions

    client = client_of(refreshed.analyst)
    with committed():
        answer = client.post(EDIT, {"document": OWN, "reason": "we sell by region", "publish": "1"})
    assert answer.status_code == 302

    actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)

    page = client.get("/metrics/east_leads/2026Q3/rows/").content.decode()
    assert all(lead in page for lead in ("L1", "L2", "L3"))
    assert "<td>L4</td>" not in page


def test_pages_say_that_values_wait_for_a_refresh_after_a_change(refreshed, client_of, committed):
    from mingji.metrics import actions

    client = client_of(refreshed.analyst)
    addresses = ("/metrics/leads_created/?period=2026Q3", "/metrics/leads_created/2026Q3/rows/")
    said = "定义改过，还没有重新计算"
    with committed():
        _published(OWN.replace("east_leads", "leads_created"))
    waiting = [said in client.get(each).content.decode() for each in addresses]
    actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)
    computed = [said in client.get(each).content.decode() for each in addresses]

    assert (waiting, computed) == ([True, True], [False, False])


def test_a_metric_of_the_library_is_replaced_as_a_whole(refreshed, client_of, committed):
    from mingji.metrics import actions
    from mingji.metrics.queries import observation_for
    from mingji.metrics.slices import Slice

    narrowed = OWN.replace("east_leads", "leads_created")
    with committed():
        _published(narrowed)
    actions.refresh("system", ["2026Q3"], builders.NOW)

    seen = observation_for(builders.a_viewer(refreshed.peer), Slice("leads_created", "2026Q3"))
    assert str(seen.node.value) == "3"


def test_versions_say_who_why_and_what_changed(refreshed, client_of, committed):
    with committed():
        _published()
        _published(OWN.replace("'east'", "'west'"), "the east was wrong")
    client = client_of(refreshed.peer)

    listed = client.get("/metrics/definitions/").content.decode()
    second = client.get("/metrics/definitions/v2/").content.decode()

    assert "the east was wrong" in listed
    assert "<del>-     filter: region = &#x27;east&#x27;</del>" in second
    assert "<ins>+     filter: region = &#x27;west&#x27;</ins>" in second
    assert client.get("/metrics/definitions/v3/").status_code == 404


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("metrics: [broken", "YAML"),
        (OWN.replace("region =", "regiom ="), "region"),
        (OWN.replace("table: leads", "table: nowhere"), "nowhere"),
        (OWN.replace("east_leads", "leads_created").replace("agg: count", "agg: total"), "total"),
    ],
)
def test_a_broken_document_is_told_with_its_line_and_nothing_is_written(
    refreshed, client_of, document, told
):
    client = client_of(refreshed.analyst)

    answer = client.post(EDIT, {"document": document, "reason": "x", "publish": "1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "own definitions:" in page
    assert "/definitions/v1/" not in client.get("/metrics/definitions/").content.decode()


def test_columns_of_rows_that_are_loaded_cannot_change_under_them(refreshed, client_of):
    table = """tables:
  leads:
    key: lead_id
    time: created_on
    owner: owner
    columns:
      lead_id: {type: text}
      created_on: {type: date}
      owner: {type: text}
"""
    answer = client_of(refreshed.analyst).post(EDIT, {"document": table, "check": "1"})

    assert answer.status_code == 422


def test_a_version_needs_a_reason_and_a_change(refreshed, client_of):
    client = client_of(refreshed.analyst)
    told = client.post(EDIT, {"document": OWN, "reason": " ", "publish": "1"})
    client.post(EDIT, {"document": OWN, "reason": "good", "publish": "1"})
    again = client.post(EDIT, {"document": OWN, "reason": "again", "publish": "1"})

    assert (told.status_code, again.status_code) == (422, 422)
    assert "一字不差" in again.content.decode()


def test_the_form_leads_to_a_document_that_keeps_everything_else(refreshed, client_of, committed):
    with committed():
        _published("# ours\nmetrics:\n  mine:\n    table: leads\n    agg: count # all\n")

    page = client_of(refreshed.analyst).post(DEFINE, FORM).content.decode()

    assert "# ours" in page
    assert "agg: count # all" in page
    assert "  east_leads:" in page
    assert "东区线索数" in page


KINDS = {
    "simple": {
        "table": "leads",
        "agg": "percentile",
        "percentile": "0.9",
        "column": "days_between(created_on, mql_on)",
    },
    "ratio": {"numerator": "leads_created", "denominator": "spend_total"},
    "derived": {"formula": "leads_created * 2"},
    "growth": {"metric": "leads_created", "against": "last_year", "told_as": "difference"},
    "cumulative": {"metric": "leads_created", "grain_to_date": "year"},
    "lagged": {"metric": "leads_created", "offset_window": "2 periods"},
    "share": {"metric": "leads_created", "over": "region"},
    "survey": {"method": "csat", "table": "surveys", "column": "score", "top_box_from": "4"},
    "typed": {"unit": "point"},
    "conversion": {
        "table": "leads",
        "window": "90 days",
        "step-TOTAL_FORMS": "4",
        "step-INITIAL_FORMS": "0",
        "step-0-id": "lead",
        "step-0-time": "created_on",
        "step-1-id": "mql",
        "step-1-name_zh": "合格线索",
        "step-1-time": "mql_on",
        "step-3-id": "won",
        "step-3-table": "opportunities",
        "step-3-key": "lead_id",
        "step-3-time": "closed_on",
        "step-3-filter": "stage = 'won'",
    },
}
COMMON = {name: said for name, said in FORM.items() if name not in ("table", "agg", "filter")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_that_leads_to_a_definition(refreshed, client_of, kind):
    client = client_of(refreshed.analyst)
    assert f"{DEFINE}?type={kind}" in client.get(DEFINE).content.decode()
    assert client.get(f"{DEFINE}?type={kind}").status_code == 200

    answer = client.post(DEFINE, {**COMMON, "unit": "", "type": kind, **KINDS[kind]})

    assert (answer.status_code, f"    type: {kind}" in answer.content.decode()) == (200, True)


def test_steps_are_written_in_their_order_and_an_empty_row_is_none(refreshed, client_of):
    given = {**COMMON, "unit": "", "type": "conversion", **KINDS["conversion"]}

    page = html.unescape(client_of(refreshed.analyst).post(DEFINE, given).content.decode())

    written = """\
    window: 90 days
    steps:
      lead:
        time: created_on
      mql:
        time: mql_on
        name: 合格线索
      won:
        table: opportunities
        key: lead_id
        time: closed_on
        filter: stage = 'won'
"""
    assert written in page


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("growth", {"metric": ""}),
        ("conversion", {"step-1-id": "", "step-1-time": "mql_on"}),
        ("conversion", {"step-1-id": "", "step-1-time": "", "step-1-name_zh": "", "step-3-id": ""}),
        ("cumulative", {"window": "90 days"}),
        ("lagged", {"offset_window": "soon"}),
    ],
)
def test_what_a_kind_cannot_do_is_said_and_what_was_typed_is_kept(
    refreshed, client_of, kind, given
):
    answer = client_of(refreshed.analyst).post(
        DEFINE, {**COMMON, "unit": "", "type": kind, **KINDS[kind], **given}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert 'value="east_leads"' in page


def test_every_metric_of_the_library_comes_out_of_its_form_as_it_went_in(refreshed):
    from django.http import QueryDict

    from mingji.metrics.definitions import library, under
    from mingji.metrics.forms_metric import MetricForm, initial_of
    from mingji.metrics.own_document import put_metric
    from mingji.metrics.queries import words_in_force

    known, document = library().definitions, ""
    for metric in known.metrics.values():
        words = words_in_force(metric.id)
        kind = str(words.get("type", "simple"))
        shown = MetricForm(known, kind, initial=initial_of(metric, words), steps=words.get("steps"))
        data = QueryDict(mutable=True)
        rows = shown.steps.forms if shown.steps else []
        for part in (shown, *([shown.steps.management_form] if rows else []), *rows):
            data.update({each.html_name: str(each.value() or "") for each in part})
        filled = MetricForm(known, kind, data)
        assert filled.is_valid(), (metric.id, filled.errors)
        document = put_metric(document, metric.id, filled.words(words))

    assert under(document).definitions.metrics == known.metrics


def test_the_form_of_a_library_metric_keeps_what_it_does_not_ask_for(refreshed, client_of):
    client = client_of(refreshed.analyst)
    page = client.get(f"{DEFINE}?metric=mql_rejected").content.decode()
    assert "rejected_on is not null" in page

    changed = FORM | {"id": "mql_rejected", "filter": "rejected_on is not null", "time": "mql_on"}
    page = client.post(DEFINE, changed).content.decode()

    assert "    scale: 0" in page
    assert "    time: mql_on" in page


def test_a_form_that_does_not_fit_comes_back_with_what_was_typed(refreshed, client_of):
    answer = client_of(refreshed.analyst).post(DEFINE, FORM | {"filter": "regiom = 'east'"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "regiom" in page
    assert 'value="east_leads"' in page


@pytest.mark.parametrize("address", [EDIT, DEFINE])
def test_only_the_analyst_defines(refreshed, client_of, address):
    client = client_of(refreshed.director)

    assert client.get(address).status_code == 403
    assert client.post(address, {"document": OWN}).status_code == 403


def test_a_refresh_puts_in_force_what_a_stopped_machine_left_behind(refreshed, committed):
    from mingji.metrics import actions
    from mingji.metrics.definitions import library, own_file

    with committed():
        _published()
    own_file().unlink()
    assert "east_leads" not in library().definitions.metrics

    actions.refresh("system", ["2026Q3"], builders.NOW)

    assert "east_leads" in library().definitions.metrics
