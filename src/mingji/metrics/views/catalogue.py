"""The pages of metrics: the list, one metric, why a value is what it is, its rows."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingji.kit.charts_series import Point, Trend, trend
from mingji.kit.explain import explanation_response
from mingji.metrics import policy, queries
from mingji.metrics.queries import Slice
from mingji.people.http import SignedInRequest


@require_GET
def metric_list(request: SignedInRequest) -> HttpResponse:
    periods = queries.observed_periods()
    period = _chosen(request, periods)
    context = {
        "periods": periods,
        "period": period,
        "lines": queries.metric_lines(period) if periods else [],
        "may_keep_data": bool(policy.may_keep_data(request.viewer)),
    }
    return render(request, "metrics/list.html", context)


@require_GET
def metric(request: SignedInRequest, metric: str) -> HttpResponse:
    period = _chosen(request, queries.observed_periods())
    page = queries.metric_page(request.viewer, metric, period, request.GET.get("after", ""))
    address = reverse("metrics:metric", args=(metric,))
    context = {
        "page": page,
        "chart": _chart(page),
        "next_url": f"{address}?period={period}&after={page.next}#members" if page.next else "",
        "why": Slice(metric, period).url("why") if period else "",
        "may_keep_data": bool(policy.may_keep_data(request.viewer)),
    }
    return render(request, "metrics/metric.html", context)


@require_GET
def why(request: SignedInRequest, metric: str, period: str) -> HttpResponse:
    asked = _slice(request, metric, period)
    seen = queries.observation_for(request.viewer, asked)
    return explanation_response(
        request,
        seen.node,
        request.GET.get("path", ""),
        base_url=asked.url("why"),
        title=seen.title,
        rows_url=lambda source: queries.rows_url(source.ref),
    )


@require_GET
def rows(request: SignedInRequest, metric: str, period: str) -> HttpResponse:
    asked = _slice(request, metric, period)
    seen = queries.rows_for(request.viewer, asked, request.GET.get("after", ""))
    context = {
        "title": seen.title,
        "metric": seen.metric,
        "slice": asked,
        "page": seen.page,
        "hidden": seen.owners_hidden,
        "why": asked.url("why"),
        "csv_url": asked.url("rows_csv"),
        "next_url": asked.url("rows", after=seen.page.next) if seen.page.next else "",
        "first_url": asked.url("rows") if "after" in request.GET else "",
    }
    return render(request, "metrics/rows.html", context)


@require_GET
def rows_csv(request: SignedInRequest, metric: str, period: str) -> StreamingHttpResponse:
    lines = queries.rows_as_csv(request.viewer, _slice(request, metric, period))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{metric}-{period}.csv"'
    return response


def _chart(page: queries.MetricPage) -> Trend:
    points = [Point(line.name, line.value, href=line.why) for line in page.by_period]
    return trend(points, unit=page.metric.unit, caption=page.metric.name)


def _slice(request: SignedInRequest, metric: str, period: str) -> Slice:
    member, team = request.GET.get("member", ""), request.GET.get("team", "")
    return Slice(metric, period, member=member, team="" if member else team)


def _chosen(request: SignedInRequest, periods: list[str]) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in periods else next(reversed(periods), "")
