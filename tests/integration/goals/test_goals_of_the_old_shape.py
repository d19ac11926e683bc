"""Installations from before agreements: each owner's goals of a period become one agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

PROPOSED, ACCEPTED = datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 5, tzinfo=UTC)
SIGNED = {
    "status": "agreed",
    "proposed_by": "manager",
    "proposed_at": PROPOSED,
    "accepted_by": "subject",
    "accepted_at": ACCEPTED,
}


@pytest.fixture
def old(tmp_path: Path, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own; the tables of goals are as they were first."""
    alias = "old"
    connections.databases[alias] = connections.databases["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "old.sqlite3"),
        "OPTIONS": {},
    }
    with django_db_blocker.unblock():
        MigrationExecutor(connections[alias]).migrate([("goals", "0001_initial")])
        yield alias
        connections[alias].close()
    del connections[alias]
    del connections.databases[alias]


def tables(alias: str, at: str) -> Any:
    """The models as they were after a migration."""
    return MigrationExecutor(connections[alias]).loader.project_state([("goals", at)]).apps


def with_goals(alias: str) -> None:
    """A member with two agreed goals, one with a second goal only proposed, a team's draft."""
    apps = tables(alias, "0001_initial")
    goals = apps.get_model("goals", "Goal").objects.using(alias)
    members = apps.get_model("people", "Member").objects.using(alias)
    one, other = (
        members.create(
            code=code, name=code, name_en=code, name_sort=code, hired_on=date(2024, 1, 1)
        )
        for code in ("one", "other")
    )
    team = apps.get_model("people", "Team").objects.using(alias).create(code="growth")
    theme = apps.get_model("goals", "Theme").objects.using(alias).create(code="pipeline", year=2026)
    of_one = {"member": one, "period": "2026Q3", **SIGNED}
    goals.create(
        item="mql", metric="mql_count", target=Decimal(120), theme=theme, support="预算", **of_one
    )
    goals.create(item="nps", metric="nps", target=Decimal("42.5"), weight=Decimal(10), **of_one)
    of_other = {"member": other, "period": "2026Q3"}
    goals.create(item="mql", metric="mql_count", target=Decimal(80), **of_other, **SIGNED)
    proposed = {"status": "proposed", "proposed_by": "manager", "proposed_at": PROPOSED}
    goals.create(item="nps", metric="nps", target=Decimal(40), **of_other, **proposed)
    goals.create(team=team, period="2026Q4", item="roi", metric="marketing_roi", target=Decimal(3))


def test_goals_of_one_owner_and_period_become_one_agreement(old: str) -> None:
    with_goals(old)

    MigrationExecutor(connections[old]).migrate([("goals", "0005_following")])

    goals = tables(old, "0005_following").get_model("goals", "Goal").objects.using(old)
    stand = {
        (each.agreement.member.code if each.agreement.member else each.agreement.team.code): (
            each.agreement.status,
            each.agreement.turn,
            each.agreement.number,
            each.agreement.accepted_by,
            each.agreement.goals.count(),
        )
        for each in goals.order_by("id")
    }
    assert stand == {
        "one": ("agreed", "", 1, "subject", 2),
        "other": ("proposed", "own", 1, "", 2),
        "growth": ("draft", "", 0, "", 1),
    }


def test_what_was_signed_is_kept_as_a_version_that_its_digest_proves(old: str) -> None:
    from mingji.rules.goal_terms import digest, from_data

    with_goals(old)

    MigrationExecutor(connections[old]).migrate([("goals", "0005_following")])

    versions = tables(old, "0005_following").get_model("goals", "Version").objects.using(old)
    (signed,) = versions.filter(kind="imported")
    assert (signed.by, signed.at) == ("subject", ACCEPTED)
    assert signed.terms == [
        {"key": "mql", "metric": "mql_count", "target": "120", "theme": "pipeline"}
        | {"support": "预算"},
        {"key": "nps", "metric": "nps", "target": "42.5", "weight": "10"},
    ]
    assert signed.digest == digest(from_data(signed.terms))
    assert [each.agreement.member.code for each in versions.filter(kind="proposed")] == ["other"]
