"""Which metrics people have signed for, and under which version of the definitions: apps above say.

A goal is signed under one meaning of its metric. Whoever changes that meaning has to know before it
is in force. The goals stand above the metrics, so they say so when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedGoals:
    """How many goals of a period, proposed or signed, are measured by a metric as it was defined
    in version `number` of the company's own definitions."""

    metric: str
    number: int
    period: str
    goals: int


Asking = Callable[[], Collection[SignedGoals]]
_ASKING: list[Asking] = []


def register(asking: Asking) -> None:
    """Let nobody change a metric without seeing the goals that this function tells of."""
    if asking not in _ASKING:
        _ASKING.append(asking)


def signed_goals() -> list[SignedGoals]:
    """The goals that stand on the meaning of a metric."""
    return [each for asking in _ASKING for each in asking()]
