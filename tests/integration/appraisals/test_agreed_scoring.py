"""A cycle scores each goal by the method that both sides agreed, and can prove it."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

import builders
import goal_builders as build
from mingji.goals.scoring import read_line

pytestmark = pytest.mark.django_db
STEPS = read_line("base_step: base = 80; step = 4; unit = 10; cap_up = 20; cap_down = 40")


@pytest.fixture
def stepped(quarter: Any) -> Any:
    """The subject's goal (92 of 100 reached) is scored by steps: two of them below, 60 of 100."""
    from mingji.goals.models import Goal

    goal = Goal.objects.get(member=quarter.company.subject)
    goal.scoring = STEPS
    with build.unsealed():
        goal.save()
    return quarter


def computed(quarter: Any, code: str = "q3") -> Any:
    from mingji.appraisals import actions

    cycle = quarter.open(code)
    quarter.reviewed(cycle)
    actions.compute("system", cycle.code, at=builders.NOW)
    return quarter.of_subject(cycle)


def test_the_appraisal_is_scored_by_the_agreed_method_and_says_so(stepped: Any, page: Any) -> None:
    from mingji.appraisals import actions

    appraisal = computed(stepped)
    actions.release("system", "q3", at=builders.NOW)

    # 60 × 60 % and level 3 of 5, 60 × 40 %.
    assert appraisal.total == Decimal("60.000000")
    card = page(stepped.company.subject, f"/appraisals/{appraisal.pk}/").content.decode()
    links = re.findall(r'href="([^"]+)"', card)
    address = next(each for each in links if each.endswith("mql_count"))
    why = page(stepped.company.subject, html.unescape(address) + "/score").content.decode()
    assert "基准分±步长法" in card
    assert "按目标确认书约定的方法计分" in card
    assert "基准分 80 − 20" in why
    assert "目标确认书" in why


def test_the_cycle_is_recomputed_from_what_was_frozen_to_the_byte(stepped: Any) -> None:
    from mingji.appraisals.models import Appraisal
    from mingji.cli import main
    from mingji.goals.models import Goal

    appraisal = computed(stepped)
    with build.unsealed():
        Goal.objects.update(scoring={})  # what is agreed later does not move what was frozen
    holds = CliRunner().invoke(main, ["verify", "q3", "--format", "json", "--lang", "en"])

    facts = appraisal.facts
    facts["items"]["mql_count"]["overrides"]["base"] = "95"
    Appraisal.objects.filter(pk=appraisal.pk).update(facts=facts)
    broken = CliRunner().invoke(main, ["verify", "q3", "--lang", "en"])

    assert {row["same"] for row in json.loads(holds.stdout)["results"]} == {"yes"}
    assert broken.exit_code == 2
    assert "subject" in broken.stderr


def test_a_scheme_that_keeps_its_methods_ignores_what_was_agreed_and_tells(stepped: Any) -> None:
    fixed = stepped.under("data_owner: ops", "data_owner: ops\n        scoring_from: scheme")

    appraisal = computed(fixed)

    # 92 × 60 % + 60 × 40 %.
    assert appraisal.total == Decimal("79.200000")
    assert "scoring_left_to_scheme" in appraisal.result


def test_one_line_keeps_all_methods_of_a_scheme(stepped: Any) -> None:
    fixed = stepped.under("blend: {mode: none}", "blend: {mode: none}\nscoring_from: scheme")

    assert computed(fixed).total == Decimal("79.200000")


def test_a_goal_without_its_own_method_freezes_as_before(quarter: Any) -> None:
    appraisal = computed(quarter)

    assert "overrides" not in appraisal.facts["items"]["mql_count"]
    assert "scoring_agreed" not in appraisal.result
