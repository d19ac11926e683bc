"""Which part of the goal above each goal below carries: chosen on the page, told by the metrics."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def team(code: str = "growth") -> Any:
    from mingji.people import queries as people

    return people.teams_by_code()[code]


@pytest.fixture
def cost(company: builders.Company, client_of: ClientOf) -> Any:
    """The team's cost per lead, which one member's spend and another's leads serve."""
    above = build.an_agreed_goal("cost_per_lead", "80", team=team())
    spend = build.an_agreed_goal("spend_total", "100000", member=company.subject)
    leads = build.an_agreed_goal("leads_created", "1200", member=company.peer)
    for goal in (spend, leads):
        serve(client_of(company.manager), goal, above)
    return above


@pytest.fixture
def revenue(company: builders.Company) -> Any:
    return build.an_agreed_goal("won_revenue", "1000000", team=team())


def serve(client: Client, child: Any, parent: Any, part: str = "", **more: str) -> Any:
    sent = {"parent": parent.pk, "share": "100", "part": part, **more}
    return client.post(f"/goals/{child.pk}/align/", sent)


def read(client: Client, goal: Any, address: str = "") -> str:
    return str(client.get(f"/goals/{goal.pk}/alignment/{address}").content.decode())


def test_the_metrics_tell_numerator_and_denominator_of_a_ratio(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    page = read(client_of(company.manager), cost)

    assert "自动：分子" in page
    assert "自动：分母" in page
    assert "下级合成 83.3333，距上级目标 80 还差 3.3333（4.1667%）" in page
    assert "分子不变，分母合计增加 50（从 1,200 到 1,250）" in page


def test_each_way_to_close_the_gap_opens_into_its_reasons(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    manager = client_of(company.manager)

    page = read(manager, cost)
    why = read(manager, cost, "why/?way=1")
    inside = read(manager, cost, "why/?way=1&path=needed")

    assert f"/goals/{cost.pk}/alignment/why/?way=1" in page
    assert "1,250" in why
    assert "way=1&amp;path=needed" in why
    assert "1,200 × 83.3333 ÷ 80" in inside
    assert manager.get(f"/goals/{cost.pk}/alignment/why/?way=9").status_code == 404


def test_a_funnel_is_chosen_by_its_parts_and_says_how_many_more_leads_or_points(
    company: builders.Company, client_of: ClientOf, revenue: Any
) -> None:
    leads = build.an_agreed_goal("leads_created", "2000", member=company.subject)
    rate = build.an_agreed_goal("win_rate", "0.05", member=company.peer)
    size = build.an_agreed_goal("average_deal", "9000", member=company.subject)
    manager = client_of(company.manager)
    for goal, part in ((leads, "count"), (rate, "rate"), (size, "value")):
        assert serve(manager, goal, revenue, part).status_code == 302

    page = read(manager, revenue)

    assert "下级合成 900,000，距上级目标 1,000,000 还差 100,000（10%）" in page
    assert "增加 223（从 2,000 到 2,223）" in page
    assert "增加 0.56 个百分点（从 5% 到 5.56%）" in page
    assert "+0.56" in page
    assert f"/goals/{revenue.pk}/split/" not in page


def test_the_lead_of_the_team_says_how_targets_combine_and_what_each_carries(
    company: builders.Company, client_of: ClientOf, revenue: Any
) -> None:
    from mingji.audit.models import AuditRecord
    from mingji.goals.models import Alignment, Goal

    leads = build.an_agreed_goal("leads_created", "2000", member=company.subject)
    rate = build.an_agreed_goal("win_rate", "0.05", member=company.peer)
    manager = client_of(company.manager)
    for goal in (leads, rate):
        serve(manager, goal, revenue)

    sent = {
        "mode": "shared_funnel",
        f"part-{leads.pk}": "count",
        f"part-{rate.pk}": "",
        f"volume-{rate.pk}": "2,000",
    }
    done = manager.post(f"/goals/{revenue.pk}/combine/", sent)
    page = read(manager, revenue)

    assert done.status_code == 302
    assert Goal.objects.get(pk=revenue.pk).combine == "shared_funnel"
    said = {link.child_id: (link.part, link.volume) for link in Alignment.objects.all()}
    assert said == {leads.pk: ("count", None), rate.pk: ("", Decimal(2000))}
    assert "还没有下级目标承担“单值”" in page
    told = AuditRecord.objects.filter(action="combine").latest("id").evidence
    assert told["parts"] == {str(leads.pk): {"part": "count"}, str(rate.pk): {"volume": "2000"}}


def test_a_part_that_makes_no_sense_is_refused_and_nothing_is_kept(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    from mingji.goals.models import Alignment, Goal

    manager = client_of(company.manager)
    leads = Goal.objects.get(metric="leads_created")
    rate = build.an_agreed_goal("win_rate", "0.05", member=company.peer)
    sent = {"mode": "ratio_of_sums", f"part-{leads.pk}": "numerator"}

    refused = manager.post(f"/goals/{cost.pk}/combine/", sent)
    aligned = serve(manager, rate, cost, "denominator")
    nonsense = serve(manager, rate, cost, "magic")

    assert (refused.status_code, aligned.status_code, nonsense.status_code) == (422, 422, 422)
    assert "上级目标的分子按“CNY”计，这个目标的单位是“count”" in refused.content.decode()
    assert 'aria-invalid="true"' in refused.content.decode()
    assert "比率不能当作分子或分母" in aligned.content.decode()
    assert not Alignment.objects.exclude(part="").exists()
    assert Goal.objects.get(pk=cost.pk).combine == ""
    assert not Alignment.objects.filter(child=rate).exists()


@pytest.mark.parametrize("volume", ["0", "-5", "many", "NaN", "0.00001", "1e20"])
def test_a_volume_that_is_none_is_refused(
    company: builders.Company, client_of: ClientOf, volume: str
) -> None:
    above = build.an_agreed_goal("win_rate", "0.3", team=team())
    rate = build.an_agreed_goal("win_rate", "0.25", member=company.subject)
    manager = client_of(company.manager)
    serve(manager, rate, above)

    sent = {"mode": "", f"part-{rate.pk}": "", f"volume-{rate.pk}": volume}
    refused = manager.post(f"/goals/{above.pk}/combine/", sent)

    assert refused.status_code == 422
    assert "体量" in refused.content.decode()


def test_rates_with_volumes_are_weighed(company: builders.Company, client_of: ClientOf) -> None:
    above = build.an_agreed_goal("win_rate", "0.15", team=team())
    big = build.an_agreed_goal("win_rate", "0.1", member=company.subject)
    small = build.an_agreed_goal("win_rate", "0.3", member=company.peer)
    manager = client_of(company.manager)
    serve(manager, big, above, volume="900")
    serve(manager, small, above, volume="100")

    page = read(manager, above)

    assert "下级合成 12%，距上级目标 15% 还差 3 个百分点" in page


def test_scores_of_a_survey_are_weighed_by_the_volumes_that_the_page_asks_for(
    company: builders.Company, client_of: ClientOf
) -> None:
    above = build.an_agreed_goal("nps", "40", team=team())
    own = build.an_agreed_goal("nps", "30", member=company.subject)
    other = build.an_agreed_goal("nps", "50", member=company.peer)
    manager = client_of(company.manager)
    for goal in (own, other):
        serve(manager, goal, above)
    sent = {
        "mode": "weighted_mean",
        **{f"part-{goal.pk}": "" for goal in (own, other)},
        f"volume-{own.pk}": "300",
        f"volume-{other.pk}": "100",
    }

    asked = read(manager, above)
    done = manager.post(f"/goals/{above.pk}/combine/", sent)

    assert f'name="volume-{own.pk}"' in asked
    assert f'name="part-{own.pk}"' in asked
    assert done.status_code == 302
    assert "下级合成 35，距上级目标 40 还差 5" in read(manager, above)


@pytest.mark.parametrize(
    ("role", "status"), [("hr_partner", 403), ("subject", 403), ("other_manager", 404)]
)
def test_only_the_two_sides_of_the_goal_above_say_its_parts(
    company: builders.Company, client_of: ClientOf, cost: Any, role: str, status: int
) -> None:
    from mingji.goals.models import Alignment

    child = Alignment.objects.filter(parent=cost)[0].child_id
    sent = {"mode": "", f"part-{child}": "numerator"}

    answer = client_of(getattr(company, role)).post(f"/goals/{cost.pk}/combine/", sent)

    assert answer.status_code == status


def test_a_goal_that_does_not_serve_this_one_is_not_found(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    other = build.an_agreed_goal("mql_count", "9", member=company.subject)
    sent = {"mode": "", f"part-{other.pk}": "", "part-999999": ""}

    assert client_of(company.manager).post(f"/goals/{cost.pk}/combine/", sent).status_code == 404


def test_who_does_not_see_every_part_gets_neither_sum_nor_ways(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    member = client_of(company.subject)

    page = read(member, cost)

    assert "83.3" not in page
    assert "1,250" not in page
    assert member.get(f"/goals/{cost.pk}/alignment/why/?way=1").status_code == 404


def test_a_goal_made_of_a_funnel_is_not_split_over_the_team(
    company: builders.Company, client_of: ClientOf, revenue: Any
) -> None:
    leads = build.an_agreed_goal("leads_created", "2000", member=company.subject)
    manager = client_of(company.manager)
    serve(manager, leads, revenue, "count")

    assert manager.get(f"/goals/{revenue.pk}/split/").status_code == 422


def test_the_strategy_map_reckons_with_the_parts_too(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.themes_of_2026()
    above = build.an_agreed_goal("cost_per_lead", "80", team=team(), theme="growth-2026")
    spend = build.an_agreed_goal("spend_total", "80000", member=company.subject)
    leads = build.an_agreed_goal("leads_created", "1000", member=company.peer)
    manager = client_of(company.manager)
    for goal in (spend, leads):
        serve(manager, goal, above)

    page = manager.get("/goals/strategy/?period=2026Q4").content.decode()

    assert "相符" in page
