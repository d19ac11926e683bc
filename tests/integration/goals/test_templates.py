"""Goal templates of job families: saved from an agreement, chosen when goals of many are set."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build
from mingji.rules.goal_terms import GoalTerms

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
NEXT = "2027Q1"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def a_draft(company: builders.Company) -> int:
    """A draft of the peer: two items of the form weighed anew, one beside it, an objective."""
    from mingji.goals import actions
    from mingji.goals.queries import Owner

    for terms in (
        GoalTerms(
            key="mql_count",
            target=Decimal(120),
            baseline=Decimal(90),
            threshold=Decimal(100),
            weight=Decimal(55),
            support="一名实习生",
        ),
        GoalTerms(key="cost_per_mql", target=Decimal(900), weight=Decimal(5)),
        GoalTerms(key="kpi-1", metric="sql_count", title="销售合格线索", target=Decimal(30)),
        GoalTerms(key="objective-1", kind="objective", title="进入新市场"),
    ):
        goal = actions.set_goal(
            builders.a_viewer(company.manager),
            Owner(member=company.peer),
            period=NEXT,
            terms=terms,
            at=builders.NOW,
        )
    number: int = build.agreement_of(goal).pk
    return number


def save(client: Client, agreement: int, name: str = "重获客") -> Any:
    return client.post(f"/goals/agreements/{agreement}/template/", {"name": name})


def the_template() -> Any:
    from mingji.goals.models import GoalTemplate

    return GoalTemplate.objects.get()


def test_a_lead_saves_items_and_weights_of_an_agreement_and_nobodys_targets(
    company: builders.Company, client_of: ClientOf
) -> None:
    done = save(client_of(company.manager), a_draft(company), "  重获客  ")

    assert done.status_code == 302
    template = the_template()
    assert (template.family, template.name, template.made_by) == ("DG", "重获客", "manager")
    assert template.goals == (
        GoalTerms(key="cost_per_mql", metric="cost_per_mql", weight=Decimal(5)),
        GoalTerms(key="kpi-1", metric="sql_count", title="销售合格线索"),
        GoalTerms(key="mql_count", metric="mql_count", weight=Decimal(55)),
    )


def test_goals_of_the_family_are_set_with_the_items_and_weights_of_the_template(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Agreement, Goal

    client = client_of(company.manager)
    save(client, a_draft(company))
    Goal.objects.all().delete()
    Agreement.objects.all().delete()
    build.an_observation("mql_count", "200", member=company.peer)
    address = f"/goals/plan/?period={NEXT}&template={the_template().pk}"

    page = client.get(address)
    cells = {
        "who": ["peer"],
        "period": NEXT,
        "peer:mql_count": "210",
        "peer:cost_per_mql": "800",
        "peer:kpi-1": "25",
    }
    done = client.post(address, cells)

    tables = {table.family.en: table for table in page.context["found"].tables}
    assert [item.id for item in tables["Performance ads"].items] == [
        "mql_count",
        "cost_per_mql",
        "kpi-1",
    ]
    assert tables["Growth"].template is None
    assert "重获客" in page.content.decode()
    assert done.status_code == 302
    rows = {row.item: row for row in Goal.objects.filter(member=company.peer)}
    assert {key: (row.target, row.weight) for key, row in rows.items()} == {
        "mql_count": (210, 55),
        "cost_per_mql": (800, 5),
        "kpi-1": (25, None),
    }
    assert (rows["kpi-1"].title, rows["mql_count"].support) == ("销售合格线索", "")


def test_without_a_choice_the_form_of_the_scheme_stays(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    save(client, a_draft(company))

    page = client.get("/goals/plan/?template=&template=99999999&template=x")

    assert all(table.template is None for table in page.context["found"].tables)
    assert "peer:roas" in page.content.decode()


def test_the_page_shows_the_twelve_families_of_the_scheme_and_what_was_saved(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    save(client, a_draft(company))

    page = client.get("/goals/templates/")

    families = page.context["families"]
    assert len(families) == 12
    assert all(family.shipped for family in families)
    saved = [each.row.name for family in families for each in family.saved]
    assert saved == ["重获客"]
    assert "55%" in page.content.decode()


def test_who_saved_it_or_an_hr_partner_removes_it_and_others_do_not(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import GoalTemplate

    agreement = a_draft(company)
    for name, role in (("一", "manager"), ("二", "manager")):
        save(client_of(getattr(company, role)), agreement, name)
    first, second = GoalTemplate.objects.order_by("pk")

    others = client_of(company.other_manager).post(f"/goals/templates/{first.pk}/remove/")
    own = client_of(company.manager).post(f"/goals/templates/{first.pk}/remove/")
    again = client_of(company.manager).post(f"/goals/templates/{first.pk}/remove/")
    hr = client_of(company.hr_partner).post(f"/goals/templates/{second.pk}/remove/")

    answers = [answer.status_code for answer in (others, own, again, hr)]
    assert answers == [403, 302, 404, 302]
    assert not GoalTemplate.objects.exists()


def test_members_neither_save_nor_see_templates(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import GoalTemplate

    agreement = a_draft(company)
    own = client_of(company.peer)

    assert save(own, agreement).status_code == 403
    assert own.get("/goals/templates/").status_code == 403
    assert "template/" not in own.get(f"/goals/agreements/{agreement}/").content.decode()
    assert save(client_of(company.subject), agreement).status_code == 404
    assert save(client_of(company.other_manager), agreement).status_code == 404
    assert not GoalTemplate.objects.exists()


def test_an_hr_partner_saves_a_template(company: builders.Company, client_of: ClientOf) -> None:
    assert save(client_of(company.hr_partner), a_draft(company)).status_code == 302


@pytest.mark.parametrize("name", ["", "   ", "长" * 81])
def test_a_template_needs_a_name_that_can_be_read(
    company: builders.Company, client_of: ClientOf, name: str
) -> None:
    answer = save(client_of(company.manager), a_draft(company), name)

    assert answer.status_code == 422
    assert "给模板起个名字" in answer.content.decode()


def test_a_name_is_given_once_in_a_family(company: builders.Company, client_of: ClientOf) -> None:
    client, agreement = client_of(company.manager), a_draft(company)
    save(client, agreement)

    answer = save(client, agreement)

    assert answer.status_code == 422
    assert "已有同名模板" in answer.content.decode()


def test_an_agreement_without_measured_kpis_makes_no_template(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    agreement = a_draft(company)
    Goal.objects.exclude(kind="objective").delete()

    answer = save(client_of(company.manager), agreement)

    assert answer.status_code == 422
    assert "存不成模板" in answer.content.decode()
