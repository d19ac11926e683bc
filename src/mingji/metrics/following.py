"""Which periods beside the quarters somebody needs values of: apps above register who asks.

A goal of a year is followed by the values of that very year; what the metrics keep by themselves
are quarters. The apps that know such periods stand above this one, so they say so when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

Asking = Callable[[date], Collection[str]]
# A refresh computes no more than so many beside its quarters: the latest ones.
MOST = 30
_ASKING: list[Asking] = []


def register(asking: Asking) -> None:
    """Let a refresh compute the periods that this function names for a day, too."""
    if asking not in _ASKING:
        _ASKING.append(asking)


def periods_followed(today: date) -> set[str]:
    """Every period that somebody follows today."""
    return {period for asking in _ASKING for period in asking(today)}
