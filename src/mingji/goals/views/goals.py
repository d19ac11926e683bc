"""Pages of goals: own ones, those of a member or a team in reach, and one goal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingji.audit import queries as audit
from mingji.goals import policy, queries
from mingji.goals.charts import path_of, with_bullets
from mingji.goals.periods import PeriodChoice, chosen_period
from mingji.goals.queries import GoalLine, Owner
from mingji.kit.explain import explanation_response
from mingji.kit.i18n import localized
from mingji.metrics import queries as metrics
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.smart.letters import Letter
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.goals.models import Goal
    from mingji.people.models import Member


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """The viewer's own goals of a period."""
    return _of(request, people.member_for(request.viewer, request.viewer.code))


@require_GET
def of_member(request: SignedInRequest, code: str) -> HttpResponse:
    """The goals of a member in reach."""
    return _of(request, people.member_for(request.viewer, code))


@require_GET
def of_team(request: SignedInRequest, code: str) -> HttpResponse:
    """The goals of a whole team."""
    team = people.team_for(request.viewer, code)
    choice = chosen_period(request)
    lines = queries.goals_of_teams(request.viewer, [team.pk], str(choice.period))
    return _list(request, Owner(team=team), choice, lines)


@require_GET
def goal(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """One goal: how it stands, its path over the quarters, its agreement, its history."""
    found = queries.goal_for(request.viewer, goal_id)
    line = queries.goal_line(request.viewer, found)
    may = bool(policy.may_report(request.viewer, found))
    context = {
        "shown": with_bullets([line])[0],
        "line": line,
        "goal": found,
        "agreement": found.agreement,
        "key_results": with_bullets(line.key_results),
        "milestones": found.milestones.all(),
        "path": path_of(line) if found.metric else None,
        "meaning": queries.other_meaning(found),
        "may_change": may and found.status == "agreed",
        "has_path": queries.has_path(found),
        "own": found.member_id == request.viewer.member_id,
        "may_edit": may and found.status == "draft",
        "may_report": may and found.status == "agreed",
        "may_talk": may,
        "beside": queries.beside(found),
        "reports": queries.reports_of(found),
        "promises": queries.promises(request.viewer, [replace(line, key_results=())]),
        "letters": _letters(request, found),
        "history": _history(found.agreement_id),
        "period_label": line.period.label,
    }
    return render(request, "goals/goal.html", context)


@require_GET
def why(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Why the goal stands as it does: value, expected value, target, down to the rows."""
    found = queries.goal_for(request.viewer, goal_id)
    line = queries.goal_line(request.viewer, found)
    return explanation_response(
        request,
        queries.goal_reasons(request.viewer, found),
        request.GET.get("path", ""),
        base_url=request.path,
        title=Text(f"{line.name.zh} · {line.owner.zh}", f"{line.name.en} · {line.owner.en}"),
        rows_url=lambda source: metrics.rows_url(source.ref),
        named=metrics.named_parameter,
    )


def _letters(request: SignedInRequest, goal: Goal) -> tuple[Letter, ...]:
    """The SMART check of a goal as it stands in its agreement."""
    owner = queries.owner_of(goal)
    terms = queries.terms_of(goal.agreement)
    items = queries.measured_items(owner, goal.period)
    above = queries.alignment_of(request.viewer, goal).above
    serves = localized(above[0].name) if above else ""
    around = queries.Around(goals=terms, items=items, serves=serves)
    own = next(each for each in terms if each.key == goal.item)
    return queries.letters_for(request.viewer, owner, goal.period, own, around)


def _of(request: SignedInRequest, member: Member) -> HttpResponse:
    """The goals of a member; of the team, where the member is measured by it."""
    choice = chosen_period(request)
    period = str(choice.period)
    team = queries.measuring_team(member, period)
    if team is not None:
        lines = queries.goals_of_teams(request.viewer, [team.pk], period)
        return _list(request, Owner(team=team), choice, lines, led_by=member)
    lines = queries.goals_for(request.viewer, member.code, period)
    return _list(request, Owner(member=member), choice, lines)


def _list(
    request: SignedInRequest,
    owner: Owner,
    choice: PeriodChoice,
    lines: list[GoalLine],
    *,
    led_by: Member | None = None,
) -> HttpResponse:
    viewer, period = request.viewer, str(choice.period)
    agreement = queries.agreement_of(viewer, owner, period)
    side = policy.side_of(viewer, member=owner.member, team=owner.team)
    whose = led_by or owner.member or owner.team
    assert whose is not None
    context = {
        "whose": whose.known_as,
        "own": whose.code == viewer.code and owner.team is not whose,
        "by_team": owner.team is not None,
        "team_code": owner.team.code if owner.team else "",
        "may_set": bool(side) and (agreement is None or agreement.status == "draft"),
        "new_url": new_address(owner, period),
        "copy_url": copy_address(owner, period),
        "agreement": agreement,
        "period": choice.period,
        "periods": choice.links,
        "period_label": choice.period.label,
        "goals": with_bullets(lines),
        "agreements": queries.agreements_of(lines),
        "export_of": _export_of(owner),
        "export_all": whose.code == viewer.code and owner.team is not whose,
    }
    return render(request, "goals/list.html", context)


def _export_of(owner: Owner) -> str:
    """Whose goals an export holds, as its address names them."""
    if owner.member:
        return f"member={owner.member.code}"
    assert owner.team is not None
    return f"team={owner.team.code}"


def new_address(owner: Owner, period: str) -> str:
    """Where a goal is drafted for this owner."""
    name, whose = ("new", owner.member) if owner.member else ("new_of_team", owner.team)
    assert whose is not None
    return f"{reverse(f'goals:{name}', args=(whose.code,))}?{urlencode({'period': period})}"


def copy_address(owner: Owner, period: str) -> str:
    """Where goals of an earlier period are copied for this owner."""
    of_member = owner.member is not None
    name, whose = ("copy_of_member", owner.member) if of_member else ("copy_of_team", owner.team)
    assert whose is not None
    return f"{reverse(f'goals:{name}', args=(whose.code,))}?{urlencode({'period': period})}"


def list_address(owner: Owner, period: str) -> str:
    """Where the goals of this owner are listed."""
    name, whose = ("member", owner.member) if owner.member else ("team", owner.team)
    assert whose is not None
    return f"{reverse(f'goals:{name}', args=(whose.code,))}?{urlencode({'period': period})}"


def _history(agreement_id: int) -> list[audit.Event]:
    """What happened to the agreement, with the names of those who did it."""
    events = audit.history("agreement", agreement_id)
    known = people.names_by_code({event.who for event in events})
    return [
        replace(event, who=localized(known[event.who]) if event.who in known else event.who)
        for event in events
    ]
