"""The shapes of alignment in the API: what serves what, and whether targets add up."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mingji.goals.schemas_terms import Percent
from mingji.kit.wire import Amount, At, Bilingual, Sent

PartCode = Literal["", "numerator", "denominator", "count", "rate", "value"]
ModeCode = Literal[
    "", "sum", "weighted_mean", "ratio_of_sums", "shared_funnel", "min", "max", "same"
]
Volume = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,16}(\.[0-9]{1,4})?$",
        description="How much a rate or mean is over, such as leads; above 0.",
    ),
]
_PART = "numerator or denominator of a ratio; count, rate or value of a funnel; empty: as the "


class Serving(Sent):
    """How a goal serves another."""

    share: Percent = Field("100", description="The share of its target that counts, in percent.")
    part: PartCode = Field("", description=f"{_PART}metrics tell.")
    volume: Volume | None = None


class BelowAsked(Sent):
    """Which page of the goals below."""

    after: Annotated[str, Field(pattern=r"^[0-9]{0,18}$")] = Field(
        "", description="The `next` of the page before."
    )


class PartOf(Sent):
    """What a goal below carries of the one above."""

    goal: Annotated[int, Field(ge=1, le=2**63 - 1, description="The number of the goal below.")]
    part: PartCode = Field("", description=f"{_PART}metrics tell.")
    volume: Volume | None = None


class Combining(Sent):
    """How the targets below a goal make up its own."""

    mode: ModeCode = Field("", description="Empty: as the goals below and the metric tell.")
    parts: list[PartOf] = Field([], max_length=500, description="Others keep what they carry.")


class WayAt(At):
    """Which tree is asked for, and the node in it."""

    way: Annotated[str, Field(pattern=r"^[0-9]{0,3}$")] = Field(
        "", description="The place of one of the `ways`, from 0; empty for the difference."
    )


class AlignedTold(Schema):
    """A goal on the other end of an alignment."""

    goal: int
    period: str
    name: Bilingual
    owner: Bilingual
    target: Amount | None
    share: Amount = Field(description="A share in percent.")
    part: str = Field(description="What was said; empty: as the metrics tell.")
    volume: Amount | None


class BelowTold(AlignedTold):
    """A goal below, with the part that it carries as targets combine now."""

    unit: str
    carries: str = Field(description="Said or told; empty: its whole target.")
    possible: list[str] = Field(description="The parts that it could carry.")


class WayTold(Schema):
    """One way to close the gap when all else stays."""

    code: str
    words: Bilingual
    change: Amount | None = Field(description="The exact number behind it, in `unit`.")
    unit: str


class UncountedTold(Schema):
    """A goal below that is not in the sum, and why."""

    goal: int
    code: str
    reason: Bilingual


class CheckTold(Schema):
    """Whether the targets below make up the one above."""

    verdict: Literal["adds_up", "gap", "overlap", "unknown"]
    combined: Amount | None
    difference: Amount | None
    percent: Amount | None = Field(description="The difference in percent of the target.")
    words: Bilingual
    ways: list[WayTold]
    uncounted: list[UncountedTold]


class AlignmentTold(Schema):
    """What a goal serves and is served by, as far as it is yours to see."""

    above: list[AlignedTold]
    below: list[BelowTold] = Field(description="Fifty at most; the check is over all of them.")
    next: str = Field(description="Send it as `after` for the goals that follow; empty at the end.")
    hidden: int = Field(description="Goals below that are not yours to see.")
    mode: str | None = Field(description="How targets combine now; null: they do not.")
    chosen: str = Field(description="The mode that was said; empty: as the goals below tell.")
    modes: list[str] = Field(description="The modes that make sense for its metric.")
    check: CheckTold | None = Field(description="Null unless every goal below is yours to see.")
