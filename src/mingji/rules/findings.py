"""What is wrong with an input: what, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mingji.rules.text import Text

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding points: a file and line, and the path of the value inside the document.

    `line` and `column` count from 1. `path` reads like `dimensions[0].items[2].weight` for a
    document and like `row 17, column actual` for a table.
    """

    file: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{spot} ({self.path})" if spot and self.path else spot or self.path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know about an input, with its remedy.

    `code` is stable and machine-readable (`weights_not_100`). An `error` stops the work, a
    `warning` does not, an `info` only counts (`1,425 rows without an account`).
    """

    code: str
    severity: Severity
    message: Text
    remedy: Text
    place: Place = Place()
    count: int | None = None
