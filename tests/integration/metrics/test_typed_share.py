"""Market share: one's own sales of the company's market, whose size a report gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders
from integration.metrics.dispute_builders import approved
from integration.metrics.test_dispute_pages import signed_in, text
from integration.metrics.test_typed import refresh, typed
from mingji.rules.errors import NotFound


def a_share_of_a_market(refreshed, load):
    """250 of a market of 1,000, all sold by the subject; the correction that says the 1,000."""
    head = "order_id,ordered_on,customer_id,amount,owner\n"
    load("orders", f"{head}O1,2026-08-20,C1,250,subject\n", "orders.csv")
    size = {"metric": "reported_market_size", "level": "company", "who": "", "value": "1000"}
    value = approved(typed(refreshed.analyst, **size), refreshed.company_hr_partner)
    refresh()
    return value


def share_of(**whose):
    from mingji.metrics.queries import Slice

    return Slice("reported_market_share", "2026Q3", **whose)


def test_members_and_teams_have_their_share_of_the_companys_market(refreshed, load):
    from mingji.metrics import queries

    value = a_share_of_a_market(refreshed, load)
    for whose in ({"member": "subject"}, {"team": "growth"}):
        seen = queries.observation_for(builders.a_viewer(refreshed.subject), share_of(**whose))

        assert seen.node.value == Decimal("0.25")
        whole = seen.node.inputs[1]
        assert [source.ref for source in whole.sources if source.kind == "correction"] == [
            f"correction:{value.pk}"
        ]
    with pytest.raises(NotFound):
        queries.observation_for(builders.a_viewer(refreshed.peer), share_of(member="subject"))


def test_the_whole_of_a_members_share_opens_to_its_row(refreshed, load):
    a_share_of_a_market(refreshed, load)
    client = signed_in(refreshed.subject)
    asked = "?member=subject&path=reported_market_size-company@*"
    why = text(client.get(f"/metrics/reported_market_share/2026Q3/why/{asked}"))
    link = next(part for part in why.split('"') if "/rows/" in part)

    page = client.get(link.replace("&amp;", "&"))
    assert page.status_code == 200
    assert "1000" in text(page)


def test_a_new_size_of_the_market_restates_everybodys_share_and_says_so(refreshed, load):
    from mingji.metrics.models import Restatement

    a_share_of_a_market(refreshed, load)
    size = {"metric": "reported_market_size", "level": "company", "who": "", "value": "2000"}
    second = approved(typed(refreshed.analyst, **size), refreshed.company_hr_partner)
    refresh()

    of_member = {"metric": "reported_market_share", "member": refreshed.subject}
    last = Restatement.objects.filter(**of_member).latest("pk")
    assert (last.before, last.after) == (Decimal("0.25"), Decimal("0.125"))
    assert last.causes == [{"kind": "correction", "numbers": [second.pk]}]
