"""The stories of the demo company can be seen in its numbers."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from statistics import fmean

import pytest

from mingji.demo import stories, words
from mingji.demo.company import Company
from mingji.demo.quarters import quarter_of
from mingji.demo.ratings import SUBJECTS

LAST = "2026Q3"


def attainment(company: Company, unit: str, quarter: str, metric: str) -> Decimal:
    target = next(
        target
        for target in company.targets
        if (target.unit, target.quarter, target.metric) == (unit, quarter, metric)
    )
    actual = company.actuals.value(unit, quarter, metric)
    assert actual is not None
    return actual / target.target


def test_sizes_are_those_of_a_department_of_sixty(company):
    counts = {table: len(rows) for table, rows in company.tables.items()}

    assert 10_000 <= counts["leads"] <= 14_000
    assert 2_000 <= counts["opportunities"] <= 5_000
    reports = {"market_size", "listening"}  # a row a quarter or month
    assert all(count >= 100 for table, count in counts.items() if table not in reports), counts
    assert company.quarters == ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    assert company.running_quarter == "2026Q4"


def test_nothing_is_known_that_has_not_happened_yet(company):
    for table, rows in company.tables.items():
        for row in rows:
            days = [getattr(row, name) for name in type(row).__slots__ if name.endswith("_on")]
            assert all(day <= company.today for day in days if day is not None), (table, row)


def test_leads_dip_at_new_year_and_revenue_is_strongest_in_the_last_quarter(company):
    leads = [company.actuals.value("marketing", q, "leads_created") for q in company.quarters]
    revenue = [company.actuals.value("marketing", q, "won_revenue") for q in company.quarters]

    assert min(leads) == leads[1]
    assert max(revenue) == revenue[0]
    assert min(revenue) == revenue[1]


def test_a_lead_of_the_decaying_channel_costs_more_each_quarter(company):
    def cost(quarter: str) -> Decimal:
        money = sum(
            row.amount
            for row in company.tables["spend"]
            if row.channel == stories.DECAYING_CHANNEL and quarter_of(row.spent_on) == quarter
        )
        return money / sum(
            row.channel == stories.DECAYING_CHANNEL and quarter_of(row.created_on) == quarter
            for row in company.tables["leads"]
        )

    costs = [cost(quarter) for quarter in ("2025Q3", *company.quarters, "2026Q4")]
    assert all(later > earlier for earlier, later in pairwise(costs)), costs


@pytest.mark.parametrize("quarter", ["2026Q2", "2026Q3"])
def test_one_team_reaches_its_leads_but_not_its_revenue(company, quarter):
    team = stories.LEADS_NOT_REVENUE_TEAM

    assert attainment(company, team, quarter, "leads_created") >= 1
    assert attainment(company, team, quarter, "won_revenue") < Decimal("0.85")


def test_the_lenient_manager_rates_more_than_half_a_level_above_the_harsh_one(company):
    def mean(manager: str) -> float:
        return fmean(
            int(company.rating(posting.member, quarter, item, by="manager").level)
            for quarter in company.quarters
            for posting in company.postings
            if posting.manager == manager
            for item in SUBJECTS
        )

    assert mean(stories.LENIENT_MANAGER) - mean(stories.HARSH_MANAGER) >= 0.6


def test_the_transferred_member_has_rows_in_both_posts_and_targets_from_both(company):
    leads = [
        row
        for row in company.tables["leads"]
        if row.owner == company.member(stories.TRANSFERRED).email
    ]
    before = {row.channel for row in leads if row.created_on < stories.TRANSFERRED_ON}
    since = {row.channel for row in leads if row.created_on >= stories.TRANSFERRED_ON}
    metrics = {target.metric for target in company.targets_of(stories.TRANSFERRED, LAST)}

    assert before == {"video_ads"}
    assert since == {"referral"}
    assert {"cost_per_mql", "renewal_revenue"} <= metrics


def test_the_newcomer_has_nothing_before_the_first_day_and_a_smaller_target_after(company):
    newcomer = company.member(stories.NEWCOMER)
    peers = [m.code for m in company.members if (m.team, m.family) == ("growth", "GR")]
    target = {
        target.unit: target.target
        for target in company.targets
        if target.quarter == LAST and target.metric == "mql_count" and target.unit in peers
    }

    assert company.actuals.value(newcomer.code, "2026Q2", "mql_count") is None
    assert all(
        row.created_on >= newcomer.hired_on
        for row in company.tables["leads"]
        if row.owner == newcomer.email
    )
    assert target[newcomer.code] == min(target.values())


def test_owners_that_match_nobody_are_in_the_crm(company):
    known = {link.owner for link in company.owners if link.source == "crm"}
    owners = Counter(row.owner for row in company.tables["leads"])

    assert {owner for owner in owners if owner not in known} == set(stories.UNMATCHED_OWNERS)
    assert owners[stories.LEFT_AGENCY] > 100 > owners[stories.MISSPELT_OWNER] > 0


def test_the_shared_mailbox_belongs_to_one_member_and_then_to_another(company):
    links = [link for link in company.owners if link.owner == stories.SHARED_OWNER]
    days = [row.created_on for row in company.tables["leads"] if row.owner == stories.SHARED_OWNER]

    assert [link.member for link in links] == [stories.SHARED_FIRST, stories.SHARED_THEN]
    assert links[0].ends_on == links[1].starts_on == stories.SHARED_HANDED_ON
    assert min(days) < stories.SHARED_HANDED_ON < max(days)


def test_one_member_has_no_press_clippings_which_is_not_zero(company):
    peer = next(
        member.code
        for member in company.members
        if member.family == "PR" and member.code != stories.NO_DATA_MEMBER and not member.left_on
    )

    assert company.actuals.value(stories.NO_DATA_MEMBER, LAST, "media_mentions") is None
    assert company.actuals.value(peer, LAST, "media_mentions") > 10
    assert any(t.metric == "core_media_mentions" for t in company.targets_of("CC017", LAST))


def test_who_is_on_leave_or_has_left_brings_nothing_meanwhile(company):
    leave = next(leave for leave in company.leaves if leave.member == stories.ON_LEAVE)
    leaver = company.member(stories.LEAVER)
    login = "".join(company.member(stories.ON_LEAVE).name_en.lower().split())

    published = [row.published_on for row in company.tables["content"] if row.owner == login]
    mentioned = [row.published_on for row in company.tables["mentions"] if row.owner == leaver.name]

    assert not [day for day in published if leave.starts_on <= day < leave.ends_on]
    assert max(published) >= leave.ends_on
    assert max(mentioned) <= leaver.left_on


def test_most_people_reach_three_quarters_to_six_fifths_of_what_they_agreed(company):
    families = words.bank("strategy")["families"]
    found = []
    for target in company.targets:
        if target.scope != "member" or target.quarter not in company.quarters:
            continue
        actual = company.actuals.value(target.unit, target.quarter, target.metric)
        if actual and target.metric in families[company.member(target.unit).family]:
            found.append(actual / target.target)

    usual = [share for share in found if Decimal("0.75") <= share <= Decimal("1.2")]
    assert 0.8 <= len(usual) / len(found) <= 0.97
    assert min(found) < Decimal("0.6")
    assert max(found) > Decimal("1.4")


def test_the_teams_targets_add_up_and_the_department_has_promised_more(company):
    def of(scope: str, parent: str, metric: str) -> Decimal:
        return sum(
            (
                target.target
                for target in company.targets
                if (target.scope, target.parent, target.metric, target.quarter)
                == (scope, parent, metric, LAST)
            ),
            Decimal(0),
        )

    for team in company.teams:
        if team.parent:
            own = {t.metric: t.target for t in company.targets_of(team.manager, LAST)}
            assert own["leads_created"] == of("member", team.code, "leads_created")
    department = of("team", "", stories.UNCOVERED_METRIC)
    below = of("team", "marketing", stories.UNCOVERED_METRIC)
    assert below < department < below * Decimal("1.1")
