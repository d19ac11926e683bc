"""Whom a table or a metric concerns: the metrics that are made from it, and their people."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from mingji.engine.model import Definitions
from mingji.metrics.models import Observation
from mingji.metrics.queries.facts import observed_periods


def concerned(definitions: Definitions, name: str) -> tuple[list[str], int]:
    """The ids of the metrics made from a table (or from a metric) that members have a value of in
    the latest period, and how many members. Three queries."""
    metrics = [
        metric.id
        for metric in definitions.metrics.values()
        if name in (metric.id, *metric.inputs)
        or any(leaf.table == name for leaf in definitions.leaves(metric))
    ]
    return valued(metrics)


def valued(metrics: Collection[str]) -> tuple[list[str], int]:
    """Those of some metrics that members have a value of in the latest period, and how many members
    have one. Three queries."""
    period = max(observed_periods(), default="")
    used = Observation.objects.filter(
        current=True, member__isnull=False, metric__in=metrics, period=period
    ).order_by()
    named = sorted(set(used.values_list("metric", flat=True).distinct()))
    people = used.aggregate(people=Count("member", distinct=True))["people"]
    return named, people
