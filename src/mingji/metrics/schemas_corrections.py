"""The shapes of disputes, corrections and typed-in values in the API."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, AnyCode, Bilingual, Code, Page, Paged, PeriodCode, Sent
from mingji.metrics.actions import EvidenceUpload
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_NO_NUL, _DIGEST = r"^[^\x00]*$", r"^[0-9a-f]{64}$"
_LARGEST = 2**63 - 1

Said = Annotated[str, Field(pattern=_NO_NUL, max_length=4000)]
Cell = Annotated[str, Field(pattern=_NO_NUL, max_length=1000)]
Address = Annotated[str, Field(pattern=_NO_NUL, max_length=500)]
RowKey = Annotated[
    list[Annotated[str, Field(pattern=_NO_NUL, max_length=200)]], Field(max_length=8)
]
AnyNumber = Annotated[int, Field(ge=1, le=_LARGEST)]


class DisputesAsked(Paged):
    """Which disputes are asked for."""

    part: Literal["mine", "answer", "reach"] = Field(
        "mine",
        description="mine: of your numbers, or raised by you; answer: waiting for your answer; "
        "reach: all that you may know of.",
    )


class CorrectionsAsked(Paged):
    """Which corrections are asked for."""

    status: Literal["", "proposed", "approved", "rejected"] = Field(
        "", description="Those that stand so; empty for all."
    )


class FileSent(Sent):
    """A file that proves something. What is too large for one request goes through the page."""

    name: str = Field(
        pattern=r"^[^\x00]+$", max_length=100, description="With its ending, such as mail.pdf."
    )
    content: str = Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", description="Its bytes in Base64.")
    sha256: Annotated[str, Field(pattern=_DIGEST)] | None = Field(
        None, description="If it is sent, the bytes have to have this digest."
    )

    @property
    def upload(self) -> EvidenceUpload:
        """The file as actions take it.

        Raises:
            Invalid: the content is no Base64, or has another digest.
        """
        try:
            content = base64.b64decode(self.content, validate=True)
        except binascii.Error:
            raise _refused(_NO_BASE64) from None
        if self.sha256 and hashlib.sha256(content).hexdigest() != self.sha256:
            raise _refused(_OTHER_BYTES)
        return EvidenceUpload(self.name, content)


_NO_BASE64 = (
    Text("file.content 不是 Base64", "file.content is no Base64"),
    Text("用标准的 Base64 编码，不换行", "encode the bytes in standard Base64, on one line"),
)
_OTHER_BYTES = (
    Text("文件内容和 sha256 对不上", "the content of the file has another digest than sha256"),
    Text("重新读取文件，再发一次", "read the file anew and send it again"),
)


def _refused(said: tuple[Text, Text]) -> Invalid:
    finding = Finding("evidence_file", "error", *said, Place(path="file"))
    return Invalid(said[0], code="evidence_file", findings=(finding,))


class OfOne(Sent):
    """Whose number it is: a member's or a team's, never both."""

    period: PeriodCode
    member: AnyCode = Field("", description="The code of a member.")
    team: AnyCode = Field("", description="The code of a team.")

    def require_one(self) -> None:
        """Whether not both are named.

        Raises:
            Invalid: they are.
        """
        if self.member and self.team:
            said = (
                Text("member 和 team 只能写一个", "name either a member or a team"),
                Text("去掉一个。", "Leave one out."),
            )
            finding = Finding("whose_number", "error", *said, Place(path="team"))
            raise Invalid(said[0], code="whose_number", findings=(finding,))


class Complained(OfOne):
    """What is said to be wrong with the number of a member or a team (one of the two)."""

    metric: Code
    ground: Literal[
        "wrong_owner", "missing_row", "wrong_amount", "duplicate", "wrong_date", "other"
    ]
    text: Said = Field(description="What stands there, what should, and how one can see it.")
    table: AnyCode = Field("", description="The table of the one row that is meant, if it is one.")
    row: RowKey = Field([], description="The key of that row.")
    file: FileSent | None = None


class ReasonGiven(Sent):
    """Why a number is right as it is."""

    reason: Said


class FollowedUp(Sent):
    """What the member does about an answer, or about a dispute that is still open."""

    step: Literal["settle", "reopen", "withdraw"] = Field(
        description="settle accepts the answer; reopen (once, with words) does not; withdraw "
        "takes an open dispute back."
    )
    text: Said = Field("", description="Needed to reopen: what the answer misses.")


class Proved(Sent):
    """How one can know."""

    evidence: Said = Field("", description="In words.")
    evidence_link: Address = Field("", description="An address that starts with https://.")
    file: FileSent | None = None
    dispute: AnyNumber | None = Field(None, description="The dispute that this answers.")

    @property
    def upload(self) -> EvidenceUpload | None:
        """The file, if one was sent.

        Raises:
            Invalid: as `FileSent.upload`.
        """
        return self.file.upload if self.file else None


class CorrectionProposed(Proved):
    """What is different about one row of a table, and why."""

    table: Code
    kind: Literal["change", "exclude", "add"]
    key: RowKey = Field(description="The key of the row.")
    values: dict[str, Cell] = Field({}, description="By column, as text, what it should be.")
    reason: Said = Field(description="Those whose numbers it moves can read it.")


class ValueTyped(OfOne, Proved):
    """A value that no system holds, of a member, a team or (neither) the whole company."""

    value: str = Field(
        pattern=r"^(-?[0-9]{1,20}(\.[0-9]{1,8})?)?$",
        description="In the unit of the metric, a rate as a fraction; empty takes the value back.",
    )
    note: Said = ""


class Decided(Sent):
    """The decision of a second person."""

    decision: Literal["approve", "reject"]
    words: Said = Field("", description="Needed to reject: why.")


class EvidenceTold(Schema):
    """A kept file of evidence: its name, and the digest that names its bytes."""

    name: str
    sha256: str
    size: int = Field(description="In bytes.")


class EvidenceContent(Schema):
    """A kept file, held against its digest before it is handed out."""

    name: str
    media: str
    content: str = Field(description="Its bytes in Base64.")


class DisputeLine(Schema):
    """A dispute in one line."""

    id: int
    metric: str
    period: str
    member: str = Field(description="The code of the member; of a team's number that of its lead.")
    team: str | None = Field(description="The code of the team whose number it is.")
    raised_by: str
    raised_at: datetime
    ground: str
    status: str = Field(description="open, proposed, answered, settled or withdrawn.")
    value: Amount | None = Field(description="What stood there then.")
    unit: str


class DisputeLines(Page[DisputeLine]):
    """Disputes, the latest first."""


class DisputeStep(Schema):
    """Who did or said what."""

    kind: str
    author: str = Field(description="The code of the member.")
    at: datetime
    text: str
    correction: int | None = Field(description="The number of the correction it is about.")


class DisputeTold(DisputeLine):
    """A dispute with everything that was said and done about it."""

    text: str
    table: str
    row: list[str] = Field(description="The key of the one row that is meant, if it is one.")
    now: Amount | None = Field(description="What stands there now.")
    file: EvidenceTold | None
    steps: list[DisputeStep]
    may_answer: bool = Field(description="Whether it is yours to answer.")
    may_follow_up: bool = Field(description="Whether it is yours to settle, reopen or withdraw.")


class CorrectionLine(Schema):
    """A correction or a typed-in value in one line."""

    number: int
    table: str
    key: list[str] = Field(
        description="Of the row; of a typed-in value its metric, period, level and whose it is."
    )
    kind: str = Field(description="change, exclude or add.")
    status: str = Field(description="proposed, approved or rejected.")
    proposed_by: str = Field(description="The code of the member.")
    proposed_at: datetime


class CorrectionLines(Page[CorrectionLine]):
    """Corrections, the latest first."""


class CorrectionTold(CorrectionLine):
    """A correction with the row before and after, and the two people."""

    before: dict[str, str] = Field(description="The row as it stood, by column.")
    changes: dict[str, str] = Field(description="By column, what is different.")
    members: list[str] = Field(description="Whose numbers it may move: none of them decides it.")
    reason: str
    evidence: str
    evidence_link: str
    file: EvidenceTold | None
    dispute: int | None = Field(description="The dispute that it answers, if you may know of it.")
    decided_by: str | None
    decided_at: datetime | None
    decision: str
    may_decide: bool = Field(description="Whether it is yours to approve or reject.")


class TypedLine(Schema):
    """A typed-in value, on what evidence, and where it stands."""

    number: int = Field(description="Of the correction with which it is approved or rejected.")
    period: str
    level: str = Field(description="member, team or company.")
    who: str = Field(description="The code of the member or team.")
    value: Amount | None = Field(description="Null takes a value back: nothing is known.")
    unit: str
    status: str = Field(description="proposed, approved or rejected.")
    counts: bool = Field(description="Whether it is the one that counts now.")
    evidence: str
    evidence_link: str
    file: str = Field(description="The name of the file that proves it.")
    by: Bilingual
    at: datetime
    decided_by: Bilingual | None


class TypedLines(Page[TypedLine]):
    """Typed-in values of a metric, the latest first."""
