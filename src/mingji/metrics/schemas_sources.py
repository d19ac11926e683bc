"""The shapes of sources, their runs and what they set aside in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Bilingual, Page, Sent
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_NO_NUL = r"^[^\x00]*$"
_MOST_ROWS, _LARGEST = 1000, 2**63 - 1
Cell = Annotated[str, Field(pattern=_NO_NUL, max_length=10_000)]


class RunLine(Schema):
    """One reading of a source."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    status: str = Field(description="running, succeeded, nothing (nothing new) or failed.")
    read: int = Field(description="How many rows were read.")
    loaded: int = Field(description="How many of them count.")
    rejected: int = Field(description="How many were set aside.")
    warnings: int
    error: Bilingual = Field(description="Why it failed, and what to do; empty unless it did.")
    who: str = Field(description="The code of a member, schedule, push or system.")


class RunLines(Page[RunLine]):
    """Runs of a source, the latest first."""


class SourceFinding(Schema):
    """Something that a run found in what it read."""

    code: str
    severity: str = Field(description="error, warning or info.")
    where: Bilingual
    message: Bilingual
    remedy: Bilingual
    count: int | None = Field(description="How many rows or cells it is about.")


class BatchTold(Schema):
    """One file or delivery that was loaded, for good."""

    table: str
    id: str
    file: str
    loaded_at: datetime
    read: int
    loaded: int
    rejected: int


class RunTold(RunLine):
    """A run with what it found, and the batches that it loaded."""

    findings: list[SourceFinding]
    batches: list[BatchTold]


class SourceLine(Schema):
    """How one source stands."""

    code: str
    name: Bilingual
    kind: str
    table: str = Field(description="The table that its rows go to; empty until it is mapped.")
    health: Literal["fresh", "stale", "failed", "running", "new", "paused"]
    owner: str | None = Field(description="The code of the member who looks after it.")
    last: RunLine | None
    next: datetime | None = Field(description="When it is read next; null: by hand, or pushed.")


class SourceLines(Page[SourceLine]):
    """Sources by code."""


class SourceTold(SourceLine):
    """A source with what its last run found, and what hangs on it."""

    findings: list[SourceFinding]
    metrics: list[str] = Field(description="The metrics made from it that members have values of.")
    people: int = Field(description="How many members have a value made from it.")
    mapping: dict[str, str] = Field(description="By column of the table, the column of the source.")
    excluded: list[str] = Field(description="Columns that stay outside for good.")


class WaitingRow(Schema):
    """A row that was set aside and waits to be mended."""

    batch: str
    file: str
    row: int = Field(description="Its number in the file.")
    why: Bilingual = Field(description="Each cell that could not be read, and why.")
    cells: dict[str, str] = Field(
        description="By column, as the file has them; what is excluded at the door is not here. "
        "A unit that the file stated stands behind the name."
    )
    text: str = Field(description="The whole line, where it does not fall into cells.")


class WaitingRows(Page[WaitingRow]):
    """Rows that wait to be mended, batch by batch."""


class MendedRow(Sent):
    """A mended row: all its cells, by the names that the list tells; the others are blank."""

    row: int = Field(ge=1, le=_LARGEST)
    cells: dict[str, Cell] = Field(max_length=500)


class MendedRows(Sent):
    """Mended rows of one batch."""

    batch: str = Field(pattern=r"^[0-9a-f]{1,64}$")
    rows: list[MendedRow] = Field(min_length=1, max_length=_MOST_ROWS)

    @property
    def cells(self) -> dict[int, dict[str, str]]:
        """The cells by the numbers of their rows.

        Raises:
            Invalid: a row stands there twice.
        """
        found = {each.row: each.cells for each in self.rows}
        if len(found) < len(self.rows):
            said = (
                Text("同一行出现了两次", "a row stands there twice"),
                Text("每行只发一次。", "Send each row once."),
            )
            finding = Finding("row_twice", "error", *said, Place(path="rows"))
            raise Invalid(said[0], code="row_twice", findings=(finding,))
        return found


class Mended(Schema):
    """What became of mended rows."""

    read: int
    loaded: int
    rejected: int = Field(description="How many could not be read this time either.")


class QualityLine(Schema):
    """Something about the data that stands out, and whom it concerns."""

    id: int
    kind: Bilingual
    severity: str = Field(description="error, warning or info.")
    message: Bilingual
    remedy: Bilingual
    found_at: datetime
    metrics: list[str] = Field(description="The metrics that use the data.")
    members: int = Field(description="How many members have a value of one of them.")
    owners: list[Bilingual] = Field(description="Who answers for the data.")
    acknowledged_by: Bilingual | None
    acknowledged_at: datetime | None
    reason: str = Field(description="Why it may stand, if somebody said so.")


class QualityLines(Page[QualityLine]):
    """What stands out now, the latest first."""
