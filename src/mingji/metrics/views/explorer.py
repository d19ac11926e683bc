"""The KPI explorer: a metric by any dimension, against another period, down to its rows."""

from __future__ import annotations

import csv

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mingji.kit import clock
from mingji.kit.charts_series import Point, Trend, trend
from mingji.kit.explain import explanation_response
from mingji.metrics import queries
from mingji.metrics.exploration import Exploration
from mingji.people.http import SignedInRequest
from mingji.rules.text import Text

_GRAINS = {
    "month": Text("按月", "months"),
    "quarter": Text("按季度", "quarters"),
    "half": Text("按半年", "half-years"),
    "year": Text("按年", "years"),
}
_COMPARISONS = {
    "": Text("不对比", "nothing"),
    "before": Text("上一期", "the period before"),
    "year": Text("去年同期", "the same period last year"),
}


@require_GET
def explore(request: SignedInRequest, metric: str) -> HttpResponse:
    periods = queries.observed_periods()
    if not periods:
        return redirect("metrics:list")
    ask = Exploration.asked(metric, request.GET.dict(), periods[-1], clock.today())
    found = queries.explore(request.viewer, ask, request.GET.get("after", ""))
    context = {
        "found": found,
        "ask": ask,
        "chart": _chart(found),
        "change_unit": queries.moved_unit(found.metric.unit),
        "grains": _GRAINS.items(),
        "comparisons": _COMPARISONS.items(),
        "periods": [(each, ask.url(period=each)) for each in ask.periods],
        "unfinished": ask.period.end >= clock.today(),
        "wider": ask.url(only="", value=""),
        "csv_url": ask.url("explore_csv", compare=""),
        "next_url": found.next,
        "first_url": ask.url() if "after" in request.GET else "",
    }
    return render(request, "metrics/explore.html", context)


@require_GET
def why(request: SignedInRequest, metric: str) -> HttpResponse:
    ask = _known(request, metric)
    return explanation_response(
        request,
        queries.explored_reasons(request.viewer, ask),
        request.GET.get("path", ""),
        base_url=ask.url("explore_why"),
        title=_title(ask),
        rows_url=lambda source: queries.explored_rows_url(ask, source.ref),
        named=queries.named_parameter,
    )


@require_GET
def rows(request: SignedInRequest, metric: str) -> HttpResponse:
    ask = _known(request, metric)
    page, hidden = queries.explored_rows(request.viewer, ask, request.GET.get("after", ""))
    context = {
        "title": _title(ask),
        "metric": queries.metric_names()[metric],
        "slice": ask,
        "page": page,
        "lines": [(row, "") for row in page.rows],
        "hidden": hidden,
        "why": ask.url("explore_why"),
        "csv_url": ask.url("explore_rows_csv"),
        "next_url": ask.url("explore_rows", after=page.next) if page.next else "",
        "first_url": ask.url("explore_rows") if "after" in request.GET else "",
    }
    return render(request, "metrics/rows.html", context)


@require_GET
def rows_csv(request: SignedInRequest, metric: str) -> StreamingHttpResponse:
    ask = _known(request, metric)
    lines = queries.explored_rows_csv(request.viewer, ask)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{metric}-{ask.period}.csv"'
    return response


@require_GET
def export(request: SignedInRequest, metric: str) -> HttpResponse:
    ask = _known(request, metric)
    lines = queries.explored_csv(request.viewer, ask)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    csv.writer(response, lineterminator="\r\n").writerows(lines)
    name = "-".join(filter(None, (metric, ask.by, str(ask.period))))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _known(request: SignedInRequest, metric: str) -> Exploration:
    given = request.GET.dict()
    return Exploration.asked(metric, given, given.get("period", ""), clock.today())


def _chart(found: queries.Explored) -> Trend:
    points = [Point(Text.same(str(period)), value, href=why) for period, value, why in found.series]
    return trend(points, unit=found.metric.unit, caption=found.metric.name)


def _title(ask: Exploration) -> Text:
    """`Won revenue · channel = events · Q3 2026`."""
    name = queries.metric_names()[ask.metric].name
    when = ask.period.label
    cut = f" · {ask.by} = {ask.key or '–'}" if ask.by and ask.key is not None else ""
    only = f" · {ask.only} = {ask.value or '–'}" if ask.only else ""
    return Text(f"{name.zh}{only}{cut} · {when.zh}", f"{name.en}{only}{cut} · {when.en}")
