"""How the cells of a column are meant where a file does not say: day order, decimal comma, unit.

A person said so once, for one source. Only cells that fit what was said are rewritten, digit by
digit and never by way of a binary number; whatever does not fit is marked, so that the warehouse
sets it aside with what stood there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as compute

from mingji.connectors.files import Reading

DATES = ("dmy", "mdy")
#: How many times the unit of a column is that of the model, by the zeros that it adds.
UNITS: Mapping[str, int] = {"1000": 3, "10000": 4, "1000000": 6, "100000000": 8}
_DAY = r"^\s*(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})(?P<rest>(?:[ T].*)?)$"
_COMMA = (
    r"^\s*(?P<sign>[^\d.,]*)(?P<whole>\d{1,3}(?:[. \x{00A0}]\d{3})+|\d+)"
    r"(?:,(?P<part>\d*))?(?P<rest>[^\d.,]*)$"
)
_PLAIN = r"^\s*(?P<sign>[^\d.,]*?)(?P<whole>\d[\d,]*)(?:\.(?P<part>\d*))?\s*$"
_UNCERTAIN = "?"


@dataclass(frozen=True, slots=True)
class Way:
    """How the cells of one column are meant; nothing said: as they stand.

    `dates` is `dmy` or `mdy`. `comma` says that the comma is the decimal mark and the point groups
    thousands. `unit` is the number of model units in one unit of the column (`10000` for 万元).
    """

    dates: str = ""
    comma: bool = False
    unit: str = ""


def meant(reading: Reading, ways: Mapping[str, Way]) -> Reading:
    """The reading with the cells of the named columns as they are meant.

    Args:
        reading: A source, with its header in the right row.
        ways: By the name of a column of the source; other columns stay as they are.

    Returns:
        A reading whose digest says how it was read.
    """
    said = {name: way for name, way in ways.items() if way != Way() and name in reading.columns}
    if not said:
        return reading
    places = {str(reading.columns.index(name)): way for name, way in said.items()}

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reading.batches():
            cells = [
                _column(column, places[name]) if name in places else column
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(cells, batch.schema.names)

    told = json.dumps({name: dataclasses.astuple(way) for name, way in said.items()})
    digest = hashlib.sha256(f"{reading.digest} {told}".encode()).hexdigest()
    return dataclasses.replace(reading, digest=digest, batches=batches)


def _column(cells: pa.Array, way: Way) -> pa.Array:
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return cells
    if way.dates:
        cells = _days(cells, way.dates)
    if way.comma:
        cells = _pointed(cells)
    return _moved(cells, UNITS[way.unit]) if way.unit in UNITS else cells


def _days(cells: pa.Array, order: str) -> pa.Array:
    """`03/04/2026` as `2026-04-03` or `2026-03-04`; other forms stay."""
    found = compute.extract_regex(cells, _DAY)
    a, b = compute.struct_field(found, "a"), compute.struct_field(found, "b")
    month, day = (b, a) if order == "dmy" else (a, b)
    iso = compute.binary_join_element_wise(compute.struct_field(found, "y"), month, day, "-")
    whole = compute.binary_join_element_wise(iso, compute.struct_field(found, "rest"), "")
    return compute.if_else(compute.is_valid(found), whole, cells)


def _pointed(cells: pa.Array) -> pa.Array:
    """`1.052,75` as `1052.75`; a number written in another way is marked as uncertain."""
    found = compute.extract_regex(cells, _COMMA)
    whole = compute.replace_substring_regex(compute.struct_field(found, "whole"), r"[^\d]", "")
    part = compute.struct_field(found, "part")
    dotted = compute.binary_join_element_wise(whole, part, ".")
    number = compute.if_else(compute.equal(part, ""), whole, dotted)
    parts = [compute.struct_field(found, name) for name in ("sign", "rest")]
    plain = compute.binary_join_element_wise(parts[0], number, parts[1], "")
    digits = compute.match_substring_regex(cells, r"\d")
    marked = compute.binary_join_element_wise(cells, _UNCERTAIN, " ")
    return compute.if_else(compute.is_valid(found), plain, compute.if_else(digits, marked, cells))


def _moved(cells: pa.Array, zeros: int) -> pa.Array:
    """A bare number times a power of ten; a cell that names a unit of its own stays."""
    found = compute.extract_regex(cells, _PLAIN)
    part = compute.utf8_rpad(compute.struct_field(found, "part"), zeros, "0")
    pieces = [
        compute.struct_field(found, "sign"),
        compute.replace_substring(compute.struct_field(found, "whole"), ",", ""),
        compute.utf8_slice_codeunits(part, 0, zeros),
        compute.binary_join_element_wise(
            pa.scalar(""), compute.utf8_slice_codeunits(part, zeros), "."
        ),
    ]
    grown = compute.binary_join_element_wise(*pieces, "")
    return compute.if_else(compute.is_valid(found), grown, cells)
