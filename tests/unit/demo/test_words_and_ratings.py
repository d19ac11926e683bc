"""The word lists, and how people of different temper use the described levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean

import pytest

from mingji.demo import stories, words
from mingji.demo.ambition import around, as_people_round
from mingji.demo.people import build_people
from mingji.demo.ratings import SUBJECTS, rate
from mingji.rules.numbers import ZERO

SEED = 1


def remarks() -> Iterator[str]:
    book = words.bank("comments")
    for tones in (*book["manager"].values(), book["self"]):
        for lines in tones.values():
            yield from lines


def test_there_are_more_than_forty_different_remarks_and_none_judges_the_person():
    lines = list(remarks())

    assert len(set(lines)) == len(lines) > 40
    assert not [
        line for line in lines if any(word in line for word in ("懒", "笨", "性格", "人品"))
    ]


def test_the_lenient_manager_rates_well_above_the_harsh_one_for_the_same_people():
    people = [member for member in build_people().members if member.level == "specialist"]

    def mean(manager: str) -> float:
        return fmean(
            int(rate(SEED, member, "2026Q3", item, by="manager", rater=manager).level)
            for member in people
            for item in SUBJECTS
        )

    assert mean(stories.LENIENT_MANAGER) - mean(stories.HARSH_MANAGER) >= 1.2


@pytest.mark.parametrize("by", ["self", "manager"])
def test_a_rating_is_a_level_from_one_to_five_with_a_remark_and_always_the_same(by):
    for member in build_people().members:
        first = rate(SEED, member, "2026Q2", "cooperation", by=by, rater="CC005")
        again = rate(SEED, member, "2026Q2", "cooperation", by=by, rater="CC005")

        assert first == again
        assert first.level in "12345"
        assert first.comment in set(remarks())


def test_people_sit_in_eight_teams_under_a_director_with_one_partner_and_one_analyst():
    people = build_people()
    below = [team for team in people.teams if team.parent]
    leads = {team.manager for team in below}

    assert len(people.members) == 60
    assert len(below) == len(leads) == 8
    assert [member.code for member in people.members if member.level == "head"] == ["CC001"]
    assert sorted(duty.kind for duty in people.duties) == ["data_analyst", "director", "hr_partner"]
    assert len({member.email for member in people.members}) == 60
    assert sum(member.persona for member in people.members) == 7


def test_nobody_was_hired_before_their_manager():
    people = build_people()
    hired = {member.code: member.hired_on for member in people.members}

    assert all(
        hired[posting.manager] <= posting.starts_on
        for posting in people.postings
        if posting.manager
    )


def test_postings_follow_each_other_without_gap_and_everybody_but_the_director_has_a_manager():
    people = build_people()
    for member in people.members:
        mine = [posting for posting in people.postings if posting.member == member.code]
        assert mine[0].starts_on == member.hired_on
        assert all(a.ends_on == b.starts_on for a, b in pairwise(mine))
        assert all(bool(posting.manager) == (member.level != "head") for posting in mine)
        assert all(posting.manager != member.code for posting in mine)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("won_revenue", 987_654.0),
        ("leads_created", 38.0),
        ("cost_per_lead", 1234.5),
        ("win_rate", 0.31),
        ("on_time_rate", 0.96),
        ("nps", 38.0),
        ("csat", 4.7),
        ("roas", 4.2),
    ],
)
def test_threshold_target_and_stretch_stand_in_the_order_of_the_direction(metric, value):
    goal = as_people_round(value, metric)

    threshold, stretch = around(goal, metric)

    low, high = (stretch, threshold) if metric == "cost_per_lead" else (threshold, stretch)
    assert low is not None
    assert high is not None
    assert ZERO < low <= goal <= high


def test_a_budget_is_to_be_met_so_it_has_neither_threshold_nor_stretch():
    assert around(as_people_round(1.0, "budget_use_rate"), "budget_use_rate") == (None, None)
