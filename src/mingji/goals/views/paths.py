"""The way of a goal over time, on a page of its own and within the page of the goal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from mingji.goals import queries
from mingji.goals.charts import way_of
from mingji.people.http import SignedInRequest
from mingji.rules.errors import NotFound
from mingji.rules.text import Text


@require_GET
def path(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """What was reached by which day, against what was expected by then."""
    goal = queries.goal_for(request.viewer, goal_id)
    if not queries.has_path(goal):
        raise NotFound(_NO_PATH, code="no_path")
    line = queries.goal_line(request.viewer, goal)
    found = queries.goal_path(request.viewer, goal, request.GET.get("shape", ""))
    context = {
        "goal": goal,
        "line": line,
        "path": found,
        "chart": way_of(line, found),
        "shapes": [(shape, SHAPES[shape]) for shape in found.shapes],
        "period_label": line.period.label,
    }
    template = "goals/path_chart.html" if request.htmx else "goals/path.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


SHAPES = {
    "even": Text("按日历平均", "in step with the calendar"),
    "season": Text("按去年同期的节奏", "as the months of last year went"),
    "late": Text("先慢后快", "late, a quarter of it by half time"),
}
_NO_PATH = Text(
    zh="目标（OKR）没有自己的走势，看它的各个关键结果。",
    en="An objective has no path of its own: look at those of its key results.",
)
