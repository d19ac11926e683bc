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


def chosen_period(request: SignedInRequest) -> Period:
    """The period of `?period=2026Q3`; without it the running quarter or the last with goals.

    Raises:
        Invalid: the address names something that is no period.
    """
    asked = request.GET.get("period", "")
    if asked:
        return Period.parse(asked)
    running = Period.of(request.viewer.on, "quarter")
    known = queries.periods_with_goals(request.viewer)
    if not known or str(running) in known:
        return running
    return Period.parse(known[0])


def period_links(request: SignedInRequest, chosen: Period) -> list[PeriodLink]:
    """The periods that have goals for this viewer, latest first; always the chosen one too."""
    known = set(queries.periods_with_goals(request.viewer)) | {str(chosen)}
    return [
        PeriodLink(Period.parse(period).label, f"?period={period}", period == str(chosen))
        for period in sorted(known, reverse=True)
    ]
