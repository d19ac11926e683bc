"""Values of metrics with their reasons, for the apps above: goals, appraisals, insights."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from mingji.engine.model import Metric
from mingji.engine.values import trimmed
from mingji.metrics import policy
from mingji.metrics.definitions import library
from mingji.metrics.models import Observation
from mingji.people.viewer import Viewer
from mingji.rules.explanation import Node, from_data
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class ObservationFact:
    """The value of a metric in a slice: None is "no data". `node` opens it into its reasons."""

    metric: str
    period: str
    value: Decimal | None
    unit: str
    node: Node
    rows: int
    run_id: int


@dataclass(frozen=True, slots=True)
class MetricName:
    """What a page needs to name a metric."""

    id: str
    name: Text
    unit: str
    direction: str


def facts_for(member_ids: Iterable[int], period: str) -> dict[tuple[int, str], ObservationFact]:
    """The values of members in a period, by (member id, metric). One query.

    For callers that have already asked whether they may see these members. A pair that is absent
    has not a single row behind it: "no data", never zero.
    """
    found = _current((period,)).filter(member_id__in=list(member_ids))
    return {(row.member_id, row.metric): fact(row) for row in found if row.member_id}


def facts_for_teams(team_ids: Iterable[int], period: str) -> dict[tuple[int, str], ObservationFact]:
    """The values of teams with all below them in a period, by (team id, metric). One query."""
    found = _current((period,)).filter(team_id__in=list(team_ids))
    return {(row.team_id, row.metric): fact(row) for row in found if row.team_id}


def company_facts(
    periods: Collection[str], metrics: Collection[str]
) -> dict[tuple[str, str], ObservationFact]:
    """The values of these metrics for the whole company, by (metric, period). One query.

    Every row counts here, also one whose owner matches no member.
    """
    found = _current(periods).filter(member=None, team=None, metric__in=list(metrics))
    return {(row.metric, row.period): fact(row) for row in found}


def company_values(periods: Collection[str]) -> dict[tuple[str, str], Decimal | None]:
    """The company's values of every metric by (metric, period), without reasons. One query."""
    found = _current(periods).filter(member=None, team=None).defer("tree")
    return {(row.metric, row.period): published(row) for row in found}


def trend(
    metric: str,
    periods: Sequence[str],
    *,
    member: int | None = None,
    team: int | None = None,
    viewer: Viewer | None = None,
) -> list[tuple[str, Decimal | None]]:
    """A metric over the given periods, for a member, a team or (neither) the company. One query.

    With a `viewer`, what is not the viewer's to see reads as no data.
    """
    whose = Q(member=None) if member is None else Q(member_id=member)
    whose &= Q(team=None) if team is None else Q(team_id=team)
    found = _current(periods).filter(whose, metric=metric)
    if viewer is not None:
        found = found.filter(policy.visible_to(viewer))
    values = {row.period: published(row) for row in found.defer("tree")}
    return [(period, values.get(period)) for period in periods]


def metric_names() -> dict[str, MetricName]:
    """Every metric of the installation by id: name in both languages, unit, direction."""
    return {
        metric.id: MetricName(metric.id, metric.name, metric.unit, metric.direction)
        for metric in library().definitions.metrics.values()
    }


def observed_periods() -> list[str]:
    """The periods that have been refreshed, earliest first."""
    found = Observation.objects.filter(current=True, member=None, team=None)
    return sorted(set(found.order_by().values_list("period", flat=True).distinct()))


def fact(row: Observation) -> ObservationFact:
    """An observation as the other apps know it; the value with the decimals it was rounded to."""
    node = from_data(row.tree)
    value = node.value if isinstance(node.value, Decimal) else None
    return ObservationFact(row.metric, row.period, value, node.unit, node, row.rows, row.run_id)


def published(row: Observation) -> Decimal | None:
    """The value with the decimals of its metric, without reading its reasons."""
    return as_published(row.value, library().definitions.metrics.get(row.metric))


def as_published(value: Decimal | None, metric: Metric | None) -> Decimal | None:
    """A stored value with the decimals of its metric; as it stands if that left the library."""
    if value is None or metric is None:
        return value
    return trimmed(value, metric.places)


def _current(periods: Collection[str]) -> QuerySet[Observation]:
    return Observation.objects.filter(current=True, period__in=list(periods))
