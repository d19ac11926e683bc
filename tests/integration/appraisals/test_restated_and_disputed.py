"""What was frozen stays; a correction that comes later stands beside it, and a dispute is seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import builders
from mingji.cli import main
from mingji.rules.errors import NotAllowedNow

LEADS = """\
lead_id,created_on,channel,campaign,region,industry,owner,mql_on,sql_on,rejected_on,reject_reason
L1,2026-08-20,search,,east,auto,subject,2026-08-21,,,
L2,2026-08-21,search,,east,auto,subject,2026-08-22,,,
L3,2026-08-22,search,,east,auto,agency-x,2026-08-23,,,
"""
AFTERWARDS = builders.NOW + timedelta(hours=3)


@pytest.fixture
def loaded(quarter: Any, settings: Any, tmp_path: Path) -> Any:
    """The subject's quarter over real rows: two MQLs, and one of an agency."""
    from mingji.metrics import actions
    from mingji.metrics.models import Observation

    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    Observation.objects.all().delete()
    file = tmp_path / "leads.csv"
    file.write_text(LEADS, encoding="utf-8")
    actions.load_table("system", "leads", file, builders.NOW)
    actions.refresh("system", ["2026Q3"], builders.NOW)
    return quarter


def correct(quarter: Any) -> Any:
    """The agency's lead becomes the subject's, and the numbers are computed again."""
    from mingji.metrics import actions

    proposal = actions.Proposal(
        table="leads",
        kind="change",
        key=("L3",),
        values={"owner": "subject"},
        reason="Handed over in August.",
    )
    viewer = builders.a_viewer
    made = actions.propose_correction(viewer(quarter.company.analyst), proposal, at=AFTERWARDS)
    actions.decide_correction(
        viewer(quarter.company.company_hr_partner), made.pk, approve=True, at=AFTERWARDS
    )
    actions.refresh("system", ["2026Q3"], AFTERWARDS)
    return made


def dispute(member: Any) -> Any:
    from mingji.metrics import actions
    from mingji.metrics.queries import Slice

    return actions.raise_dispute(
        builders.a_viewer(member),
        Slice("mql_count", "2026Q3", member=member.code),
        actions.Complaint("missing_row", "The agency's lead was mine."),
        at=builders.NOW,
    )


def test_the_scorecard_shows_the_restated_value_beside_the_frozen_one(
    loaded: Any, page: Any
) -> None:
    cycle = loaded.open()
    made = correct(loaded)
    shown = page(loaded.company.subject, f"/appraisals/{loaded.of_subject(cycle).pk}/")
    text = shown.content.decode()

    assert "冻结之后有重述" in text
    assert f"更正 №{made.pk}" in text
    assert loaded.of_subject(cycle).facts["items"]["mql_count"]["actual"] == {"decimal": "2"}


def test_a_result_is_the_same_bytes_after_a_correction_and_still_verified(loaded: Any) -> None:
    from mingji.appraisals import actions

    cycle = loaded.open()
    loaded.reviewed(cycle)
    actions.compute("system", cycle.code, at=builders.NOW)
    before = loaded.of_subject(cycle).result

    correct(loaded)
    actions.compute("system", cycle.code, at=AFTERWARDS)

    assert loaded.of_subject(cycle).result == before
    assert CliRunner().invoke(main, ["verify", "q3"]).exit_code == 0


def test_a_scorecard_without_late_changes_says_nothing(loaded: Any, page: Any) -> None:
    cycle = loaded.open()
    shown = page(loaded.company.subject, f"/appraisals/{loaded.of_subject(cycle).pk}/")

    assert "重述" not in shown.content.decode()


def test_the_metric_page_shows_restated_values_only_of_whom_one_may_see(
    loaded: Any, page: Any
) -> None:
    correct(loaded)
    mine = page(loaded.company.subject, "/metrics/mql_count/?period=2026Q3").content.decode()
    theirs = page(loaded.company.peer, "/metrics/mql_count/?period=2026Q3").content.decode()

    assert "重述的数值" in mine
    assert "曾小曼" in mine.partition("重述的数值")[2]
    assert "曾小曼" not in theirs.partition("重述的数值")[2]


@pytest.fixture
def ready(loaded: Any) -> Any:
    """A computed cycle under each rule, as a function of it."""
    from mingji.appraisals import actions

    def made(rule: str) -> Any:
        quarter = loaded.under("blend:", f"release: {{open_disputes: {rule}}}\nblend:")
        cycle = quarter.open()
        quarter.reviewed(cycle)
        actions.compute("system", cycle.code, at=builders.NOW)
        return cycle

    return made


def test_an_open_dispute_blocks_the_release_where_the_scheme_says_so(
    loaded: Any, ready: Any
) -> None:
    from mingji.appraisals import actions as appraisals
    from mingji.metrics import actions as metrics

    cycle = ready("block")
    raised = dispute(loaded.company.subject)
    with pytest.raises(NotAllowedNow, match="without an answer"):
        appraisals.release("system", cycle.code, at=builders.NOW)

    analyst = builders.a_viewer(loaded.company.analyst)
    metrics.answer_with_reason(analyst, raised.pk, "It was never handed over.", at=builders.NOW)
    assert appraisals.release("system", cycle.code, at=builders.NOW) > 0


def test_an_open_dispute_only_warns_where_the_scheme_says_nothing(
    loaded: Any, ready: Any, page: Any
) -> None:
    from mingji.appraisals import actions
    from mingji.audit.models import AuditRecord

    cycle = ready("warn")
    raised = dispute(loaded.company.subject)
    address = f"/appraisals/cycles/{cycle.code}/"

    assert "1 个数字有异议" in page(loaded.company.company_hr_partner, address).content.decode()
    assert "异议" not in page(loaded.company.peer, address).content.decode()
    assert actions.release("system", cycle.code, at=builders.NOW) > 0
    assert AuditRecord.objects.get(action="release").evidence["open_disputes"] == [raised.pk]


def test_a_dispute_about_another_period_holds_nothing_back(loaded: Any, ready: Any) -> None:
    from mingji.appraisals import actions
    from mingji.metrics.models import Dispute

    cycle = ready("block")
    dispute(loaded.company.subject)
    Dispute.objects.update(period="2026Q2")

    assert actions.release("system", cycle.code, at=builders.NOW) > 0


EAST = """metrics:
  mql_count:
    name: {zh: 市场合格线索数, en: MQLs}
    table: leads
    agg: count
    time: mql_on
    filter: region = 'west'
    unit: count
"""


def redefine(at: Any) -> None:
    """MQLs are those of the west from now on; the subject has none there."""
    from mingji.metrics import actions
    from mingji.metrics.actions.defining import put_in_force

    actions.publish_definitions("system", EAST, "the west alone", at)
    put_in_force()
    actions.refresh("system", ["2026Q3"], at)


def test_a_cycle_opened_after_a_change_of_formula_freezes_what_was_signed(loaded: Any) -> None:
    redefine(builders.NOW)

    cycle = loaded.open()

    facts = loaded.of_subject(cycle).facts
    assert '"mql_count_v0"' in str(facts).replace("'", '"')
    assert loaded.of_subject(cycle).facts["items"]["mql_count"]["actual"] == {"decimal": "2"}


def test_a_formula_that_changes_after_the_freeze_restates_nothing_but_late_rows_still_do(
    loaded: Any, page: Any
) -> None:
    cycle = loaded.open()
    loaded.reviewed(cycle)
    address = f"/appraisals/{loaded.of_subject(cycle).pk}/"
    redefine(AFTERWARDS)
    calm = page(loaded.company.subject, address).content.decode()

    correct(loaded)
    restated = page(loaded.company.subject, address).content.decode()

    assert "指标定义改过" not in calm
    assert "更正 №" not in calm
    assert "更正 №" in restated
