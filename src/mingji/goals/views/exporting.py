"""Goals as a spreadsheet, in the columns that the upload reads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingji.goals import queries
from mingji.goals.naming import Served
from mingji.goals.periods import chosen_period
from mingji.goals.queries import AlignedGoal, ExportedGoal
from mingji.goals.sheets import Line, Progress, csv_lines, write_workbook
from mingji.kit.i18n import locale
from mingji.people.http import SignedInRequest
from mingji.rules.numbers import shown
from mingji.rules.text import Text

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """The goals as CSV, a line at a time."""
    name, lines = _lines(request)
    written = csv_lines(lines, locale()[:2], progress=_with_progress(request))
    response = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_GET
def export_xlsx(request: SignedInRequest) -> FileResponse:
    """The goals as an Excel workbook, by way of a file that goes when it is sent."""
    name, lines = _lines(request)
    file = tempfile.TemporaryFile(prefix="mingji-goals-")  # noqa: SIM115 (the response closes it)
    write_workbook(file, lines, locale()[:2], progress=_with_progress(request))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_EXCEL)


def _with_progress(request: SignedInRequest) -> bool:
    return "progress" in request.GET


def _lines(request: SignedInRequest) -> tuple[str, Iterator[Line]]:
    """The name of the file, and its lines, one after the other."""
    period = str(chosen_period(request).period)
    member, team = request.GET.get("member", ""), request.GET.get("team", "")
    found = queries.exported_goals(
        request.viewer,
        period,
        member=member,
        team=team,
        below="below" in request.GET,
        progress=_with_progress(request),
    )
    name = "-".join(filter(None, ("goals", period, member or team)))
    # Words are looked up now: the language of the request is over when the lines are sent.
    words, spoken = _words(), locale()
    return name, (_line(each, words, spoken) for each in found)


def _words() -> Mapping[str, str]:
    return {
        "draft": _("draft"),
        "proposed": _("proposed"),
        "countered": _("counter-proposed"),
        "agreed": _("agreed"),
        "on_track": _("on track"),
        "at_risk": _("at risk"),
        "off_track": _("off track"),
        "no_data": _("no data"),
    }


def _line(each: ExportedGoal, words: Mapping[str, str], spoken: str) -> Line:
    goal = each.goal
    owner = goal.member or goal.team
    assert owner is not None, "a member or a team, by constraint"
    return Line(
        terms=goal.terms,
        member=goal.member.code if goal.member else "",
        team=goal.team.code if goal.team else "",
        owner=owner.known_as.in_(spoken),
        period=goal.period,
        status=words[goal.status],
        unit=each.unit,
        serves=tuple(_as_named(above) for above in each.serves),
        progress=_progress(each, words, spoken),
    )


def _as_named(above: AlignedGoal) -> Served:
    return Served(
        goal=queries.name_of(above.goal), share=above.share, part=above.part, volume=above.volume
    )


def _progress(each: ExportedGoal, words: Mapping[str, str], spoken: str) -> Progress | None:
    if each.standing is None:
        return None
    found = each.standing.health
    return Progress(
        value=each.standing.value,
        expected=found.expected,
        attainment=found.attainment,
        health=words[found.status],
        unit=each.standing.metric.unit,
        serves="\n".join(_served(above, spoken) for above in each.serves),
    )


def _served(above: AlignedGoal, spoken: str) -> str:
    said = Text(
        f"{above.owner.zh}：{above.name.zh}（{shown(above.share * 100)}%）",
        f"{above.owner.en}: {above.name.en} ({shown(above.share * 100)} %)",
    )
    return said.in_(spoken)
