"""How the text of a cell becomes a typed value, column by column, without guessing.

Only the patterns of `cell_numbers` and `cell_dates` are read; whatever else stands in a cell is
set aside with its reason. A query reads the *different* cells of a batch, never row by row.

The queries hold only constants and what checked definitions say.
"""
# ruff: noqa: S608

from __future__ import annotations

from mingji.engine import cell_dates, cell_numbers
from mingji.engine.cell_numbers import DIGITS, numbers_query
from mingji.engine.evidence import EACH
from mingji.engine.model import Column
from mingji.engine.sql import literal, render

#: Macros of the local engine; `tidied` narrows full-width signs, letters and spaces.
MACROS = (*cell_numbers.MACROS, *cell_dates.MACROS)
#: Days between the two days from which spreadsheets count.
_FROM_1904 = 1462
#: What people write into a cell that holds nothing; in a text column it is a text.
_PLACEHOLDERS = ("-", "--", "—", "——", "–", "/", "n/a", "#n/a", "null", "无", "暂无")
#: What a spreadsheet shows in the place of a result.
FAILED = (
    *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"),
    *("#GETTING_DATA", "#####"),
)
_YES = ("true", "yes", "y", "1", "是", "对")
_NO = ("false", "no", "n", "0", "否", "错")


def cells_query(
    column: Column,
    *,
    style: str = "",
    shift: int = 0,
    year: int | None = None,
    since_1904: bool = False,
    chinese: bool = False,
) -> str:
    """SQL that types the cells `v` (with their counts `n`) of the table `cells`, in their order.

    It answers `value`, `fault` (why a cell that holds something has no value), `placeholder`,
    and, by type, `rounded`, `own_unit` and the shapes and readings that `evidence` weighs.

    Args:
        column: What the definitions say about the column.
        style: How its numbers or dates are written, if that is settled.
        shift: The power of ten of its unit.
        year: The year of days that name none.
        since_1904: Whether bare numbers are days from 1904 on, not from 1900.
        chinese: Whether the file is in Chinese, so that 1.2w is 1.2万.
    """
    match column.type:
        case "decimal" | "integer":
            inner = _number(column, style, shift, chinese=chinese)
        case "boolean":
            inner = _boolean()
        case _:
            inner = _day(column, style, year, since_1904=since_1904)
    sign = f"coalesce(lower(t) IN ({_listed(_PLACEHOLDERS)}), false)"
    return (
        f"WITH read_cells AS ({inner}) SELECT * REPLACE (CASE WHEN value IS NOT NULL "
        f"OR t IS NULL THEN NULL WHEN NOT {sign} THEN {_broken()} END AS fault), "
        f"CASE WHEN value IS NULL THEN {sign} ELSE false END AS placeholder FROM read_cells"
    )


def _broken() -> str:
    """Why a cell holds no value; a formula without a result is told as what it is."""
    return (
        f"CASE WHEN upper(t) IN ({_listed(FAILED)}) OR regexp_full_match(t, 'Err:[0-9]{{3}}') "
        "THEN 'failed_formula' "
        "WHEN starts_with(t, '=') THEN 'uncomputed_formula' ELSE fault END"
    )


def _number(column: Column, style: str, shift: int, *, chinese: bool) -> str:
    point = "CASE WHEN shape IN ('plain', 'point') THEN point WHEN shape = 'comma' THEN comma END"
    written = {
        "": "CASE WHEN shape = 'comma' THEN comma ELSE point END",
        "point": "point",
        "comma": "comma",
        EACH: point,
    }[style]
    type_ = sql_type(column)
    places = "length(rtrim(split_part(written, '.', 2), '0'))"
    whole = "TRUE" if column.type == "decimal" else f"{places} = 0"
    kept = column.scale if column.type == "decimal" else 0
    misfit = "not_a_whole_number" if column.type == "integer" else "too_large"
    return (
        f"WITH inner_cells AS ({numbers_query(column, shift, chinese=chinese)}), "
        f"chosen AS (SELECT *, CASE WHEN fault IS NULL THEN {written} END AS written "
        "FROM inner_cells) "
        f"SELECT * REPLACE (coalesce(fault, CASE WHEN written IS NULL THEN 'ambiguous_number' "
        f"WHEN NOT {whole} THEN '{misfit}' ELSE 'too_large' END) AS fault), "
        f"CASE WHEN {whole} THEN TRY_CAST(written AS {type_}) END AS value, "
        f"coalesce({places} > {kept} AND {whole}, false) AS rounded FROM chosen"
    )


def _boolean() -> str:
    word = "lower(t)"
    return (
        f"SELECT v, n, t, CASE WHEN {word} IN ({_listed(_YES)}) THEN true "
        f"WHEN {word} IN ({_listed(_NO)}) THEN false END AS value, "
        "'not_a_boolean' AS fault FROM (SELECT v, n, tidied(v) AS t FROM cells)"
    )


def _day(column: Column, style: str, year: int | None, *, since_1904: bool) -> str:
    query = cell_dates.DAYS_QUERY
    if since_1904:
        query = query.replace("serial_day(t)", f"(serial_day(t) + {_FROM_1904})")
    orders = "list_distinct([dmy, mdy, ymd])"
    only = f"CASE WHEN len({orders}) = 1 THEN coalesce(dmy, mdy, ymd) END"
    ordered = style if style in cell_dates.ORDERS else only
    short = f"TRY_CAST('{year}-' || no_year AS DATE)" if year else "NULL"
    day = f"coalesce(day, {ordered}, {short})"
    value = "CASE WHEN year(found) BETWEEN 1900 AND 2199 AND clock IS NOT NULL THEN found END"
    if column.type == "timestamp" or column.zone:
        value = f"({value} + clock)"
    if column.zone:
        there = f"timezone({render(literal(column.zone))}, timezone('UTC', {value} - ahead(zone)))"
        value = f"CASE WHEN zone IS NULL THEN {value} ELSE {there} END"
        value = f"CAST({value} AS {sql_type(column)})"
    open_ = "false" if style in cell_dates.ORDERS else f"len({orders}) > 1"
    return (
        f"WITH found_days AS (SELECT *, {day} AS found FROM ({query})) "
        f"SELECT * REPLACE (CASE "
        f"WHEN found IS NOT NULL AND clock IS NOT NULL THEN 'year_out_of_range' "
        f"WHEN found IS NOT NULL THEN 'not_a_date' "
        f"WHEN {open_} THEN 'ambiguous_date' WHEN no_year IS NOT NULL THEN 'no_year' "
        f"ELSE fault END AS fault), {value} AS value, "
        f"found IS NULL AND len({orders}) > 1 AS open FROM found_days"
    )


def text_query(column: Column) -> str:
    """SQL that replaces the spellings of a text column: `value` and `renamed` of each cell `v`."""
    branches = " ".join(
        f"WHEN {render(literal(given))} THEN {render(literal(meant))}"
        for given, meant in column.values.items()
    )
    return (
        f"SELECT v, n, CASE trimmed(v) {branches} ELSE trimmed(v) END AS value, "
        f"trimmed(v) IN ({_listed(column.values)}) AS renamed FROM cells"
    )


def _listed(words: object) -> str:
    return ", ".join(render(literal(word)) for word in words)  # type: ignore[attr-defined]


def sql_type(column: Column) -> str:
    """The storage type of a column in the local engine."""
    return {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "decimal": f"DECIMAL({DIGITS}, {column.scale})",
        "boolean": "BOOLEAN",
        "date": "DATE",
        "timestamp": "TIMESTAMP",
    }[column.type]
