"""What a metric that is made from others does with them, beyond dividing and reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mingji.engine.periods import Grain
from mingji.rules.text import Text

Against = Literal["previous_period", "last_year"]
Cohort = Literal["entry", "event"]
SurveyMethod = Literal["nps", "csat"]


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time: so many days, or so many periods of the grain that is asked for."""

    count: int
    unit: Literal["days", "periods"]


@dataclass(frozen=True, slots=True)
class Growth:
    """The change of a metric against an earlier period, as a rate or as a difference."""

    against: Against
    rate: bool


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A metric over the days from the start of a grain, or a trailing window, to a period's end.

    Neither: since ever.
    """

    grain_to_date: Grain | None
    window: Length | None


@dataclass(frozen=True, slots=True)
class Lagged:
    """A metric of an earlier period."""

    offset: Length


@dataclass(frozen=True, slots=True)
class Share:
    """A metric divided by another one, or by its own total over a dimension (`over`).

    `of_total`: the other one is taken whole over the keys that its table lacks.
    """

    over: str
    of_total: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers on a scale: NPS (−100 to 100), or the share of answers from `top_box_from` on.

    Fewer than `min_answers` answers say nothing. `expression` gives the answer of a row, `filter`
    says which rows are answers.
    """

    method: SurveyMethod
    min_answers: int
    expression: str
    filter: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversion: when it is taken, under which condition, in which table.

    `key` is the column of `table` that holds the key of the conversion's own table; an empty
    `table` is that table itself.
    """

    id: str
    name: Text
    time: str
    filter: str
    table: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many of those who take one step take a later one, in order, within so many days."""

    steps: tuple[Step, ...]
    days: int | None
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Journey:
    """The rows of a table, each with the days on which its key took steps in other tables."""

    table: str
    steps: tuple[Step, ...]
    days: int | None


Shape = Growth | Cumulative | Lagged | Share | Survey | Conversion
