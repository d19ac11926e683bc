"""`mingji verify` tells a checkpoint of the audit trail, and checks against one."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.db import connection

import builders
from goal_builders import LAST_PERIOD, a_scheme
from mingji.audit import trail
from mingji.audit.models import AuditRecord
from mingji.cli import main
from policy_samples import a_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(settings, tmp_path) -> str:
    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    builders.a_company()
    code: str = a_cycle(a_scheme(), LAST_PERIOD).code
    return code


def _verify(*arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, ["verify", "--format", "json", *arguments])
    return result.exit_code, [each["code"] for each in json.loads(result.stdout)["findings"]]


def test_a_trail_that_holds_against_its_checkpoint_is_told_so(cycle):
    assert _verify(cycle, "--since", str(trail.checkpoint())) == (0, ["audit_holds"])


def test_a_tail_that_was_cut_off_is_found_with_a_checkpoint(cycle):
    known = trail.checkpoint()
    with connection.cursor() as cursor:
        table = AuditRecord._meta.db_table
        cursor.execute(f"DELETE FROM {table} WHERE number = %s", [known.count])

    assert _verify(cycle) == (0, ["audit_holds"])
    assert _verify(cycle, "--since", str(known)) == (2, ["audit_broken"])


def test_a_checkpoint_that_is_none_is_refused_with_a_sentence(cycle):
    result = CliRunner().invoke(main, ["verify", cycle, "--since", "yesterday", "--lang", "en"])

    assert result.exit_code == 2
    assert "no checkpoint" in result.stderr
