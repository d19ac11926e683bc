"""The shapes of appraisals in the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, Bilingual, Page


class Cycle(Schema):
    """An appraisal cycle."""

    code: str
    title: Bilingual
    period: str
    self_review_due: date
    manager_review_due: date
    released_at: datetime | None = Field(description="Null until its results are released.")


class Cycles(Schema):
    """Every cycle, the latest period first."""

    items: list[Cycle]


class AppraisalTold(Schema):
    """An appraisal; total and grade are empty until the result is yours to see."""

    id: int
    cycle: str = Field(description="The code of the cycle.")
    period: str
    member: str = Field(description="The code of the member who is appraised.")
    name: Bilingual
    stage: Literal["self_review", "manager_review", "reviewed", "computed", "released"]
    reviewer: Bilingual | None
    due: date | None = Field(description="Until when the step of this stage is due.")
    total: Amount | None
    grade: str


class Appraisals(Page[AppraisalTold]):
    """Appraisals by the names of the members."""


class OwnAppraisals(Schema):
    """One's own appraisals, the latest cycle first."""

    items: list[AppraisalTold]
