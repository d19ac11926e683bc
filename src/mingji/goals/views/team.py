"""The goals of a team and its members: as a grid, and as a matrix of what they serve."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingji.goals import queries
from mingji.goals.charts import with_bullets
from mingji.goals.periods import PeriodChoice, chosen_period
from mingji.people.http import SignedInRequest


@require_GET
def grid(request: SignedInRequest, code: str) -> HttpResponse:
    """The members of a team against what they are measured by."""
    choice = chosen_period(request)
    after = request.GET.get("after", "")
    found = queries.goals_grid(request.viewer, code, str(choice.period), after)
    rows = [(row, [with_bullets(cell) for cell in row.cells]) for row in found.rows]
    context = {
        "grid": found,
        "rows": [(row, list(zip(found.columns, cells, strict=True))) for row, cells in rows],
        "of_team": list(zip(found.columns, map(with_bullets, found.of_team), strict=True)),
        **_frame(choice, found.next, after),
    }
    return render(request, "goals/grid.html", context)


@require_GET
def matrix(request: SignedInRequest, code: str) -> HttpResponse:
    """What the goals of a team and its members serve, with shares and their sums."""
    choice = chosen_period(request)
    after = request.GET.get("after", "")
    found = queries.alignment_matrix(request.viewer, code, str(choice.period), after)
    context = {
        "matrix": found,
        "rows": [(row, list(zip(found.columns, row.cells, strict=True))) for row in found.rows],
        **_frame(choice, found.next, after),
    }
    return render(request, "goals/matrix.html", context)


def _frame(choice: PeriodChoice, following: str, after: str) -> dict[str, Any]:
    period = choice.period
    return {
        "period": period,
        "periods": choice.links,
        "period_label": period.label,
        "next_url": f"?{urlencode({'period': period, 'after': following})}" if following else "",
        "first_url": f"?period={period}" if after else "",
    }
