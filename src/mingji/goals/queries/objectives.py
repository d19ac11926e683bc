"""The key results that were agreed, with where they stand, for the appraisal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from mingji.goals.models import Agreement, Goal
from mingji.goals.queries.agreed import agreement_source
from mingji.goals.queries.reasons import key_result_node
from mingji.goals.queries.standings import Standings
from mingji.rules.explanation import Source
from mingji.rules.facts import Part
from mingji.rules.numbers import HUNDRED, exact
from mingji.rules.text import Text

Whose = Literal["member", "team"]


@dataclass(frozen=True, slots=True)
class AgreedObjective:
    """An objective that both sides agreed to: its key results as parts of a whole, its weight in
    percent of all objectives (None: all count the same), and who agreed and when."""

    stretch: bool
    weight: Decimal | None
    key_results: tuple[Part, ...]
    source: Source


def agreed_objectives(
    ids: Iterable[int], period: str, on: date, *, whose: Whose = "member"
) -> dict[int, tuple[AgreedObjective, ...]]:
    """The agreed objectives of members, or of teams, by their ids. For callers that have already
    asked whether they may see them. A fixed number of queries but for the reasons of each."""
    wanted = {f"{whose}_id__in": list(ids)}
    rows = Goal.objects.filter(
        kind=Goal.Kind.OBJECTIVE,
        period=period,
        agreement__status=Agreement.Status.AGREED,
        **wanted,
    ).select_related("agreement", "member", "team", "theme")
    objectives = list(rows.order_by("id"))
    standings = Standings(objectives, on)
    found: dict[int, list[AgreedObjective]] = {}
    for row in objectives:
        owner = row.member_id or row.team_id or 0
        found.setdefault(owner, []).append(_objective(row, standings))
    return {owner: tuple(own) for owner, own in found.items()}


@exact
def parts_of(objectives: Sequence[AgreedObjective], *, stretch_counts: bool) -> tuple[Part, ...]:
    """The key results of objectives as parts whose weights add up to 100, or have none if all
    count the same.

    Each objective holds its share of the whole, each key result its share of the objective;
    stretch objectives are left out unless the scheme counts them.
    """
    counted = [each for each in objectives if stretch_counts or not each.stretch]
    whole = sum((_or_one(each.weight) for each in counted), Decimal(0))
    weighed = [
        (part, _or_one(each.weight) / whole * _or_one(part.weight) / _sum(each) * HUNDRED)
        for each in counted
        for part in each.key_results
    ]
    # Equal thirds written out would not add up to the last digit; left out, they do.
    equal = len({weight for _, weight in weighed}) == 1
    return tuple(replace(part, weight=None if equal else weight) for part, weight in weighed)


def _or_one(weight: Decimal | None) -> Decimal:
    return Decimal(1) if weight is None else weight


def _sum(objective: AgreedObjective) -> Decimal:
    return sum((_or_one(part.weight) for part in objective.key_results), Decimal(0))


def _objective(row: Goal, standings: Standings[Goal]) -> AgreedObjective:
    return AgreedObjective(
        stretch=row.commitment == Goal.Promise.STRETCH,
        weight=row.weight,
        key_results=tuple(_part(each, standings) for each in standings.key_results(row)),
        source=agreement_source(row.agreement, row.pk),
    )


def _part(goal: Goal, standings: Standings[Goal]) -> Part:
    """A number keeps its way from baseline to target; what is done or not is a share already."""
    numbers = goal.measure in (Goal.Measured.METRIC, Goal.Measured.MANUAL)
    return Part(
        key=goal.item,
        value=standings.of(goal).value,
        weight=goal.weight,
        target=goal.target if numbers else None,
        baseline=goal.baseline if numbers else None,
        label=Text.same(goal.title),
        node=key_result_node(goal, standings),
    )
