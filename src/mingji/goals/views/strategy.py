"""The strategy map: themes, the goals below them, and how they stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingji.goals import queries
from mingji.goals.charts import ShownNode, with_map
from mingji.goals.periods import chosen_period
from mingji.kit.numbers import whole
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period

# A tree of up to so many goals stands open.
OPEN = 40


@require_GET
def strategy(request: SignedInRequest) -> HttpResponse:
    """The themes of the year, the goals below them as a tree or a table, or one part opened."""
    choice = chosen_period(request)
    period = choice.period
    asked = {name: request.GET[name] for name in ("open", "theme") if name in request.GET}
    shown = _opened(request, period, asked) if asked else _whole(request, period)
    address = {"period": str(period), **asked}
    context = {
        "period": period,
        "periods": choice.links,
        "period_label": period.label,
        "as_table": request.GET.get("as") == "table",
        "tree_url": f"?{urlencode(address)}",
        "table_url": f"?{urlencode({**address, 'as': 'table'})}",
        **shown,
    }
    return render(request, "goals/strategy.html", context)


@require_GET
def coverage(request: SignedInRequest) -> HttpResponse:
    """What strategy, goals and people leave open: one list at a time."""
    choice = chosen_period(request)
    period, viewer = choice.period, request.viewer
    what, after = request.GET.get("what", "goals"), request.GET.get("after", "")
    known = queries.covered(viewer, period)
    page = queries.open_page(viewer, known, what, after)
    address = {"period": str(period), "what": page.gap}
    context = {
        "period": period,
        "period_label": period.label,
        "counts": known.counts,
        "page": page,
        "next_url": f"?{urlencode({**address, 'after': page.next})}" if page.next else "",
        "first_url": f"?{urlencode(address)}" if after else "",
    }
    return render(request, "goals/coverage.html", context)


def _whole(request: SignedInRequest, period: Period) -> dict[str, Any]:
    themes = [
        (theme, _banded(with_map(theme.nodes)))
        for theme in queries.strategy_map(request.viewer, period)
    ]
    tops = [top for _, bands in themes for _, nodes in bands for top in nodes]
    drawn = sum(1 for top in tops for _ in top.and_below)
    viewer = request.viewer
    leads = viewer.depth or viewer.hr_teams
    return {
        "themes": themes,
        "open": drawn <= OPEN,
        "counts": queries.covered(viewer, period).counts if leads else (),
    }


def _banded(nodes: tuple[ShownNode, ...]) -> list[tuple[str, tuple[ShownNode, ...]]]:
    """The goals right below a theme by whose they are, those of the topmost team first."""
    found: dict[str, list[ShownNode]] = {}
    for each in nodes:
        found.setdefault(each.node.band, []).append(each)
    return [(band, tuple(own)) for band, own in found.items()]


def _opened(request: SignedInRequest, period: Period, asked: dict[str, str]) -> dict[str, Any]:
    after = request.GET.get("after", "")
    if "theme" in asked:
        found = queries.opened_theme(request.viewer, period, asked["theme"][:40], after)
        nodes = with_map(found.theme.nodes)
        shown: dict[str, Any] = {"themes": [(found.theme, [("", nodes)] if nodes else [])]}
        following = found.next
    else:
        goal_id = whole(asked["open"], 0)
        goal = queries.opened_goal(request.viewer, period, goal_id, after)
        shown = {"opened": goal, "top": with_map([goal.node])}
        following = goal.next
    address = {"period": str(period), **asked}
    if "as" in request.GET:
        address["as"] = request.GET["as"][:5]
    return {
        **shown,
        "part": True,
        "open": True,
        "next_url": f"?{urlencode({**address, 'after': following})}" if following else "",
        "first_url": f"?{urlencode(address)}" if after else "",
    }
