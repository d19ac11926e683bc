"""Forms by which a goal is drafted, changed and taken out while nobody has proposed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingji.goals import actions, policy, queries
from mingji.goals.forms import VALUES, GoalForm, typed
from mingji.goals.periods import chosen_period
from mingji.goals.queries import MeasuredItem, Owner
from mingji.goals.views.goals import list_address
from mingji.kit import clock
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms

if TYPE_CHECKING:
    from mingji.goals.models import Goal


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, code: str) -> HttpResponse:
    """Draft a goal of a member."""
    return _new(request, Owner(member=people.member_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def new_of_team(request: SignedInRequest, code: str) -> HttpResponse:
    """Draft a goal of a team."""
    return _new(request, Owner(team=people.team_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Change a goal while it is a draft."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    owner = queries.owner_of(found)
    items = {item.id: item for item in queries.measured_items(owner, found.period)}
    item = queries.item_of(found.terms, items)
    assert item is not None, "a goal was measured by something when it was saved"
    initial = {name: typed(getattr(found, name), item) for name in VALUES} | {
        "weight": found.weight,
        "theme": found.theme.code if found.theme else "",
        "support": found.support,
        "support_due": found.support_due,
    }
    choices = queries.theme_choices(Period.parse(found.period).start.year)
    form = GoalForm(item, choices, _posted(request), initial=initial)
    return _submit(request, form, item, owner, found.period, found)


@require_POST
def remove(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Take a goal out of a draft."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    actions.remove_goal(request.viewer, goal_id, at=clock.now())
    messages.success(request, _("The goal is taken out of the draft."))
    return redirect(list_address(queries.owner_of(found), found.period))


def _new(request: SignedInRequest, owner: Owner) -> HttpResponse:
    """Choose an item of the form (GET), then fill in its values (`?item=`)."""
    policy.may_negotiate(request.viewer, member=owner.member, team=owner.team).require()
    period = chosen_period(request).period
    agreement = queries.agreement_of(request.viewer, owner, str(period))
    taken = {goal.key for goal in queries.terms_of(agreement)} if agreement else set()
    items = {
        item.id: item for item in queries.measured_items(owner, str(period)) if item.id not in taken
    }
    chosen = items.get(request.GET.get("item", ""))
    if chosen is None:
        context = _context(owner, period) | {"items": list(items.values())}
        return render(request, "goals/choose_item.html", context)
    form = GoalForm(chosen, queries.theme_choices(period.start.year), _posted(request))
    return _submit(request, form, chosen, owner, str(period), None)


def _context(owner: Owner, period: Period) -> dict[str, object]:
    whose = owner.member or owner.team
    assert whose is not None
    return {
        "whose": whose.known_as,
        "list_url": list_address(owner, str(period)),
        "period": period,
    }


def _posted(request: SignedInRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None while the form is only read."""
    return request.POST if request.method == "POST" else None


def _submit(
    request: SignedInRequest,
    form: GoalForm,
    item: MeasuredItem,
    owner: Owner,
    period: str,
    goal: Goal | None,
) -> HttpResponse:
    """Save a filled-in form and go to the goal, or show the form with what to mend."""
    if request.method == "POST" and form.is_valid():
        known = goal.terms if goal else GoalTerms(key=item.id, metric=item.metric)
        try:
            goal_id = actions.set_goal(
                request.viewer, owner, period=period, terms=form.terms(known), at=clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The draft is saved. Propose the goals when all is in."))
            return redirect("goals:goal", goal_id)
    context = _context(owner, Period.parse(period)) | {"item": item, "form": form, "goal": goal}
    return render(request, "goals/edit.html", context, status=422 if form.errors else 200)
