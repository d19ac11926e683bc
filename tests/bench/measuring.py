"""Two ways to one answer, timed in turns: what counts is the ratio within one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock, and seconds of processor time in all threads of this process."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: what was measured beside what, and what was promised of the ratio."""

    what: str
    ours: str
    yardstick: str
    ratio: str
    promised: str


@dataclass(slots=True)
class Report:
    """The lines that the run prints at its end."""

    lines: list[Line] = field(default_factory=list)

    def beside(self, what: str, ours: Spent, yardstick: Spent, promised: str) -> None:
        """Notes a measurement with the ratio of its times to those of the yardstick."""
        ratio = f"{ours.wall / yardstick.wall:.2f} × ({ours.cpu / yardstick.cpu:.2f} × processor)"
        self.lines.append(Line(what, _told(ours), _told(yardstick), ratio, promised))

    def alone(self, what: str, measured: str, promised: str) -> None:
        """Notes a measurement that has a bound of its own."""
        self.lines.append(Line(what, measured, "", "", promised))

    def text(self) -> str:
        """The lines as a table in Markdown."""
        rows = [("what", "ours", "yardstick", "ours ÷ yardstick", "promised"), ("---",) * 5]
        rows += [(x.what, x.ours, x.yardstick, x.ratio, x.promised) for x in self.lines]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def spent(work: Callable[[], object]) -> Spent:
    """What a piece of work takes; children that it starts are counted as well."""
    began, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return Spent(time.perf_counter() - began, sum(os.times()[:4]) - before)


def in_turns(
    ours: Callable[[], object], yardstick: Callable[[], object], rounds: int = 5
) -> tuple[Spent, Spent]:
    """The medians of both, measured one after the other so that both meet the same machine."""
    pairs = [(spent(ours), spent(yardstick)) for _ in range(rounds)]
    mine, theirs = zip(*pairs, strict=True)
    return _middle(mine), _middle(theirs)


def _middle(measured: tuple[Spent, ...]) -> Spent:
    return Spent(median(each.wall for each in measured), median(each.cpu for each in measured))


def _told(measured: Spent) -> str:
    return f"{measured.wall:.2f} s ({measured.cpu:.2f} s processor)"
