"""Findings about a table of facts, each with its row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.text import Text
from mingji.schemes.facts.columns import Header
from mingji.schemes.facts.figures import Figure, figure, is_nothing
from mingji.schemes.facts.rows import Row


@dataclass(slots=True)
class Report:
    """Collects what is wrong with or notable in the rows of one file."""

    file: str
    header: Header
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: Text,
        remedy: Text,
        *,
        row: int | None = None,
        column: str = "",
        severity: Severity = "error",
        count: int | None = None,
    ) -> None:
        """Note a finding; `column` is a known name and is shown as the file writes it."""
        written = self.header.written.get(column, column)
        where = [f"row {row}"] if row else []
        where += [f"column {written}"] if column else []
        place = Place(file=self.file, path=", ".join(where))
        self.findings.append(Finding(code, severity, message, remedy, place, count))

    def figure(
        self, row: Row, column: str, *, percent_points: bool = False, unit: str = ""
    ) -> Figure | None:
        """The number in a cell; None when the cell says nothing, or when it is no number."""
        cell = row.get(column)
        if is_nothing(cell):
            return None
        read = figure(cell, percent_points=percent_points, unit=unit)
        if isinstance(read, Figure):
            return read
        self.add("not_a_number", read.message, read.remedy, row=row.number, column=column)
        return None

    def number(self, row: Row, column: str, *, percent_points: bool = False) -> Decimal | None:
        """As `figure`, without the percent sign's story."""
        read = self.figure(row, column, percent_points=percent_points)
        return read.value if read else None

    def in_order(self) -> tuple[Finding, ...]:
        """The findings in the order of the file: first what holds for all of it, then by row."""
        return tuple(sorted(self.findings, key=_row))

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(finding.severity == "error" for finding in self.findings)


def _row(finding: Finding) -> int:
    word, _, rest = finding.place.path.partition(" ")
    return int(rest.split(",")[0]) if word == "row" else 0
