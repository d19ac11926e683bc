"""The strategy themes of a year, and how the goals below them stand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingji.goals import queries
from mingji.goals.charts import with_bullets
from mingji.goals.periods import chosen_period
from mingji.people.http import SignedInRequest


@require_GET
def strategy(request: SignedInRequest) -> HttpResponse:
    """The themes of the year and how the goals below them stand."""
    choice = chosen_period(request)
    period = choice.period
    context = {
        "period": period,
        "periods": choice.links,
        "period_label": period.label,
        "themes": [
            (theme, with_bullets(theme.leading), with_bullets(theme.off_track))
            for theme in queries.themes_of(request.viewer, str(period))
        ],
    }
    return render(request, "goals/strategy.html", context)
