"""How the text of a cell becomes a typed value, column by column, without guessing.

Only the patterns below are read; whatever else stands in a cell is set aside with its reason. The
patterns run inside the local engine on whole batches, never cell by cell in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from mingji.engine.model import Column
from mingji.engine.sql import literal, render
from mingji.rules.text import Text

#: Total digits of a decimal column; the column's `scale` says how many stand after the point.
_DIGITS = 28
_SPACE = r"[\s\x{00A0}\x{3000}\x{FEFF}]"
_MARKS: Mapping[str, tuple[str, ...]] = {
    "CNY": ("¥", "RMB", "CNY", "元"),
    "USD": ("$", "US$", "USD"),
    "EUR": ("€", "EUR"),
    "GBP": ("£", "GBP"),
    "HKD": ("HK$", "HKD"),
    "JPY": ("¥", "JPY"),
}
_BEFORE = r"¥|US\$|HK\$|\$|€|£|RMB|CNY|USD|EUR|GBP|HKD|JPY"
_AFTER = r"元|RMB|CNY|USD|EUR|GBP|HKD|JPY"
_NUMBER = (
    rf"(?i)^(\(?)([-+]?) ?({_BEFORE})? ?([-+]?)(\d{{1,3}}(?:,\d{{3}})+|\d*)((?:\.\d*)?) ?"
    rf"([万亿]?) ?({_AFTER})?(%?)(\)?)$"
)
#: What people write into a cell that holds nothing; in a text column it is a text.
_PLACEHOLDERS = ("-", "--", "—", "——", "–", "/", "n/a", "#n/a", "null", "无", "暂无")
_TOTALS = (
    "合计",
    "总计",
    "小计",
    "总和",
    "汇总",
    "total",
    "grandtotal",
    "subtotal",
    "totals",
    "sum",
)
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
    ['opened', 'sign', 'before', 'inner', 'whole', 'fraction', 'myriads', 'after', 'percent',
    'closed'])""",
    r"""CREATE OR REPLACE TEMP MACRO decimal_text(p) AS CASE
    WHEN (p.opened = '') <> (p.closed = '') OR NOT regexp_matches(p.whole || p.fraction, '\d')
        OR (p.sign <> '' AND p.inner <> '') OR (p.percent <> '' AND p.myriads <> '')
    THEN NULL
    ELSE CASE WHEN p.sign = '-' OR p.inner = '-' OR p.opened <> '' THEN '-' ELSE '' END
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
        ['%d-%b-%y', '%d %b %y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%b %d %Y', '%B %d %Y'])
        AS DATE)) END""",
    r"""CREATE OR REPLACE TEMP MACRO ordered_day(x, how) AS CAST(try_strptime(
    regexp_replace(nullif(regexp_extract(without_clock(x),
        '^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$'), ''), '[-.]', '/', 'g'), how) AS DATE)""",
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
    "serial_date": Text("像是电子表格的天数", "looks like the day count of a spreadsheet"),
    "other_currency": Text("不是这一列的币种", "not in the currency of the column"),
    "totals_row": Text("是合计行", "a line of totals"),
    "repeated_header": Text("是重复的列名", "the column names again"),
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
    "ambiguous_date": Text(
        "写成 2026-07-01，或在定义里给这一列写 dates: dmy（日/月/年）或 mdy（月/日/年）",
        "write 2026-07-01, or give the column dates: dmy (or mdy) in the definitions",
    ),
    "serial_date": Text(
        "把这一列设成日期格式再导出", "format the column as a date and export it again"
    ),
    "other_currency": Text(
        "换算成这一列的币种", "convert the amount into the currency of the column"
    ),
    "totals_row": Text("导出时不带合计行", "export without totals"),
    "repeated_header": Text("删掉这一行", "remove this line"),
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
    large = f"TRY_CAST({written} AS DECIMAL(26, 8))"
    value = (
        f"CASE WHEN {plain} THEN TRY_CAST({text} AS {type_}) "
        f"WHEN {_foreign(column, parts)} THEN NULL "
        f"WHEN {parts}.myriads = '万' THEN TRY_CAST({large} * 10000 AS {type_}) "
        f"WHEN {parts}.myriads = '亿' THEN TRY_CAST({large} * 100000000 AS {type_}) "
        f"WHEN {parts}.percent = '' THEN TRY_CAST({written} AS {type_}) "
        f"ELSE TRY_CAST(TRY_CAST({written} AS DECIMAL(30, 12)) * 0.01 AS {type_}) END"
    )
    places = f"greatest(length(rtrim({parts}.fraction, '0')) - 1, 0)"
    shift = (
        f"CASE WHEN {parts}.myriads = '万' THEN -4 WHEN {parts}.myriads = '亿' THEN -8 "
        f"WHEN {parts}.percent = '' THEN 0 ELSE 2 END"
    )
    reason = (
        f"CASE WHEN {_foreign(column, parts)} THEN 'other_currency' "
        f"WHEN regexp_matches(tidied({text}), '^[-+¥$€£ ]*\\d+(\\.\\d{{3}})*,\\d+$') "
        "THEN 'ambiguous_number' "
        f"WHEN regexp_matches(tidied({text}), '\\d[eE][-+]?\\d+$') THEN 'scientific' "
        "ELSE 'not_a_number' END"
    )
    rounded = f"CASE WHEN {plain} THEN false ELSE {places} + {shift} > {column.scale} END"
    return Typed(value, reason, rounded=rounded)


def _foreign(column: Column, parts: str) -> str:
    """The condition under which an amount names another currency than its column's."""
    own = _MARKS.get(column.unit)
    if own is None:
        return "false"
    listed = ", ".join(render(literal(mark)) for mark in ("", *own))
    return f"(upper({parts}.before) NOT IN ({listed}) OR upper({parts}.after) NOT IN ({listed}))"


def _integer(text: str) -> Typed:
    parts = f"number_parts({text})"
    bare = f"{parts}.percent = '' AND {parts}.myriads = ''"
    whole = f"CASE WHEN {bare} THEN decimal_text({parts}) END"
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
    if column.dates:
        how = "%d/%m/%Y" if column.dates == "dmy" else "%m/%d/%Y"
        day = f"coalesce({day}, ordered_day({text}, '{how}'))"
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
        f"CASE WHEN regexp_matches(without_clock({text}), "
        "'^\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}$') "
        "THEN 'ambiguous_date' "
        f"WHEN regexp_full_match(tidied({text}), '\\d{{5}}(\\.\\d+)?') THEN 'serial_date' "
        "ELSE 'not_a_date' END"
    )
    return Typed(sure, reason)


def _native_day(column: Column, cell: str, text: str) -> Typed:
    if column.type in ("date", "timestamp"):
        return Typed(f"TRY_CAST({cell} AS {column.type.upper()})", "'not_a_date'")
    if column.type == "text":
        return _text(column, text)
    return Typed("NULL", "'not_a_number'")


def blank(column: Column, cell: str) -> str:
    """The condition under which a cell holds no value but only a sign that it has none."""
    if column.type == "text":
        return "false"
    listed = ", ".join(render(literal(sign)) for sign in _PLACEHOLDERS)
    return f"coalesce(lower(tidied({cell})) IN ({listed}), false)"


def totals(every: Sequence[str], known: Sequence[str], telling: Sequence[str]) -> str:
    """The condition under which a line adds up others instead of being one.

    Its first word says so, and something that every row has is blank: of a bare "Total" any known
    cell, of "Anna Total" one that tells rows apart (key, owner, date).

    Args:
        every: The names of all cells of a line, in order.
        known: The quoted names of the cells that the table knows.
        telling: Those of its key, owner and date.
    """
    first = ", ".join(f'tidied(CAST("{name}" AS VARCHAR))' for name in every)
    word = f"lower(regexp_replace(coalesce({first}, NULL), '[ :：]', '', 'g'))"
    listed = ", ".join(render(literal(name)) for name in _TOTALS)
    ends = (
        f"regexp_matches(coalesce({first}, NULL), '(?i)(.(合计|小计|总计|汇总)| (sub)?total):?$')"
    )
    return f"(({word} IN ({listed}) AND {_any_blank(known)}) OR ({ends} AND {_any_blank(telling)}))"


def _any_blank(cells: Sequence[str]) -> str:
    listed = " OR ".join(f"trimmed(CAST({cell} AS VARCHAR)) IS NULL" for cell in cells)
    return f"({listed or 'false'})"


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
