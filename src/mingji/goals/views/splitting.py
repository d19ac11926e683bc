"""Splitting the target of a team's goal over its members: looked at first, then drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast, get_args

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingji.goals import actions, queries
from mingji.goals.dividing import Basis, Division, Part, Wish
from mingji.goals.queries import Sharer, SplitPage
from mingji.kit import clock
from mingji.kit.i18n import sentences
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

TYPED = ("weight", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A cell that can be typed in: its name and value in the form, what it is, what is wrong."""

    name: str
    value: str
    label: Text
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member on the page, with what is typed and the part that comes of it."""

    sharer: Sharer
    chosen: bool
    typed: tuple[Typed, ...]
    part: Part | None
    fault: str


@require_http_methods(["GET", "POST"])
def split(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Show what each would get; `save` drafts it once that was seen."""
    goal = queries.goal_for(request.viewer, goal_id, to="report")
    page = queries.split_page(request.viewer, goal)
    posted = request.POST if request.method == "POST" else None
    wish, faults = _wish(page, posted)
    error: Invalid | None = None
    found: Division | None = None
    try:
        found = None if faults else queries.divide(page, wish)
        if found and posted is not None and "save" in posted:
            seen = posted.get("seen", "")
            count = actions.split_goal(request.viewer, goal_id, wish, seen=seen, at=clock.now())
            words = _("The target is split: %(n)s drafts serve this goal.")
            messages.success(request, words % {"n": count})
            return redirect("goals:alignment", goal_id)
    except Invalid as refusal:
        error = refusal
        faults |= {each.place.path.partition(".")[0]: _told(each) for each in refusal.findings}
    context = {
        "goal": goal,
        "line": queries.goal_line(request.viewer, goal),
        "page": page,
        "wish": wish,
        "bases": BASES,
        "first": page.first(wish.chosen),
        "found": found,
        "rows": _rows(page, wish, posted, faults, found),
        "error": error,
        "faults": bool(faults) and error is None,
    }
    refused = posted is not None and bool(faults or error)
    return render(request, "goals/split.html", context, status=422 if refused else 200)


def _wish(page: SplitPage, posted: QueryDict | None) -> tuple[Wish, dict[str, str]]:
    """How to split as it was typed, and what cannot be read, by cell."""
    if posted is None:
        on_form = {each.member.code for each in page.sharers if each.on_form}
        every = {each.member.code for each in page.sharers}
        return Wish(chosen=frozenset(on_form or every)), {}
    basis = posted.get("basis", "")
    typed: dict[str, dict[str, Decimal]] = {name: {} for name in TYPED}
    faults: dict[str, str] = {}
    for sharer in page.sharers:
        for name in TYPED:
            cell = f"{name}:{sharer.member.code}"
            text = posted.get(cell, "").strip()
            if not text:
                continue
            read = figure(text, unit="" if name == "weight" else page.metric.unit)
            if isinstance(read, Unreadable):
                faults[cell] = sentences(read.message, read.remedy)
            else:
                typed[name][sharer.member.code] = read.value
    known = {each.member.code for each in page.sharers}
    wish = Wish(
        basis=cast(Basis, basis) if basis in get_args(Basis) else "equal",
        chosen=frozenset(known & set(posted.getlist("who"))),
        weights=typed["weight"],
        lows=typed["low"],
        highs=typed["high"],
    )
    return wish, faults


def _rows(
    page: SplitPage,
    wish: Wish,
    posted: QueryDict | None,
    faults: Mapping[str, str],
    found: Division | None,
) -> list[Row]:
    return [
        Row(
            sharer=each,
            chosen=each.member.code in wish.chosen,
            typed=tuple(_typed(each.member.code, name, posted, faults) for name in TYPED),
            part=found.parts.get(each.member.code) if found else None,
            fault=faults.get(each.member.code, ""),
        )
        for each in page.sharers
    ]


def _typed(code: str, name: str, posted: QueryDict | None, faults: Mapping[str, str]) -> Typed:
    cell = f"{name}:{code}"
    value = posted.get(cell, "") if posted is not None else ""
    return Typed(name=cell, value=value, label=LABELS[name], fault=faults.get(cell, ""))


def _told(found: Finding) -> str:
    return sentences(found.message, found.remedy)


BASES = {
    "equal": Text("均分", "equally"),
    "history": Text("按上期实际", "by what each reached last period"),
    "capacity": Text("按在岗工作日", "by working days in the team"),
    "weights": Text("按填写的权重", "by the weights typed below"),
}
LABELS = {
    "weight": Text("权重", "weight"),
    "low": Text("最少", "at least"),
    "high": Text("最多", "at most"),
}
