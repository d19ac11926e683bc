"""Forms by which goals are drafted, changed and taken out while nobody has proposed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingji.goals import actions, policy, queries
from mingji.goals.forms import (
    GoalForm,
    MeasuredForm,
    ObjectiveForm,
    kpi_initial,
    measured_initial,
    objective_initial,
)
from mingji.goals.periods import chosen_period
from mingji.goals.queries import MeasuredItem, Owner
from mingji.goals.views.goals import list_address
from mingji.kit import clock
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.goals.models import Goal

OBJECTIVE = Text("新目标（OKR）", "New objective")
KEY_RESULT = Text("新关键结果", "New key result")
BESIDE = Text("考核表之外的指标", "A KPI beside the form")


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, code: str) -> HttpResponse:
    """Draft a goal of a member."""
    return _new(request, Owner(member=people.member_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def new_of_team(request: SignedInRequest, code: str) -> HttpResponse:
    """Draft a goal of a team."""
    return _new(request, Owner(team=people.team_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def new_key_result(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Draft a key result of an objective."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    owner = queries.owner_of(found)
    terms = queries.terms_of(found.agreement)
    known = GoalTerms(
        key=_free_key(terms, f"{found.item}-kr"), kind="key_result", objective=found.item
    )
    return _submit(request, owner, found.period, known, None)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Change a goal while it is a draft."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    return _submit(request, queries.owner_of(found), found.period, found.terms, found)


@require_POST
def remove(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Take a goal out of a draft."""
    found = queries.goal_for(request.viewer, goal_id, to="edit")
    actions.remove_goal(request.viewer, goal_id, at=clock.now())
    messages.success(request, _("The goal is taken out of the draft."))
    return redirect(list_address(queries.owner_of(found), found.period))


def _new(request: SignedInRequest, owner: Owner) -> HttpResponse:
    """Choose what to set (GET), then fill in its values (`?item=` or `?kind=`)."""
    policy.may_negotiate(request.viewer, member=owner.member, team=owner.team).require()
    period = chosen_period(request).period
    agreement = queries.agreement_of(request.viewer, owner, str(period))
    terms = queries.terms_of(agreement) if agreement else ()
    taken = {goal.key for goal in terms}
    measured = queries.measured_items(owner, str(period))
    items = {key: item for key, item in measured.items() if key not in taken}
    chosen = items.get(request.GET.get("item", ""))
    kind = request.GET.get("kind")
    if chosen is not None:
        known = GoalTerms(key=chosen.id, metric=chosen.metric)
    elif kind == "objective":
        known = GoalTerms(key=_free_key(terms, "objective"), kind="objective")
    elif kind == "kpi":
        known = GoalTerms(key=_free_key(terms, "kpi"), kind="kpi")
    else:
        context = _context(owner, period) | {"items": list(items.values())}
        return render(request, "goals/choose_item.html", context)
    return _submit(request, owner, str(period), known, None)


def _free_key(terms: tuple[GoalTerms, ...], stem: str) -> str:
    """The first key of this stem that no goal of the agreement has."""
    taken = {goal.key for goal in terms}
    return next(key for n in range(1, len(taken) + 2) if (key := f"{stem}-{n}") not in taken)


def _context(owner: Owner, period: Period) -> dict[str, Any]:
    whose = owner.member or owner.team
    assert whose is not None
    return {
        "whose": whose.known_as,
        "list_url": list_address(owner, str(period)),
        "period": period,
    }


def _submit(
    request: SignedInRequest, owner: Owner, period: str, known: GoalTerms, goal: Goal | None
) -> HttpResponse:
    """Save a filled-in form and go to the goal, or show the form with what to mend."""
    items = queries.measured_items(owner, period)
    form = _form(request, known, items, period, changed=goal is not None)
    around = queries.Around(goals=_others(request, owner, period), items=items)
    item = items.get(known.key) if isinstance(form, GoalForm) else None
    if request.htmx.target in ("smart", "scoring"):
        return _live(request, owner, period, known, form, around)
    looking = "look" in request.POST
    if request.method == "POST" and form.is_valid() and not looking:
        try:
            goal_id = actions.set_goal(
                request.viewer, owner, period=period, terms=form.terms(known), at=clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The draft is saved. Propose the goals when all is in."))
            return redirect("goals:goal", goal_id)
    said = form.terms_so_far(known) if form.is_bound else known
    context = _context(owner, Period.parse(period)) | {
        "heading": _heading(known, items),
        "kind": known.kind if known.key not in items else "item",
        "rate": known.key in items and items[known.key].unit == "ratio",
        "form": form,
        "goal": goal,
        "letters": queries.letters_for(request.viewer, owner, period, said, around),
        "scored": queries.scored(item, said) if item else None,
    }
    status = 422 if form.errors and not looking else 200
    return render(request, "goals/edit.html", context, status=status)


def _live(
    request: SignedInRequest,
    owner: Owner,
    period: str,
    known: GoalTerms,
    form: GoalForm | ObjectiveForm | MeasuredForm,
    around: queries.Around,
) -> HttpResponse:
    """The part of the page that follows what is being typed."""
    form.is_valid()
    said = form.terms_so_far(known)
    item = around.items.get(known.key) if isinstance(form, GoalForm) else None
    context: dict[str, Any] = {
        "form": form,
        "scored": queries.scored(item, said) if item else None,
        "live": True,
    }
    if request.htmx.target == "scoring":
        form.errors.clear()
        return render(request, "goals/scoring.html", context)
    context["letters"] = queries.letters_for(request.viewer, owner, period, said, around)
    return render(request, "goals/smart.html", context)


def _others(request: SignedInRequest, owner: Owner, period: str) -> tuple[GoalTerms, ...]:
    """The goals that stand in the agreement already."""
    agreement = queries.agreement_of(request.viewer, owner, period)
    return queries.terms_of(agreement) if agreement else ()


def _form(
    request: SignedInRequest,
    known: GoalTerms,
    items: Mapping[str, MeasuredItem],
    period: str,
    *,
    changed: bool,
) -> GoalForm | ObjectiveForm | MeasuredForm:
    """The form that fits the goal, filled with what was sent or with what is known."""
    posted: QueryDict | None = request.POST if request.method == "POST" else None
    themes = queries.theme_choices(Period.parse(period).start.year)
    if known.kind == "kpi" and (item := items.get(known.key)):
        initial = kpi_initial(known, item) if changed else {}
        return GoalForm(item, themes, posted, initial)
    if known.kind == "objective":
        return ObjectiveForm(themes, posted, initial=objective_initial(known))
    measured = queries.item_of(known, items)
    initial = measured_initial(known, measured.unit if measured else "")
    return MeasuredForm(known.kind, queries.metric_choices(), themes, posted, initial=initial)


def _heading(known: GoalTerms, items: Mapping[str, MeasuredItem]) -> Text:
    if known.key in items:
        return items[known.key].name
    if known.title:
        return Text.same(known.title)
    return {"objective": OBJECTIVE, "key_result": KEY_RESULT, "kpi": BESIDE}[known.kind]
