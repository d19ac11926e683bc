"""What comes out: values by member, team and period, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.explanation import Node
from mingji.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class Observation:
    """The value of one metric in one slice.

    `keys` names the slice (`{"member": "anna", "period": "2026Q3"}`); an empty key value stands
    for rows whose dimension is blank. `value` is rounded once, half-up; None is "no data".
    `row_count` says how many source rows counted. `node` opens the value into its reasons.
    """

    metric: str
    keys: Mapping[str, str]
    value: Decimal | None
    unit: str
    row_count: int
    node: Node


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Rows that belong to nobody: an owner the mapping does not know, or a member without a team.

    `values` says what they are worth in each requested simple metric.
    """

    table: str
    source: str
    owner: str
    rows: int
    values: Mapping[str, Decimal | None]
    reason: Literal["no_member", "no_posting"] = "no_member"


@dataclass(frozen=True, slots=True)
class Observations:
    """The answer of `observe`: sorted, the same bytes for the same input."""

    by: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: tuple[Observation, ...]
    unmatched: tuple[Unmatched, ...] = ()
    findings: tuple[Finding, ...] = ()

    def at(self, metric: str, **keys: str) -> Observation | None:
        """The observation of a metric in a slice, or None if the slice does not exist."""
        return next((row for row in self.rows if row.metric == metric and row.keys == keys), None)


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of source rows behind a number; `next` is the token of the page after, or None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    next: str | None
