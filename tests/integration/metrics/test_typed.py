"""A value that no system holds is typed in with evidence and counts once a second person agreed."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders
from integration.metrics.dispute_builders import another_analyst, approved
from integration.metrics.test_dispute_pages import signed_in, text
from mingji.rules.errors import Invalid, NotAllowed, NotFound

METRIC = "brand_index"
PAGE = f"/metrics/{METRIC}/typed/"
FORM = f"{PAGE}new/"


def a_value(**given):
    from mingji.metrics import actions

    usual = {
        "metric": METRIC,
        "period": "2026Q3",
        "level": "team",
        "who": "growth",
        "value": "62.5",
        "evidence": "Agency report, page 4.",
    }
    return actions.TypedValue(**{**usual, **given})


def typed(by, **given):
    from mingji.metrics import actions

    return actions.type_in(builders.a_viewer(by), a_value(**given), at=builders.NOW)


def rejected(correction, by, words="Not the report of this year."):
    from mingji.metrics import actions

    viewer = builders.a_viewer(by)
    return actions.decide_correction(
        viewer, correction.pk, approve=False, words=words, at=builders.NOW
    )


def refresh():
    from mingji.metrics import actions

    return actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)


def now(**whose):
    """The value of the metric that counts, of a team, a member or the company."""
    from mingji.metrics.models import Observation

    asked = {"metric": METRIC, "period": "2026Q3", "team": None, "member": None, "current": True}
    found = Observation.objects.filter(**{**asked, **whose}).first()
    return found and found.value


def team(code="growth"):
    from mingji.people import queries

    return queries.teams_by_code()[code]


def test_a_value_that_waits_never_counts(refreshed):
    value = typed(refreshed.analyst)
    assert refresh() is None

    approved(value, refreshed.company_hr_partner)
    refresh()

    assert now(team=team()) == Decimal("62.5")


def test_the_value_of_a_team_is_neither_its_departments_nor_the_companys(refreshed):
    approved(typed(refreshed.analyst), refreshed.company_hr_partner)
    approved(
        typed(refreshed.analyst, level="company", who="", value="58"), refreshed.company_hr_partner
    )
    refresh()

    assert now() == Decimal(58)
    assert now(team=team("company")) is None


def test_a_value_of_a_member_counts_for_the_member_alone(refreshed):
    approved(
        typed(refreshed.analyst, level="member", who="subject", value="4"),
        refreshed.company_hr_partner,
    )
    refresh()

    assert now(member=refreshed.subject) == Decimal(4)
    assert now(team=team()) is None
    assert now() is None


def test_the_reasons_say_who_typed_it_in_who_approved_it_when_and_on_what_evidence(refreshed):
    from mingji.metrics import queries

    value = typed(refreshed.analyst, evidence_link="https://reports.example/brand")
    approved(value, refreshed.company_hr_partner)
    refresh()
    number = queries.Slice(METRIC, "2026Q3", team="growth")
    seen = queries.observation_for(builders.a_viewer(refreshed.peer), number)
    named = next(source for source in seen.node.sources if source.kind == "correction")

    assert "a value typed in" in named.label.en
    assert (named.ref, named.by, named.approved_by) == (
        f"correction:{value.pk}",
        "analyst",
        "hr-company",
    )
    assert named.origin == ("https://reports.example/brand", "Agency report, page 4.")
    assert named.at.startswith("2026-11-20")
    assert seen.node.formula.en.startswith("the brand's score in the research agency's report")


def test_a_value_that_replaces_another_restates_a_closed_period(refreshed):
    from mingji.metrics.models import Restatement

    approved(typed(refreshed.analyst), refreshed.company_hr_partner)
    refresh()
    second = approved(typed(refreshed.analyst, value="60"), refreshed.company_hr_partner)
    refresh()

    last = Restatement.objects.filter(metric=METRIC).latest("pk")
    assert (last.before, last.after) == (Decimal("62.5"), Decimal(60))
    assert last.causes == [{"kind": "correction", "numbers": [second.pk]}]
    assert now(team=team()) == Decimal(60)


def test_a_value_can_be_taken_back(refreshed):
    approved(typed(refreshed.analyst), refreshed.company_hr_partner)
    approved(typed(refreshed.analyst, value=""), refreshed.company_hr_partner)
    refresh()

    assert now(team=team()) is None


def test_a_rejected_value_never_counts_and_may_be_typed_in_anew(refreshed):
    rejected(typed(refreshed.analyst), refreshed.company_hr_partner)
    approved(typed(refreshed.analyst, value="61"), refreshed.company_hr_partner)
    refresh()

    assert now(team=team()) == Decimal(61)


def test_other_metrics_are_made_from_typed_in_values(refreshed, load):
    from mingji.metrics.models import Observation

    head = "order_id,ordered_on,customer_id,amount,owner\n"
    load("orders", f"{head}O1,2026-08-20,C1,250,subject\n", "orders.csv")
    size = {"metric": "reported_market_size", "level": "company", "who": "", "value": "1000"}
    approved(typed(refreshed.analyst, **size), refreshed.company_hr_partner)
    refresh()

    share = Observation.objects.get(
        metric="reported_market_share", period="2026Q3", current=True, team=None, member=None
    )
    assert share.value == Decimal("0.25")


@pytest.mark.parametrize("who", ["subject", "peer", "manager", "director", "company_hr_partner"])
def test_nobody_but_who_keeps_the_data_types_values_in(refreshed, who):
    with pytest.raises(NotAllowed):
        typed(getattr(refreshed, who))


def test_nobody_types_in_the_own_number_or_that_of_the_own_team(refreshed):
    from mingji.people import queries

    analyst = builders.a_viewer(refreshed.analyst)
    teams = {each.pk: code for code, each in queries.teams_by_code().items()}

    with pytest.raises(NotAllowed, match="their own number"):
        typed(refreshed.analyst, level="member", who="analyst")
    with pytest.raises(NotAllowed, match="own team"):
        typed(refreshed.analyst, who=teams[analyst.team_id])


def test_nobody_approves_what_they_typed_in_or_what_is_their_own_number(refreshed):
    second = another_analyst()

    with pytest.raises(NotAllowed, match="own correction"):
        approved(typed(refreshed.analyst), refreshed.analyst)
    with pytest.raises(NotAllowed, match="own numbers"):
        approved(typed(refreshed.analyst, level="member", who="analyst-2"), second)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"evidence": ""}, "needs evidence"),
        ({"evidence_link": "file:///tmp/x"}, "https://"),
        ({"value": ""}, "fill in the value"),
        ({"value": "1.2.3"}, "a number such as"),
        ({"value": "NaN"}, "a number such as"),
        ({"value": "1.234"}, "at most 2 decimal places"),
        ({"period": "2019Q1"}, "choose a period"),
        ({"level": "planet"}, "whose number"),
        ({"who": "nowhere"}, "choose a team"),
        ({"level": "member", "who": "nobody"}, "no such member"),
    ],
)
def test_what_cannot_be_typed_in_is_refused_in_words(refreshed, given, said):
    with pytest.raises(Invalid) as refused:
        typed(refreshed.analyst, **given)

    assert said in refused.value.message.en


def test_one_value_waits_at_a_time_and_the_same_is_not_typed_in_twice(refreshed):
    value = typed(refreshed.analyst)
    with pytest.raises(Invalid, match="waits for approval"):
        typed(refreshed.analyst, value="63")
    approved(value, refreshed.company_hr_partner)
    with pytest.raises(Invalid, match="counts already"):
        typed(refreshed.analyst, value="62.50")


def test_a_metric_that_is_computed_from_rows_takes_no_values(refreshed):
    with pytest.raises(NotFound):
        typed(refreshed.analyst, metric="leads_created")


def test_nobody_gets_around_the_second_person_by_a_file_or_a_correction(refreshed, load):
    from mingji.metrics import actions

    with pytest.raises(Invalid, match="no table"):
        load("typed_values", "metric,period,level,who,value\nbrand_index,2026Q3,team,growth,9\n")
    row = ("brand_index", "2026Q3", "team", "growth")
    with pytest.raises(Invalid, match="no such table"):
        actions.propose_correction(
            builders.a_viewer(refreshed.analyst),
            actions.Proposal("typed_values", "add", row, "x", {"value": "9"}, evidence="x"),
            at=builders.NOW,
        )


def test_who_typed_what_and_who_decided_stands_in_the_audit_trail(refreshed):
    from mingji.audit.models import AuditRecord

    rejected(typed(refreshed.analyst), refreshed.company_hr_partner)
    approved(typed(refreshed.analyst, value="61"), refreshed.company_hr_partner)

    found = AuditRecord.objects.filter(kind="correction").order_by("pk")
    assert [(each.actor, each.action, each.reason) for each in found] == [
        ("analyst", "metrics.type_in", ""),
        ("hr-company", "metrics.reject_correction", "Not the report of this year."),
        ("analyst", "metrics.type_in", ""),
        ("hr-company", "metrics.approve_correction", ""),
    ]


def test_from_the_form_to_the_number_and_its_list(refreshed):
    analyst, partner = signed_in(refreshed.analyst), signed_in(refreshed.company_hr_partner)
    given = {"period": "2026Q3", "level": "team", "team": "growth", "number": "62.5"}
    assert "Type in a value" in text(analyst.get(PAGE))
    assert analyst.get(FORM).status_code == 200

    refused = analyst.post(FORM, given)
    assert refused.status_code == 422
    assert "needs evidence" in text(refused)
    answer = analyst.post(FORM, {**given, "evidence": "Agency report, page 4."}, follow=True)
    assert "waits for approval" in text(answer)
    inbox = text(partner.get("/metrics/data/corrections/"))
    assert "Brand survey result · Q3 2026 · Growth" in inbox
    number = inbox.split("/metrics/data/corrections/")[-1].split("/")[0]
    page = text(partner.get(f"/metrics/data/corrections/{number}/"))
    assert "Agency report, page 4." in page
    partner.post(f"/metrics/data/corrections/{number}/decide/", {"decision": "approve"})
    analyst.post("/metrics/data/refresh/")

    assert "counts" in text(analyst.get(PAGE))
    why = text(signed_in(refreshed.peer).get(f"/metrics/{METRIC}/2026Q3/why/?team=growth"))
    assert f"/metrics/data/corrections/{number}/" in why
    opened = signed_in(refreshed.peer).get(f"/metrics/data/corrections/{number}/")
    assert opened.status_code == 200
    rows = text(analyst.get(f"/metrics/{METRIC}/2026Q3/rows/?team=growth"))
    assert "62.5" in rows
    assert "corrections/new" not in rows


def test_a_value_of_a_member_that_waits_is_no_peers_business(refreshed):
    value = typed(refreshed.analyst, level="member", who="subject", value="4")
    page = f"/metrics/data/corrections/{value.pk}/"

    assert signed_in(refreshed.subject).get(page).status_code == 200
    assert signed_in(refreshed.manager).get(page).status_code == 200
    assert signed_in(refreshed.peer).get(page).status_code == 404


def test_a_rate_is_typed_in_percent(refreshed, django_capture_on_commit_callbacks):
    from mingji.metrics import actions, queries

    own = "metrics:\n  awareness: {type: typed, unit: ratio}\n"
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_definitions("system", own, "A survey of awareness.", builders.NOW)
    form = {"period": "2026Q3", "level": "member", "member": "subject", "number": "62.5"}
    analyst = signed_in(refreshed.analyst)
    analyst.post("/metrics/awareness/typed/new/", {**form, "evidence": "Report."})
    page = queries.typed_page(builders.a_viewer(refreshed.analyst), "awareness")

    assert [line.value for line in page.lines] == [Decimal("0.625")]
    assert "62.5%" in text(analyst.get("/metrics/awareness/typed/")).replace(
        '<span class="unit">', ""
    )


def test_a_dispute_of_a_typed_in_number_is_answered_by_typing_it_in_anew(refreshed):
    from mingji.metrics.models import Dispute

    member = {"level": "member", "who": "subject"}
    approved(typed(refreshed.analyst, **member, value="4"), refreshed.company_hr_partner)
    refresh()
    signed_in(refreshed.subject).post(
        f"/metrics/{METRIC}/2026Q3/dispute/?member=subject",
        {"ground": "wrong_amount", "text": "The report says 5."},
    )
    dispute = Dispute.objects.get()
    analyst = signed_in(refreshed.analyst)
    link = f"{FORM}?dispute={dispute.pk}&amp;period=2026Q3&amp;member=subject"
    assert link in text(analyst.get(f"/metrics/disputes/{dispute.pk}/"))

    again = {**member, "value": "5", "dispute_id": dispute.pk}
    approved(typed(refreshed.analyst, **again), refreshed.company_hr_partner)
    refresh()

    dispute.refresh_from_db()
    assert dispute.status == "answered"
    assert now(member=refreshed.subject) == Decimal(5)


def test_the_list_is_paged_by_key(refreshed):
    from mingji.metrics import queries
    from mingji.metrics.queries import typed as reading

    for n in range(reading.PAGE + 2):
        rejected(typed(refreshed.analyst, value=str(n + 1)), refreshed.company_hr_partner)
    viewer = builders.a_viewer(refreshed.analyst)
    first = queries.typed_page(viewer, METRIC)
    second = queries.typed_page(viewer, METRIC, first.next)

    assert (len(first.lines), len(second.lines), second.next) == (reading.PAGE, 2, "")


def test_who_may_not_see_the_list_does_not(refreshed):
    assert signed_in(refreshed.company_hr_partner).get(PAGE).status_code == 200
    for who in ("subject", "manager", "director", "hr_partner"):
        assert signed_in(getattr(refreshed, who)).get(PAGE).status_code == 403


def test_the_explorer_shows_typed_in_values_by_team(refreshed):
    approved(typed(refreshed.analyst), refreshed.company_hr_partner)
    refresh()
    page = signed_in(refreshed.analyst).get(f"/metrics/{METRIC}/explore/?period=2026Q3&by=team")

    assert page.status_code == 200
    assert "62.5" in text(page)
