"""Metrics in the API: the catalogue, values, and why a value is what it is."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router

from mingji.kit.wire import READING, Code, PeriodCode, Problem, Reason, reason
from mingji.metrics import queries
from mingji.metrics.definitions import metric_of
from mingji.metrics.queries import Slice
from mingji.metrics.schemas import (
    MetricLines,
    MetricsAsked,
    MetricTold,
    Observations,
    ObservationsAsked,
    Periods,
    Whose,
)
from mingji.people.http import ApiRequest

router = Router(tags=["metrics"])


@router.get("/metrics", response={200: MetricLines, READING: Problem}, summary="The catalogue")
def metrics(request: ApiRequest, asked: Query[MetricsAsked]) -> dict[str, Any]:
    """Every metric of this installation. How people are measured is no secret."""
    found, following = queries.metrics_page(asked.q, asked.after, asked.limit)
    return {"items": found, "next": following}


@router.get("/metrics/{metric}", response={200: MetricTold, READING: Problem}, summary="One metric")
def metric(request: ApiRequest, metric: Path[Code]) -> object:
    """A metric with its definition in words and as a formula."""
    return metric_of(metric)


@router.get("/periods", response={200: Periods, READING: Problem}, summary="Periods with values")
def periods(request: ApiRequest) -> dict[str, Any]:
    """The periods that a refresh has computed values for."""
    return {"items": queries.observed_periods()}


@router.get(
    "/metrics/{metric}/observations",
    response={200: Observations, READING: Problem},
    summary="Values of a metric",
)
def observations(
    request: ApiRequest, metric: Path[Code], asked: Query[ObservationsAsked]
) -> dict[str, Any]:
    """Values of company and teams, and of the members in your reach."""
    whose = Slice(metric, asked.period, member=asked.member, team=asked.team)
    page = queries.observations(request.viewer, whose, after=asked.after, limit=asked.limit)
    return {"items": page.lines, "next": page.next}


@router.get(
    "/metrics/{metric}/observations/{period}/explanation",
    response={200: Reason, READING: Problem},
    summary="Why a value is what it is",
    exclude_defaults=True,
)
def explanation(
    request: ApiRequest, metric: Path[Code], period: Path[PeriodCode], whose: Query[Whose]
) -> dict[str, Any]:
    """The rule, the numbers it was made of, and theirs, down to the rows of the sources."""
    asked = Slice(metric, period, member=whose.member, team="" if whose.member else whose.team)
    return reason(queries.observation_for(request.viewer, asked).node, whose.path)
