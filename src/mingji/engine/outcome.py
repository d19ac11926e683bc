"""What came of loading a file, and what a person should know of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mingji.engine.columns import Noticed
from mingji.engine.evidence import EACH, ORDER_WORDS
from mingji.engine.reasons import REASONS, REMEDIES
from mingji.engine.totals import Stated, TotalsRow, totals_findings
from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.text import Text

_NOTHING = Text("", "")
_SHOWN = 5
_STYLES = {
    "comma": Text("逗号是小数点", "the comma is the decimal mark"),
    **ORDER_WORDS,
}

_LEFT_OUT = {
    "repeated_header": Text(
        "{} 行是重复的列名，没有计入", "lines that are the column names again: {}"
    ),
    "summary_row": Text(
        "{} 行是平均、占比、目标之类的汇总行，没有计入",
        "lines of averages, shares or targets that were left out: {}",
    ),
    "note_row": Text("{} 行是表格的说明，没有计入", "lines of notes that were left out: {}"),
}


@dataclass(slots=True)
class Outcome:
    """What came of a file: counts, and what was refused, left out, or not taken as it stands.

    `names` are the headers of the file by column, `header` the row of its header, which starts a
    row above if it is `joined`, `unread` its sheets that were left alone, `alike` those of them
    with the same columns. `read` counts rows of the table; lines of totals, notes and repeated
    headers are in `left_out` and `totals`; `maybe` look like totals and count, as do `more_maybe`
    others. `styles` says how columns turned out to be written, `forms` how their cells are,
    `titles` the titles of parts; `another` is a second table below the rows: where its names
    stand, these, and how many lines it has. `told` are findings of the file as a whole.
    """

    file: str
    names: dict[str, str] = field(default_factory=dict)
    header: int = 1
    joined: bool = False
    unread: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    read: int = 0
    loaded: int = 0
    deleted: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: list[tuple[int, str, str, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    noticed: dict[str, Noticed] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    totals: list[TotalsRow] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    maybe: list[TotalsRow] = field(default_factory=list)
    more_maybe: int = 0
    titles: list[str] = field(default_factory=list)
    another: tuple[int, tuple[str, ...], int] | None = None
    told: list[Finding] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)


def outcome_findings(outcome: Outcome) -> list[Finding]:
    """What a person should know of a loaded file; columns go by the names that stand in it."""
    findings = [_refused_cell(outcome, *cell) for cell in outcome.shown]
    return [
        *findings,
        *_rest(outcome, len(findings)),
        *totals_findings(outcome.file, outcome.totals, outcome.stated),
        *_changed(outcome),
        *_read_as(outcome),
        *_whole(outcome),
        *outcome.told,
    ]


def _refused_cell(outcome: Outcome, row: int, column: str, value: str, reason: str) -> Finding:
    name = outcome.names.get(column, column)
    shown = f"“{value}”" if value else ""
    of = f"{name}{' 的' if shown else ' '}" if name else ""
    head = f"{name or 'row'} {shown}".rstrip()
    message = Text(
        f"{of}{shown}{REASONS[reason].zh}，这一行没有计入",
        f"{head}: {REASONS[reason].en}; the row is set aside",
    )
    path = f"row {row}, column {column}" if column else f"row {row}"
    place = Place(outcome.file, row, None, path)
    return Finding(reason, "warning", message, REMEDIES[reason], place, count=1)


def _rest(outcome: Outcome, told: int) -> Iterator[Finding]:
    total = sum(outcome.refused.values())
    if total <= told:
        return
    rows = outcome.read - outcome.loaded
    reasons = sorted(outcome.refused.items())
    zh = "；".join(f"{_of(outcome, c)}{REASONS[r].zh} {n:,} 处" for (c, r), n in reasons)
    en = "; ".join(f"{_of(outcome, c)}{REASONS[r].en}: {n:,}" for (c, r), n in reasons)
    message = Text(
        f"共有 {total:,} 处读不懂，涉及 {rows:,} 行，都没有计入（{zh}）",
        f"{total:,} cells in {rows:,} rows could not be read; these rows are set aside ({en})",
    )
    remedy = Text(
        "用 mingji rejected 列出、导出、改好后重新载入",
        "list, export, mend and replay them with mingji rejected",
    )
    yield Finding("refused_cells", "warning", message, remedy, Place(outcome.file), count=total)


def _of(outcome: Outcome, column: str) -> str:
    return f"{outcome.names.get(column, column)} " if column else ""


def _changed(outcome: Outcome) -> Iterator[Finding]:
    """Values that were not taken as they stand."""
    for column, noticed in sorted(outcome.noticed.items()):
        name = outcome.names[column]
        if noticed.rounded:
            message = Text(
                f"{name} 有 {noticed.rounded:,} 个值的小数位超出定义，已四舍五入",
                f"{noticed.rounded:,} values of {name} have more decimals than defined and were "
                "rounded",
            )
            remedy = Text("在定义里加大这一列的 scale", "raise the scale of the column")
            yield _told(outcome, "rounded_cells", message, noticed.rounded, remedy)
        if noticed.renamed:
            yield _renamed(outcome, column, noticed)
        if noticed.zones and (noticed.zone or _universal(noticed.zones) or len(noticed.zones) > 1):
            yield _zoned(outcome, name, noticed)
        for code, count, message in _counted(name, noticed):
            if count:
                yield _told(outcome, code, message, count)


def _renamed(outcome: Outcome, column: str, noticed: Noticed) -> Finding:
    name, count = outcome.names[column], sum(noticed.renamed.values())
    told = [f"{each} ({times:,})" for each, times in sorted(noticed.renamed.items())]
    message = Text(
        f"{name} 有 {count:,} 个值按定义换成了统一写法：{'、'.join(told)}",
        f"{count:,} values of {name} were spelt as the definitions say: {', '.join(told)}",
    )
    return _told(outcome, "renamed_values", message, count)


def _universal(zones: Iterable[str]) -> bool:
    """Whether one of the zones behind times of day is universal time, which no office keeps."""
    return any(re.fullmatch(r"Z|UTC|GMT|[-+]00:?00", zone) for zone in zones)


def _zoned(outcome: Outcome, name: str, noticed: Noticed) -> Finding:
    count = sum(noticed.zones.values())
    told = [f"{zone} ({times:,})" for zone, times in sorted(noticed.zones.items())]
    if noticed.zone:
        message = Text(
            f"{name} 有 {count:,} 格带着时区，换算成了 {noticed.zone} 的时间：{'、'.join(told)}",
            f"{count:,} times of {name} name a time zone and were converted into "
            f"{noticed.zone}: {', '.join(told)}",
        )
        return _told(outcome, "converted_times", message, count)
    message = Text(
        f"{name} 有 {count:,} 格带着时区，日期按写的算，没有换算：{'、'.join(told)}；"
        "零点前后的行可能落在另一天、另一个月",
        f"{count:,} times of {name} name a time zone; their days are taken as written and not "
        f"converted: {', '.join(told)}. Rows around midnight may belong to another day or month",
    )
    remedy = Text(
        "导出时选本地时间，或在定义里给这一列写 zone: Asia/Shanghai",
        "export it in local time, or give the column zone: Asia/Shanghai in the definitions",
    )
    return _told(outcome, "zoned_times", message, count, remedy)


def _counted(name: str, noticed: Noticed) -> Iterator[tuple[str, int, Text]]:
    placeholders, units = noticed.placeholders, noticed.own_unit
    yield (
        "placeholders",
        placeholders,
        Text(
            f"{name} 有 {placeholders:,} 格写着“-”“N/A”之类的占位符，按空白读",
            f"{placeholders:,} cells of {name} hold a placeholder such as “-” or “N/A”, "
            "read as blank",
        ),
    )
    yield (
        "own_unit",
        units,
        Text(
            f"{name} 有 {units:,} 格自带单位，按格里的单位读，不再乘列的单位",
            f"{units:,} cells of {name} carry a unit of their own, which goes before the column's",
        ),
    )
    letters = noticed.letters
    yield (
        "letter_units",
        letters,
        Text(
            f"{name} 有 {letters:,} 格用字母写单位，按 k = 千、w = 万、m = 百万、b = 十亿 读",
            f"{letters:,} cells of {name} give their unit as a letter, read as k = thousand, "
            "w = 万 (ten thousand), m = million, b = billion",
        ),
    )
    words = noticed.in_words
    yield (
        "amounts_in_words",
        words,
        Text(
            f"{name} 有 {words:,} 格是大写金额，换成了数字",
            f"{words:,} cells of {name} are amounts in words (壹万贰仟元整), read as digits",
        ),
    )
    yield from _days_counted(name, noticed)


def _days_counted(name: str, noticed: Noticed) -> Iterator[tuple[str, int, Text]]:
    short, serials, no_years = noticed.short_years, noticed.serials, noticed.no_years
    republican = noticed.republican
    yield (
        "republican_years",
        republican,
        Text(
            f"{name} 有 {republican:,} 个日期用民国纪年，年份加 1911",
            f"{republican:,} days of {name} are in years of the Republic (民国), read 1911 later",
        ),
    )
    yield (
        "short_years",
        short,
        Text(
            f"{name} 有 {short:,} 个两位数年份，按 1969—2068 年读",
            f"{short:,} days of {name} have years of two digits, read as 1969 to 2068",
        ),
    )
    yield (
        "serial_dates",
        serials,
        Text(
            f"{name} 有 {serials:,} 格是电子表格的天数（从 1899-12-30 起算），已换成日期",
            f"{serials:,} cells of {name} are day counts of a spreadsheet (from 1899-12-30), "
            "read as days",
        ),
    )
    yield (
        "years_from_title",
        no_years,
        Text(
            f"{name} 有 {no_years:,} 个日期没写年份，用了标题或文件名里唯一的年份",
            f"{no_years:,} days of {name} name no year; the only one in the title or the file's "
            "name was taken",
        ),
    )


def _told(
    outcome: Outcome, code: str, message: Text, count: int, remedy: Text = _NOTHING
) -> Finding:
    severity: Severity = "warning" if remedy.en else "info"
    return Finding(code, severity, message, remedy, Place(outcome.file), count=count)


def _read_as(outcome: Outcome) -> Iterator[Finding]:
    """How columns were read that could have been read otherwise."""
    place = Place(outcome.file)
    for column, style in sorted(outcome.styles.items()):
        name = outcome.names[column]
        if words := _STYLES.get(style):
            message = Text(f"{name} 按“{words.zh}”读", f"{name} is read so: {words.en}")
            yield Finding("notation", "info", message, _NOTHING, place)
        elif style == EACH:
            message = Text(
                f"{name} 混用了两种写法，只有一种读法的格照读，其余的行没有计入",
                f"{name} mixes two notations: cells with only one reading are read, the other "
                "rows are set aside",
            )
            remedy = Text(
                "统一这一列的写法，或在“字段对应”里、用 --numbers / --dates 指定",
                "write the column in one way, or say which in the mapping or with --numbers or "
                "--dates",
            )
            yield Finding("mixed_notation", "warning", message, remedy, place)
    for column in outcome.excluded:
        message = Text(f"{column} 按要求不存", f"{column} is left out, as asked")
        yield Finding("excluded", "info", message, _NOTHING, place)
    yield from _maybe(outcome)


def _maybe(outcome: Outcome) -> Iterator[Finding]:
    """Rows that look like totals and count, the first of them one by one."""
    remedy = Text("如果是合计，从文件里删掉", "if it is a total, remove it from the file")
    for row in outcome.maybe[:_SHOWN]:
        message = Text(
            f"“{row.word}”这一行像合计行，但它的数不是其他行之和，按普通行计入",
            f"the row “{row.word}” looks like a total, but is no sum of other rows; it counts as "
            "a row",
        )
        place = Place(outcome.file, row.row)
        yield Finding("maybe_total", "warning", message, remedy, place, count=1)
    if rest := len(outcome.maybe[_SHOWN:]) + outcome.more_maybe:
        message = Text(
            f"还有 {rest:,} 行像合计行，但它们的数不是其他行之和，按普通行计入",
            f"more rows that look like totals, but are no sums of other rows; they count: {rest:,}",
        )
        yield Finding("maybe_total", "warning", message, remedy, Place(outcome.file), count=rest)


def _whole(outcome: Outcome) -> Iterator[Finding]:
    """What concerns the file as a whole."""
    first = outcome.header - outcome.joined
    if first > 1:
        above = first - 1
        rows = f"{first}–{outcome.header}" if outcome.joined else f"{first}"
        message = Text(
            f"列名在第 {rows} 行，上面 {above} 行没有读",
            f"the column names stand in row {rows}; what stands above is not read",
        )
        yield Finding(
            "preamble", "info", message, _NOTHING, Place(outcome.file, outcome.header), count=above
        )
    for code, words in _LEFT_OUT.items():
        if count := outcome.left_out[code]:
            message = Text(words.zh.format(count), words.en.format(count))
            yield Finding(code, "info", message, _NOTHING, Place(outcome.file), count=count)
    if outcome.deleted:
        message = Text(
            f"来源说有 {outcome.deleted:,} 行已删除，同主键的行不再计入",
            f"{outcome.deleted:,} rows are gone in the source; rows of these keys count no more",
        )
        count = outcome.deleted
        yield Finding("deleted_rows", "info", message, _NOTHING, Place(outcome.file), count=count)
    yield from _no_rows(outcome)
    yield from _sheets(outcome)
    if not outcome.read and not outcome.deleted:
        message = Text("只有列名，没有一行数据", "there are column names and not one row")
        remedy = Text("检查导出的条件和日期范围", "check the filter and the dates of the export")
        yield Finding("no_rows", "warning", message, remedy, Place(outcome.file), count=0)


def _no_rows(outcome: Outcome) -> Iterator[Finding]:
    """Titles of parts, and another table, which may hold rows that are missed."""
    if count := len(outcome.titles):
        shown, more = outcome.titles[:_SHOWN], count > _SHOWN
        message = Text(
            f"{count} 行只有一格字，是小标题，没有计入：{'、'.join(shown)}{' 等' if more else ''}",
            f"lines of one word that are titles of parts, and no rows: {', '.join(shown)}"
            f"{', …' if more else ''}",
        )
        yield Finding("title_row", "info", message, _NOTHING, Place(outcome.file), count=count)
    if outcome.another:
        row, names, lines = outcome.another
        message = Text(
            f"第 {row} 行起是另一张表（列名：{'、'.join(names)}），它的 {lines:,} 行没有计入",
            f"another table begins in row {row} ({', '.join(names)}); "
            f"lines of it, which do not count: {lines:,}",
        )
        remedy = Text("把它另存为一个文件再载入", "save it as a file of its own and load that")
        place = Place(outcome.file, row)
        yield Finding("another_table", "warning", message, remedy, place, count=lines)


def _sheets(outcome: Outcome) -> Iterator[Finding]:
    """The sheets that were not read; those with the same columns may hold rows that are missing."""
    if outcome.alike:
        message = Text(
            f"还有列名相同的工作表没有读，它们的行没有计入：{'、'.join(outcome.alike)}",
            f"sheets with the same columns were not read, their rows do not count: "
            f"{', '.join(outcome.alike)}",
        )
        remedy = Text(
            "如果也是数据，在“字段对应”里选“各工作表一起读”，或加上 --sheet all",
            "if they are data too, choose to read them together in the mapping, or add --sheet all",
        )
        count, place = len(outcome.alike), Place(outcome.file)
        yield Finding("alike_sheets", "warning", message, remedy, place, count=count)
    if others := [name for name in outcome.unread if name not in outcome.alike]:
        message = Text(
            f"只读了一张工作表，没有读的还有：{'、'.join(others)}",
            f"one sheet was read, and not: {', '.join(others)}",
        )
        place = Place(outcome.file)
        yield Finding("other_sheets", "info", message, _NOTHING, place, count=len(others))
