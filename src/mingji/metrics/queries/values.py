"""Bare values of many members or teams at once, for pages that show them without their reasons."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from mingji.metrics.definitions import library
from mingji.metrics.models import Observation
from mingji.metrics.queries.facts import as_published

# (member or team id, metric, period)
Key = tuple[int, str, str]


def member_values(
    member_ids: Collection[int], metrics: Collection[str], periods: Collection[str]
) -> dict[Key, Decimal | None]:
    """Values of members by (member id, metric, period). One query, no explanation is read.

    For callers that have already asked whether they may see these members. An absent key is
    "no data".
    """
    return _values("member_id", member_ids, metrics, periods)


def team_values(
    team_ids: Collection[int], metrics: Collection[str], periods: Collection[str]
) -> dict[Key, Decimal | None]:
    """Values of teams with all below them, by (team id, metric, period). One query."""
    return _values("team_id", team_ids, metrics, periods)


def _values(
    owner: str, ids: Collection[int], metrics: Collection[str], periods: Collection[str]
) -> dict[Key, Decimal | None]:
    if not ids:
        return {}
    rows = Observation.objects.filter(
        **{f"{owner}__in": list(ids)},
        current=True,
        metric__in=list(metrics),
        period__in=list(periods),
    ).values_list(owner, "metric", "period", "value")
    known = library().definitions.metrics
    return {
        (whose, metric, period): as_published(value, known.get(metric))
        for whose, metric, period, value in rows.iterator(chunk_size=2000)
    }
