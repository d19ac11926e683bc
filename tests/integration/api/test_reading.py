"""What the API tells, and to whom: the same as the pages."""

from __future__ import annotations

import pytest

import builders
from goal_builders import LAST_PERIOD, an_agreed_goal, an_observation
from mingji.rules.explanation import as_data, from_data
from policy_samples import samples

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture
def company() -> builders.Company:
    return builders.a_company()


def _get(who, address: str, **query: object):
    return builders.a_program(who).get(f"{BASE}/{address}", query)


def _codes(answer) -> list[str]:
    return [each["code"] for each in answer.json()["items"]]


class TestPeople:
    def test_members_are_those_in_reach(self, company):
        assert _codes(_get(company.subject, "members")) == ["subject"]
        assert set(_codes(_get(company.manager, "members"))) == {"manager", "peer", "subject"}
        assert "subject" not in _codes(_get(company.other_hr_partner, "members"))

    def test_the_directory_finds_everybody_by_pinyin(self, company):
        answer = _get(company.other_manager, "directory", q="zengxiaoman")

        assert _codes(answer) == ["subject"]
        assert answer.json()["items"][0]["opens"] is False

    def test_a_team_mate_is_told_name_and_post_and_no_more(self, company):
        told = _get(company.peer, "members/subject").json()

        assert (told["full"], told["email"], told["hired_on"], told["history"]) == (
            False,
            "",
            None,
            [],
        )

    def test_those_above_are_told_every_post(self, company):
        told = _get(company.manager, "members/subject").json()

        assert [post["team_code"] for post in told["history"]] == ["growth", "brand"]

    def test_teams_say_which_are_near(self, company):
        teams = {each["code"]: each for each in _get(company.subject, "teams").json()["items"]}

        assert [code for code, each in teams.items() if each["own"]] == ["growth"]
        assert [code for code, each in teams.items() if each["in_reach"]] == ["growth"]
        assert teams["growth"]["parent"] == "company"


class TestMetrics:
    @pytest.fixture(autouse=True)
    def values(self, company):
        team = company.subject.postings.get(ends_on=None).team
        an_observation("mql_count", "40", period=LAST_PERIOD)
        an_observation("mql_count", "19", period=LAST_PERIOD, team=team)
        an_observation("mql_count", "12", period=LAST_PERIOD, member=company.subject)
        an_observation("mql_count", "7", period=LAST_PERIOD, member=company.peer)
        an_observation("mql_count", None)

    def _seen(self, who, **query) -> list[tuple]:
        answer = _get(who, "metrics/mql_count/observations", **query)
        names = ("period", "team", "member", "value")
        return [tuple(each[name] for name in names) for each in answer.json()["items"]]

    def test_values_of_members_are_for_those_they_concern(self, company):
        everybodys = [("2026Q3", None, None, "40"), ("2026Q4", None, None, None)]
        own = ("2026Q3", None, "subject", "12")
        team = ("2026Q3", "growth", None, "19")
        peers = ("2026Q3", None, "peer", "7")

        def sees(member):
            return sorted(self._seen(member), key=str)

        assert sees(company.subject) == sorted([*everybodys, own, team], key=str)
        assert sees(company.manager) == sorted([*everybodys, own, team, peers], key=str)
        assert sees(company.ex_manager) == sorted([*everybodys, team], key=str)

    def test_can_be_asked_for_by_period_member_and_team(self, company):
        assert [each[3] for each in self._seen(company.manager, member="subject")] == ["12"]
        assert [each[3] for each in self._seen(company.peer, team="growth")] == ["19"]
        assert [each[0] for each in self._seen(company.peer, period="2026Q4")] == ["2026Q4"]

    def test_come_in_pages_that_lead_through_each_once(self, company):
        seen, after = [], ""
        program = builders.a_program(company.director)
        while True:
            query = {"limit": 2, "after": after}
            page = program.get(f"{BASE}/metrics/mql_count/observations", query).json()
            seen += [(each["period"], each["team"], each["member"]) for each in page["items"]]
            after = page["next"]
            if not after:
                break

        assert seen == [
            ("2026Q3", None, None),
            ("2026Q3", None, "peer"),
            ("2026Q3", None, "subject"),
            ("2026Q3", "growth", None),
            ("2026Q4", None, None),
        ]

    def test_an_explanation_is_the_stored_tree_and_any_part_of_it(self, company):
        from mingji.metrics.models import Observation

        address = f"metrics/mql_count/observations/{LAST_PERIOD}/explanation"
        tree = Observation.objects.get(member=company.subject).tree

        told = _get(company.manager, address, member="subject").json()

        assert as_data(from_data(told)) == tree
        assert _get(company.manager, address, member="subject", path="x/y").status_code == 404
        assert _get(company.ex_manager, address, member="subject").status_code == 404

    def test_the_catalogue_finds_by_id_and_by_name_in_both_languages(self, company):
        for words in ("mql_count", "MQLs", "市场合格线索数"):
            found = _get(company.peer, "metrics", q=words).json()["items"]

            assert "mql_count" in [each["id"] for each in found]


class TestGoals:
    def test_are_told_exactly_with_how_they_stand(self, company):
        an_agreed_goal("mql_count", "100.50", member=company.subject)
        an_observation("mql_count", "66", member=company.subject)

        (goal,) = _get(company.subject, "goals").json()["items"]

        assert (goal["target"], goal["value"], goal["status"]) == ("100.5", "66", "agreed")
        assert goal["health"] == "on_track"
        assert _get(company.manager, f"goals/{goal['id']}").json() == goal
        told = _get(company.manager, f"goals/{goal['id']}/explanation").json()
        assert told["value"] == goal["attainment"]

    def test_of_a_team_are_for_those_in_it_and_above(self, company):
        team = company.subject.postings.get(ends_on=None).team
        an_agreed_goal("mql_count", "100", team=team)

        (goal,) = _get(company.peer, "goals", team="growth").json()["items"]

        assert (goal["team"], goal["member"]) == ("growth", None)
        assert _get(company.other_manager, "goals", team="growth").status_code == 404
        assert _get(company.other_manager, f"goals/{goal['id']}").status_code == 404

    def test_come_in_pages(self, company):
        for metric in ("mql_count", "sql_count", "lead_count"):
            an_agreed_goal(metric, "9", member=company.subject)
        program = builders.a_program(company.subject)

        first = program.get(f"{BASE}/goals", {"limit": 2}).json()
        last = program.get(f"{BASE}/goals", {"limit": 2, "after": first["next"]}).json()

        found = [each["metric"] for each in (*first["items"], *last["items"])]
        assert sorted(found) == ["lead_count", "mql_count", "sql_count"]
        assert last["next"] == ""


class TestAppraisals:
    @pytest.fixture(autouse=True)
    def scored(self, company, settings, tmp_path):
        settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
        found = samples(company)
        self.id = found["appraisals:api.appraisal"].kwargs["appraisal_id"]
        self.cycle = found["appraisals:api.cycle_appraisals"].kwargs["code"]

    def test_a_result_is_the_members_from_the_release_on(self, company):
        from mingji.appraisals.models import Appraisal, Stage

        explained = f"appraisals/{self.id}/explanation"
        before = _get(company.subject, f"appraisals/{self.id}").json()
        assert (before["stage"], before["total"], before["grade"]) == ("computed", None, "")
        assert _get(company.subject, explained).status_code == 404

        Appraisal.objects.filter(pk=self.id).update(stage=Stage.RELEASED)

        after = _get(company.subject, f"appraisals/{self.id}").json()
        assert after["grade"]
        assert after in _get(company.subject, "appraisals").json()["items"]
        assert _get(company.subject, explained).json()["value"] == after["grade"]

    def test_a_reviewer_reads_it_as_soon_as_it_is_computed(self, company):
        told = _get(company.ex_manager, f"appraisals/{self.id}").json()

        assert told["grade"]
        assert _get(company.ex_manager, f"appraisals/{self.id}/explanation").status_code == 200

    def test_of_a_cycle_only_those_in_reach_are_listed(self, company):
        def listed(member):
            answer = _get(member, f"cycles/{self.cycle}/appraisals", limit=200)
            return {each["member"] for each in answer.json()["items"]}

        assert listed(company.subject) == {"subject"}
        assert listed(company.analyst) == {"analyst"}
        assert listed(company.manager) >= {"manager", "peer", "subject"}
        assert "subject" not in listed(company.other_manager)
