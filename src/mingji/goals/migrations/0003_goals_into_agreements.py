"""Goals that stood alone become parts of one agreement for each owner and period."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from mingji.rules.goal_terms import GoalTerms, as_data, digest

# Where goals of one period stood at different stages, the earliest stage is that of them all.
_EARLIEST_FIRST = ("draft", "proposed", "agreed")
_AMOUNTS = ("baseline", "threshold", "target", "stretch", "weight")


def gather(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    goals = apps.get_model("goals", "Goal").objects.using(using)
    agreements = apps.get_model("goals", "Agreement").objects.using(using)
    versions = apps.get_model("goals", "Version").objects.using(using)
    found: dict[tuple[int | None, int | None, str], list[Any]] = {}
    for goal in goals.select_related("theme").order_by("id"):
        found.setdefault((goal.member_id, goal.team_id, goal.period), []).append(goal)
    for (member, team, period), own in found.items():
        first = min(own, key=lambda goal: _EARLIEST_FIRST.index(goal.status))
        agreement = agreements.create(
            member_id=member,
            team_id=team,
            period=period,
            status=first.status,
            turn="own" if first.status == "proposed" else "",
            number=0 if first.status == "draft" else 1,
            proposed_by=first.proposed_by,
            proposed_at=first.proposed_at,
            accepted_by=first.accepted_by,
            accepted_at=first.accepted_at,
        )
        goals.filter(pk__in=[goal.pk for goal in own]).update(agreement=agreement)
        if first.status != "draft":
            versions.create(agreement=agreement, number=1, **_signed(first, own))


def _signed(first: Any, own: list[Any]) -> dict[str, Any]:
    """The version that everybody had before them, as it stands."""
    terms = [
        GoalTerms(
            key=goal.item,
            metric=goal.metric,
            theme=goal.theme.code if goal.theme else "",
            support=goal.support,
            **{name: getattr(goal, name) for name in _AMOUNTS},
        )
        for goal in own
    ]
    agreed = first.status == "agreed"
    return {
        "kind": "imported" if agreed else "proposed",
        "by": first.accepted_by if agreed else first.proposed_by,
        "at": first.accepted_at if agreed else first.proposed_at,
        "terms": as_data(terms),
        "digest": digest(terms),
    }


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0002_agreements"),
    ]

    operations = [
        migrations.RunPython(gather, migrations.RunPython.noop),
    ]
