"""Pages of goals: own ones, those of a member in reach, one goal, and the strategy themes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.audit import queries as audit
from mingji.goals import actions, policy, queries
from mingji.goals.charts import path_of, with_bullets
from mingji.goals.forms import VALUES, GoalForm, typed
from mingji.goals.periods import chosen_period
from mingji.kit import clock
from mingji.kit.explain import explanation_response
from mingji.kit.i18n import localized
from mingji.metrics import queries as metrics
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """The viewer's own goals of a period."""
    return _list(request, request.viewer.code)


@require_GET
def of_member(request: SignedInRequest, code: str) -> HttpResponse:
    """The goals of a member in reach."""
    return _list(request, code)


def _list(request: SignedInRequest, code: str) -> HttpResponse:
    viewer = request.viewer
    member = people.member_for(viewer, code)
    choice = chosen_period(request)
    period = choice.period
    team = queries.measuring_team(member, str(period))
    lines = (
        queries.goals_for(viewer, code, str(period))
        if team is None
        else queries.goals_of_teams(viewer, [team], str(period))
    )
    context = {
        "whose": Text(member.name, member.name_en),
        "code": code,
        "own": member.pk == viewer.member_id,
        "by_team": team is not None,
        "may_set": team is None and bool(policy.may_set(viewer, member)),
        "period": period,
        "periods": choice.links,
        "period_label": period.label,
        "goals": with_bullets(lines),
        "agreements": queries.agreements_of(lines),
    }
    return render(request, "goals/list.html", context)


@require_GET
def goal(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """One goal: how it stands, its path over the quarters, its agreement, its history."""
    found = queries.goal_for(request.viewer, goal_id)
    line = queries.goal_line(request.viewer, found)
    context = {
        "shown": with_bullets([line])[0],
        "line": line,
        "goal": found,
        "path": path_of(line),
        "own": found.member_id == request.viewer.member_id,
        "may_set": bool(policy.may_set(request.viewer, found.member)),
        "history": _history(goal_id),
        "period_label": line.period.label,
    }
    return render(request, "goals/goal.html", context)


def _history(goal_id: int) -> list[audit.Event]:
    """What happened to a goal, with the names of those who did it."""
    events = audit.history("goal", goal_id)
    known = people.members_by_code(sorted({event.who for event in events}))
    names = {code: localized(Text(one.name, one.name_en)) for code, one in known.items()}
    return [replace(event, who=names.get(event.who, event.who)) for event in events]


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
        title=Text(
            f"{line.metric.name.zh} · {line.owner.zh}", f"{line.metric.name.en} · {line.owner.en}"
        ),
        rows_url=lambda source: metrics.rows_url(source.ref),
    )


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, code: str) -> HttpResponse:
    """Choose an item of the member's form (GET), then fill in its values (`?item=`)."""
    member = people.member_for(request.viewer, code)
    policy.may_set(request.viewer, member).require()
    period = chosen_period(request).period
    chosen = request.GET.get("item", "")
    taken = {line.goal.item for line in queries.goals_for(request.viewer, code, str(period))}
    items = [item for item in queries.measured_items(member, str(period)) if item.id not in taken]
    context = {
        "whose": Text(member.name, member.name_en),
        "code": code,
        "period": period,
        "items": items,
    }
    if not chosen:
        return render(request, "goals/choose_item.html", context)
    item = queries.measured_item(member, str(period), chosen)
    form = GoalForm(item, queries.theme_choices(period.start.year), _posted(request))
    context |= {"item": item, "form": form}
    return _submit(request, form, item, member, str(period), context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Change a goal that is not agreed yet; it becomes a draft again."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    assert found.member is not None
    line = queries.goal_line(request.viewer, found)
    item = queries.measured_item(found.member, found.period, found.item)
    initial = {name: typed(getattr(found, name), item) for name in VALUES} | {
        "weight": found.weight,
        "theme": found.theme.code if found.theme else "",
        "support": found.support,
    }
    choices = queries.theme_choices(line.period.start.year)
    form = GoalForm(item, choices, _posted(request), initial=initial)
    context = {
        "whose": line.owner,
        "code": found.member.code,
        "period": line.period,
        "item": item,
        "form": form,
        "goal": found,
    }
    return _submit(request, form, item, found.member, found.period, context)


def _posted(request: SignedInRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None while the form is only read."""
    return request.POST if request.method == "POST" else None


def _submit(
    request: SignedInRequest,
    form: GoalForm,
    item: queries.MeasuredItem,
    member: Member,
    period: str,
    context: dict[str, object],
) -> HttpResponse:
    """Save a filled-in form and go to the goal, or show the form with what to mend."""
    if request.method == "POST" and form.is_valid():
        try:
            goal_id = actions.set_goal(
                request.viewer,
                member,
                period=period,
                item=item.id,
                targets=form.targets(),
                theme=form.cleaned_data["theme"],
                support=form.cleaned_data["support"],
                at=clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The draft is saved. Propose it when it is ready."))
            return redirect("goals:goal", goal_id)
    status = 422 if form.errors else 200
    return render(request, "goals/edit.html", context, status=status)


@require_POST
def propose(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Put a draft before the member."""
    actions.propose(request.viewer, goal_id, at=clock.now())
    messages.success(request, _("The goal is proposed. It now waits for the member."))
    return redirect("goals:goal", goal_id)


@require_POST
def accept(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Agree to a proposed goal."""
    terms = request.POST.get("terms", "")
    actions.accept(request.viewer, goal_id, terms=terms, at=clock.now())
    messages.success(request, _("You have agreed to this goal. It is locked now."))
    return redirect("goals:goal", goal_id)


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
