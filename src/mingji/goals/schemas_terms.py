"""The shapes of what is agreed in the API: terms, agreements, requests to change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, AnyCode, PeriodCode, Sent
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms

_AMOUNT, _SHARE = r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$", r"^[0-9]{1,3}(\.[0-9]{1,2})?$"


# As many digits as are kept, and as text: a binary fraction would lose some of them.
Value = Annotated[str, Field(pattern=_AMOUNT, description="In the unit of the goal.")]
Percent = Annotated[str, Field(pattern=_SHARE, description="In percent.")]
_TEXT = r"^[^\x00]*$"
Key = Annotated[str, Field(pattern=r"^[^\x00]+$", max_length=60)]
Said = Annotated[str, Field(pattern=_TEXT, max_length=2000)]


_NUMBERS = ("baseline", "threshold", "target", "stretch", "weight")


def number(digits: str | None) -> Decimal | None:
    """The number that was sent, if one was."""
    return None if digits is None else Decimal(digits)


class Step(Sent):
    """A milestone: its share of the whole in percent, and its date."""

    title: Annotated[str, Field(pattern=_TEXT, max_length=200)]
    weight: Percent
    due: date | None = None


class Terms(Sent):
    """The terms of one goal, as both sides sign them."""

    key: Key = Field(description="Names it within the agreement; of a KPI the item of the form.")
    kind: Literal["kpi", "objective", "key_result"] = "kpi"
    objective: Annotated[str, Field(pattern=_TEXT, max_length=60)] = Field(
        "", description="Of a key result: the key of its objective."
    )
    title: Annotated[str, Field(pattern=_TEXT, max_length=200)] = ""
    description: Said = ""
    metric: AnyCode = Field("", description="The id of the metric; of an item it is known.")
    definition: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Of a change request: the version of the company's own definitions that is in "
        "force, to be measured by what the metric means now; 0 keeps what was signed.",
    )
    measure: Literal["metric", "manual", "milestones", "yes_no"] = "metric"
    unit: Annotated[str, Field(pattern=_TEXT, max_length=20)] = ""
    baseline: Value | None = None
    threshold: Value | None = None
    target: Value | None = None
    stretch: Value | None = None
    weight: Percent | None = None
    commitment: Literal["committed", "stretch"] = "committed"
    due: date | None = None
    theme: AnyCode = Field("", description="The code of a strategy theme.")
    milestones: list[Step] = Field([], max_length=50)
    scoring: dict[str, Said] = Field(
        {}, description="An agreed method and its settings, as in a scheme file."
    )
    support: Annotated[str, Field(pattern=_TEXT, max_length=500)] = ""
    support_due: date | None = None

    @property
    def terms(self) -> GoalTerms:
        """The same for the rules."""
        steps = tuple(
            MilestoneTerms(title=each.title, weight=Decimal(each.weight), due=each.due)
            for each in self.milestones
        )
        numbers = {name: number(getattr(self, name)) for name in _NUMBERS}
        return GoalTerms(**{**self.model_dump(), **numbers, "milestones": steps})


Goals = Annotated[list[Terms], Field(max_length=100, description="All goals of the agreement.")]


def terms_of(goals: Sequence[Terms]) -> tuple[GoalTerms, ...]:
    """What was sent, for the rules."""
    return tuple(goal.terms for goal in goals)


class Draft(Sent):
    """The goals of a member or a team (exactly one of the two) in a period."""

    member: AnyCode = ""
    team: AnyCode = ""
    period: PeriodCode
    goals: Goals


class Note(Sent):
    """A word to the other side."""

    note: Annotated[str, Field(pattern=_TEXT, max_length=1000)] = ""


class CounterProposal(Note):
    """The whole of the goals as one's own side wants them."""

    goals: Goals


class Acceptance(Sent):
    """Which version is agreed to."""

    number: int = Field(ge=0, le=2**31 - 1, description="The `number` that was read.")


class Remark(Sent):
    """A contribution to the discussion."""

    text: Said
    key: Annotated[str, Field(pattern=_TEXT, max_length=60)] = Field(
        "", description="The goal that it is about."
    )


class ChangeAsked(Sent):
    """Other terms than those agreed, and why."""

    goals: Goals
    category: Literal["market", "strategy", "data_error", "post_change", "leave", "definition"]
    reason: Said
    evidence: Said


class Answer(Sent):
    """A decision on a request to change what is agreed."""

    step: Literal["accept", "approve", "refuse", "withdraw"] = Field(
        description="The side that was asked accepts, a third person approves, either refuses; "
        "the side that asked withdraws."
    )
    answer: Said = Field("", description="A refusal needs a reason.")


class Progress(Sent):
    """How an agreed goal goes."""

    value: Value | None = Field(None, description="Only where no metric gives it; 1 or 0 for done.")
    confidence: Literal["", "on_track", "at_risk", "off_track"] = ""
    evidence: Annotated[str, Field(pattern=_TEXT, max_length=500)] = ""
    note: Said = ""


class MilestoneTold(Schema):
    """A milestone of a key result."""

    title: str
    weight: Amount
    due: date | None


class TermsTold(Schema):
    """The terms of one goal."""

    key: str
    kind: str
    objective: str
    title: str
    description: str
    metric: str
    definition: int = Field(
        description="The version of the company's own definitions whose meaning of the metric is "
        "signed; 0: as it was before there was any."
    )
    measure: str
    unit: str
    baseline: Amount | None
    threshold: Amount | None
    target: Amount | None
    stretch: Amount | None
    weight: Amount | None
    commitment: str
    due: date | None
    theme: str
    milestones: list[MilestoneTold]
    scoring: dict[str, str]
    support: str
    support_due: date | None


class AgreementTold(Schema):
    """All goals of a member or team in a period, and how far both sides are."""

    id: int
    period: str
    member: str | None = Field(description="The code of the member whose goals they are.")
    team: str | None = Field(description="The code of the team whose goals they are.")
    status: str = Field(description="draft, proposed, countered or agreed; agreed is locked.")
    number: int = Field(description="Counts the versions; accepting names it.")
    digest: str = Field(description="Changes with any term of any goal.")
    awaited: str = Field(description="Whose turn it is: own, above, or nobody's.")
    accepted_at: datetime | None
    deadline: date | None
    goals: list[TermsTold]
    change: int | None = Field(description="The number of the change request that is open.")


class ChangeTold(Schema):
    """A request to change what is agreed."""

    id: int
    agreement: int
    status: str
    category: str
    reason: str
    evidence: str
    answer: str
    goals: list[TermsTold]
