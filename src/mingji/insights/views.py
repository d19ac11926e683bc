"""The home page of each role, and the page of a team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mingji.goals import queries as goals
from mingji.goals.charts import with_bullets
from mingji.goals.periods import chosen_period
from mingji.insights import answers, queries
from mingji.kit.charts_series import Point, trend
from mingji.kit.explain import explanation_response
from mingji.metrics import queries as metrics
from mingji.metrics.queries import Slice
from mingji.people.http import SignedInRequest
from mingji.people.viewer import Role
from mingji.rules.calendar import Period
from mingji.rules.text import Text

# A home page names the first few; the pages behind it name all.
NAMED = 5
LEAD_NAMED = 12
MISSING_NAMED = 8
NEEDS_NAMED = 30


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """The one home page that fits the viewer's role."""
    role = request.viewer.role
    period = chosen_period(request).period
    needs = queries.needs_of(request.viewer)
    context = {
        "period": period,
        "period_label": period.label,
        "needs": needs[:NEEDS_NAMED],
        "further_needs": max(0, len(needs) - NEEDS_NAMED),
        "today": request.viewer.on,
        **HOMES[role](request, period),
    }
    return render(request, f"insights/home_{role}.html", context)


def _marketer(request: SignedInRequest, period: Period) -> dict[str, Any]:
    viewer = request.viewer
    return {
        "goals": with_bullets(goals.goals_for(viewer, viewer.code, str(period))),
        "result": queries.last_result(viewer),
    }


def _lead(request: SignedInRequest, period: Period) -> dict[str, Any]:
    viewer = request.viewer
    statuses = goals.statuses_of_members(viewer, str(period))
    needing = queries.members_in_need(each for each in statuses if each.member != viewer.member_id)
    own_team = [viewer.team_id] if viewer.team_id else []
    return {
        "needing": _with_bullets(queries.named(viewer, needing[:LEAD_NAMED])),
        "team_goals": with_bullets(goals.goals_of_teams(viewer, own_team, str(period))),
    }


def _director(request: SignedInRequest, period: Period) -> dict[str, Any]:
    viewer = request.viewer
    funnel = queries.funnel(viewer, period)
    money = queries.money(viewer, period)
    needing = queries.members_in_need(goals.statuses_of_members(viewer, str(period)))
    off_track = [each for each in needing if each.off_track]
    team_goals = goals.goals_of_teams(viewer, queries.teams_at_the_top(), str(period))
    return {
        "course": answers.course(with_bullets(team_goals)),
        "funnel": funnel,
        "leak": answers.leak(funnel, period),
        "money": answers.return_on(money),
        "roas": trend(
            [
                Point(Text.same(each), value, href=Slice("roas", each).url("why"))
                for each, value in money.roas
            ],
            unit="times",
        ),
        "help": answers.help_wanted(needing),
        "needing": _with_bullets(queries.named(viewer, off_track[:NAMED])),
    }


def _hr_partner(request: SignedInRequest, period: Period) -> dict[str, Any]:
    viewer = request.viewer
    statuses = goals.statuses_of_members(viewer, str(period))
    without_data = [each.goal for each in statuses if each.status == "no_data"]
    return {
        "board": queries.cycle_board(viewer),
        "open_goals": goals.open_goals(viewer, str(period), MISSING_NAMED),
        "without_data": len(without_data),
        "missing": goals.lines_of(viewer, without_data[:MISSING_NAMED]),
    }


def _analyst(request: SignedInRequest, period: Period) -> dict[str, Any]:
    page = metrics.data_page(request.viewer)
    shown = metrics.metric_lines(str(period))
    return {
        "data": page,
        "grave": [found for found in page.findings if found.severity != "info"],
        "rejected": sum(batch.rejected for batch in page.batches),
        "without_data": [line for line in shown if line.value is None],
        "metrics": len(shown),
        "disputes": metrics.count_open_disputes(request.viewer),
        "corrections": metrics.count_waiting_corrections(request.viewer),
        "quality": metrics.count_quality_findings(),
    }


HOMES: dict[Role, Callable[[SignedInRequest, Period], dict[str, Any]]] = {
    "marketer": _marketer,
    "lead": _lead,
    "director": _director,
    "hr_partner": _hr_partner,
    "analyst": _analyst,
}


@require_GET
def why(request: SignedInRequest) -> HttpResponse:
    """How the rates of the director's funnel come about."""
    period = chosen_period(request).period
    return explanation_response(
        request,
        queries.company_reasons(request.viewer, period),
        request.GET.get("path", ""),
        base_url=f"{request.path}?period={period}",
        title=Text(f"销售漏斗 · {period.label.zh}", f"Funnel, {period.label.en}"),
        rows_url=lambda source: metrics.rows_url(source.ref),
        named=metrics.named_parameter,
    )


@require_GET
def team(request: SignedInRequest) -> HttpResponse:
    """The viewer's own team, in the same period."""
    own = redirect("insights:team_page", queries.team_to_show(request.viewer))
    if asked := request.GET.urlencode():
        own["Location"] += f"?{asked}"
    return own


@require_GET
def team_page(request: SignedInRequest, code: str) -> HttpResponse:
    """A team: its own goals, its members and theirs."""
    choice = chosen_period(request)
    period = choice.period
    page = queries.team_page(request.viewer, code, str(period), request.GET.get("after", ""))
    context = {
        "period": period,
        "periods": choice.links,
        "period_label": period.label,
        "export_of": f"team={code}",
        "page": page,
        "team_goals": with_bullets(page.goals),
        "members": [(member, with_bullets(member.goals)) for member in page.members],
        "next_url": f"?{urlencode({'period': period, 'after': page.next})}" if page.next else "",
        "first_url": f"?period={period}" if "after" in request.GET else "",
    }
    return render(request, "insights/team.html", context)


def _with_bullets(needing: list[queries.Help]) -> list[tuple[queries.Help, list[Any]]]:
    """Each member with the goals that are named, ready to be drawn."""
    return [(each, with_bullets(each.goals)) for each in needing]
