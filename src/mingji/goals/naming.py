"""How a goal is named from outside, and what another one says of serving it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalName:
    """A goal by its owner's code (a team's, or with `of_member` a member's), its period and its key
    within the agreement; there is one such goal at most."""

    owner: str
    of_member: bool
    period: str
    item: str

    def __str__(self) -> str:
        return f"{'@' if self.of_member else ''}{self.owner}/{self.period}/{self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A goal that is to be served: with what share, as which part, over what volume."""

    goal: GoalName
    share: Decimal = Decimal(1)
    part: str = ""
    volume: Decimal | None = None
