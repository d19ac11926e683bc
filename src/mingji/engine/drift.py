"""What changed in the shape of a source since it was last loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mingji.engine.batches import Batch
from mingji.engine.evidence import EACH, ORDER_WORDS
from mingji.engine.headers import headers_of
from mingji.engine.model import Table
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_NOTHING = Text("", "")


def drift_findings(
    table: Table,
    file: str,
    columns: Sequence[str],
    used: Mapping[str, str],
    forms: Mapping[str, str],
    before: Batch | None,
) -> Iterator[Finding]:
    """Columns that are new, gone, renamed or written otherwise than in the batch before.

    Args:
        table: The table that reads the file.
        file: The file that is loaded.
        columns: Its headers.
        used: The headers of the columns that the table reads.
        forms: How the cells of these columns are written.
        before: The last batch of the same table and source.
    """
    if before is None or not before.columns:
        return
    place = Place(file)
    then, now = headers_of(table, before.columns), headers_of(table, columns)
    renamed = {then[name]: now[name] for name in then if now.get(name, then[name]) != then[name]}
    lost = [header for name, header in then.items() if name not in now and header not in columns]
    new = [
        name
        for name in columns
        if name and name not in before.columns and name not in renamed.values()
    ]
    gone = [
        name
        for name in before.columns
        if name and name not in columns and name not in renamed and name not in lost
    ]
    yield from _renamed(place, before, renamed)
    yield from _lost(place, before, lost)
    if new:
        message = Text(
            f"比上一批（{before.file}）多了列：{'、'.join(new)}",
            f"columns that the batch before ({before.file}) did not have: {', '.join(new)}",
        )
        yield Finding("columns_new", "info", message, _NOTHING, place, count=len(new))
    if gone:
        message = Text(
            f"比上一批（{before.file}）少了列，表不读它们：{'、'.join(gone)}",
            f"columns that the batch before ({before.file}) had, and the table does not read: "
            f"{', '.join(gone)}",
        )
        yield Finding("columns_gone", "info", message, _NOTHING, place, count=len(gone))
    yield from _changed(place, before, used, forms)


def _renamed(place: Place, before: Batch, renamed: Mapping[str, str]) -> Iterator[Finding]:
    if not renamed:
        return
    told = [f"{was} → {now}" for was, now in renamed.items()]
    message = Text(
        f"和上一批（{before.file}）相比列名变了，读的还是这些列：{'、'.join(told)}",
        f"columns are called otherwise than in the batch before ({before.file}), and read as the "
        f"same: {', '.join(told)}",
    )
    yield Finding("columns_renamed", "info", message, _NOTHING, place, count=len(told))


def _lost(place: Place, before: Batch, lost: Sequence[str]) -> Iterator[Finding]:
    if not lost:
        return
    message = Text(
        f"上一批（{before.file}）有、这一批没有的列，这一批的行在这些列上是空白：{'、'.join(lost)}",
        f"columns that the batch before ({before.file}) had are missing; in the rows of this one "
        f"they are blank: {', '.join(lost)}",
    )
    remedy = Text(
        "带上这些列重新导出；列改了名的话，在“字段对应”里选它，或在定义里用 header 写出新名字",
        "export it again with these columns; of a column that was renamed, map it or write the "
        "new name as its header in the definitions",
    )
    yield Finding("columns_lost", "warning", message, remedy, place, count=len(lost))


def _changed(
    place: Place, before: Batch, used: Mapping[str, str], forms: Mapping[str, str]
) -> Iterator[Finding]:
    changed = [
        (used[name], before.forms[name], form)
        for name, form in forms.items()
        if before.forms.get(name, form) != form
    ]
    for header, earlier, now in changed:
        was, is_ = _in_words(earlier), _in_words(now)
        message = Text(
            f"{header} 的写法变了：上一批（{before.file}）是“{was.zh}”，这一批是“{is_.zh}”",
            f"{header} is written otherwise: {was.en} in the batch before ({before.file}), "
            f"{is_.en} in this one",
        )
        remedy = Text("核对这一列的数值", "check the values of this column")
        yield Finding("column_changed", "warning", message, remedy, place)


_FORMS = {
    "comma": Text("数字，逗号是小数点", "a number with a decimal comma"),
    "point": Text("数字，点是小数点", "a number with a decimal point"),
    **ORDER_WORDS,
    EACH: Text("每格自己看得出", "each cell by itself"),
    "decimal": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "digits": Text("全是数字", "digits alone"),
    "words": Text("文字", "words"),
    "text": Text("文字", "text"),
    "date": Text("日期", "a day"),
    "timestamp": Text("时刻", "a time"),
    "boolean": Text("是否", "yes or no"),
}


def _in_words(form: str) -> Text:
    """How cells are written, as people say it; the type of a file's own cells stays as it is."""
    told = [_FORMS.get(word, Text(word, word)) for word in form.split()]
    return Text("，".join(each.zh for each in told), ", ".join(each.en for each in told))
