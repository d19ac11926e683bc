"""What is wrong with an input: what, where, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mingji.rules.text import Text

Severity = Literal["error", "warning", "info"]
_OF_TABLE = re.compile(r"(?:row (?P<row>\d+))?(?:, )?(?:columns? (?P<columns>.+))?(?<=.)")


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

    def in_words(self, named: Callable[[str], Text] = Text.same) -> Text:
        """The place as a sentence would name it; `named` says what people call a column.

        >>> Place("leads.csv", 85, None, "row 85, column created_on").in_words()
        Text(zh='leads.csv 第 85 行「created_on」列', en='leads.csv, row 85, column “created_on”')
        >>> Place("scheme.yaml", 12, 3, "dimensions[0].weight").in_words().zh
        'scheme.yaml:12:3 (dimensions[0].weight)'
        """
        found = _OF_TABLE.fullmatch(self.path)
        if not found:
            return Text.same(str(self))
        row, columns = found["row"], re.split(", ", found["columns"] or "")
        names = [named(each) for each in columns if each]
        zh = (f"第 {row} 行" if row else "") + (
            f"「{'」「'.join(each.zh for each in names)}」列" if names else ""
        )
        en = [f"row {row}"] if row else []
        if names:
            listed = "”, “".join(each.en for each in names)
            en.append(f"column{'s' * (len(names) > 1)} “{listed}”")
        return Text(f"{self.file} {zh}".strip(), ", ".join(filter(None, (self.file, *en))))

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
