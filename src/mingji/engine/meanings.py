"""What each type of metric is made from, on which days, and how its parts make its value.

Planning and explaining walk the same parts: what is counted is what is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from mingji.engine.formulas import evaluate
from mingji.engine.identity import ALWAYS
from mingji.engine.model import Definitions, Metric
from mingji.engine.periods import Fiscal
from mingji.engine.shapes import Cumulative, Growth, Lagged, Share, Survey

Value = Fraction | None
#: The whole of a share over every key that its table lacks.
TOTAL = "*"
_BETWEEN = ".."


class At(NamedTuple):
    """A metric on some days, over some keys.

    `when` is a period, a span of days (`2026-01-01..2026-09-30`), "" where the question knows no
    time, None where there is no such period. `whole` names the dimension that is taken as a whole
    (`TOTAL`: every key that the table lacks).
    """

    metric: str
    when: str | None
    whole: str = ""


def span(first: dt.date, last: dt.date) -> str:
    """The name of the days from first to last.

    >>> span(dt.date(2026, 1, 1), dt.date(2026, 9, 30))
    '2026-01-01..2026-09-30'
    """
    return f"{first.isoformat()}{_BETWEEN}{last.isoformat()}"


def days_of(when: str, fiscal: Fiscal) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period or a span.

    Raises:
        Invalid: If it is neither.
    """
    first, between, last = when.partition(_BETWEEN)
    if not between:
        return fiscal.days(when)
    return fiscal.days(first)[0], fiscal.days(last)[1]


def is_span(when: str) -> bool:
    """Whether it names days rather than a period."""
    return _BETWEEN in when


class Meanings:
    """The types of metrics of a definitions file under a calendar."""

    def __init__(self, definitions: Definitions, fiscal: Fiscal) -> None:
        self.definitions, self.fiscal = definitions, fiscal
        self._parts: dict[At, tuple[At, ...]] = {}

    def leaves(self, at: At) -> Iterator[At]:
        """The simple metrics below, each on its days."""
        below = self.parts(at)
        if not below:
            yield at
        for part in below:
            yield from self.leaves(part)

    def parts(self, at: At) -> tuple[At, ...]:
        """What a metric is made from; a simple one has no parts."""
        if at not in self._parts:
            self._parts[at] = self._made_from(at)
        return self._parts[at]

    def _made_from(self, at: At) -> tuple[At, ...]:
        metric = self.definitions.metric(at.metric)
        inputs = tuple(at._replace(metric=name) for name in metric.inputs)
        match metric.shape:
            case Growth() as growth:
                return (inputs[0], inputs[0]._replace(when=self._before(growth, at.when)))
            case Cumulative() as cumulative:
                return (inputs[0]._replace(when=self._through(cumulative, at.when)),)
            case Lagged() as lagged:
                return (inputs[0]._replace(when=self._earlier(lagged, at.when)),)
            case Share() as share:
                whole = at.whole or share.over or (TOTAL if share.of_total else "")
                return (inputs[0], inputs[-1]._replace(whole=whole))
        return inputs

    def _before(self, growth: Growth, when: str | None) -> str | None:
        if not when:
            return when
        if growth.against == "last_year":
            return self.fiscal.year_before(when)
        return self.fiscal.shifted(when, -1)

    def _through(self, cumulative: Cumulative, when: str | None) -> str | None:
        if not when:
            return when
        first, last = self.fiscal.days(when)
        window = cumulative.window
        if cumulative.grain_to_date:
            first = self.fiscal.days(self.fiscal.name(last, cumulative.grain_to_date))[0]
        elif window is None:
            first = ALWAYS
        elif window.unit == "days":
            first = last - dt.timedelta(days=window.count - 1)
        else:
            first = self.fiscal.days(self.fiscal.shifted(when, 1 - window.count))[0]
        return span(first, last)

    def _earlier(self, lagged: Lagged, when: str | None) -> str | None:
        if not when:
            return when
        if lagged.offset.unit == "periods":
            return self.fiscal.shifted(when, -lagged.offset.count)
        back = dt.timedelta(days=lagged.offset.count)
        first, last = self.fiscal.days(when)
        return span(first - back, last - back)

    def combined(self, metric: Metric, values: Sequence[Value]) -> tuple[Value, tuple[str, ...]]:
        """The exact value that the values of the parts make, and the reasons why it is none."""
        match metric.shape:
            case Growth() as growth:
                unit = self.definitions.metric(metric.inputs[0]).unit
                in_points = metric.unit == "pp" and unit == "ratio"
                return _grown(growth, values[0], values[1], 100 if in_points else 1)
            case Cumulative() | Lagged():
                return values[0], (() if values[0] is not None else ("no_data",))
            case Share():
                return _divided(values[0], values[1])
            case Survey() as survey:
                return _surveyed(survey, dict(zip(metric.inputs, values, strict=True)), metric)
        named = dict(zip(metric.inputs, values, strict=True))
        if metric.type == "derived":
            value = evaluate(metric.formula, named)
            return value, () if value is not None else _missing(values)
        above, below = named[metric.numerator], named[metric.denominator]
        if metric.type == "conversion" and above is None and below is not None:
            above = Fraction(0)  # somebody set out, and nobody arrived
        return _divided(above, below)


def _missing(values: Sequence[Value]) -> tuple[str, ...]:
    return ("no_data",) if None in values else ("no_data", "zero_denominator")


def _divided(above: Value, below: Value) -> tuple[Value, tuple[str, ...]]:
    if above is None or not below:
        return None, _missing((above, below))
    return above / below, ()


def _grown(growth: Growth, now: Value, before: Value, factor: int) -> tuple[Value, tuple[str, ...]]:
    if now is None:
        return None, ("no_data",)
    if before is None:
        return None, ("no_data", "no_base")
    if not growth.rate:
        return (now - before) * factor, ()
    if before <= 0:
        return None, ("no_data", "negative_base" if before else "zero_base")
    return (now - before) / before, ()


def _surveyed(
    survey: Survey, values: dict[str, Value], metric: Metric
) -> tuple[Value, tuple[str, ...]]:
    answers = values[metric.denominator]
    outside = ("answers_outside",) if values.get(f"{metric.id}-outside") else ()
    if answers is None:
        return None, ("no_data", *outside)
    if answers < survey.min_answers or not answers:
        return None, ("no_data", "too_few_answers", *outside)
    above = values[metric.numerator]
    assert above is not None
    if survey.method == "csat":
        return above / answers, outside
    against = values[f"{metric.id}-detractors"]
    assert against is not None
    return (above - against) / answers * 100, outside
