"""Which period a page shows: the one asked for, or the running one, or the last that has goals."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.goals import queries
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """One choice of the period switch."""

    label: Text
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The period that a page shows, and the others that have goals for this viewer."""

    period: Period
    links: tuple[PeriodLink, ...]


def chosen_period(request: SignedInRequest) -> PeriodChoice:
    """The period of `?period=2026Q3`; without it the running quarter or the last with goals.

    Raises:
        Invalid: the address names something that is no period.
    """
    known = queries.periods_with_goals(request.viewer)
    asked = request.GET.get("period", "")
    period = Period.parse(asked) if asked else _default(request, known)
    return PeriodChoice(
        period=period,
        links=tuple(
            PeriodLink(Period.parse(each).label, f"?period={each}", each == str(period))
            for each in sorted({*known, str(period)}, reverse=True)
        ),
    )


def _default(request: SignedInRequest, known: list[str]) -> Period:
    running = Period.of(request.viewer.on, "quarter")
    return running if not known or str(running) in known else Period.parse(known[0])
