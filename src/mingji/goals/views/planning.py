"""Setting the goals of a whole team on one page, or of hundreds of people from a spreadsheet."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.goals import actions, queries
from mingji.goals.actions.serving import Wanted
from mingji.goals.forms.base import scale, typed
from mingji.goals.queries import Cell, PlanTable
from mingji.goals.sheets import Known, Meant, Row, mean, read_sheet
from mingji.kit import clock
from mingji.kit.i18n import sentences
from mingji.kit.numbers import whole
from mingji.people import queries as people
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

GROWTH = Decimal(5)
# Bigger files are not sheets of goals.
LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Input:
    """A cell of the page: its name and value in the form, and what is wrong with it."""

    cell: Cell
    name: str
    value: str
    fault: str = ""


@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest) -> HttpResponse:
    """All goals of the direct reports on one page; saved or proposed together, or not at all."""
    people.must_lead(request.viewer)
    period, growth = _period(request), _growth(request)
    running = Period.of(request.viewer.on, "quarter")
    templates = [number for each in request.GET.getlist("template") if (number := whole(each, 0))]
    posted = request.POST if request.method == "POST" else None
    after = (posted or request.GET).get("after", "")
    found = queries.plan_of(request.viewer, str(period), growth, templates, after)
    further = _page_after(found, period, growth, templates)
    faults: dict[str, str] = {}
    error: Invalid | None = None
    if posted is not None:
        wanted, faults = _wanted(found, posted)
        try:
            if not wanted and not faults:
                raise Invalid(_NOBODY, code="nobody_chosen")
            if not faults:
                done = _planned(request, wanted, period, posted)
                return redirect(further) if further else done
        except Invalid as refusal:
            error = refusal
            faults = _by_cell(refusal.findings)
    context = {
        "period": period,
        "periods": [running, running.next],
        "growth": growth,
        "found": found,
        "tables": _tables(found, posted, faults),
        "choices": _choices(found),
        "settled": found.settled,
        "after": after,
        "next": further,
        "chosen": posted.getlist("who") if posted is not None else None,
        "error": error if error and not faults else None,
        "faults": len(faults),
        "posted": posted,
    }
    return render(request, "goals/plan.html", context, status=422 if posted is not None else 200)


@require_GET
def upload(request: SignedInRequest) -> HttpResponse:
    """Where a sheet of goals is handed over."""
    people.must_lead(request.viewer)
    return render(request, "goals/upload.html", {"period": _period(request)})


@require_POST
def upload_sheet(request: SignedInRequest) -> HttpResponse:
    """Show what a sheet means and what is wrong with it; take it over once that was seen."""
    people.must_lead(request.viewer)
    period = _period(request)
    context: dict[str, Any] = {"period": period}
    try:
        rows = _rows(request)
        meant = _meant(request, rows, period)
        context |= {"meant": meant, "rows": len(rows), "members": len(meant.goals)}
        context["first"] = list(meant.goals.items())[:20]
        context["goals"] = sum(map(len, meant.goals.values()))
        context["sheet"] = json.dumps([[row.number, row.written] for row in rows])
        if "commit" in request.POST and not meant.faults:
            return _planned(request, meant.goals, period, request.POST, meant.serves)
        context["faults"] = meant.faults
    except Invalid as error:
        context["faults"] = _at_rows(error, context.get("meant")) or [
            Finding(error.code, "error", error.message, Text("", ""))
        ]
    status = 422 if context["faults"] else 200
    return render(request, "goals/upload.html", context, status=status)


def _planned(
    request: SignedInRequest,
    wanted: Mapping[str, Any],
    period: Period,
    posted: QueryDict,
    serves: Wanted | None = None,
) -> HttpResponse:
    done = actions.plan(
        request.viewer,
        wanted,
        period=str(period),
        propose="propose" in posted,
        note=posted.get("note", "")[:1000],
        deadline=_day(posted.get("deadline", "")),
        serves=serves,
        at=clock.now(),
    )
    words = (
        _("%(goals)s goals of %(members)s people are proposed.")
        if "propose" in posted
        else _("%(goals)s goals of %(members)s people are drafted.")
    )
    messages.success(request, words % {"goals": done.goals, "members": done.members})
    return redirect(f"{reverse('insights:team')}?period={period}")


def _choices(found: queries.Plan) -> list[queries.PlanTable]:
    """The tables whose family has templates. A family may stand in two: it is asked for once."""
    return list({table.family: table for table in found.tables if table.templates}.values())


def _page_after(
    found: queries.Plan, period: Period, growth: Decimal, templates: Sequence[int]
) -> str:
    """Where the people after those of this page are; nothing after the last."""
    if not found.next:
        return ""
    asked = [("period", str(period)), ("growth", str(growth)), ("after", found.next)]
    asked += [("template", str(each)) for each in templates]
    return f"{reverse('goals:plan')}?{urlencode(asked)}"


def _period(request: SignedInRequest) -> Period:
    """The quarter asked for, else the next one."""
    asked = request.POST.get("period") or request.GET.get("period")
    return Period.parse(asked) if asked else Period.of(request.viewer.on, "quarter").next


def _growth(request: SignedInRequest) -> Decimal:
    try:
        growth = Decimal(request.GET.get("growth", ""))
    except InvalidOperation:
        return GROWTH
    return growth if growth.is_finite() and -90 <= growth <= 500 else GROWTH


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _wanted(
    found: queries.Plan, posted: QueryDict
) -> tuple[dict[str, list[GoalTerms]], dict[str, str]]:
    """The goals typed for the people that are ticked, and what cannot be read, by cell."""
    chosen = set(posted.getlist("who"))
    wanted: dict[str, list[GoalTerms]] = {}
    faults: dict[str, str] = {}
    for table in found.tables:
        for row in table.rows:
            if row.member.code not in chosen:
                continue
            for cell in row.cells:
                name = f"{row.member.code}:{cell.item.id}"
                text = posted.get(name, "").strip()
                if not text:
                    continue
                rate = cell.item.unit == "ratio"
                read = figure(text, percent_points=rate, unit=cell.item.unit)
                if isinstance(read, Unreadable):
                    faults[name] = sentences(read.message, read.remedy)
                    continue
                target = read.value / scale(cell.item.unit)
                wanted.setdefault(row.member.code, []).append(queries.terms_for(cell, target))
    return wanted, faults


def _by_cell(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Findings of the action (`member.goal.field`) at the cells that they speak of."""
    found: dict[str, str] = {}
    for each in findings:
        member, _dot, rest = each.place.path.partition(".")
        goal = rest.partition(".")[0]
        found.setdefault(f"{member}:{goal}", sentences(each.message, each.remedy))
    return found


def _tables(
    found: queries.Plan, posted: QueryDict | None, faults: Mapping[str, str]
) -> list[tuple[PlanTable, list[tuple[Any, list[Input], str]]]]:
    return [
        (
            table,
            [
                (
                    row.member,
                    [_input(row.member.code, cell, posted, faults) for cell in row.cells],
                    faults.get(f"{row.member.code}:", ""),
                )
                for row in table.rows
            ],
        )
        for table in found.tables
    ]


def _input(code: str, cell: Cell, posted: QueryDict | None, faults: Mapping[str, str]) -> Input:
    name, unit = f"{code}:{cell.item.id}", cell.item.unit
    value = posted.get(name, "") if posted is not None else typed(cell.target, unit)
    return Input(cell, name, value, faults.get(name, ""))


def _rows(request: SignedInRequest) -> tuple[Row, ...]:
    """The rows of the file that was sent, or of the sheet that was looked at before.

    Raises:
        Invalid: no file, too large a file, or one that cannot be read.
    """
    seen = request.POST.get("sheet")
    if seen:
        try:
            return tuple(Row.of(number, cells) for number, cells in json.loads(seen))
        except (ValueError, TypeError, AttributeError) as error:
            raise Invalid(_NO_FILE, code="no_file") from error
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise Invalid(_NO_FILE, code="no_file")
    if sent.size > LARGEST:
        raise Invalid(_TOO_LARGE, code="too_large")
    with tempfile.TemporaryDirectory(prefix="mingji-goals-") as folder:
        path = Path(folder) / Path(sent.name or "goals.csv").name
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        return read_sheet(path)


def _meant(request: SignedInRequest, rows: tuple[Row, ...], period: Period) -> Meant:
    members = queries.members_to_plan_for(request.viewer)
    named: dict[str, list[str]] = {}
    for member in members:
        for word in {member.code, member.name, member.name_en}:
            named.setdefault(word, []).append(member.code)
    wanted = {row.cells.get("member", "") for row in rows}
    asked = [member for member in members if wanted & {member.code, member.name, member.name_en}]
    forms = queries.items_by_member(asked, str(period))
    known = Known(
        members={word: tuple(codes) for word, codes in named.items()},
        items={member.code: forms[member.pk][0] for member in asked},
        themes=queries.theme_words(period.start.year),
    )
    return mean(rows, known)


def _at_rows(error: Invalid, meant: Meant | None) -> list[Finding]:
    """Findings of the action in the words of the sheet: which row they stand in."""
    if meant is None:
        return []
    found = []
    for each in error.findings:
        member, _dot, rest = each.place.path.partition(".")
        number = meant.rows.get(member, {}).get(rest.partition(".")[0])
        where = Text(f"第 {number} 行：", f"row {number}: ") if number else Text("", "")
        said = Text(where.zh + each.message.zh, where.en + each.message.en)
        found.append(Finding(each.code, "error", said, each.remedy))
    return found


_NOBODY = Text(
    zh="没有选人，或者没有填任何目标值。勾选成员，填上目标值。",
    en="Nobody is chosen, or no target is filled in. Tick members and fill in targets.",
)
_NO_FILE = Text(
    zh="没有收到文件。选一个 CSV 或 Excel 文件再提交。",
    en="No file arrived. Choose a CSV or Excel file and send it again.",
)
_TOO_LARGE = Text(
    zh="文件超过 8 MB。只留目标表那几列再上传。",
    en="The file is larger than 8 MB. Keep the columns of the sheet of goals only.",
)
