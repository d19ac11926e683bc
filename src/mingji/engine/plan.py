"""What a question needs to have counted: which simple metrics, on which days, cut by which keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from mingji.engine.backends.interface import Session
from mingji.engine.compile import CALENDAR, SPANS, Slice
from mingji.engine.counting import Asked, Found, Keys, count
from mingji.engine.meanings import TOTAL, At, Meanings, days_of, is_span
from mingji.engine.model import Definitions, Metric
from mingji.engine.periods import Fiscal
from mingji.engine.shapes import Growth
from mingji.engine.slices import Question, refused
from mingji.engine.sql import column, exp
from mingji.rules.text import Text

_SOME_DAY = dt.date(2000, 1, 1)
Seen = Callable[[Slice], Slice | None]


class Plan:
    """The simple metrics of a question with their slices: one for each table and date.

    Raises:
        Invalid: If a table lacks a key, or a metric that looks at other periods is asked for
            without any.
    """

    def __init__(self, question: Question, meanings: Meanings, wanted: Sequence[Metric]) -> None:
        self.question, self.meanings, self.wanted = question, meanings, wanted
        self.definitions = meanings.definitions
        self._refuse_timeless()
        self.asked: Sequence[str] = question.periods or ()
        some = self.asked or [meanings.fiscal.name(_SOME_DAY, question.grain)]
        self.needed = self.reach(some if question.time else ("",))
        self.periods = question.periods
        if question.time and question.periods is not None:
            natural = {at.when for at in self.needed if at.when and not is_span(at.when)}
            self.periods = tuple(sorted(natural))
        self.slices = {leaf.id: self._slice(leaf) for leaf in self.leaves}

    @property
    def leaves(self) -> list[Metric]:
        """The simple metrics below the wanted ones."""
        found = {leaf.id: leaf for each in self.wanted for leaf in self.definitions.leaves(each)}
        return list(found.values())

    def _refuse_timeless(self) -> None:
        moving = [each for each in self.wanted if self.definitions.moves(each)]
        if self.question.time or not moving:
            return
        name = moving[0].id
        raise refused(
            Text(
                f"指标 {name} 要和别的期间比较或累计，问题里却没有期间",
                f"metric {name} looks at other periods, and the question has none",
            ),
            Text("在 by 里加上 period", "add period to the keys (by)"),
            code="no_period",
        )

    def _slice(self, leaf: Metric, calendar: str = CALENDAR) -> Slice:
        uses = [at for at in self.needed if at.metric == leaf.id]
        whole = all(at.whole == TOTAL for at in uses)
        periods = None if calendar == SPANS else self.periods
        return self.question.slice(leaf, periods, calendar=calendar, whole=whole)

    def reach(self, periods: Iterable[str]) -> set[At]:
        """Every simple metric that the wanted ones are made from in these periods, on its days."""
        ats = (At(each.id, period) for each in self.wanted for period in periods)
        return {leaf for at in ats for leaf in self.meanings.leaves(at)}

    def settle(self, session: Session, together: Iterable[str] | None) -> None:
        """Fixes which periods are looked at: where none were asked for, those that exist.

        Plans that are counted together look at the periods of all of them.
        """
        if together is not None and self.periods is not None:
            self.periods = tuple(sorted({*self.periods, *together}))
            self.slices = {leaf.id: self._slice(leaf) for leaf in self.leaves}
        if self.question.time and self.question.periods is None:
            self.asked = self._existing(session)
            self.needed = self.reach(self.asked)

    @property
    def spans(self) -> set[str]:
        """The days that are none of one period, on which some metric looks."""
        return {at.when for at in self.needed if at.when and is_span(at.when)}

    def of_periods(self, seen: Seen) -> Asked:
        """What is to be counted in periods."""
        timed = {at.metric for at in self.needed if at.when is not None and not is_span(at.when)}
        return self._looked(timed, self.slices, seen)

    def of_spans(self, seen: Seen) -> Asked:
        """What is to be counted on other days."""
        moved = {at.metric for at in self.needed if at.when and is_span(at.when)}
        slices = {leaf.id: self._slice(leaf, SPANS) for leaf in self.leaves if leaf.id in moved}
        return self._looked(moved, slices, seen)

    def _looked(self, names: set[str], slices: Mapping[str, Slice], seen: Seen) -> Asked:
        looked = {name: slice_ for name in names if (slice_ := seen(slices[name])) is not None}
        return Asked([leaf for leaf in self.leaves if leaf.id in looked], looked)

    def _existing(self, session: Session) -> list[str]:
        return self.meanings.fiscal.between(*_bounds(session), self.question.grain)

    def keys(self, found: Found) -> set[Keys]:
        """Every slice of the question that has rows, on its own days or those it looks at."""
        question = self.question
        place = question.by.index(question.time) if question.time else -1
        shown = self._shown() if question.time else {}
        slices: set[Keys] = set()
        for name, cells in found.items():
            if len(self.slices[name].keys) < len(question.by):
                continue
            for keys in cells:
                if place < 0:
                    slices.add(keys)
                    continue
                for period in shown.get((name, keys[place]), ()):
                    slices.add((*keys[:place], period, *keys[place + 1 :]))
        return slices

    def _shown(self) -> Mapping[tuple[str, str], set[str]]:
        """The periods in which a simple metric of some days shows.

        The period that growth is measured from does not show in the one that has grown.
        """
        shown: dict[tuple[str, str], set[str]] = {}
        for metric in self.wanted:
            for period in self.asked:
                for leaf in self._showing(At(metric.id, period)):
                    shown.setdefault((leaf.metric, leaf.when or ""), set()).add(period)
        return shown

    def _showing(self, at: At) -> Iterator[At]:
        parts = self.meanings.parts(at)
        if not parts:
            yield at
        if isinstance(self.definitions.metric(at.metric).shape, Growth):
            parts = parts[:1]
        for part in parts:
            yield from self._showing(part)


def found_by(
    session: Session, plans: Sequence[Plan], seen: Seen = lambda slice_: slice_
) -> list[Found]:
    """Counts every slice of periods, and those of other days where a metric looks at them.

    Args:
        session: With the calendar and the people that the queries join.
        plans: What each question needs; tables that several need are read once for all.
        seen: May put another slice in the place of each, or None to leave its metric out.

    Returns:
        For each plan what was found.
    """
    definitions, fiscal = plans[0].definitions, plans[0].meanings.fiscal
    found: list[Found] = [{leaf.id: {} for leaf in plan.leaves} for plan in plans]
    several = {name for plan in plans for name in plan.periods or ()} if len(plans) > 1 else None
    for plan in plans:
        plan.settle(session, several)
    rounds = [[plan.of_periods(seen) for plan in plans]]
    spans = {name for plan in plans for name in plan.spans}
    if spans:
        session.provide(SPANS, _days_of(session, spans, fiscal))
        rounds.append([plan.of_spans(seen) for plan in plans])
    for asked in rounds:
        for mine, counted in zip(found, count(session, definitions, asked), strict=True):
            for name, cells in counted.items():
                mine[name].update(cells)
    return found


def _bounds(session: Session) -> tuple[dt.date, dt.date]:
    """The first and the last day of any row, as the calendar has them."""
    day = column("day", CALENDAR)
    query = exp.select(exp.Min(this=day).as_("first"), exp.Max(this=day.copy()).as_("last")).from_(
        exp.table_(CALENDAR, quoted=True)
    )
    (row,) = session.run(query).to_pylist()
    return row["first"], row["last"]


def _days_of(session: Session, spans: Iterable[str], fiscal: Fiscal) -> pa.Table:
    """One row for each day of each span on which there may be a row."""
    lowest, highest = _bounds(session)
    days: list[dt.date] = []
    names: list[str] = []
    for name in sorted(spans):
        first, last = days_of(name, fiscal)
        first, last = max(first, lowest), min(last, highest)
        count_ = max(0, (last - first).days + 1)
        days += [first + dt.timedelta(days=n) for n in range(count_)]
        names += [name] * count_
    return pa.table(
        [pa.array(days, pa.date32()), pa.array(names, pa.string())], names=["day", "span"]
    )


def earliest_day(
    definitions: Definitions, metrics: Iterable[Metric], periods: Sequence[str], fiscal: Fiscal
) -> dt.date:
    """The first day that any of these metrics looks at in these periods."""
    meanings = Meanings(definitions, fiscal)
    return min(
        days_of(leaf.when, fiscal)[0]
        for metric in metrics
        for period in periods
        for leaf in meanings.leaves(At(metric.id, period))
        if leaf.when
    )
