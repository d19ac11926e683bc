"""How the text of a cell becomes a typed value, column by column, without guessing.

Only the patterns below are read; whatever else stands in a cell is set aside with its reason. The
patterns run inside the local engine on whole batches, never cell by cell in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from mingji.engine.model import Column
from mingji.engine.sql import literal, render
from mingji.rules.text import Text

#: Total digits of a decimal column; the column's `scale` says how many stand after the point.
_DIGITS = 28
_SPACE = r"[\s\x{00A0}\x{3000}\x{FEFF}]"
_NUMBER = r"^(\(?)([-+]?) ?[¥$€£]? ?(\d{1,3}(?:,\d{3})+|\d*)((?:\.\d*)?) ?元?(%?)(\)?)$"
_CLOCK = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[-+]\d{2}:?\d{2})?$"

#: Macros of the local engine. `tidied` narrows full-width signs and spaces; `number_parts` splits
#: a number; `day_of` and `decimal_text` give NULL for whatever is not certain.
MACROS = (
    """CREATE OR REPLACE TEMP MACRO trimmed(x) AS
    nullif(trim(x, ' \t\r\n\u00a0\u3000\ufeff'), '')""",
    rf"""CREATE OR REPLACE TEMP MACRO tidied(x) AS trimmed(regexp_replace(translate(
    x, '０１２３４５６７８９．，－＋％（）￥／：−', '0123456789.,-+%()¥/:-'),
    '{_SPACE}+', ' ', 'g'))""",
    rf"""CREATE OR REPLACE TEMP MACRO number_parts(x) AS regexp_extract(tidied(x), '{_NUMBER}',
    ['opened', 'sign', 'whole', 'fraction', 'percent', 'closed'])""",
    r"""CREATE OR REPLACE TEMP MACRO decimal_text(p) AS CASE
    WHEN (p.opened = '') <> (p.closed = '') OR NOT regexp_matches(p.whole || p.fraction, '\d')
    THEN NULL
    ELSE CASE WHEN p.sign = '-' OR p.opened <> '' THEN '-' ELSE '' END
        || replace(p.whole, ',', '') || CASE WHEN p.fraction = '.' THEN '' ELSE p.fraction END
    END""",
    rf"""CREATE OR REPLACE TEMP MACRO without_clock(x) AS
    regexp_replace(tidied(x), '{_CLOCK}', '')""",
    r"""CREATE OR REPLACE TEMP MACRO day_of(x) AS CASE
    WHEN regexp_full_match(x, '\d{4}-\d{2}-\d{2}') THEN TRY_CAST(x AS DATE) ELSE coalesce(
    TRY_CAST(regexp_replace(
        nullif(regexp_extract(without_clock(x),
            '^\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.|年\d{1,2}月)\d{1,2}日?$'), ''),
        '^(\d{4})\D(\d{1,2})\D(\d{1,2})日?$', '\1-\2-\3') AS DATE),
    CASE WHEN regexp_full_match(tidied(x), '(19|20)\d{6}')
        THEN CAST(try_strptime(tidied(x), '%Y%m%d') AS DATE) END,
    CAST(try_strptime(replace(without_clock(x), ',', ''),
        ['%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%b %d %Y', '%B %d %Y']) AS DATE)) END""",
    r"""CREATE OR REPLACE TEMP MACRO serial_day(x) AS CASE
    WHEN regexp_full_match(tidied(x), '\d{5}(\.\d+)?')
    THEN DATE '1899-12-30' + CAST(regexp_extract(tidied(x), '^\d{5}') AS INTEGER) END""",
)

REASONS: Mapping[str, Text] = {
    "not_a_number": Text("不是数字", "not a number"),
    "ambiguous_number": Text("小数点还是千分位不明", "decimal comma or thousands? not certain"),
    "scientific": Text("科学计数法，末位数字已丢失", "scientific notation, digits were lost"),
    "not_a_whole_number": Text("不是整数", "not a whole number"),
    "not_a_date": Text("不是日期", "not a date"),
    "ambiguous_date": Text("日月顺序不明", "day and month? not certain"),
    "not_a_boolean": Text("不是“是/否”", "neither yes nor no"),
    "missing": Text("必填却为空", "blank, but required"),
    "misshapen": Text("这一行的格数和表头不一致", "the row has not as many cells as the header"),
}
REMEDIES: Mapping[str, Text] = {
    "not_a_number": Text("写成 1234.5 或 1,234.5", "write 1234.5 or 1,234.5"),
    "ambiguous_number": Text("写成 1052.75", "write 1052.75"),
    "scientific": Text("以完整数字重新导出", "export it again with all digits"),
    "not_a_whole_number": Text(
        "改成整数，或把列类型改为 decimal", "write a whole number, or make it decimal"
    ),
    "not_a_date": Text("写成 2026-07-01", "write 2026-07-01"),
    "ambiguous_date": Text("写成 2026-07-01", "write 2026-07-01"),
    "not_a_boolean": Text("写 true 或 false，是 或 否", "write true or false, yes or no"),
    "missing": Text("补上这个值", "fill it in"),
    "misshapen": Text("检查这一行的分隔符和引号", "check separators and quotes of this row"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """SQL that types one column: its value, and why a cell that has text but no value is refused.

    `rounded` is true where decimals beyond the column's scale were rounded, `renamed` where one
    of its `values` spellings was replaced.
    """

    value: str
    reason: str
    rounded: str = "false"
    renamed: str = "false"


def typed(column: Column, cell: str, arrow: pa.DataType, *, spreadsheet: bool) -> Typed:
    """The SQL that reads a column from cells of an Arrow type.

    Args:
        column: What the definitions say about the column.
        cell: The quoted name of the raw cell in the batch.
        arrow: The type in which the file delivers it; text from CSV and Excel.
        spreadsheet: Whether a bare five-digit number may be a day count (Excel).
    """
    text = f"CAST({cell} AS VARCHAR)"
    native = not (pa.types.is_string(arrow) or pa.types.is_large_string(arrow))
    if native and (pa.types.is_date(arrow) or pa.types.is_timestamp(arrow)):
        return _native_day(column, cell, text)
    if native and pa.types.is_floating(arrow):
        # A binary float is read to the 15 digits it can promise.
        text = f"CAST(TRY_CAST(printf('%.14e', {cell}) AS DECIMAL(38, 12)) AS VARCHAR)"
    match column.type:
        case "text":
            return _text(column, text)
        case "decimal":
            return _decimal(column, text)
        case "integer":
            return _integer(text)
        case "boolean":
            return _boolean(text)
    return _day(column, text, spreadsheet)


def _text(column: Column, text: str) -> Typed:
    value = f"trimmed({text})"
    if not column.values:
        return Typed(value, "NULL")
    branches = " ".join(
        f"WHEN {render(literal(given))} THEN {render(literal(meant))}"
        for given, meant in column.values.items()
    )
    listed = ", ".join(render(literal(given)) for given in column.values)
    return Typed(
        f"CASE {value} {branches} ELSE {value} END", "NULL", renamed=f"{value} IN ({listed})"
    )


def _decimal(column: Column, text: str) -> Typed:
    parts = f"number_parts({text})"
    type_ = f"DECIMAL({_DIGITS}, {column.scale})"
    written = f"decimal_text({parts})"
    # Almost every cell is plain, and one look is enough for those.
    plain = f"regexp_full_match({text}, '-?\\d{{1,15}}(\\.\\d{{0,{column.scale}}})?')"
    value = (
        f"CASE WHEN {plain} THEN TRY_CAST({text} AS {type_}) "
        f"WHEN {parts}.percent = '' THEN TRY_CAST({written} AS {type_}) "
        f"ELSE TRY_CAST(TRY_CAST({written} AS DECIMAL(30, 12)) * 0.01 AS {type_}) END"
    )
    places = f"greatest(length(rtrim({parts}.fraction, '0')) - 1, 0)"
    shift = f"CASE WHEN {parts}.percent = '' THEN 0 ELSE 2 END"
    reason = (
        f"CASE WHEN regexp_matches(tidied({text}), '^[-+¥$€£ ]*\\d+(\\.\\d{{3}})*,\\d+$') "
        "THEN 'ambiguous_number' "
        f"WHEN regexp_matches(tidied({text}), '\\d[eE][-+]?\\d+$') THEN 'scientific' "
        "ELSE 'not_a_number' END"
    )
    rounded = f"CASE WHEN {plain} THEN false ELSE {places} + {shift} > {column.scale} END"
    return Typed(value, reason, rounded=rounded)


def _integer(text: str) -> Typed:
    parts = f"number_parts({text})"
    whole = f"CASE WHEN {parts}.percent = '' THEN decimal_text({parts}) END"
    fits = f"regexp_full_match({whole}, '-?\\d+(\\.0*)?')"
    value = (
        f"CASE WHEN regexp_full_match({text}, '-?\\d{{1,18}}') THEN TRY_CAST({text} AS BIGINT) "
        f"WHEN {fits} THEN TRY_CAST({whole} AS BIGINT) END"
    )
    return Typed(value, "'not_a_whole_number'")


def _boolean(text: str) -> Typed:
    value = (
        f"CASE WHEN lower(tidied({text})) IN ('true', 'yes', 'y', '1', '是', '对') THEN true "
        f"WHEN lower(tidied({text})) IN ('false', 'no', 'n', '0', '否', '错') THEN false END"
    )
    return Typed(value, "'not_a_boolean'")


def _day(column: Column, text: str, spreadsheet: bool) -> Typed:
    day = f"coalesce(serial_day({text}), day_of({text}))" if spreadsheet else f"day_of({text})"
    sure = f"CASE WHEN year({day}) BETWEEN 1900 AND 2199 THEN {day} END"
    if column.type == "timestamp":
        clock = (
            f"regexp_extract(tidied({text}), '[ T](\\d{{1,2}}:\\d{{2}}(:\\d{{2}}(\\.\\d+)?)?)', 1)"
        )
        time = (
            f"CASE WHEN {clock} = '' THEN TIME '00:00:00' WHEN length({clock}) <= 5 "
            f"THEN TRY_CAST({clock} || ':00' AS TIME) ELSE TRY_CAST({clock} AS TIME) END"
        )
        sure = f"({sure} + {time})"
    reason = (
        f"CASE WHEN regexp_matches(tidied({text}), '^\\d{{1,2}}[-/.]\\d{{1,2}}[-/.]\\d{{2,4}}$') "
        "THEN 'ambiguous_date' ELSE 'not_a_date' END"
    )
    return Typed(sure, reason)


def _native_day(column: Column, cell: str, text: str) -> Typed:
    if column.type in ("date", "timestamp"):
        return Typed(f"TRY_CAST({cell} AS {column.type.upper()})", "'not_a_date'")
    if column.type == "text":
        return _text(column, text)
    return Typed("NULL", "'not_a_number'")


def sql_type(column: Column) -> str:
    """The storage type of a column in the local engine."""
    return {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "decimal": f"DECIMAL({_DIGITS}, {column.scale})",
        "boolean": "BOOLEAN",
        "date": "DATE",
        "timestamp": "TIMESTAMP",
    }[column.type]
