"""How a value came about over time: by day, week or month from the rows, or as it was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from mingji.engine.identity import Identity
from mingji.engine.observe import observe
from mingji.engine.periods import CALENDAR_YEAR, Grain
from mingji.engine.plan import earliest_day
from mingji.engine.values import trimmed
from mingji.metrics.computing import in_force
from mingji.metrics.definitions import library, metric_of
from mingji.metrics.identity import identity_between, team_lineages, unit
from mingji.metrics.models import Observation


def values_over_time(
    metric: str, grain: Grain, periods: Sequence[str], *, member: str = "", team: str = ""
) -> dict[str, Decimal | None]:
    """The values of a metric for a member, or a team with all below it, by period of a grain.

    Counted from the rows as approved corrections leave them; a period without rows is absent.
    `periods` are written as the engine names them, earliest first. For callers that have already
    asked whether they may see this member or team.

    Raises:
        Invalid: the engine cannot be reached, or the metric cannot be counted by this grain.
    """
    asked = metric_of(metric)
    definitions = library().definitions
    first = earliest_day(definitions, [asked], list(periods), CALENDAR_YEAR)
    last = CALENDAR_YEAR.days(periods[-1])[1]
    key = "member" if member else unit(len(team_lineages()[team]) - 1)
    identity = _only(identity_between(first, last), key, member or team)
    if not identity.postings:
        return {}
    answer = observe(
        in_force(),
        definitions,
        metrics=[metric],
        by=(key, "period"),
        grain=grain,
        periods=list(periods),
        identity=identity,
        empty=False,
        told=False,
    )
    return {
        row.keys["period"]: row.value
        for row in answer.rows
        if row.keys[key] == (member or team) and row.row_count
    }


def recorded_values(
    metric: str, period: str, *, member: int | None = None, team: int | None = None
) -> list[tuple[date, Decimal | None]]:
    """What each refresh found for a metric in a period, by the day of the refresh. One query.

    For callers that have already asked whether they may see this member or team.
    """
    whose = Q(member_id=member) if member else Q(team_id=team)
    rows = Observation.objects.filter(whose, metric=metric, period=period).order_by("run_id")
    known = library().definitions.metrics.get(metric)
    found: dict[date, Decimal | None] = {}
    for at, value in rows.values_list("run__at", "value"):
        shown = trimmed(value, known.places) if value is not None and known else value
        found[timezone.localtime(at).date()] = shown
    return sorted(found.items())


def _only(identity: Identity, key: str, wanted: str) -> Identity:
    """Of who is who what concerns one member or one team: nobody else's rows are counted."""
    postings = tuple(
        each
        for each in identity.postings
        if (each.member if key == "member" else each.attributes.get(key)) == wanted
    )
    members = {each.member for each in postings}
    owners = tuple(link for link in identity.owners if link.member in members)
    return Identity(owners=owners, postings=postings)
