"""What a question needs to have counted: which simple metrics, on which days, cut by which keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from mingji.engine.backends.interface import Session
from mingji.engine.compile import CALENDAR, SPANS, Slice
from mingji.engine.counting import Found, Keys, count
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
        self.slices = {leaf.id: self._slice(leaf) for leaf in self._leaves()}

    def _leaves(self) -> list[Metric]:
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

    def found(self, session: Session, seen: Seen = lambda slice_: slice_) -> Found:
        """Counts every slice of periods, and those of other days where a metric looks at them.

        `seen` may put another slice in the place of each, or None to leave its metric out.
        """
        if self.question.time and self.question.periods is None:
            self.asked = self._existing(session)
            self.needed = self.reach(self.asked)
        timed = {at.metric for at in self.needed if at.when is not None and not is_span(at.when)}
        leaves = self._leaves()
        found = self._counted(session, timed, self.slices, seen)
        spans = {at.when for at in self.needed if at.when and is_span(at.when)}
        moved = {at.metric for at in self.needed if at.when in spans}
        if not moved:
            return {**{leaf.id: {} for leaf in leaves}, **found}
        session.provide(SPANS, self._spans(session, spans))
        slices = {leaf.id: self._slice(leaf, SPANS) for leaf in leaves if leaf.id in moved}
        for name, cells in self._counted(session, moved, slices, seen).items():
            found.setdefault(name, {}).update(cells)
        return {**{leaf.id: {} for leaf in leaves}, **found}

    def _counted(
        self, session: Session, names: set[str], slices: Mapping[str, Slice], seen: Seen
    ) -> Found:
        looked = {name: slice_ for name in names if (slice_ := seen(slices[name])) is not None}
        leaves = [leaf for leaf in self._leaves() if leaf.id in looked]
        return count(session, self.definitions, leaves, looked)

    def _bounds(self, session: Session) -> tuple[dt.date, dt.date]:
        """The first and the last day of any row, as the calendar has them."""
        day = column("day", CALENDAR)
        query = exp.select(
            exp.Min(this=day).as_("first"), exp.Max(this=day.copy()).as_("last")
        ).from_(exp.table_(CALENDAR, quoted=True))
        (row,) = session.run(query).to_pylist()
        return row["first"], row["last"]

    def _existing(self, session: Session) -> list[str]:
        return self.meanings.fiscal.between(*self._bounds(session), self.question.grain)

    def _spans(self, session: Session, spans: Iterable[str]) -> pa.Table:
        """One row for each day of each span on which there may be a row."""
        lowest, highest = self._bounds(session)
        days: list[dt.date] = []
        names: list[str] = []
        for name in sorted(spans):
            first, last = days_of(name, self.meanings.fiscal)
            first, last = max(first, lowest), min(last, highest)
            count_ = max(0, (last - first).days + 1)
            days += [first + dt.timedelta(days=n) for n in range(count_)]
            names += [name] * count_
        return pa.table(
            [pa.array(days, pa.date32()), pa.array(names, pa.string())], names=["day", "span"]
        )

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
