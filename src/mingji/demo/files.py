"""What the systems of the demo company would export: a file a table, as people really get them.

Chinese headers; the finance export in GB18030 with thousands separators, the budget ledger as
Parquet, everything else as CSV that Excel opens (UTF-8 with a mark).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from mingji.demo.actuals import library
from mingji.demo.company import Company
from mingji.demo.rows import ROW_TYPES, Row
from mingji.engine.model import Column

_FINANCE = "payments"
_LEDGER = "spend"
_ARROW = {
    "text": pa.string(),
    "date": pa.date32(),
    "decimal": pa.decimal128(14, 2),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}


def write_sources(folder: Path, company: Company) -> dict[str, Path]:
    """Writes the exports of all systems and the two mapping files into a folder.

    Args:
        folder: Made if absent; files of the same names are replaced.
        company: What `company.build` gave.

    Returns:
        The file of each table, and `owners` and `postings` for the mapping: who an owner is in
        which system, and who worked in which team, both with their first and last days.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "owners": _csv(folder / "owners.csv", *_owners(company)),
        "postings": _csv(folder / "postings.csv", *_postings(company)),
    }
    for table, rows in company.tables.items():
        columns = [library().tables[table].columns[name] for name in columns_of(table)]
        if table == _LEDGER:
            written[table] = _parquet(folder / f"{table}.parquet", columns, rows)
            continue
        cells = ([_cell(getattr(row, c.name), table) for c in columns] for row in rows)
        encoding = "gb18030" if table == _FINANCE else "utf-8-sig"
        header = [column.headers[0] for column in columns]
        written[table] = _csv(folder / f"{table}.csv", header, cells, encoding)
    return written


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a row class: the library's, in its order; only optional ones lack (a test)."""
    return tuple(field.name for field in fields(ROW_TYPES[table]))


def _cell(value: Any, table: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal) and table == _FINANCE:
        return f"{value:,.2f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig"
) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _parquet(path: Path, columns: Sequence[Column], rows: Sequence[Row]) -> Path:
    arrays = [
        pa.array([getattr(row, column.name) for row in rows], _ARROW[column.type])
        for column in columns
    ]
    table = pa.table(arrays, names=[column.name for column in columns])
    parquet.write_table(table, path, compression="zstd")
    return path


def _owners(company: Company) -> tuple[list[str], list[list[str]]]:
    header = ["source", "owner", "member", "starts_on", "ends_on"]
    rows = [
        [link.source, link.owner, link.member, link.starts_on.isoformat(), _last(link.ends_on)]
        for link in company.owners
    ]
    return header, rows


def _postings(company: Company) -> tuple[list[str], list[list[str]]]:
    header = ["member", "team", "manager", "family", "level", "starts_on", "ends_on"]
    rows = [
        [p.member, p.team, p.manager, p.family, p.level, p.starts_on.isoformat(), _last(p.ends_on)]
        for p in company.postings
    ]
    return header, rows


def _last(ends_on: dt.date | None) -> str:
    """The last day included, as people write it; empty while it lasts."""
    return (ends_on - dt.timedelta(days=1)).isoformat() if ends_on else ""
