"""Changing the weights of many drafts: looked at first, then saved for all who are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mingji.goals import actions, policy, queries
from mingji.goals.queries import WeightCell, WeightPage, WeightRow, WeightTable
from mingji.goals.reweighing import WeightWish
from mingji.kit import clock
from mingji.kit.i18n import localized, sentences
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

HOWS = {
    "less": Text("减少（百分点）", "less by (points)"),
    "more": Text("增加（百分点）", "more by (points)"),
    "to": Text("改为（%）", "exactly (%)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form says: the wish if it can be read, and what is wrong with the points."""

    wish: WeightWish | None
    how: str
    points: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member on the page: the weights by the names of their items, whether they are ticked, and
    why they cannot be, if so."""

    row: WeightRow
    cells: list[tuple[Text, WeightCell]]
    chosen: bool
    fault: str


@require_http_methods(["GET", "POST"])
def weights(request: SignedInRequest) -> HttpResponse:
    """Show what each would weigh (GET); save it for those who are ticked (POST)."""
    policy.may_weigh_many(request.viewer).require()
    given = request.POST if request.method == "POST" else request.GET
    period, typed = _period(request, given), _typed(given)
    faults: dict[str, str] = {}
    error: Invalid | None = None
    if request.method == "POST" and typed.wish is not None:
        try:
            return _saved(request, typed.wish, period, given)
        except Invalid as refusal:
            error = refusal
            faults = {
                each.place.path: sentences(each.message, each.remedy) for each in refusal.findings
            }
    page = queries.weight_page(request.viewer, str(period), typed.wish, team=given.get("team", ""))
    chosen = set(given.getlist("who")) if request.method == "POST" else None
    running = Period.of(request.viewer.on, "quarter")
    context = {
        "period": period,
        "periods": sorted({running, running.next, period}, key=lambda each: each.start),
        "page": page,
        "team": given.get("team", ""),
        "item": given.get("item", ""),
        "name": page.items.get(given.get("item", "")),
        "typed": typed,
        "hows": HOWS,
        "others": _others(page, typed.wish),
        "tables": _tables(page, faults, chosen),
        "faulty": [row for row in page.rows if row.fault or row.member.code in faults],
        "refused": bool(error),
        "error": error if error and not error.findings else None,
        "reason": given.get("reason", ""),
    }
    refused = request.method == "POST" or typed.fault
    return render(request, "goals/weights.html", context, status=422 if refused else 200)


def _saved(
    request: SignedInRequest, wish: WeightWish, period: Period, posted: QueryDict
) -> HttpResponse:
    seen = (each.partition(":") for each in posted.get("seen", "").split(";"))
    count = actions.reweigh(
        request.viewer,
        wish,
        set(posted.getlist("who")),
        period=str(period),
        seen={code: written for code, _colon, written in seen},
        reason=posted.get("reason", "")[:500],
        at=clock.now(),
    )
    words = ngettext("%(n)s draft has new weights.", "%(n)s drafts have new weights.", count)
    messages.success(request, words % {"n": count})
    query = urlencode({"period": str(period), "team": posted.get("team", "")})
    return redirect(f"{reverse('goals:weights')}?{query}")


def _period(request: SignedInRequest, given: QueryDict) -> Period:
    """The period asked for, else the next quarter."""
    asked = given.get("period", "")
    return Period.parse(asked) if asked else Period.of(request.viewer.on, "quarter").next


def _typed(given: QueryDict) -> Typed:
    item, points = given.get("item", ""), given.get("points", "").strip()
    how = given.get("how", "less")
    how = how if how in HOWS else "less"
    if not item or not points:
        return Typed(wish=None, how=how, points=points)
    read = figure(points, percent_points=True)
    if isinstance(read, Unreadable):
        fault = sentences(read.message, read.remedy)
        return Typed(wish=None, how=how, points=points, fault=fault)
    if read.value <= 0 or read.value != round(read.value, 2):
        return Typed(wish=None, how=how, points=points, fault=localized(_POINTS))
    wish = WeightWish(
        item=item,
        how="to" if how == "to" else "by",
        points=-read.value if how == "less" else read.value,
        stays=frozenset(given.getlist("stays")) - {item},
    )
    return Typed(wish=wish, how=how, points=points)


def _others(page: WeightPage, wish: WeightWish | None) -> list[tuple[str, Text, bool]]:
    """The items that share a dimension with the one that changes: whether each is to stay."""
    if wish is None:
        return []
    names = {key: name for table in page.tables for key, name in table.items.items()}
    known = {key: name for key, name in names.items() if key in page.items and key != wish.item}
    return [(key, name, key in wish.stays) for key, name in known.items()]


def _tables(
    page: WeightPage, faults: dict[str, str], chosen: set[str] | None
) -> list[tuple[WeightTable, list[Row]]]:
    return [
        (table, [_row(row, table, faults, chosen) for row in table.rows]) for table in page.tables
    ]


def _row(
    row: WeightRow, table: WeightTable, faults: dict[str, str], chosen: set[str] | None
) -> Row:
    code = row.member.code
    fault = localized(row.fault.message) if row.fault else faults.get(code, "")
    ticked = row.found is not None and (chosen is None or code in chosen)
    cells = list(zip(table.items.values(), row.cells, strict=True))
    return Row(row=row, cells=cells, chosen=ticked, fault=fault)


_POINTS = Text(
    "填一个大于 0 的数，最多两位小数，例如 10 或 2.5。",
    "Write a number above 0 with 2 places at most, such as 10 or 2.5.",
)
