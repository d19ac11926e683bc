"""The shapes of metrics in the API."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, AnyCode, AnyPeriod, At, Bilingual, Page, Paged, Words


class MetricsAsked(Paged):
    """Which part of the catalogue is asked for."""

    q: Words = Field("", description="Part of an id or a name.")


class ObservationsAsked(Paged):
    """Which values are asked for; without a filter all that you may see."""

    period: AnyPeriod = Field("", description="For instance 2026Q3.")
    member: AnyCode = Field("", description="The code of a member.")
    team: AnyCode = Field("", description="The code of a team.")


class Whose(At):
    """Whose value it is: a member's, a team's, or (neither) the whole company's."""

    member: AnyCode = Field("", description="The code of a member.")
    team: AnyCode = Field("", description="The code of a team.")


class MetricLine(Schema):
    """A metric in the catalogue."""

    id: str
    name: Bilingual
    unit: str
    direction: Literal["up", "down", "closer"] = Field(
        description="What is better: more, less, or closer to the target."
    )
    type: str = Field(description="simple, ratio, derived …: how it is made.")


class MetricLines(Page[MetricLine]):
    """Metrics by id."""


class MetricTold(MetricLine):
    """A metric with its definition."""

    formula_text: Bilingual = Field(description="The definition in words.")
    formula: str = Field(description="The formula over other metrics, if it is one.")
    table: str = Field(description="The table whose rows are counted, if it is one.")
    filter: str = Field(description="Which of the rows count.")
    inputs: list[str] = Field(description="The metrics that it is made from.")
    owner: Bilingual = Field(description="Who answers for the data.")
    gaming_risk: Bilingual = Field(description="How it could be gamed.")
    counter_metric: str = Field(description="The metric that shows it when this one is gamed.")


class Observation(Schema):
    """The value of a metric in a period: of a member, a team, or (neither) the company."""

    metric: str
    period: str
    member: str | None
    team: str | None
    value: Amount | None = Field(description="Null is “no data”, never zero.")
    unit: str
    rows: int = Field(description="How many rows it was made of.")


class Observations(Page[Observation]):
    """Values by period; in each period company, teams, members by code."""


class Periods(Schema):
    """The periods that have values, the earliest first."""

    items: list[str]
