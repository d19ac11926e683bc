"""The page of a goal agreement, and the steps of its negotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.goals import actions, policy, queries
from mingji.goals.forms import NoteForm, all_terms
from mingji.goals.views.goals import copy_address
from mingji.kit import clock
from mingji.kit.numbers import whole
from mingji.people.families import JOB_FAMILIES
from mingji.people.http import SignedInRequest
from mingji.people.viewer import Viewer
from mingji.rules import goal_steps
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.goals.models import Agreement

STAGES = {
    "draft": Text("草稿", "Draft"),
    "proposed": Text("已提出", "Proposed"),
    "countered": Text("已提出修改意见", "Counter-proposed"),
    "agreed": Text("双方已同意", "Agreed by both sides"),
}


@require_GET
def agreement(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """All goals of one owner in one period, where they stand, and what can be done."""
    return _page(request, agreement_id)


@require_POST
def propose(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Put the draft before the other side."""
    note = request.POST.get("note", "")[:1000]
    try:
        actions.propose(request.viewer, agreement_id, note=note, at=clock.now())
    except Invalid as error:
        return _page(request, agreement_id, error)
    messages.success(request, _("The goals are proposed. They now wait for the other side."))
    return redirect("goals:agreement", agreement_id)


@require_http_methods(["GET", "POST"])
def counter(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Answer a proposal with other terms, all goals on one page."""
    found = queries.agreement_for(request.viewer, agreement_id, to="counter")
    posted = request.POST if request.method == "POST" else None
    sheet = all_terms(queries.terms_of(found), queries.items_of(found), NoteForm, posted)
    if posted is not None and sheet.is_valid():
        note = sheet.beside.cleaned_data["note"]
        try:
            actions.counter(request.viewer, agreement_id, sheet.terms(), note=note, at=clock.now())
        except Invalid as error:
            sheet.refuse(error)
        else:
            messages.success(request, _("Your counter-proposal is with the other side."))
            return redirect("goals:agreement", agreement_id)
    context = {
        "agreement": found,
        "whose": queries.owner_name(found),
        "period": Period.parse(found.period),
        "sheet": sheet,
    }
    return render(request, "goals/counter.html", context, status=200 if posted is None else 422)


@require_POST
def withdraw(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    actions.withdraw(request.viewer, agreement_id, at=clock.now())
    messages.success(request, _("The proposal is taken back. It is a draft again."))
    return redirect("goals:agreement", agreement_id)


@require_POST
def accept(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Agree to what the other side proposed."""
    read = whole(request.POST.get("number", ""), -1, digits=5)
    actions.accept(request.viewer, agreement_id, number=read, at=clock.now())
    messages.success(request, _("You have agreed to these goals. They are locked now."))
    return redirect("goals:agreement", agreement_id)


@require_POST
def comment(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Say something in the discussion."""
    text, key = request.POST.get("text", "")[:2000], request.POST.get("key", "")[:60]
    try:
        actions.comment(request.viewer, agreement_id, text, key=key, at=clock.now())
    except Invalid as error:
        return _page(request, agreement_id, error)
    from_goal = whole(request.POST.get("goal", ""), 0, digits=9)
    if from_goal:
        return redirect("goals:goal", from_goal)
    return redirect("goals:agreement", agreement_id)


@require_POST
def deadline(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Say by when the goals are to be agreed; an empty date takes the deadline away."""
    typed = request.POST.get("deadline", "").strip()
    try:
        on = parse_date(typed) if typed else None
    except ValueError:
        on = None
    if typed and on is None:
        return _page(request, agreement_id, _NO_DAY)
    actions.set_deadline(request.viewer, agreement_id, on, at=clock.now())
    messages.success(request, _("The deadline is set."))
    return redirect("goals:agreement", agreement_id)


@require_POST
def template(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Save the goals as a template of the member's job family."""
    name = request.POST.get("name", "")
    try:
        actions.save_template(request.viewer, agreement_id, name, at=clock.now())
    except Invalid as error:
        return _page(request, agreement_id, error)
    messages.success(request, _("The template is saved. Choose it when you set goals of many."))
    return redirect("goals:templates")


@require_GET
def versions(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Every version, and what differs between two of them (`?from=1&to=2`)."""
    found = queries.agreement_for(request.viewer, agreement_id)
    page = queries.agreement_page(request.viewer, found)
    last = found.number
    first, second = (_number(request, "from", last - 1), _number(request, "to", last))
    changes = queries.changes_between(found, first, second) if last > 1 else []
    context = {
        "agreement": found,
        "whose": queries.owner_name(found),
        "period": Period.parse(found.period),
        "page": page,
        "first": first,
        "second": second,
        "changes": changes,
    }
    return render(request, "goals/versions.html", context)


def _number(request: SignedInRequest, name: str, otherwise: int) -> int:
    return whole(request.GET.get(name, ""), otherwise, digits=5)


def _page(
    request: SignedInRequest, agreement_id: int, error: Invalid | None = None
) -> HttpResponse:
    viewer = request.viewer
    found = queries.agreement_for(viewer, agreement_id)
    side = policy.side_of(viewer, member=found.member, team=found.team)
    page = queries.agreement_page(viewer, found)
    agreed = found.status == "agreed"
    lines = [line for group in page.groups for line, _weight in group.lines if agreed]
    context = {
        "agreement": found,
        "whose": queries.owner_name(found),
        "period": Period.parse(found.period),
        "page": page,
        "promises": queries.promises(viewer, lines),
        "may_follow": bool(side),
        "stage": STAGES[found.status],
        "side": side,
        "steps": goal_steps.possible(found.status, side=side, turn=found.awaited or ""),
        "copy_url": copy_address(queries.owner_of(found), found.period),
        "family": _family(viewer, found),
        "open_request": queries.open_request(found),
        "error": error,
        "today": viewer.on,
    }
    return render(request, "goals/agreement.html", context, status=422 if error else 200)


def _family(viewer: Viewer, found: Agreement) -> Text | None:
    """The job family for which the goals can be saved as a template."""
    if found.member is None or not policy.may_keep_templates(viewer):
        return None
    return JOB_FAMILIES.get(queries.family_of(found))


_NO_DAY = Invalid(
    Text(zh="看不懂这个日期；写成 2026-10-15。", en="That is no date; write 2026-10-15."),
    code="no_date",
)
