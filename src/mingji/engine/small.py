"""Small files that must be right as a whole: mappings, rosters, sheets of goals."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from mingji.engine.headers import Reading
from mingji.engine.loading import Loader
from mingji.engine.model import Table
from mingji.engine.outcome import Outcome, outcome_findings
from mingji.engine.reasons import REASONS, REMEDIES
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def read_small(table: Table, reading: Reading) -> list[dict[str, Any]]:
    """The typed rows of a small file that must be right as a whole, such as a mapping.

    Raises:
        Invalid: If any row cannot be read, or words were lost to a failed formula; each is named.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outcome = Loader(table, reading, "").run(folder)
        findings = [*_failed(outcome, table), *outcome_findings(outcome)]
        if outcome.refused or any(each.severity == "error" for each in findings):
            message = Text(
                f"{reading.file}：{findings[0].message.zh}",
                f"{reading.file}: {findings[0].message.en}",
            )
            raise Invalid(message, code="rows", findings=tuple(findings))
        return parquet.read_table(folder / "rows.parquet").to_pylist()  # type: ignore[no-any-return]


def _failed(outcome: Outcome, table: Table) -> list[Finding]:
    """Columns of words in which a formula failed (`#REF!`)."""
    why, remedy = REASONS["failed_formula"], REMEDIES["failed_formula"]
    found = []
    for column, noticed in sorted(outcome.noticed.items()):
        if noticed.placeholders and table.columns[column].type == "text":
            name = outcome.names[column]
            said = Text(f"{name}：{why.zh}", f"{name}: {why.en}")
            place = Place(outcome.file, path=name)
            found.append(
                Finding("failed_formula", "error", said, remedy, place, count=noticed.placeholders)
            )
    return found
