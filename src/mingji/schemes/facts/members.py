"""What a table says about a member besides the items: team, level, family, red lines …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mingji.rules.text import Text
from mingji.schemes.facts.names import Names, SchemeNames
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row

_WORDS = ("name", "team", "adjustment_reason", "manual_reason")
_SHARES = ("presence", "difficulty_factor")
_SEPARATORS = re.compile(r"[;,，；、\s]+")


def attributes(rows: Sequence[Row], names: SchemeNames, report: Report) -> dict[str, Any]:
    """The fields of `MemberFacts` that are no items. Rows may repeat them, but must agree."""
    found: dict[str, Any] = {}
    for column in _WORDS:
        found[column] = _agreed(rows, column, report)[0]
    found["level"] = _named(rows, "level", names.levels, report)
    found["family"] = _named(rows, "family", names.families, report)
    for column in (*_SHARES, "adjustment", "manual_total"):
        cell, row = _agreed(rows, column, report)
        number = report.number(row, column) if cell and row else None
        if number is not None:
            found[column] = number
    if not 0 <= found.get("presence", Decimal(1)) <= 1:
        _, row = _agreed(rows, "presence", report)
        report.add(
            "presence_out_of_range",
            Text(zh="在岗比例应在 0 到 1 之间", en="the presence must lie between 0 and 1"),
            Text(zh="写成 0.5 或 50%", en="write 0.5 or 50%"),
            row=row.number if row else None,
            column="presence",
        )
    found["red_lines"] = _red_lines(rows, names.red_lines, report)
    return found


def _agreed(rows: Sequence[Row], column: str, report: Report) -> tuple[str, Row | None]:
    """The one value that the rows give for a column, and the first row that gives it."""
    if column not in report.header.names:
        return "", None
    first: Row | None = None
    for row in rows:
        cell = row.get(column)
        if not cell:
            continue
        if first is None:
            first = row
        elif cell != first.get(column):
            report.add(
                "rows_disagree",
                Text(
                    zh=f"同一成员前后不一致：第 {first.number} 行写“{first.get(column)}”，"
                    f"这里写“{cell}”",
                    en=f"the rows of this member disagree: row {first.number} says "
                    f"“{first.get(column)}”, this one “{cell}”",
                ),
                Text(zh="改成一致，或只写在一行", en="write it once, or alike"),
                row=row.number,
                column=column,
            )
            break
    return (first.get(column), first) if first else ("", None)


def _named(rows: Sequence[Row], column: str, names: Names, report: Report) -> str:
    written, row = _agreed(rows, column, report)
    if not written or not row:
        return ""
    if found := names.find(written):
        return found
    if column == "family":
        # A family without a template is legal: its members get the common items.
        return written
    listed = ", ".join(names.ids)
    report.add(
        f"unknown_{column}",
        Text(zh=f"方案里没有层级“{written}”", en=f"the scheme has no level “{written}”"),
        Text(zh=f"可选：{listed}", en=f"choose one of: {listed}"),
        row=row.number,
        column=column,
    )
    return ""


def _red_lines(rows: Sequence[Row], names: Names, report: Report) -> tuple[str, ...]:
    crossed: dict[str, None] = {}
    for row in rows:
        cell = row.get("red_line")
        whole = names.find(cell)
        for word in [cell] if whole else filter(None, _SEPARATORS.split(cell)):
            if id_ := names.find(word):
                crossed[id_] = None
                continue
            listed = ", ".join(names.ids) or "—"
            report.add(
                "unknown_red_line",
                Text(zh=f"方案里没有红线“{word}”", en=f"the scheme has no red line “{word}”"),
                Text(zh=f"可选：{listed}", en=f"choose one of: {listed}"),
                row=row.number,
                column="red_line",
            )
    return tuple(crossed)
