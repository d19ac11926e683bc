"""What changed in the shape of a source since it was last loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mingji.engine.batches import Batch
from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.text import Text

_NOTHING = Text("", "")


def drift_findings(
    file: str,
    columns: Sequence[str],
    used: Mapping[str, str],
    forms: Mapping[str, str],
    before: Batch | None,
) -> Iterator[Finding]:
    """Columns that are new, gone or written otherwise than in the batch before.

    Args:
        file: The file that is loaded.
        columns: Its headers.
        used: The headers of the columns that the table reads.
        forms: How the cells of these columns are written.
        before: The last batch of the same table and source.
    """
    if before is None or not before.columns:
        return
    new = [name for name in columns if name and name not in before.columns]
    gone = [name for name in before.columns if name and name not in columns]
    place = Place(file)
    if new:
        message = Text(
            f"比上一批（{before.file}）多了列：{'、'.join(new)}",
            f"columns that the batch before ({before.file}) did not have: {', '.join(new)}",
        )
        yield Finding("columns_new", "info", message, _NOTHING, place, count=len(new))
    if gone:
        severity: Severity = "warning" if set(gone) & set(before.forms) else "info"
        message = Text(
            f"比上一批（{before.file}）少了列：{'、'.join(gone)}",
            f"columns that the batch before ({before.file}) had: {', '.join(gone)}",
        )
        remedy = Text("确认来源是不是改了", "find out whether the source was changed")
        yield Finding("columns_gone", severity, message, remedy, place, count=len(gone))
    changed = [
        (used[name], before.forms[name], form)
        for name, form in forms.items()
        if before.forms.get(name, form) != form
    ]
    for header, was, form in changed:
        message = Text(
            f"{header} 的写法变了：上一批（{before.file}）是 {was}，这一批是 {form}",
            f"{header} is written otherwise: {was} in the batch before ({before.file}), "
            f"{form} in this one",
        )
        remedy = Text("核对这一列的数值", "check the values of this column")
        yield Finding("column_changed", "warning", message, remedy, place)
