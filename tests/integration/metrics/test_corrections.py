"""A correction changes a number only after a second person approved it, and the number says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders
from integration.metrics.conftest import HEAD
from integration.metrics.dispute_builders import (
    METRIC,
    PERIOD,
    a_correction,
    a_number,
    another_analyst,
    approved,
)
from mingji.rules.errors import Invalid, NotAllowed, NotAllowedNow


def refresh():
    from mingji.metrics import actions

    return actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)


def value(member, metric=METRIC, period=PERIOD):
    from mingji.metrics import queries

    found = queries.facts_for([member.pk], period).get((member.pk, metric))
    return found and found.value


def restatements(**which):
    from mingji.metrics.models import Restatement

    return [
        (each.metric, each.before, each.after, each.causes)
        for each in Restatement.objects.filter(**which)
    ]


def test_nothing_changes_before_a_second_person_approves(refreshed):
    correction = a_correction(refreshed.analyst)
    assert refresh() is None

    approved(correction, refreshed.company_hr_partner)
    refresh()

    assert value(refreshed.subject) == Decimal(4)


def test_the_number_says_by_whom_it_was_corrected_and_approved(refreshed):
    from mingji.metrics import queries

    correction = approved(a_correction(refreshed.analyst), refreshed.company_hr_partner)
    refresh()
    seen = queries.observation_for(
        builders.a_viewer(refreshed.subject), a_number(refreshed.subject)
    )
    named = [source for source in seen.node.sources if source.kind == "correction"]

    assert [(each.ref, each.by, each.approved_by) for each in named] == [
        (f"correction:{correction.pk}", "analyst", "hr-company")
    ]
    assert named[0].at.startswith("2026-11-20")


def test_a_number_without_the_row_does_not_name_the_correction(refreshed):
    from mingji.metrics import queries

    approved(a_correction(refreshed.analyst), refreshed.company_hr_partner)
    refresh()
    seen = queries.observation_for(builders.a_viewer(refreshed.peer), a_number(refreshed.peer))

    assert [source.kind for source in seen.node.sources] == ["rows"]


def test_the_rows_behind_the_number_show_the_correction_beside_the_file(refreshed):
    from mingji.metrics import queries

    correction = approved(a_correction(refreshed.analyst), refreshed.company_hr_partner)
    refresh()
    page = queries.rows_for(builders.a_viewer(refreshed.subject), a_number(refreshed.subject)).page

    assert [row[0] for row in page.rows] == [
        "leads.csv",
        "leads.csv",
        "leads.csv",
        f"leads.csv · correction №{correction.pk}",
    ]


def test_a_closed_period_keeps_what_it_said_before_and_why_it_changed(refreshed):
    correction = approved(a_correction(refreshed.analyst), refreshed.company_hr_partner)
    refresh()

    cause = {"kind": "correction", "numbers": [correction.pk]}
    assert restatements(member=refreshed.subject, metric=METRIC) == [
        (METRIC, Decimal(3), Decimal(4), [cause])
    ]
    assert not restatements(member=refreshed.peer)


def test_a_member_who_loses_the_only_row_has_no_data_and_the_cause_is_known(refreshed):
    correction = approved(
        a_correction(refreshed.analyst, kind="exclude", key=("L4",), values={}),
        refreshed.company_hr_partner,
    )
    refresh()

    assert value(refreshed.peer) is None
    assert restatements(member=refreshed.peer, metric=METRIC) == [
        (METRIC, Decimal(1), None, [{"kind": "correction", "numbers": [correction.pk]}])
    ]


def test_late_data_restates_too_and_names_the_file(refreshed, load):
    load("leads", HEAD + "L7,2026-09-09,search,,east,auto,peer,,,,\n", "late.csv")
    refresh()

    assert restatements(member=refreshed.peer, metric=METRIC) == [
        (METRIC, Decimal(1), Decimal(2), [{"kind": "late_data", "files": ["late.csv"]}])
    ]


def test_a_running_period_is_never_restated(company, load):
    from mingji.metrics import actions

    load("leads", HEAD + "L8,2026-10-09,search,,east,auto,peer,,,,\n", "one.csv")
    actions.refresh("system", ["2026Q4"], builders.NOW)
    load("leads", HEAD + "L9,2026-10-10,search,,east,auto,peer,,,,\n", "two.csv")
    actions.refresh("system", ["2026Q4"], builders.NOW)

    assert value(company.peer, period="2026Q4") == Decimal(2)
    assert restatements() == []


def test_nobody_approves_the_own_correction(refreshed):
    correction = a_correction(refreshed.analyst)

    with pytest.raises(NotAllowed, match="own correction"):
        approved(correction, refreshed.analyst)


def test_nobody_approves_a_correction_that_moves_the_own_number(refreshed):
    second = another_analyst()
    correction = a_correction(refreshed.analyst, values={"owner": "analyst-2"})

    with pytest.raises(NotAllowed, match="own numbers"):
        approved(correction, second)


@pytest.mark.parametrize("who", ["manager", "director", "hr_partner", "subject"])
def test_only_an_analyst_or_the_partner_of_all_approves(refreshed, who):
    correction = a_correction(refreshed.analyst)

    with pytest.raises(NotAllowed):
        approved(correction, getattr(refreshed, who))


def test_only_the_analyst_proposes(refreshed):
    with pytest.raises(NotAllowed):
        a_correction(refreshed.company_hr_partner)


def test_what_is_decided_stays_decided(refreshed):
    correction = approved(a_correction(refreshed.analyst), refreshed.company_hr_partner)

    with pytest.raises(NotAllowedNow):
        approved(correction, another_analyst())


def test_a_missing_row_needs_evidence_and_then_counts(refreshed):
    row = {"created_on": "2026-09-20", "owner": "peer", "channel": "events"}
    with pytest.raises(Invalid, match="evidence"):
        a_correction(refreshed.analyst, kind="add", key=("L99",), values=row)
    correction = a_correction(
        refreshed.analyst, kind="add", key=("L99",), values=row, evidence="badge-scan-17.pdf"
    )
    approved(correction, refreshed.company_hr_partner)
    refresh()

    assert value(refreshed.peer) == Decimal(2)


def test_a_row_that_no_system_holds_names_who_typed_it_who_approved_it_and_the_evidence(refreshed):
    from mingji.metrics import queries

    row = {"created_on": "2026-09-21", "owner": "peer"}
    typed = a_correction(
        refreshed.analyst,
        kind="add",
        key=("T1",),
        values=row,
        evidence="Survey of September",
        evidence_link="https://survey.example/9",
    )
    approved(typed, refreshed.company_hr_partner)
    refresh()
    seen = queries.observation_for(builders.a_viewer(refreshed.peer), a_number(refreshed.peer))
    named = next(source for source in seen.node.sources if source.kind == "correction")

    assert "typed in" in named.label.en
    assert (named.by, named.approved_by) == ("analyst", "hr-company")
    assert named.origin == ("https://survey.example/9", "Survey of September")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": ("L404",)}, "there is no row"),
        ({"kind": "add", "evidence": "seen"}, "there is a row with this key"),
        ({"values": {"owner": "agency-x"}}, "no column would be different"),
        ({"values": {"created_on": "yesterday"}}, "cannot be “yesterday”"),
        ({"table": "deals"}, "no such table"),
        ({"reason": ""}, "say why"),
        ({"evidence_link": "javascript:alert(1)"}, "https://"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_words(refreshed, given, said):
    with pytest.raises(Invalid) as refused:
        a_correction(refreshed.analyst, **given)

    assert said in refused.value.message.en


def test_who_lost_a_row_reads_the_correction_but_not_the_dispute(refreshed):
    from integration.metrics.dispute_builders import a_dispute
    from mingji.metrics import queries

    dispute = a_dispute(refreshed.subject)
    correction = a_correction(
        refreshed.analyst, key=("L4",), values={"owner": "subject"}, dispute_id=dispute.pk
    )

    page = queries.correction_page(builders.a_viewer(refreshed.peer), correction.pk)
    assert page.dispute_id is None
    assert (
        queries.correction_page(builders.a_viewer(refreshed.subject), correction.pk).dispute_id
        == dispute.pk
    )


def sources_below(node):
    """The corrections that a number names, by the part that names them."""
    return {
        (each.key, source.ref)
        for each in node.walk()
        for source in each.sources
        if source.kind == "correction"
    }


OPPORTUNITIES = """\
opportunity_id,lead_id,created_on,closed_on,stage,kind,channel,amount,owner
O1,L3,2026-09-10,2026-09-20,lost,new,search,100,subject
"""


def test_a_correction_within_a_conversion_is_among_its_reasons(refreshed, load):
    from mingji.metrics import queries

    load("opportunities", OPPORTUNITIES, "opportunities.csv")
    refresh()
    won = a_correction(
        refreshed.analyst, table="opportunities", key=("O1",), values={"stage": "won"}
    )
    approved(won, refreshed.company_hr_partner)
    refresh()
    rate = a_number(refreshed.subject, metric="lead_to_customer_rate")
    seen = queries.observation_for(builders.a_viewer(refreshed.subject), rate)

    assert ("lead_to_customer_rate-won", f"correction:{won.pk}") in sources_below(seen.node)
    assert restatements(member=refreshed.subject, metric="lead_to_customer_rate")[-1][3] == [
        {"kind": "correction", "numbers": [won.pk]}
    ]


def test_a_correction_of_the_period_compared_with_is_among_the_reasons_of_the_change(
    refreshed, django_capture_on_commit_callbacks
):
    from mingji.metrics import actions, queries

    own = "metrics:\n  more_leads: {type: growth, metric: leads_created, as: difference}\n"
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_definitions("system", own, "How leads grow.", builders.NOW)
    moved = a_correction(refreshed.analyst, key=("L6",), values={"owner": "subject"})
    approved(moved, refreshed.company_hr_partner)
    refresh()
    more = a_number(refreshed.subject, metric="more_leads")
    seen = queries.observation_for(builders.a_viewer(refreshed.subject), more)

    assert ("leads_created@2026Q2", f"correction:{moved.pk}") in sources_below(seen.node)
