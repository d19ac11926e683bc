"""What the API speaks: two languages, exact numbers, pages by key, reasons, and problems."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from mingji.kit.explain import node_at
from mingji.rules.explanation import Node, as_data, plain

T = TypeVar("T")

_DECIMAL = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["1234.50"]}
# The largest number that a database keeps: what is beyond names nothing.
_LARGEST = 2**63 - 1

Amount = Annotated[
    Decimal, PlainSerializer(plain, return_type=str), WithJsonSchema(_DECIMAL, mode="serialization")
]
Number = Annotated[int, Field(ge=1, le=_LARGEST, description="The `id` that a list tells.")]
Code = Annotated[
    str,
    Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60, description="The code that a list tells."),
]
PeriodCode = Annotated[
    str,
    Field(
        pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2])|Q[1-4]|H[1-2])?$",
        description="For instance 2026Q3, 2026-09, 2026H1 or 2026.",
        examples=["2026Q3"],
    ),
]
# The same, or nothing.
AnyCode = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]*$", max_length=60)]
AnyPeriod = Annotated[
    str, Field(pattern=r"^(20[0-9]{2}(-(0[1-9]|1[0-2])|Q[1-4]|H[1-2])?)?$", examples=["2026Q3"])
]
_NO_NUL = r"^[^\x00]*$"
Words = Annotated[str, Field(pattern=_NO_NUL, max_length=100)]
Key = Annotated[str, Field(pattern=_NO_NUL, max_length=300)]
Limit = Annotated[int, Field(ge=1, le=200)]

USUAL = 50
READING = frozenset({401, 404, 422})
WRITING = frozenset({400, 401, 403, 404, 409, 413, 422})


class Sent(BaseModel):
    """A body: nothing else than what it names, so that a misspelt field is not passed over."""

    model_config = ConfigDict(extra="forbid")


class Bilingual(Schema):
    """The same words in Simplified Chinese and in English."""

    zh: str
    en: str


class Paged(Schema):
    """Which part of a list is asked for."""

    after: Key = Field("", description="The `next` of the page before; empty for the first page.")
    limit: Limit = Field(USUAL, description="How many at most, up to 200.")


class At(Schema):
    """Which part of an explanation is asked for."""

    path: Key = Field("", description="Keys joined by `/`; empty for the whole explanation.")


class Page(Schema, Generic[T]):
    """A part of a list, in an order that stays the same while rows come and go."""

    items: list[T]
    next: str = Field(description="What to send as `after` for the next page; empty on the last.")


class FindingTold(Schema):
    """One thing that is wrong with what was sent."""

    code: str = Field(description="Stable, for programs.")
    severity: str = Field(description="`error` stops the work; `warning` and `info` do not.")
    place: str = Field(description="Where in the request: a field or a path.")
    message: str = Field(description="What is wrong, in the language of `Accept-Language`.")
    remedy: str = Field(description="How to mend it, in the language of `Accept-Language`.")


class Problem(Schema):
    """Why a request was refused. Nothing was written."""

    status: int = Field(description="The HTTP status once more.")
    code: str = Field(description="Stable, for programs.")
    message: str = Field(description="A sentence for people, in the language of `Accept-Language`.")
    findings: list[FindingTold] = Field(description="What is wrong in the request, if it is that.")


class ExactParameter(Schema):
    """A number that a rule was told, as a decimal string."""

    decimal: str


class Origin(Schema):
    """Where a value at the bottom of an explanation came from."""

    kind: str = Field(
        description="rows, typed, correction, rating, agreement, scheme or period: what it is."
    )
    label: Bilingual
    ref: str = ""
    filter: str = Field("", description="Which rows counted.")
    rows: int | None = Field(None, description="How many rows counted.")
    origin: list[str] = Field([], description="The files or systems that the rows came from.")
    by: str = ""
    at: str = ""
    approved_by: str = ""


class Reason(Schema):
    """A value and why it is what it is: the rule, its parameters, and the values it was made of."""

    key: str = Field(description="Unique among its siblings; keys joined by `/` make a path.")
    label: Bilingual
    value: str | None = Field(description="A decimal or a word; null is “no data”, never zero.")
    is_text: bool = Field(False, description="Whether the value is a word, such as a grade.")
    rule: str = Field(description="The rule that made the value; `given` at the bottom.")
    formula: Bilingual | None = Field(None, description="The rule in words, with the numbers.")
    unit: str = ""
    parameters: dict[str, ExactParameter | str | bool | None] = Field(
        {}, description="What the rule was told beforehand."
    )
    inputs: list[Reason] = Field([], description="The values that this one was made of.")
    sources: list[Origin] = Field([], description="Where a value at the bottom came from.")
    rounding: str = Field("", description="How the value was rounded, once; empty if it was not.")
    flags: list[str] = Field([], description="Codes such as `no_data` or `capped`.")


def reason(tree: Node, path: str) -> dict[str, Any]:
    """The explanation below `path` of a tree, as `Reason` shows it.

    Raises:
        NotFound: the tree has no node at this path.
    """
    return as_data(node_at(tree, path))
