"""Rows that somebody sends: a body of JSON or CSV as a reading."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingji.connectors.files import ROW, Reading, open_file
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def read_json(body: bytes, name: str) -> Reading:
    """Rows of a JSON array of objects, or of an object with the array under `rows`.

    Numbers keep their digits as they are written. A value is text, a number, true, false or null.

    Raises:
        Invalid: the body is something else; the finding names the row.
    """
    rows = _rows(body)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [pa.array([_text(row.get(key)) for row in rows], pa.string()) for key in columns]
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    names = [*map(str, range(len(columns))), ROW]

    def batches() -> Iterator[pa.RecordBatch]:
        if rows:
            yield pa.RecordBatch.from_arrays([*cells, numbers], names)

    return Reading(name, hashlib.sha256(body).hexdigest(), tuple(columns), batches)


def read_csv(body: bytes, name: str, folder: Path) -> Reading:
    """Rows of a CSV, kept in `folder` while it is read.

    Raises:
        Invalid: it cannot be read.
    """
    path = folder / "body.csv"
    path.write_bytes(body)
    return dataclasses.replace(open_file(path), file=name)


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        given = json.loads(body, parse_float=str, parse_int=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refused(
            Text(f"不是 JSON：{error}", f"this is no JSON: {error}"),
            Text("发送 UTF-8 编码的 JSON 数组", "send an array in JSON, in UTF-8"),
        ) from error
    rows = given.get("rows") if isinstance(given, dict) else given
    if not isinstance(rows, list) or not rows:
        raise _refused(
            Text("没有一行数据", "there is not one row"),
            Text(
                "发送对象的数组，如 [{…}, {…}]，或 {“rows”: […]}",
                "send an array of objects: [{…}, {…}] or {“rows”: […]}",
            ),
        )
    for number, row in enumerate(rows, start=1):
        _check(row, number)
    return rows


def _check(row: Any, number: int) -> None:
    if not isinstance(row, dict) or not row:
        raise _refused(
            Text(f"第 {number} 行不是对象", f"row {number} is no object"),
            Text("每行写成 {列名: 值}", "write each row as {column: value}"),
            number,
        )
    nested = [key for key, value in row.items() if isinstance(value, dict | list)]
    if nested:
        raise _refused(
            Text(
                f"第 {number} 行的“{nested[0]}”不是单个值",
                f"“{nested[0]}” of row {number} is no single value",
            ),
            Text("拆成几列", "spread it over columns"),
            number,
        )


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _refused(message: Text, remedy: Text, row: int | None = None) -> Invalid:
    finding = Finding("body", "error", message, remedy, Place("body", row))
    return Invalid(message, code="body", findings=(finding,))
