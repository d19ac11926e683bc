"""The KPI explorer: a metric by any dimension, against another period, down to its rows."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mingji.kit import clock
from mingji.kit.charts_series import Point, Trend, so_far, trend
from mingji.kit.explain import explanation_response
from mingji.kit.i18n import localized
from mingji.kit.spreadsheets import safe_cell, write_table
from mingji.metrics import queries
from mingji.metrics.exploration import Exploration
from mingji.people.http import SignedInRequest
from mingji.rules.text import Text

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
        "csv_url": ask.url("explore_csv"),
        "xlsx_url": ask.url("explore_xlsx"),
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
    lines, name = _table(request, metric)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    csv.writer(response, lineterminator="\r\n").writerows(
        [safe_cell(format(cell, "f") if isinstance(cell, Decimal) else str(cell)) for cell in line]
        for line in lines
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_GET
def export_xlsx(request: SignedInRequest, metric: str) -> FileResponse:
    """What the page shows, as an Excel workbook."""
    lines, name = _table(request, metric)
    file = io.BytesIO()
    write_table(file, metric, lines)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_EXCEL)


def _table(request: SignedInRequest, metric: str) -> tuple[list[list[str | Decimal | int]], str]:
    """What the page shows, in the reader's language, and a name for the file."""
    ask = _known(request, metric)
    lines = [list(map(_cell, line)) for line in queries.explored_table(request.viewer, ask)]
    return lines, "-".join(filter(None, (metric, ask.by, str(ask.period))))


def _cell(cell: Text | str | Decimal | int | None) -> str | Decimal | int:
    if cell is None:
        return ""
    return localized(cell) if isinstance(cell, Text) else cell


def _known(request: SignedInRequest, metric: str) -> Exploration:
    given = request.GET.dict()
    return Exploration.asked(metric, given, given.get("period", ""), clock.today())


def _chart(found: queries.Explored) -> Trend:
    today = clock.today()
    points = [
        Point(Text.same(str(period)), value, href=why, so_far=so_far(period, today))
        for period, value, why in found.series
    ]
    return trend(points, unit=found.metric.unit, caption=found.metric.name)


def _title(ask: Exploration) -> Text:
    """`Won revenue · channel = events · Q3 2026`."""
    name = queries.metric_names()[ask.metric].name
    when = ask.period.label
    cut = f" · {ask.by} = {ask.key or '–'}" if ask.by and ask.key is not None else ""
    cut = f" · {ask.by} ≠ …" if ask.rest else cut
    only = f" · {ask.only} = {ask.value or '–'}" if ask.only else ""
    return Text(f"{name.zh}{only}{cut} · {when.zh}", f"{name.en}{only}{cut} · {when.en}")
