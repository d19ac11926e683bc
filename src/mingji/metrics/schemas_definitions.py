"""The shapes of definitions in the API: what a metric hangs on, versions, drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Amount, AnyCode, Bilingual, Page, Paged, Sent
from mingji.metrics.schemas_sources import BatchTold

_NO_NUL = r"^[^\x00]*$"
Document = Annotated[str, Field(pattern=_NO_NUL, max_length=400_000)]


class ColumnTold(Schema):
    """A column of a table."""

    id: str
    name: Bilingual


class TableUsed(Schema):
    """A table that a metric reads."""

    id: str
    name: Bilingual
    columns: list[ColumnTold]


class Answerable(Schema):
    """The member who answers for the numbers of a metric."""

    code: str
    name: Bilingual


class Dependence(Schema):
    """What a metric hangs on, and what hangs on it."""

    tables: list[TableUsed]
    inputs: list[str] = Field(description="The metrics that it is made from.")
    used_by: list[str] = Field(description="The metrics that are made from it.")
    people: int = Field(description="How many members have a value of it in the latest period.")
    data_owner: Answerable | None = Field(description="Null: the data analysts answer.")


class VersionLine(Schema):
    """A version of the company's own definitions, which never changes."""

    number: int
    at: datetime
    by: str
    reason: str


class VersionLines(Page[VersionLine]):
    """Versions, the one in force first."""


class HistoryLine(VersionLine):
    """What a version made of one metric."""

    kind: Literal["added", "changed", "gone"] = Field(
        description="gone: from then on what the shipped library says, if it says something."
    )
    words: str = Field(description="Its definition as YAML.")


class History(Page[HistoryLine]):
    """The versions that changed a metric, the latest first."""


class VersionTold(VersionLine):
    """A version with its text."""

    document: str = Field(description="The whole of the own definitions, as YAML.")
    difference: list[str] = Field(
        description="Lines that differ from the version before: + new, - gone."
    )


class DefinitionsDraft(Sent):
    """Own definitions that are only tried."""

    document: Document = Field(description="The whole of the own definitions, as YAML.")


class DefinitionsSent(DefinitionsDraft):
    """Own definitions that are to be in force."""

    reason: Annotated[str, Field(pattern=_NO_NUL, max_length=400)] = Field(
        description="Stands in the history for everybody who is measured by it."
    )


class DefinitionChange(Schema):
    """What publishing would do to a metric, with the company's value before and after."""

    metric: str
    name: Bilingual
    kind: Literal["added", "changed", "gone"]
    before: Amount | None
    after: Amount | None
    unit: str
    unit_before: str


class PreviewTold(Schema):
    """What publishing would do. Nothing was written."""

    period: str = Field(description="The period of the values.")
    changes: list[DefinitionChange]


class PartAsked(Paged):
    """Whose value it is, and which part of its rows or batches is asked for."""

    member: AnyCode = Field("", description="The code of a member.")
    team: AnyCode = Field("", description="The code of a team.")


class RowsTold(Page[list[str]]):
    """The rows that a value counts, as text, each with the file and the row that it came from."""

    columns: list[ColumnTold] = Field(description="Cells stand at their places.")
    owners_hidden: bool = Field(
        description="Whether some rows are without their owner, who is not in your reach."
    )


class Condition(Schema):
    """A metric that counts rows itself, with the rows that count."""

    metric: str
    table: str
    filter: str = Field(description="As the definition says it; empty: all rows.")
    words: Bilingual = Field(description="The same in words.")


class Basis(Page[BatchTold]):
    """What a value rests on, and the batches of its tables that counted then."""

    value: Amount | None = Field(description="Null is “no data”, never zero.")
    unit: str
    computed_at: datetime | None = Field(description="Null: not one row belongs here.")
    definitions_version: int | None = Field(
        description="Of the own definitions in force then; null: only the shipped library."
    )
    definitions_digest: str = Field(description="Covers the shipped library too.")
    conditions: list[Condition]
