"""The values of one metric as a list: of the company, of teams, of the members in reach."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from mingji.metrics import policy
from mingji.metrics.definitions import metric_of
from mingji.metrics.models import Observation
from mingji.metrics.queries.catalogue import subject_of
from mingji.metrics.queries.facts import published
from mingji.metrics.slices import Slice
from mingji.people.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A value in the unit of its metric (None is "no data"), and how many rows it was made of.

    Of a member or of a team, by their codes; of the whole company where both are None.
    """

    metric: str
    period: str
    member: str | None
    team: str | None
    value: Decimal | None
    unit: str
    rows: int


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """Some values by period, then company, teams and members by code; `next` may be empty."""

    lines: list[Observed]
    next: str


def observations(viewer: Viewer, asked: Slice, *, after: str, limit: int) -> ObservedPage:
    """The values of a metric that are the viewer's to see: one query for any number of them.

    An empty period, member or team of `asked` means each of them.

    Raises:
        NotFound: no such metric, member or team, or a member who is not the viewer's to see.
    """
    unit = metric_of(asked.metric).unit
    if asked.member or asked.team:
        subject_of(viewer, asked)
    rows = list(_after(_wanted(viewer, asked), after)[: limit + 1])
    lines = [
        Observed(
            metric=row.metric,
            period=row.period,
            member=row.member.code if row.member else None,
            team=row.team.code if row.team else None,
            value=published(row),
            unit=unit,
            rows=row.rows,
        )
        for row in rows[:limit]
    ]
    return ObservedPage(lines, _key(lines[-1]) if len(rows) > limit else "")


def _key(line: Observed) -> str:
    return f"{line.period}~{line.team or ''}~{line.member or ''}"


def _wanted(viewer: Viewer, asked: Slice) -> QuerySet[Observation]:
    given = {"period": asked.period, "member__code": asked.member, "team__code": asked.team}
    found = Observation.objects.filter(
        policy.visible_to(viewer),
        current=True,
        metric=asked.metric,
        **{name: value for name, value in given.items() if value},
    )
    return (
        found.annotate(
            team_code=Coalesce("team__code", Value("")),
            member_code=Coalesce("member__code", Value("")),
        )
        .select_related("member", "team")
        .defer("tree")
        .order_by("period", "team_code", "member_code")
    )


def _after(found: QuerySet[Observation], after: str) -> QuerySet[Observation]:
    period, _, rest = after.partition("~")
    team, _, member = rest.partition("~")
    if not period:
        return found
    same = Q(period=period)
    return found.filter(
        Q(period__gt=period)
        | same & Q(team_code__gt=team)
        | same & Q(team_code=team, member_code__gt=member)
    )
