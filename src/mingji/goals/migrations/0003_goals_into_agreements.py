"""Goals that stood alone become parts of one agreement for each owner and period."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# Where goals of one period stood at different stages, the earliest stage is that of them all.
_EARLIEST_FIRST = ("draft", "proposed", "agreed")


def gather(apps: Any, schema_editor: Any) -> None:
    goals = apps.get_model("goals", "Goal")
    agreements = apps.get_model("goals", "Agreement")
    found: dict[tuple[int | None, int | None, str], list[Any]] = {}
    for goal in goals.objects.order_by("id"):
        found.setdefault((goal.member_id, goal.team_id, goal.period), []).append(goal)
    for (member, team, period), own in found.items():
        first = min(own, key=lambda goal: _EARLIEST_FIRST.index(goal.status))
        agreement = agreements.objects.create(
            member_id=member,
            team_id=team,
            period=period,
            status=first.status,
            turn="own" if first.status == "proposed" else "",
            proposed_by=first.proposed_by,
            proposed_at=first.proposed_at,
            accepted_by=first.accepted_by,
            accepted_at=first.accepted_at,
        )
        goals.objects.filter(pk__in=[goal.pk for goal in own]).update(agreement=agreement)


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0002_agreements"),
    ]

    operations = [
        migrations.RunPython(gather, migrations.RunPython.noop),
    ]
