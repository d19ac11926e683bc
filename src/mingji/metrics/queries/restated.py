"""Reading restatements: the values of closed periods that are no longer what they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from mingji.metrics import policy
from mingji.metrics.models import Restatement
from mingji.metrics.restated import Restated, restated_since
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

PAGE = 20
_COMPANY = Text("全公司", "Whole company")


@dataclass(frozen=True, slots=True)
class RestatedLine:
    """One number of a metric that was restated: whose, of which period, and how."""

    name: Text
    period: str
    member: str
    team: str
    restated: Restated


def restated_lines(viewer: Viewer, metric: str, periods: Collection[str]) -> list[RestatedLine]:
    """The restated numbers of a metric that the viewer may see, the latest first. One query."""
    found = Restatement.objects.filter(
        policy.visible_to(viewer), metric=metric, period__in=list(periods)
    )
    rows: dict[tuple[str, int | None, int | None], list[Restatement]] = {}
    newest = found.select_related("run", "member", "team").order_by("-id")[: 10 * PAGE]
    for row in reversed(newest):
        rows.setdefault((row.period, row.member_id, row.team_id), []).append(row)
    lines = [_line(each) for each in rows.values()]
    known = [line for line in lines if line]
    return sorted(known, key=lambda line: line.restated.at, reverse=True)[:PAGE]


def restated_facts(
    period: str,
    metrics: Iterable[str],
    since: datetime,
    *,
    member: int | None = None,
    team: int | None = None,
) -> dict[str, Restated]:
    """What was restated of a member's or a team's numbers after an instant, by metric. One query.

    For callers that have already asked whether they may see the member or the team.
    """
    whose = Q(member_id=member) if member is not None else Q(team_id=team)
    found = Restatement.objects.filter(
        whose, period=period, metric__in=list(metrics), run__at__gt=since
    )
    rows: dict[str, list[Restatement]] = {}
    for row in found.select_related("run").order_by("id"):
        rows.setdefault(row.metric, []).append(row)
    restated = {metric: restated_since(each) for metric, each in rows.items()}
    return {metric: each for metric, each in restated.items() if each}


def _line(rows: list[Restatement]) -> RestatedLine | None:
    restated, last = restated_since(rows), rows[-1]
    if restated is None:
        return None
    whose = last.member or last.team
    return RestatedLine(
        name=whose.known_as if whose else _COMPANY,
        period=last.period,
        member=last.member.code if last.member else "",
        team=last.team.code if last.team else "",
        restated=restated,
    )
