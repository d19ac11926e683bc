"""Copying goals of an earlier period: of a member, of a team, or of all who report directly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mingji.goals import actions, policy, queries
from mingji.goals.copying import CopyRule
from mingji.goals.forms.base import scale, typed
from mingji.goals.queries import CopyPage, CopyRow, CopySection, Owner
from mingji.goals.views.goals import list_address
from mingji.kit import clock
from mingji.kit.i18n import localized, sentences
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import ZERO
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

# So many members with their goals fit on a page; more are set goals from a spreadsheet.
MOST = 40
BASES = {
    "target": Text("上期目标值", "the last target"),
    "actual": Text("上期实际值", "what was reached"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A goal on the page: whether it is ticked, the target as typed, and what is wrong with it."""

    row: CopyRow
    name: str
    value: str
    chosen: bool
    fault: str
    below: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """From where into where, by what rule, and for which goals (empty: all of them)."""

    source: Period
    period: Period
    rule: CopyRule
    only: frozenset[str]


@require_http_methods(["GET", "POST"])
def copy_of_member(request: SignedInRequest, code: str) -> HttpResponse:
    """Copy goals of one member into their draft."""
    return _one(request, Owner(member=people.member_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def copy_of_team(request: SignedInRequest, code: str) -> HttpResponse:
    """Copy goals of a whole team into its draft."""
    return _one(request, Owner(team=people.team_for(request.viewer, code)))


@require_http_methods(["GET", "POST"])
def copy_many(request: SignedInRequest) -> HttpResponse:
    """Copy goals of everybody who reports directly; all of them together, or none."""
    people.must_lead(request.viewer)
    members = people.below(request.viewer, direct=True)
    if len(members) > MOST:
        raise Invalid(_TOO_MANY, code="too_many_members")
    owners = [Owner(member=member) for member in members]
    return _page(request, owners, reverse("insights:team"), many=True)


def _one(request: SignedInRequest, owner: Owner) -> HttpResponse:
    policy.may_negotiate(request.viewer, member=owner.member, team=owner.team).require()
    period = _asked(request).period
    return _page(request, [owner], list_address(owner, str(period)), many=False)


def _page(
    request: SignedInRequest, owners: Sequence[Owner], back: str, *, many: bool
) -> HttpResponse:
    asked = _asked(request)
    page = queries.copy_page(
        owners,
        source=str(asked.source),
        period=str(asked.period),
        rule=asked.rule,
        on=request.viewer.on,
    )
    posted = request.POST if request.method == "POST" else None
    faults: dict[str, str] = {}
    error: Invalid | None = None
    if posted is not None:
        copies, faults = _wanted(page, asked, posted)
        try:
            if not copies and not faults:
                raise Invalid(_NOTHING, code="nothing_chosen")
            if not faults:
                return _copied(request, copies, asked, back)
        except Invalid as refusal:
            error = refusal
            faults = _by_goal(page, refusal)
    running = Period.of(request.viewer.on, "quarter")
    context = {
        "asked": asked,
        "periods": sorted({running, running.next, asked.period}, key=lambda each: each.start),
        "sources": _sources(asked, running),
        "bases": BASES,
        "page": page,
        "sections": [
            (section, _lines(section, asked, posted, faults)) for section in page.sections
        ],
        "settled": [section for section in page.sections if section.settled],
        "many": many,
        "back": back,
        "faults": faults,
        "error": error if error and not faults else None,
    }
    status = 200 if posted is None else 422
    return render(request, "goals/copy.html", context, status=status)


def _copied(
    request: SignedInRequest, copies: Sequence[actions.Copied], asked: Asked, back: str
) -> HttpResponse:
    count = actions.copy_goals(
        request.viewer,
        copies,
        source=str(asked.source),
        period=str(asked.period),
        at=clock.now(),
    )
    words = ngettext("%(n)s goal is drafted.", "%(n)s goals are drafted.", count)
    messages.success(request, words % {"n": count})
    return redirect(back if "?" in back else f"{back}?{urlencode({'period': str(asked.period)})}")


def _asked(request: SignedInRequest) -> Asked:
    """What the address asks for: into the next quarter, from the one before, the same targets."""
    given = request.GET
    period = given.get("period", "")
    into = Period.parse(period) if period else Period.of(request.viewer.on, "quarter").next
    source = given.get("from", "")
    read = figure(given.get("percent", ""), percent_points=True)
    known = not isinstance(read, Unreadable) and -90 <= read.value <= 500
    return Asked(
        source=Period.parse(source) if source else into.previous,
        period=into,
        rule=CopyRule(
            basis="actual" if given.get("basis") == "actual" else "target",
            percent=read.value if known and not isinstance(read, Unreadable) else ZERO,
        ),
        only=frozenset(given.getlist("only")),
    )


def _sources(asked: Asked, running: Period) -> list[Period]:
    """The four periods before the new one, and the one that was asked for."""
    found = {asked.source}
    before = asked.period
    for _number in range(4):
        before = before.previous
        found.add(before)
    return sorted(found, key=lambda each: each.start, reverse=True)


def _wanted(
    page: CopyPage, asked: Asked, posted: QueryDict
) -> tuple[list[actions.Copied], dict[str, str]]:
    """The goals that are ticked, with their targets, and what cannot be read, by field."""
    chosen = set(posted.getlist("copy"))
    faults: dict[str, str] = {}
    copies = []
    for section in page.sections:
        rows = [row for row in section.rows if str(row.goal.pk) in chosen]
        terms: list[GoalTerms] = []
        for row in (each for top in rows for each in (top, *top.below)):
            target = _target(row, posted)
            if isinstance(target, str):
                faults[_name(row)] = target
            else:
                terms.append(page.terms(row, target))
        if terms:
            copies.append(actions.Copied(owner=section.owner, terms=terms))
    return copies, faults


def _target(row: CopyRow, posted: QueryDict) -> Decimal | str | None:
    """The target that was typed for a goal; why not, if it cannot be read."""
    if not row.has_target:
        return row.terms.target
    text = posted.get(_name(row), "").strip()
    if not text:
        return localized(_NO_TARGET)
    unit = row.metric.unit
    read = figure(text, percent_points=unit == "ratio", unit=unit)
    if isinstance(read, Unreadable):
        return sentences(read.message, read.remedy)
    return read.value / scale(unit)


def _by_goal(page: CopyPage, error: Invalid) -> dict[str, str]:
    """Findings of the action (`owner.goal.field`) at the fields of their goals."""
    names = {}
    for section in page.sections:
        whose = section.owner.member or section.owner.team
        assert whose is not None
        for row in (each for top in section.rows for each in (top, *top.below)):
            names[whose.code, row.terms.key] = _name(row)
    found: dict[str, str] = {}
    for each in error.findings:
        owner, _dot, rest = each.place.path.partition(".")
        name = names.get((owner, rest.partition(".")[0]), "")
        found.setdefault(name, sentences(each.message, each.remedy))
    return found


def _lines(
    section: CopySection, asked: Asked, posted: QueryDict | None, faults: Mapping[str, str]
) -> list[Line]:
    return [
        _line(row, posted, faults)
        for row in section.rows
        if not asked.only or row.goal.item in asked.only
    ]


def _line(row: CopyRow, posted: QueryDict | None, faults: Mapping[str, str]) -> Line:
    name, unit = _name(row), row.metric.unit
    if posted is None:
        chosen = row.draft is None and not row.beside
        value = typed(row.proposed, unit)
    else:
        chosen = str(row.goal.pk) in posted.getlist("copy")
        value = posted.get(name, "")
    return Line(
        row=row,
        name=name,
        value=value,
        chosen=chosen,
        fault=faults.get(name, ""),
        below=tuple(_line(each, posted, faults) for each in row.below),
    )


def _name(row: CopyRow) -> str:
    return f"target:{row.goal.pk}"


_NOTHING = Text(zh="没有选目标。勾选要复制的目标。", en="No goal is chosen. Tick those to copy.")
_NO_TARGET = Text(zh="还没有填目标值。", en="There is no target.")
_TOO_MANY = Text(
    zh=f"直接下级超过 {MOST} 人，一页放不下。打开各人的目标页复制，或用“从表格导入”。",
    en=f"More than {MOST} people report to you directly, too many for one page. "
    "Copy on each one's own page, or set goals from a spreadsheet.",
)
