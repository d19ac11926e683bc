"""What becomes of the weights of a dimension when one of its goals is to weigh more or less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.goals.checks import FormPart
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import HUNDRED, exact, shown
from mingji.rules.reweighting import with_weight
from mingji.rules.text import Text

How = Literal["by", "to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightWish:
    """An item is to weigh so many points more (`by`, negative for less), or so much (`to`).

    `stays` are items whose weight is not to move.
    """

    item: str
    how: How
    points: Decimal
    stays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighed:
    """The weights in percent of all items in a dimension, before and after, by item.

    `moving` are those that the wish may change: they have a goal in the agreement.
    """

    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]
    moving: frozenset[str]

    @property
    def changed(self) -> dict[str, Decimal]:
        """The new weights of those that change."""
        return {key: new for key, new in self.after.items() if new != self.before[key]}

    @property
    def written(self) -> str:
        """The new weights in one line, by which what is saved is compared with what was seen."""
        return ",".join(f"{key}={shown(weight)}" for key, weight in sorted(self.changed.items()))


def weights_in(part: FormPart, goals: Sequence[GoalTerms]) -> dict[str, Decimal]:
    """The weights in force in a dimension: those of its goals, else those of the scheme."""
    given = {goal.key: goal.weight for goal in goals if goal.kind == "kpi" and goal.weight}
    return {key: given.get(key, weight) for key, weight in part.weights.items()}


@exact
def reweighed(part: FormPart, goals: Sequence[GoalTerms], wish: WeightWish) -> Reweighed:
    """The weights of a dimension with the wish fulfilled: 100 together, to 2 places.

    The other goals of the dimension give or take in proportion. Items without a goal keep the
    weight of the scheme: there is nothing in the agreement that could say another one.

    >>> part = FormPart(name=Text("结果", "Results"), weights={
    ...     "leads": Decimal(50), "roas": Decimal(30), "budget": Decimal(20)})
    >>> goals = [GoalTerms(key=key) for key in part.weights]
    >>> reweighed(part, goals, WeightWish(item="leads", how="by", points=Decimal(-10))).written
    'budget=24,leads=40,roas=36'

    Raises:
        Invalid: the item would weigh nothing or more than 100, is to stay as it is, or the others
            cannot make up for it.
    """
    before = weights_in(part, goals)
    moving = frozenset(goal.key for goal in goals if goal.kind == "kpi") & before.keys()
    weight = wish.points if wish.how == "to" else before[wish.item] + wish.points
    if not 0 < weight <= HUNDRED:
        raise _out_of_bounds(before[wish.item], weight)
    locked = (before.keys() - moving) | (wish.stays - {wish.item})
    after = with_weight(before, wish.item, weight, locked & before.keys())
    return Reweighed(before=before, after=after, moving=moving)


def _out_of_bounds(before: Decimal, weight: Decimal) -> Invalid:
    return Invalid(
        Text(
            f"现在是 {shown(before)}%，改后是 {shown(weight)}%；要大于 0、不超过 100%。换一个数。",
            f"now {shown(before)} %, then {shown(weight)} %; it has to lie above 0 and up to "
            "100 %. Write another number.",
        ),
        code="weight_out_of_range",
    )
