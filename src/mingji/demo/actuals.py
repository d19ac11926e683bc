"""What each member and team reached, as the company's planner would add it up.

Last quarter's results are what next quarter's targets start from; the metrics that carry no target
are left to the engine. Only the row conditions are said again here, in Python and apart from the
engine's SQL; tables, columns, dates, ratios and formulas come from the metric library. A test holds
every figure to the engine's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from mingji.demo.owners import SOURCES, OwnerLink
from mingji.demo.people import People
from mingji.demo.quarters import quarter_of
from mingji.demo.rows import Row
from mingji.demo.strategy import themes
from mingji.engine.definitions import load_definitions
from mingji.engine.formulas import evaluate
from mingji.engine.model import Definitions, Metric

#: The conditions of the simple metrics that count only some rows.
CONDITIONS: Mapping[str, Callable[[Any], bool]] = {
    "leads_qualified": lambda row: row.mql_on is not None,
    "mql_accepted": lambda row: row.sql_on is not None,
    "mql_rejected": lambda row: row.rejected_on is not None,
    "follow_ups_in_time": lambda row: row.response_hours <= row.sla_hours,
    "follow_ups_accepted": lambda row: row.accepted,
    "won_revenue": lambda row: row.stage == "won",
    "won_deals": lambda row: row.stage == "won",
    "closed_deals": lambda row: row.stage in ("won", "lost"),
    "median_days_to_close": lambda row: row.stage == "won",
    "renewal_revenue": lambda row: row.stage == "won" and row.kind == "renewal",
    "partner_revenue": lambda row: row.stage == "won" and row.channel == "partner",
    "clicked_spend": lambda row: row.clicks is not None,
    "payments_received": lambda row: row.paid_on is not None,
    "event_satisfaction": lambda row: row.survey == "event",
    "nps_answers": lambda row: row.survey == "nps",
    "nps_promoters": lambda row: row.survey == "nps" and row.score >= 9,
    "nps_detractors": lambda row: row.survey == "nps" and row.score <= 6,
    "csat": lambda row: row.survey == "csat",
    "enablement_satisfaction": lambda row: row.survey == "enablement",
    "partner_satisfaction": lambda row: row.survey == "partner",
    "brand_favourability": lambda row: row.survey == "brand",
    "partners_activated": lambda row: row.activated_on is not None,
    "core_media_mentions": lambda row: row.tier == "core",
    "positive_mentions": lambda row: row.tone == "positive",
    "negative_mentions": lambda row: row.tone == "negative",
    "deliverables_done": lambda row: row.done_on is not None,
    "deliverables_on_time": lambda row: row.done_on is not None and row.done_on <= row.due_on,
    "deliverables_first_pass": lambda row: row.accepted_first_time is True,
    "research_delivered": lambda row: row.kind == "research" and row.done_on is not None,
    "research_adopted": lambda row: row.kind == "research" and row.adopted is True,
}

#: A member's or team's code, the quarter, the metric.
Slice = tuple[str, str, str]


@cache
def library() -> Definitions:
    """The metric library of a marketing department."""
    folder = resources.files("mingji.metrics").joinpath("library")
    with resources.as_file(folder) as path:
        return load_definitions(path)


class Actuals:
    """The value of the planned metrics by member or team and quarter; None is "no data"."""

    def __init__(self, values: Mapping[Slice, Fraction | None]) -> None:
        self._values = values
        self.exact = cache(self._exact)

    def _exact(self, unit: str, quarter: str, metric: str) -> Fraction | None:
        """The value before rounding."""
        spec = library().metrics[metric]
        if spec.type == "simple":
            return self._values.get((unit, quarter, metric))
        parts = {name: self.exact(unit, quarter, name) for name in spec.inputs}
        if spec.type == "derived":
            return evaluate(spec.formula, parts)
        above, below = parts[spec.numerator], parts[spec.denominator]
        return above / below if above is not None and below else None

    def value(self, unit: str, quarter: str, metric: str) -> Decimal | None:
        """The published value, rounded once, half up."""
        exact = self.exact(unit, quarter, metric)
        return None if exact is None else rounded(exact, library().metrics[metric].scale)


def rounded(value: Fraction, scale: int) -> Decimal:
    """A fraction at so many decimal places, half away from zero."""
    shifted = abs(value) * 10**scale
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-scale)


def add_up(
    people: People, owners: Sequence[OwnerLink], tables: Mapping[str, Sequence[Row]]
) -> Actuals:
    """Adds up all simple metrics for members, their teams and the department."""
    ledger = _Ledger(people, owners, tables)
    found: dict[Slice, Fraction | None] = {}
    for metric in planned():
        for (unit, quarter), cells in ledger.cells(metric).items():
            found[unit, quarter, metric.id] = _aggregate(metric, cells)
    return Actuals(found)


@cache
def planned() -> tuple[Metric, ...]:
    """The simple metrics below those that carry a target."""
    metrics = library().metrics
    wanted = [metrics[name] for theme in themes() for name in theme.metrics]
    leaves = {leaf.id: leaf for metric in wanted for leaf in library().leaves(metric)}
    return tuple(leaves.values())


class _Ledger:
    """The rows of all tables, each under the member, team and quarter in which it counts."""

    def __init__(
        self,
        people: People,
        owners: Sequence[OwnerLink],
        tables: Mapping[str, Sequence[Row]],
    ) -> None:
        self.people = people
        self.tables = tables
        self.parents = {team.code: team.parent for team in people.teams}
        self.links: dict[tuple[str, str], list[OwnerLink]] = defaultdict(list)
        for link in owners:
            self.links[link.source, link.owner].append(link)
        self.slices = cache(self._slices)
        self.placed = cache(self._placed)

    def cells(self, metric: Metric) -> dict[tuple[str, str], list[Any]]:
        """What counts, by unit and quarter; a slice whose rows all fail the condition is empty."""
        passes = CONDITIONS.get(metric.id, lambda _: True)
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row, slices in self.placed(metric.table, metric.time):
            counts = passes(row)
            for place in slices:
                cells = found[place]
                if counts:
                    cells.append(_cell(metric, row))
        return found

    def _placed(self, table: str, time: str) -> list[tuple[Row, tuple[tuple[str, str], ...]]]:
        source = SOURCES[table]
        return [
            (row, self.slices(source, row.owner, day))
            for row in self.tables[table]
            if (day := getattr(row, time)) is not None
        ]

    def _slices(self, source: str, owner: str, day: dt.date) -> tuple[tuple[str, str], ...]:
        """The member behind an owner's spelling, and their teams on that day."""
        for link in self.links.get((source, owner), ()):
            if link.starts_on <= day and (link.ends_on is None or day < link.ends_on):
                posting = self.people.posting_on(link.member, day)
                team = posting.team if posting else ""
                units = (link.member, team, self.parents.get(team, ""))
                return tuple((unit, quarter_of(day)) for unit in units if unit)
        return ()


def _cell(metric: Metric, row: Any) -> Any:
    if metric.agg == "count":
        return 1
    if metric.id == "median_days_to_close":
        return (row.closed_on - row.created_on).days
    return getattr(row, metric.expression)


def _aggregate(metric: Metric, cells: Sequence[Any]) -> Fraction | None:
    known = [cell for cell in cells if cell is not None]
    if cells and not known:
        return None
    if metric.agg in ("count", "sum"):
        return Fraction(sum(known))
    if not known:
        return None
    if metric.agg == "average":
        return Fraction(sum(known)) / len(known)
    known.sort()
    middle = len(known) // 2
    return Fraction(known[-1 - middle] + known[middle]) / 2
