"""Saying what a goal serves, what it carries of it, and how the targets below combine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.goals import actions, policy, queries
from mingji.goals.actions import PartSaid
from mingji.goals.queries import AlignmentPage, GoalBelow
from mingji.kit import clock
from mingji.kit.explain import explanation_response
from mingji.kit.numbers import whole
from mingji.people.http import SignedInRequest
from mingji.rules.decomposition.parts import NAMES
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED, shown
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Below:
    """A goal below with what stands in its fields, and what is wrong with them."""

    each: GoalBelow
    part: str
    volume: str
    fault: Text | None = None

    @property
    def options(self) -> Mapping[str, Text]:
        """The parts that it could carry, and the one that was said."""
        said = self.each.end.part
        return {code: NAMES[code] for code in dict.fromkeys((*self.each.possible, said)) if code}

    @property
    def has_fields(self) -> bool:
        """Whether anything can be said of it."""
        return bool(self.options) or self.each.over_volume

    @property
    def told(self) -> Text:
        """The part that its metric tells; without one its whole target counts."""
        return NAMES.get(self.each.told, _WHOLE)

    @property
    def carries(self) -> Text:
        """The part that it carries."""
        return NAMES.get(self.each.carries, _WHOLE)


@require_GET
def alignment(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """The goals above and below, and whether their targets add up."""
    return _page(request, goal_id)


@require_POST
def align(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Let the goal serve another."""
    number, posted = whole(request.POST.get("parent", ""), 0), request.POST
    try:
        share = Decimal(posted.get("share") or 100) / HUNDRED
    except InvalidOperation:
        return _page(request, goal_id, _NO_NUMBER)
    try:
        said = PartSaid(part=posted.get("part", "")[:20], volume=_volume(posted.get("volume", "")))
        actions.align(request.viewer, goal_id, number, share=share, said=said, at=clock.now())
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
    """Say how the targets below make up this one, and what each of them carries."""
    posted = request.POST
    try:
        actions.set_combine(
            request.viewer,
            goal_id,
            posted.get("mode", "")[:20],
            parts={number: _said(posted, number) for number in _named(posted)},
            at=clock.now(),
        )
    except Invalid as error:
        return _page(request, goal_id, error, posted)
    messages.success(request, _("Saved how the targets below make up this one."))
    after = whole(posted.get("after", ""), 0)
    here = reverse("goals:alignment", args=[goal_id])
    return redirect(f"{here}?after={after}" if after else here)


@require_GET
def why(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Why the targets below add up or not, or what one of the ways to close the gap rests on."""
    found = queries.goal_for(request.viewer, goal_id)
    page = queries.alignment_of(request.viewer, found)
    way = request.GET.get("way", "")
    return explanation_response(
        request,
        page.tree(whole(way, len(page.ways)) if way else None),
        request.GET.get("path", ""),
        base_url=f"{request.path}?way={whole(way, 0)}" if way else request.path,
        title=Text("目标分解", "Decomposition"),
        rows_url=lambda source: None,
    )


def _named(posted: QueryDict) -> list[int]:
    """The goals below whose fields were sent."""
    numbers = (whole(name.removeprefix("part-"), 0) for name in posted if name.startswith("part-"))
    return [number for number in numbers if number]


def _said(posted: QueryDict, number: int) -> PartSaid:
    part = posted.get(f"part-{number}", "")[:20]
    return PartSaid(part=part, volume=_volume(posted.get(f"volume-{number}", ""), number))


def _volume(typed: str, number: int = 0) -> Decimal | None:
    """The volume that was typed; nothing for none.

    Raises:
        Invalid: it is no number.
    """
    digits = typed.strip().replace(",", "").replace("，", "")
    try:
        return Decimal(digits) if digits else None
    except InvalidOperation as error:
        raise _no_volume(number) from error


def _page(
    request: SignedInRequest,
    goal_id: int,
    error: Invalid | None = None,
    posted: QueryDict | None = None,
) -> HttpResponse:
    found = queries.goal_for(request.viewer, goal_id)
    after = (posted or request.GET).get("after", "")
    page = queries.alignment_of(request.viewer, found, after)
    off, off_unit = page.off
    context = {
        "goal": found,
        "line": queries.goal_line(request.viewer, found),
        "page": page,
        "rows": _rows(page, error, posted),
        "after": after,
        "off": off,
        "off_unit": off_unit,
        "may": bool(policy.may_report(request.viewer, found)),
        "may_split": queries.can_be_split(found),
        "error": error,
        "modes": MODES,
        "mode_words": MODES[mode] if (mode := page.told_mode) else Text("", ""),
        "parts": NAMES,
        "chosen": posted.get("mode", "") if posted is not None else found.combine,
    }
    return render(request, "goals/alignment.html", context, status=422 if error else 200)


def _rows(page: AlignmentPage, error: Invalid | None, posted: QueryDict | None) -> list[Below]:
    faults = {each.place.path: each.message for each in error.findings} if error else {}
    return [_row(each, faults, posted) for each in page.below]


def _row(each: GoalBelow, faults: Mapping[str, Text], posted: QueryDict | None) -> Below:
    key, end = each.end.goal.pk, each.end
    if posted is not None:
        part, volume = posted.get(f"part-{key}", ""), posted.get(f"volume-{key}", "")
        return Below(each, part, volume, faults.get(str(key)))
    return Below(each, end.part, "" if end.volume is None else shown(end.volume))


def _no_volume(number: int) -> Invalid:
    wrong = Finding(
        "no_number",
        "error",
        Text(zh="体量要写成数字", en="a volume is a number"),
        Text(zh="例如 1200", en="such as 1200"),
        Place(path=str(number)),
    )
    return Invalid(wrong.message, code=wrong.code, findings=(wrong,))


MODES = {
    "sum": Text("相加", "added up"),
    "weighted_mean": Text("加权平均", "weighted mean"),
    "ratio_of_sums": Text("分子分母各自相加再相除", "ratio of sums"),
    "shared_funnel": Text("漏斗各环节相乘", "stages of one funnel"),
    "min": Text("取最低", "the lowest"),
    "max": Text("取最高", "the highest"),
    "same": Text("各自承担同样的目标值", "the same target for each"),
}
_WHOLE = Text("整个目标值", "its whole target")
_NO_NUMBER = Invalid(
    Text(zh="份额要写成数字，例如 50。", en="A share is a number, such as 50."), code="no_number"
)
