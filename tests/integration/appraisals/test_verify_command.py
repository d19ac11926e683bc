"""`mingji verify`: what a person sees when a cycle holds, and when it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

import builders
from mingji.cli import main


@pytest.fixture
def computed(quarter: Any) -> Any:
    """A cycle with results."""
    from mingji.appraisals import actions

    cycle = quarter.open()
    quarter.reviewed(cycle)
    actions.compute("system", cycle.code, at=builders.NOW)
    return cycle


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["verify", *arguments])


def test_a_cycle_that_holds_ends_well(computed: Any) -> None:
    answer = verify("q3", "--format", "json", "--lang", "en")

    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert {row["same"] for row in told["results"]} == {"yes"}
    assert [finding["code"] for finding in told["findings"]] == ["audit_holds"]


def test_a_changed_score_is_named_with_the_member_and_a_remedy(quarter: Any, computed: Any) -> None:
    from mingji.appraisals.models import Appraisal

    Appraisal.objects.filter(pk=quarter.of_subject(computed).pk).update(grade="S")

    answer = verify("q3", "--lang", "zh")

    assert answer.exit_code == 2
    assert "subject" in answer.stderr
    assert "列表中的得分或等级与保存的结果不一致" in answer.stderr
    assert "备份" in answer.stderr


def test_an_appraisal_that_disappeared_is_named(quarter: Any, computed: Any) -> None:
    from mingji.appraisals.models import Appraisal

    Appraisal.objects.filter(pk=quarter.of_subject(computed).pk).delete()

    answer = verify("q3", "--lang", "en")

    assert answer.exit_code == 2
    assert "subject: error: The audit trail recorded this appraisal as computed" in answer.stderr


def test_a_computed_appraisal_put_back_to_an_earlier_stage_is_named(
    quarter: Any, computed: Any
) -> None:
    from mingji.appraisals.models import Appraisal

    Appraisal.objects.filter(pk=quarter.of_subject(computed).pk).update(stage="manager_review")

    answer = verify("q3", "--lang", "zh")

    assert answer.exit_code == 2
    assert "被删除、挪走或退回过" in answer.stderr


def test_facts_that_can_no_longer_be_read_are_named_and_the_others_still_checked(
    quarter: Any, computed: Any
) -> None:
    from mingji.appraisals.models import Appraisal

    Appraisal.objects.filter(pk=quarter.of_subject(computed).pk).update(facts={})

    answer = verify("q3", "--format", "json")

    told = json.loads(answer.stdout)
    same = {row["member"]: row["same"] for row in told["results"]}
    assert answer.exit_code == 2
    assert same.pop("subject") == "NO"
    assert set(same.values()) <= {"yes"}


def test_a_scheme_changed_after_publishing_is_told(quarter: Any, computed: Any) -> None:
    from mingji.schemes.models import SchemeVersion

    version = SchemeVersion.objects.get(pk=computed.scheme_version_id)
    SchemeVersion.objects.filter(pk=version.pk).update(document=version.document + "# paid more\n")

    answer = verify("q3", "--lang", "en")

    assert answer.exit_code == 2
    assert "differs from its digest at publishing" in answer.stderr


def test_a_cycle_that_is_not_there_is_said_in_a_sentence(quarter: Any) -> None:
    answer = verify("2019q1", "--lang", "en")

    assert answer.exit_code == 2
    assert answer.stderr.strip() == "There is no cycle 2019q1."
