"""Saying what a goal serves, and how the targets below it combine."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.goals import actions, policy, queries
from mingji.kit import clock
from mingji.kit.explain import explanation_response
from mingji.kit.numbers import whole
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.numbers import HUNDRED
from mingji.rules.text import Text


@require_GET
def alignment(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """The goals above and below, and whether their targets add up."""
    return _page(request, goal_id)


@require_POST
def align(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Let the goal serve another."""
    number = whole(request.POST.get("parent", ""), 0)
    try:
        share = Decimal(request.POST.get("share") or 100) / HUNDRED
        actions.align(request.viewer, goal_id, number, share=share, at=clock.now())
    except InvalidOperation:
        return _page(request, goal_id, _NO_NUMBER)
    except Invalid as error:
        return _page(request, goal_id, error)
    messages.success(request, _("The goal now serves the one above."))
    return redirect("goals:alignment", goal_id)


@require_POST
def unalign(request: SignedInRequest, goal_id: int, parent_id: int) -> HttpResponse:
    """Let the goal no longer serve another."""
    actions.unalign(request.viewer, goal_id, parent_id, at=clock.now())
    messages.success(request, _("The goal no longer serves that one."))
    return redirect("goals:alignment", goal_id)


@require_POST
def combine(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Say how the targets below make up this one."""
    try:
        actions.set_combine(
            request.viewer, goal_id, request.POST.get("mode", "")[:20], at=clock.now()
        )
    except Invalid as error:
        return _page(request, goal_id, error)
    return redirect("goals:alignment", goal_id)


@require_GET
def why(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Why the targets below add up or not."""
    found = queries.goal_for(request.viewer, goal_id)
    page = queries.alignment_of(request.viewer, found)
    if page.check is None:
        raise NotFound(_NOTHING, code="nothing_below")
    return explanation_response(
        request,
        page.check.node,
        request.GET.get("path", ""),
        base_url=request.path,
        title=Text("目标分解", "Decomposition"),
        rows_url=lambda source: None,
    )


def _page(request: SignedInRequest, goal_id: int, error: Invalid | None = None) -> HttpResponse:
    found = queries.goal_for(request.viewer, goal_id)
    context = {
        "goal": found,
        "line": queries.goal_line(request.viewer, found),
        "page": queries.alignment_of(request.viewer, found),
        "may": bool(policy.may_report(request.viewer, found)),
        "may_split": queries.can_be_split(found),
        "error": error,
        "modes": MODES,
    }
    return render(request, "goals/alignment.html", context, status=422 if error else 200)


MODES = {
    "sum": Text("相加", "added up"),
    "weighted_mean": Text("加权平均", "weighted mean"),
    "ratio_of_sums": Text("分子分母各自相加再相除", "ratio of sums"),
    "shared_funnel": Text("漏斗各环节相乘", "stages of one funnel"),
    "min": Text("取最低", "the lowest"),
    "max": Text("取最高", "the highest"),
    "same": Text("各自承担同样的目标值", "the same target for each"),
}
_NO_NUMBER = Invalid(
    Text(zh="份额要写成数字，例如 50。", en="A share is a number, such as 50."), code="no_number"
)
_NOTHING = Text(
    zh="下面没有目标，或者不全在你的范围内。",
    en="There are no goals below, or not all of them are yours to see.",
)
