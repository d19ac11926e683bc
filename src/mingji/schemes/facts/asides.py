"""What appraisal sheets hold besides facts: rows of totals, notes, weights as fractions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from mingji.rules.explanation import plain
from mingji.rules.numbers import shown
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Figure, figure
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row

_TOTALS = ("合计", "总计", "小计", "总分", "总得分")
_TOTALS_IN_ENGLISH = frozenset(("total", "subtotal", "sum", "grandtotal"))
_NOTE = re.compile(
    r"(注|备注|说明|note|.*(签字|签名|确认|审核|审批|制表|填表|日期))\d*[:：].*", re.I
)
_NAMED_AT_MOST = 5


def only_facts(
    rows: Iterable[Row], is_item: Callable[[str], bool], report: Report
) -> tuple[Row, ...]:
    """The rows without totals and notes, which the report names; `is_item` knows the scheme's."""
    kept: list[Row] = []
    totals: list[int] = []
    notes: list[int] = []
    for row in rows:
        item, member = row.get("item"), row.get("member")
        if (is_total(item) and not is_item(item)) or (not item and is_total(member)):
            totals.append(row.number)
        elif not item and _NOTE.fullmatch(member):
            notes.append(row.number)
        else:
            kept.append(row)
    _tell(totals, Text("是合计行", "a row of totals"), report)
    _tell(notes, Text("是附注", "a note"), report)
    return tuple(kept)


def is_total(cell: str) -> bool:
    """Whether a cell says that its row adds up others.

    >>> is_total("合 计"), is_total("部门小计"), is_total("Total"), is_total("李雷")
    (True, True, True, False)
    """
    word = "".join(unicodedata.normalize("NFKC", cell).casefold().split())
    return word.endswith(_TOTALS) or word in _TOTALS_IN_ENGLISH


def weights_in_percent(rows: Sequence[Row], report: Report) -> tuple[Row, ...]:
    """The rows with weights in percent.

    An Excel cell that shows 40 % holds 0.4. Where no weight of a sheet is above 1 and one lies
    between 0 and 1 they are such fractions: read as percent they could not make 100.
    """
    shares = {row.number: read.value for row in rows if (read := _bare(row.get("weight")))}
    if not any(0 < share < 1 for share in shares.values()) or max(shares.values()) > 1:
        return tuple(rows)
    first = min(number for number, share in shares.items() if 0 < share < 1)
    share, percent = shown(shares[first]), shown(shares[first].scaleb(2))
    report.add(
        "weights_are_fractions",
        Text(
            zh=f"权重是小数，按百分比读：{share} 即 {percent} %",
            en=f"the weights are fractions and read as percent: {share} is {percent} %",
        ),
        Text("", ""),
        row=first,
        column="weight",
        severity="info",
        count=len(shares),
    )
    return tuple(
        Row(row.number, row.cells | {"weight": plain(shares[row.number].scaleb(2))})
        if row.number in shares
        else row
        for row in rows
    )


def _bare(cell: str) -> Figure | None:
    """A figure without a percent sign."""
    read = figure(cell) if cell else None
    return read if isinstance(read, Figure) and not read.percent else None


def _tell(numbers: Sequence[int], what: Text, report: Report) -> None:
    if not numbers:
        return
    listed = ", ".join(map(str, numbers[:_NAMED_AT_MOST]))
    listed += " …" if len(numbers) > _NAMED_AT_MOST else ""
    one = len(numbers) == 1
    report.add(
        "row_not_read",
        Text(
            zh=f"第 {listed} 行{what.zh}，没有读",
            en=f"{'row' if one else 'rows'} {listed}: {what.en}, not read",
        ),
        Text("", ""),
        row=numbers[0],
        severity="info",
        count=len(numbers),
    )
