"""The pages of metrics: the list, one metric, why a value is what it is, its rows."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingji.engine.typed import TYPED
from mingji.kit import clock
from mingji.kit.charts_series import Point, Trend, so_far, trend
from mingji.kit.explain import explanation_response
from mingji.metrics import policy, queries
from mingji.metrics.corrected import correction_number
from mingji.metrics.queries import Slice
from mingji.metrics.views.slices import asked_slice
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.explanation import Source
from mingji.rules.text import Text


@require_GET
def metric_list(request: SignedInRequest) -> HttpResponse:
    periods = queries.observed_periods()
    period = _chosen(request, periods)
    words = request.GET.get("q", "").strip().casefold()
    every = queries.metric_lines(period) if periods else []
    named = [line for line in every if words in line.words]
    lines = named if words or "all" in request.GET else [line for line in named if line.has_data]
    context = {
        "periods": periods,
        "period": period,
        "lines": lines,
        "words": request.GET.get("q", ""),
        "left_out": len(named) - len(lines),
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
        "restated": [
            (line, Slice(metric, line.period, line.member, line.team).url("why"))
            for line in page.restated
        ],
        "may_keep_data": bool(policy.may_keep_data(request.viewer)),
        "owner": queries.data_owner(metric),
        "condition": "" if page.metric.table == TYPED else queries.condition_of(page.metric),
        "formula": queries.formula_of(page.metric),
        "typed": page.metric.table == TYPED and bool(policy.may_see_typed(request.viewer, metric)),
    }
    return render(request, "metrics/metric.html", context)


@require_GET
def why(request: SignedInRequest, metric: str, period: str) -> HttpResponse:
    asked = asked_slice(request, metric, period)
    seen = queries.observation_for(request.viewer, asked)
    return explanation_response(
        request,
        seen.node,
        request.GET.get("path", ""),
        base_url=asked.url("why"),
        title=seen.title,
        rows_url=source_url,
        named=queries.named_parameter,
        asides=_asides(request, asked),
    )


def source_url(source: Source) -> str | None:
    """Where a source of a metric's value opens: its rows, or the correction."""
    number = correction_number(source)
    return reverse("metrics:correction", args=(number,)) if number else queries.rows_url(source.ref)


def _asides(request: SignedInRequest, asked: Slice) -> list[tuple[Text, str]]:
    """Disputes about this number that the viewer may know of, and how to raise one."""
    known = [
        (
            Text(f"异议 №{each.pk}", f"Dispute №{each.pk}"),
            reverse("metrics:dispute_page", args=(each.pk,)),
        )
        for each in queries.disputes_on(request.viewer, asked)
    ]
    if queries.may_dispute(request.viewer, asked):
        known.append((Text("对这个数字提出异议", "Dispute this number"), asked.url("dispute")))
    return known


@require_GET
def rows(request: SignedInRequest, metric: str, period: str) -> HttpResponse:
    asked = asked_slice(request, metric, period)
    seen = queries.rows_for(request.viewer, asked, request.GET.get("after", ""))
    disputable = queries.may_dispute(request.viewer, asked)
    links = _row_links(request, seen, disputable=disputable)
    context = {
        "title": seen.title,
        "metric": seen.metric,
        "slice": asked,
        "page": seen.page,
        "hidden": seen.owners_hidden,
        "outdated": seen.outdated,
        "why": asked.url("why"),
        "csv_url": asked.url("rows_csv"),
        "next_url": asked.url("rows", after=seen.page.next) if seen.page.next else "",
        "first_url": asked.url("rows") if "after" in request.GET else "",
        "dispute_url": asked.url("dispute") if disputable else "",
        "links": any(links),
        "corrects": request.viewer.analyst,
        "lines": list(zip(seen.page.rows, links, strict=True)),
    }
    return render(request, "metrics/rows.html", context)


def _row_links(request: SignedInRequest, seen: queries.RowsView, *, disputable: bool) -> list[str]:
    """For each row where to correct it (the analyst) or dispute it; empty where neither."""
    table = {"table": seen.metric.table}
    if not all(seen.page.keys) or seen.metric.table == TYPED:
        return [""] * len(seen.page.rows)
    if request.viewer.analyst:
        about = {**table, "dispute": request.GET.get("dispute", "")}
        base = f"{reverse('metrics:correct')}?{urlencode({k: v for k, v in about.items() if v})}"
    elif disputable:
        base = seen.slice.url("dispute", **table)
    else:
        return [""] * len(seen.page.rows)
    return [f"{base}&{urlencode({'key': key}, doseq=True)}" for key in seen.page.keys]


@require_GET
def rows_csv(request: SignedInRequest, metric: str, period: str) -> StreamingHttpResponse:
    lines = queries.rows_as_csv(request.viewer, asked_slice(request, metric, period))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{metric}-{period}.csv"'
    return response


def _chart(page: queries.MetricPage) -> Trend:
    today = clock.today()
    points = [
        Point(
            line.name, line.value, href=line.why, so_far=so_far(Period.parse(line.name.en), today)
        )
        for line in page.by_period
    ]
    return trend(points, unit=page.metric.unit, caption=page.metric.name)


def _chosen(request: SignedInRequest, periods: list[str]) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in periods else next(reversed(periods), "")
