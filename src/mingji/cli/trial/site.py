"""The pages of a trial: who scored what, why, and the CRM rows behind each number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mingji.cli.trial.scorecards import Card, Line, Trial
from mingji.engine.lineage import rows as rows_behind
from mingji.kit.charts import Bullet, Step, Waterfall, bullet, waterfall
from mingji.kit.explain import explanation_address, explanation_response
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.explanation import Node, Source
from mingji.rules.text import Text
from mingji.rules.waterfall import item_steps

PREFERENCES = {"language": ("zh-hans", "en"), "theme": ("light", "dark", "auto")}
PREFERENCES["density"] = ("comfortable", "compact")


@dataclass(frozen=True, slots=True)
class CardRow:
    """A scorecard in the overview, with the addresses where its numbers open."""

    card: Card
    href: str
    why: str
    why_grade: str
    cells: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """An item of a scorecard, with the addresses where its numbers open."""

    line: Line
    why_actual: str
    why_target: str
    why_points: str
    chart: Bullet | None


def trial() -> Trial:
    """The trial that this site shows; see `server.configure`."""
    shown: Trial = settings.TRIAL  # type: ignore[misc]  # the product has no such setting
    return shown


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody's scorecards of one period, and what was found in the files."""
    seen = trial()
    period = request.GET.get("period", "")
    period = period if period in seen.periods else seen.periods[-1]
    kinds = dict.fromkeys(card.cards for card in seen.cards)
    tables = [
        (kind, [_row(card) for card in seen.cards if (card.cards, card.period) == (kind, period)])
        for kind in kinds
    ]
    context = {
        "trial": seen,
        "tables": tables,
        "period": period,
        "period_label": Period.parse(period).label,
    }
    return render(request, "trial/overview.html", context)


@require_GET
def scorecard(request: HttpRequest) -> HttpResponse:
    """One scorecard: the total, how it came about, and each item with its target."""
    card = _card(request)
    context = {
        "card": card,
        "row": _row(card),
        "chart": _waterfall(card),
        "period_label": Period.parse(card.period).label,
        "periods": [(p, _address("card", card, period=p)) for p in trial().periods],
    }
    return render(request, "trial/card.html", context)


@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """One number of a scorecard, opened into its reasons."""
    card = _card(request)
    return explanation_response(
        request,
        card.result.node,
        request.GET.get("path", ""),
        base_url=_address("why", card),
        title=Text.same(f"{card.key} · {card.period}"),
        rows_url=_rows_url,
    )


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of the files behind a number."""
    seen, ref = trial(), request.GET.get("ref", "")
    metric, _, query = ref.partition("?")
    if metric not in seen.folder.definitions.metrics or not query:
        raise _not_found()
    page = rows_behind(
        seen.warehouse,
        seen.folder.definitions,
        ref,
        after=request.GET.get("after") or None,
    )
    table = seen.folder.definitions.tables[seen.folder.definitions.metrics[metric].table]
    columns = ("_file", "_row", *table.columns)
    context = {
        "metric": seen.folder.definitions.metrics[metric],
        "whose": " · ".join(value for _, value in parse_qsl(query)),
        "columns": columns,
        "rows": [[_cell(row[page.columns.index(name)]) for name in columns] for row in page.rows],
        "next_url": f"{reverse('trial:rows')}?{urlencode({'ref': ref, 'after': page.next})}"
        if page.next
        else "",
    }
    return render(request, "trial/rows.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, theme and density of this browser."""
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    response = redirect(after if safe else "trial:overview")
    for name, allowed in PREFERENCES.items():
        if (chosen := request.POST.get(name)) in allowed:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            response.set_cookie(cookie, chosen, samesite="Lax")
    return response


def _card(request: HttpRequest) -> Card:
    asked = [request.GET.get(name, "") for name in ("by", "key", "period")]
    found = trial().card(*asked)
    if found is None:
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound(
        Text("没有这张计分卡。从总览里选一张。", "There is no such scorecard. Choose one."),
        code="no_card",
    )


def _address(route: str, card: Card, *, period: str = "") -> str:
    asked = {"by": card.cards.id, "key": card.key, "period": period or card.period}
    return f"{reverse(f'trial:{route}')}?{urlencode(asked)}"


def _rows_url(source: Source) -> str | None:
    return f"{reverse('trial:rows')}?{urlencode({'ref': source.ref})}" if source.ref else None


def _row(card: Card) -> CardRow:
    base = _address("why", card)
    places = dict(_paths(card.result.node))
    total = next((p for p, node in places.items() if node.key == "total"), "")
    return CardRow(
        card=card,
        href=_address("card", card),
        why=explanation_address(base, total),
        why_grade=base,
        cells=tuple(_cells(card, base, places)),
    )


def _cells(card: Card, base: str, places: dict[str, Node]) -> Iterator[LineRow]:
    for line in card.lines:
        top = next(place for place, node in places.items() if node.key == line.item.id)
        under = [place for place in places if place.startswith(f"{top}/")]

        def address(key: str, under: list[str] = under) -> str:
            found = next((place for place in under if places[place].key == key), "")
            return explanation_address(base, found) if found else ""

        yield LineRow(
            line=line,
            why_actual=address("actual"),
            why_target=address("target"),
            why_points=explanation_address(base, top),
            chart=_bullet(line),
        )


def _paths(node: Node, above: str = "") -> Iterator[tuple[str, Node]]:
    """Every node below this one with its path, parents first."""
    for child in node.inputs:
        here = f"{above}/{child.key}" if above else child.key
        yield here, child
        yield from _paths(child, here)


def _bullet(line: Line) -> Bullet | None:
    if line.actual is None or line.target is None:
        return None
    direction = trial().folder.definitions.metrics[line.item.metric].direction
    return bullet(
        line.actual,
        target=line.target,
        direction=direction,
        unit=line.item.unit,
        label=line.item.name,
    )


def _waterfall(card: Card) -> Waterfall | None:
    if card.result.total is None:
        return None
    base, places = _address("why", card), dict(_paths(card.result.node))
    steps = [
        Step(
            label=step.label,
            delta=step.delta,
            href=next(
                explanation_address(base, place)
                for place, node in places.items()
                if node.key == step.key
            ),
        )
        for dimension in card.result.dimensions
        for step in item_steps(dimension.node)
    ]
    total = Step(label=Text("得分", "Score"), delta=None, href=_row(card).why, total=True)
    return waterfall([*steps, total], caption=Text("得分是怎么来的", "How the score came about"))


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


# The person menu of the frame asks for an address of this name.
_people = ([path("", preferences, name="preferences")], "people")
_pages = (
    [
        path("", overview, name="overview"),
        path("card/", scorecard, name="card"),
        path("why/", why, name="why"),
        path("rows/", rows, name="rows"),
    ],
    "trial",
)
urlpatterns = [path("", include(_pages)), path("preferences/", include(_people))]
