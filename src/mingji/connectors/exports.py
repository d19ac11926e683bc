"""Exported files in the columns of the canonical model: money out of millionths, days, totals.

A report of spend comes by device, hour, keyword …: its rows are added up to one row for each day,
account and campaign, so that the same days exported again in another breakdown replace them and
are never counted twice. A row with a cell that is no number is handed on as it is, so that the
warehouse sets it aside and names it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from mingji.connectors.layouts import Layout, Recognised, layouts
from mingji.connectors.reading import ROW, Reading
from mingji.connectors.records import on_the_wall, with_currency
from mingji.connectors.source import DELETED

#: The columns of every report of spend, in this order.
SPEND = (
    "spend_id",
    "spent_on",
    "channel",
    "platform",
    "account",
    "campaign",
    "amount",
    "currency",
    "amount_with_currency",
    "impressions",
    "clicks",
    "conversions",
    "rows",
)
_MEASURES = ("amount", "impressions", "clicks", "conversions")
_NUMBER = re.compile(r"[¥$€£]?(-?)[¥$€£]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_NOTHING = ("", "-", "--", "—", "——")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|年(\d{1,2})月)(\d{1,2})日?(?:[T ].*)?")
_BATCH = 8_192

Line = tuple[int, dict[str, str]]


def columns_of(table: str) -> tuple[str, ...]:
    """The columns that exports for a table are brought into; those a file lacks stay blank."""
    if table == "spend":
        return SPEND
    return tuple(
        dict.fromkeys(name for each in layouts() if each.table == table for name in each.columns)
    )


def arranged(found: Recognised, *, zone: ZoneInfo, currency: str = "") -> Reading:
    """A recognised export in the columns of its table.

    Its digest comes from the file and the layout: the same file is the same batch.

    Args:
        found: The file, as `layouts.recognised` gives it.
        zone: Where a day begins, for files that tell instants in universal time.
        currency: What amounts are in if the file does not say; empty: the column's own currency.
    """
    layout, file = found.layout, found.reading
    spend = layout.table == "spend"
    columns = columns_of(layout.table)

    def batches() -> Iterator[pa.RecordBatch]:
        lines = _lines(found)
        rows = _spend_rows(found, lines, currency) if spend else _plain_rows(layout, lines, zone)
        yield from _batched(columns, rows, struck=bool(layout.strikes))

    told = f"{file.digest} {layout.digest_text} {zone.key} {currency}"
    return Reading(
        file.file,
        hashlib.sha256(told.encode()).hexdigest(),
        columns,
        batches,
        misshapen=file.misshapen,
        header=file.header,
        unread=file.unread,
        told=file.told,
    )


def _lines(found: Recognised) -> Iterator[Line]:
    """The rows of the file with their numbers, the cells we know as trimmed text."""
    for batch in found.reading.batches():
        numbers = batch.column(ROW).to_pylist()
        cells = {
            name: batch.column(str(place)).cast(pa.string()).to_pylist()
            for name, place in found.places.items()
        }
        first = batch.column("0").cast(pa.string()).to_pylist()
        for at, number in enumerate(numbers):
            row = {name: (column[at] or "").strip() for name, column in cells.items()}
            yield number, {**row, "first": (first[at] or "").strip()}


@dataclass(slots=True)
class _Sum:
    """The rows of one day, account, campaign and currency, added up."""

    row: int
    told: Mapping[str, str]
    sums: dict[str, Decimal] = field(default_factory=dict)
    rows: int = 0

    def add(self, numbers: Mapping[str, Decimal | None]) -> None:
        """Adds a row; a blank cell adds nothing, and of blanks alone the sum is blank."""
        self.rows += 1
        for name, number in numbers.items():
            if number is not None:
                self.sums[name] = self.sums.get(name, Decimal(0)) + number


def _spend_rows(found: Recognised, lines: Iterator[Line], currency: str) -> Iterator[Any]:
    """Sums by day, account and campaign, and as they are those rows that cannot be added."""
    sums: dict[str, _Sum] = {}
    for number, cells in lines:
        if not any(cells.values()):
            continue
        told = _told(found, cells, currency)
        numbers = {name: _number(cells.get(name, "")) for name in _MEASURES}
        if not told["spent_on"] or any(each and each.is_nan() for each in numbers.values()):
            yield number, _as_it_is(told, cells, number)
            continue
        sums.setdefault(told["spend_id"], _Sum(number, told)).add(numbers)
    places = -6 if _amount_header(found) in found.layout.micros else 0
    for each in sums.values():
        amount = each.sums.get("amount")
        if amount is not None:
            each.sums["amount"] = amount.scaleb(places)
        measured = {name: format(value, "f") for name, value in each.sums.items()}
        row = {**each.told, **measured, "rows": str(each.rows)}
        row["amount_with_currency"] = with_currency(measured.get("amount"), row["currency"]) or ""
        yield each.row, row


def _told(found: Recognised, cells: Mapping[str, str], currency: str) -> dict[str, str]:
    """What a row is about: day, account, campaign, currency, and the key made of them."""
    layout, amount = found.layout, found.places["amount"]
    fixed = found.stated.get(amount) or (layout.currencies or {}).get(_amount_header(found), "")
    campaign = cells.get("campaign") or cells.get("ad", "")
    account, day = cells.get("account", ""), _day(cells["day"])
    return {
        "spend_id": "|".join((layout.name, account, campaign, day, cells.get("currency", ""))),
        "spent_on": day,
        "channel": layout.channel,
        "platform": layout.name,
        "account": account,
        "campaign": campaign,
        "currency": (cells.get("currency") or fixed or currency).upper(),
    }


def _as_it_is(told: Mapping[str, str], cells: Mapping[str, str], number: int) -> dict[str, str]:
    """A row that cannot be added up, such as one of totals: for the warehouse to name."""
    day = told["spent_on"] or cells["day"] or cells["first"] or "?"
    row = {**told, **{name: cells.get(name, "") for name in _MEASURES}, "spent_on": day}
    return {**row, "amount_with_currency": row["amount"], "spend_id": f"row {number}", "rows": "1"}


def _amount_header(found: Recognised) -> str:
    return found.headers[found.places["amount"]]


def _number(text: str) -> Decimal | None:
    """A cell's number, exactly; None if nothing stands there, NaN if something else does.

    >>> _number("¥-1,234.50"), _number("--"), _number("1,5")
    (Decimal('-1234.50'), None, Decimal('NaN'))
    """
    if text in _NOTHING:
        return None
    parts = _NUMBER.fullmatch(text.replace("￥", "¥"))
    if parts is None:
        return Decimal("NaN")
    return Decimal(parts[1] + parts[2].replace(",", "") + (parts[3] or ""))


def _day(text: str) -> str:
    """The day that a cell tells, whatever the hour; nothing if that is not certain.

    >>> _day("2021-09-15 5:00:00"), _day("2026年7月1日"), _day("20260701"), _day("07/01/2026")
    ('2021-09-15', '2026-07-01', '2026-07-01', '')
    """
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    parts = _DAY.fullmatch(text)
    if parts is None:
        return ""
    month = parts[2] or parts[3] or parts[4]
    return f"{parts[1]}-{int(month):02d}-{int(parts[5]):02d}"


def _plain_rows(layout: Layout, lines: Iterator[Line], zone: ZoneInfo) -> Iterator[Any]:
    """Rows one by one: instants as days here, spellings as ours; or the keys that are gone."""
    for number, cells in lines:
        if layout.strikes:
            key = next(iter(layout.columns))
            for gone in re.findall(r"[A-Za-z0-9]+", cells[key]):
                yield number, {key: gone}
            continue
        row = {name: cells.get(name, "") for name in layout.columns}
        for name in layout.instants & set(row):
            row[name] = on_the_wall(_in_universal_time(row[name]), zone) or ""
        for name, words in (layout.values or {}).items():
            row[name] = words.get(row[name], row[name])
        yield number, row


def _in_universal_time(text: str) -> str:
    """An instant without a zone, or with UTC behind it, as one of universal time."""
    bare = text.removesuffix(" UTC")
    has_clock = re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", bare)
    return f"{bare}+00:00" if has_clock else text


def _batched(
    columns: Sequence[str], rows: Iterator[tuple[int, Mapping[str, str]]], *, struck: bool
) -> Iterator[pa.RecordBatch]:
    piece: list[tuple[int, Mapping[str, str]]] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= _BATCH:
            yield _batch(columns, piece, struck)
            piece = []
    if piece:
        yield _batch(columns, piece, struck)


def _batch(
    columns: Sequence[str], rows: Sequence[tuple[int, Mapping[str, str]]], struck: bool
) -> pa.RecordBatch:
    cells = [pa.array([row.get(name) or None for _, row in rows], pa.string()) for name in columns]
    cells.append(pa.array([number for number, _ in rows], pa.int64()))
    names = [*map(str, range(len(columns))), ROW]
    if struck:
        cells.append(pa.array([True] * len(rows), pa.bool_()))
        names.append(DELETED)
    return pa.RecordBatch.from_arrays(cells, names)
