"""The shapes of goals in the API."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, AnyCode, AnyPeriod, Bilingual, Page, Paged


class GoalsAsked(Paged):
    """Whose goals are asked for; your own without a member or team."""

    period: AnyPeriod = Field("", description="The running quarter if empty.")
    member: AnyCode = Field("", description="The code of a member.")
    team: AnyCode = Field("", description="The code of a team: its goals as a whole.")


class Goal(Schema):
    """A goal and how it stands today. Amounts are in `unit`."""

    id: int
    period: str
    member: str | None = Field(description="The code of the member whose goal it is.")
    team: str | None = Field(description="The code of the team whose goal it is.")
    key: str = Field(description="Its key within the agreement.")
    kind: str = Field(description="kpi, objective or key_result.")
    title: Bilingual
    metric: str = Field(description="The id of the metric that measures it; empty without one.")
    counted: str = Field(
        description="The metric whose values count: the one above, or what it meant when signed."
    )
    unit: str
    theme: Bilingual | None = Field(description="The strategy theme that it serves.")
    baseline: Amount | None
    threshold: Amount | None
    target: Amount | None
    stretch: Amount | None
    weight: Amount | None = Field(description="A share in percent.")
    due: date | None
    agreement: int = Field(description="The number of the agreement that it belongs to.")
    status: str = Field(description="draft, proposed, countered or agreed.")
    value: Amount | None = Field(description="The current value; null is “no data”.")
    progress: Amount | None = Field(
        description="The share of the way from baseline (0 without one) to target: below zero it "
        "moved the wrong way, above one it went past."
    )
    expected: Amount | None = Field(description="What was due by today.")
    attainment: Amount | None = Field(description="In percent of what was due by today.")
    health: Literal["on_track", "at_risk", "off_track", "no_data"]


class Goals(Page[Goal]):
    """The goals of one member or team, in the order in which they were set."""
