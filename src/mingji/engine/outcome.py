"""What came of loading a file, and what a person should know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingji.engine.cells import REASONS, REMEDIES
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: How many refused cells of a file become findings of their own; all of them are in the side file.
SHOWN = 20
_NOTHING = Text("", "")


@dataclass(slots=True)
class Outcome:
    """What came of a file: counts, and what was refused, rounded, renamed or read as blank.

    `names` are the headers of the file by column, `above` the number of rows above its header,
    `unread` its sheets that were left alone.
    """

    file: str
    names: dict[str, str] = field(default_factory=dict)
    header: int = 1
    unread: tuple[str, ...] = ()
    read: int = 0
    loaded: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    rounded: Counter[str] = field(default_factory=Counter)
    renamed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    blanked: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, str, str, str]] = field(default_factory=list)


def outcome_findings(outcome: Outcome) -> list[Finding]:
    """What a person should know of a loaded file; columns go by the names that stand in it."""
    findings = [_refused_cell(outcome, *cell) for cell in outcome.shown]
    return [*findings, *_rest(outcome, len(findings)), *_changed(outcome), *_whole(outcome)]


def _refused_cell(outcome: Outcome, row: int, column: str, value: str, reason: str) -> Finding:
    name = outcome.names.get(column, column)
    message = Text(
        f"{name or '整行'} 的“{value}”{REASONS[reason].zh}，这一行没有计入",
        f"{name or 'row'} “{value}”: {REASONS[reason].en}; the row is set aside",
    )
    path = f"row {row}, column {column}" if column else f"row {row}"
    place = Place(outcome.file, row, None, path)
    return Finding(reason, "warning", message, REMEDIES[reason], place, count=1)


def _rest(outcome: Outcome, told: int) -> Iterator[Finding]:
    total = sum(outcome.refused.values())
    if total <= told:
        return
    rows = outcome.read - outcome.loaded
    message = Text(
        f"共有 {total} 处读不懂，涉及 {rows} 行，都没有计入",
        f"{total} cells in {rows} rows could not be read; these rows are set aside",
    )
    remedy = Text("完整清单见批次旁的 rejected 文件", "the rejected file of the batch lists them")
    yield Finding("refused_cells", "warning", message, remedy, Place(outcome.file), count=total)


def _changed(outcome: Outcome) -> Iterator[Finding]:
    """Values that were not taken as they stand."""
    place = Place(outcome.file)
    for column, count in sorted((+outcome.rounded).items()):
        name = outcome.names[column]
        message = Text(
            f"{name} 有 {count:,} 个值的小数位超出定义，已四舍五入",
            f"{count:,} values of {name} have more decimals than defined and were rounded",
        )
        remedy = Text("在定义里加大这一列的 scale", "raise the scale of the column")
        yield Finding("rounded_cells", "warning", message, remedy, place, count=count)
    for column in sorted({column for column, _, _ in outcome.renamed}):
        name = outcome.names[column]
        spellings = {each[1:]: n for each, n in outcome.renamed.items() if each[0] == column}
        count = sum(spellings.values())
        told = [f"{given} → {meant} ({n:,})" for (given, meant), n in sorted(spellings.items())]
        message = Text(
            f"{name} 有 {count:,} 个值按定义换成了统一写法：{'、'.join(told)}",
            f"{count:,} values of {name} were spelt as the definitions say: {', '.join(told)}",
        )
        yield Finding("renamed_values", "info", message, _NOTHING, place, count=count)
    for column, count in sorted((+outcome.blanked).items()):
        name = outcome.names[column]
        message = Text(
            f"{name} 有 {count:,} 格写着“-”“N/A”之类的占位符，按空白读",
            f"{count:,} cells of {name} hold a placeholder such as “-” or “N/A”, read as blank",
        )
        yield Finding("placeholders", "info", message, _NOTHING, place, count=count)


def _whole(outcome: Outcome) -> Iterator[Finding]:
    """What concerns the file as a whole."""
    if outcome.header > 1:
        above = outcome.header - 1
        message = Text(
            f"列名在第 {outcome.header} 行，上面 {above} 行没有读",
            f"the column names stand in row {outcome.header}; what stands above is not read",
        )
        yield Finding(
            "preamble", "info", message, _NOTHING, Place(outcome.file, outcome.header), count=above
        )
    if outcome.unread:
        message = Text(
            f"只读了一张工作表，没有读的还有：{'、'.join(outcome.unread)}",
            f"one sheet was read, and not: {', '.join(outcome.unread)}",
        )
        count = len(outcome.unread)
        yield Finding("other_sheets", "info", message, _NOTHING, Place(outcome.file), count=count)
    if not outcome.read:
        message = Text("只有列名，没有一行数据", "there are column names and not one row")
        remedy = Text("检查导出的条件和日期范围", "check the filter and the dates of the export")
        yield Finding("no_rows", "warning", message, remedy, Place(outcome.file), count=0)
