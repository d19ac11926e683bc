"""A scheme version that is published later moves nothing of a goal that both sides have signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
LATER = builders.NOW + timedelta(days=3)


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def another_scheme_version() -> None:
    """Leads count up to another cap, and weigh 35 where they weighed 30."""
    from mingji.schemes.actions import publish
    from mingji.schemes.document import find

    text = find("marketing-team").read_text(encoding="utf-8")
    changed = text.replace("{method: ratio, cap: 1.2}", "{method: ratio, cap: 1.1}", 1)
    changed = changed.replace("*mql_count, weight: 30", "*mql_count, weight: 35", 1)
    changed = changed.replace("*renewal_revenue, weight: 25", "*renewal_revenue, weight: 20", 1)
    publish("system", changed, at=LATER)


def main_of(client: Client, address: str) -> str:
    """What a page says, without the token of its forms, which is another each time."""
    said = str(client.get(address).content.decode()).split("<main")[1]
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", said)


def test_the_form_of_signed_goals_stays_that_of_the_signing(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions, queries
    from mingji.goals.queries import Owner

    goals = {
        who: build.a_draft(company.manager, getattr(company, who)) for who in ("subject", "peer")
    }
    signed = build.agreement_of(goals["subject"])
    actions.propose(builders.a_viewer(company.manager), signed.pk, at=builders.NOW)
    actions.accept(builders.a_viewer(company.subject), signed.pk, number=1, at=builders.NOW)
    own, draft = Owner(member=company.subject), Owner(member=company.peer)
    page = f"/goals/{goals['subject']}/"
    before = queries.measured_items(own, build.PERIOD), queries.form_parts(own, build.PERIOD)
    shown = main_of(client_of(company.subject), page)

    another_scheme_version()

    after = queries.measured_items(own, build.PERIOD), queries.form_parts(own, build.PERIOD)
    of_draft = queries.measured_items(draft, build.PERIOD)
    assert after == before
    assert main_of(client_of(company.subject), page) == shown
    assert "120" in shown
    assert of_draft["mql_count"].weight == 35
    assert after[0]["mql_count"].weight != 35
