"""Lines of totals: recognised, left out of the rows, and held against what the rows add up to."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as compute

from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: Words for the sum of everything, and for the sum of everything or of a part.
_GRAND = ("总计", "总和", "总合计", "累计", "grandtotal", "grandtotals", "overalltotal")
_ANY = ("合计", "汇总", "共计", "total", "totals", "sum")
_PART = ("小计", "分计", "subtotal", "subtotals")
#: Words for everything that are no names of a sum: they count where a cell of the line is blank.
_ALL = ("总额", "总数", "全部", "全体", "overall", "summe", "gesamt", "σ", "∑")
#: What stands around such a word: a unit or a count in brackets, marks, a count behind it.
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_MARKS = re.compile(r"[\s:：,，.。、;；=~*_—–―\-]")
_COUNTED = re.compile(r"^(合计|总计|共计|小计|总和|累计|汇总)(金额|数量|数|额|值|\d+\D{0,3})$")
#: Words that name nobody and nothing: such a line is a total even where no cell of it is blank.
_SURE = (*_GRAND, "合计", "共计", *_PART)
_ENDS = re.compile(r"(?i).(合计|小计|总计|共计|总和|累计|汇总)$|. (sub)?totals?$")
#: Words of lines that sum rows up without adding them, and of lines that speak of the table.
_SUMMARY = re.compile(
    r"(?i)(平均|均值|最大|最小|最高|最低|中位数?|占比|同比|环比|目标|计划|完成率|达成率|增长率)[值数量]?"
    r"|(上年|去年|上期|上月|本期)(同期|同月)?[值数额]?|增减[额率数值]?|差[异额]|其中.{0,12}"
    r"|计数|笔数|条数|average|avg|mean|median|max(imum)?|min(imum)?|targets?|(record)?counts?"
)
_NOTE = re.compile(
    r"(?i)(制表|填表|编制|审核|复核|审批|备注|附注|注|说明|打印|导出|数据来源|统计口径"
    r"|prepared|printed|exported|generated|checked|approved|source|notes?)[^:：]{0,6}[:：].*"
)
#: A quick look, before the words themselves are weighed.
LIKELY = (
    "(?i)[合总小][ \u00a0\u3000]*计|总和|汇总|共计|累计|分计|total|ｔｏｔａｌ|sum"
    "|^(总额|总数|全部|全体|overall|gesamt|Σ|∑)"
    "|^(平均|均值|最大|最小|最高|最低|中位|占比|同比|环比|目标|计划|完成率|达成率|增长率|计数|笔数|条数"
    "|上年|去年|上期|上月|本期|增减|差[异额]|其中"
    "|average|avg|mean|median|max|min|target|record|count)|^[^:：]{1,12}[:：]"
)
#: The same for a bare word for a sum in any column of words.
LABEL = (
    "(?i)^[^\\pL\\pN]*([合总小][ \u00a0\u3000]*计|总和|总合计|汇总|共计|累计|分计"
    "|((grand|overall|sub)[ -]?)?total|ｔｏｔａｌ|sum)"
)
_NOTHING = Text("", "")
_SHOWN = 10
#: Which rows a line of totals may add up.
_ALL_ROWS, _ABOVE, _SINCE, _SEVERAL, _BELOW = "all", "above", "since", "several", "below"
_SCOPES = {
    _ALL_ROWS: Text("全部明细", "all rows"),
    _ABOVE: Text("它上面的明细", "the rows above"),
    _SINCE: Text("上一个合计行以后的明细", "the rows since the line of totals before"),
    _SEVERAL: Text("它上面几段的明细", "the rows of some parts above"),
    _BELOW: Text("它下面的明细", "the rows below"),
}


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A line of totals: its row, its first word, and its cells by place."""

    row: int
    word: str
    cells: Sequence[str | None]

    @property
    def kind(self) -> str:
        """`grand`, `part` or `any`: what it adds up."""
        word = _folded(self.word)
        if word in _GRAND:
            return "grand"
        return "any" if word in (*_ANY, *_ALL) else "part"


def _folded(word: str) -> str:
    """The bare word of a line: 合　计（元）, —合计—, 共计5笔 and 合计金额 are all sums.

    >>> _folded("合　计（元）"), _folded("Grand Totals (4 records)"), _folded("共计 5 笔")
    ('合计', 'grandtotals', '共计')
    """
    narrow = unicodedata.normalize("NFKC", word)
    bare = _MARKS.sub("", _BRACKETS.sub("", narrow)).casefold()
    return _COUNTED.sub(r"\1", bare)


def is_total(word: str, *, bare_blank: bool, telling_blank: bool) -> bool:
    """Whether a line adds up others instead of being one.

    Its first word says so, and something that every row has is blank: of a bare "Total" any known
    cell, of "Anna Total" one that tells rows apart (key, owner, date).

    >>> is_total("合 计", bare_blank=False, telling_blank=False)
    True
    >>> is_total("Total", bare_blank=False, telling_blank=False)
    False
    >>> is_total("一季度合计（含税）", bare_blank=True, telling_blank=True)
    True
    """
    folded = _folded(word)
    if folded in _SURE:
        return True
    if folded in (*_ANY, *_ALL):
        return bare_blank
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", word)).strip(" :")
    return telling_blank and _ENDS.search(bare) is not None


def is_label(word: str) -> bool:
    """Whether a cell holds nothing but a word for a sum, whatever column it stands in.

    >>> is_label("合　计"), is_label("Total:"), is_label("合计项目"), is_label("全部")
    (True, True, False, False)
    """
    return _folded(word) in (*_SURE, *_ANY)


def is_summary(word: str) -> bool:
    """Whether a line that tells of no row is a mean, a share or a target below the table.

    >>> is_summary("平均值"), is_summary("Max"), is_summary("Maxwell")
    (True, True, False)
    """
    return _SUMMARY.fullmatch(_folded(word)) is not None


def is_note(word: str) -> bool:
    """Whether a line that tells of no row says who made the table, or what it is.

    >>> is_note("制表人：张三"), is_note("Prepared by: Anna"), is_note("张三")
    (True, True, False)
    """
    return _NOTE.fullmatch(word.strip()) is not None


class Sum(NamedTuple):
    """What some rows come to, and which rows they are."""

    of: str
    value: Decimal


@dataclass(slots=True)
class Totals:
    """The lines of totals of a file, and the sums of the rows between them.

    `sums[k]` are those of the rows after the k-th line of totals, by column, `counts[k]` how many
    rows these are; `sums[0]` of the rows before the first. `late` are lines that turned up after
    rows that stand below them: what stands above them only another pass can tell.
    """

    rows: list[TotalsRow] = field(default_factory=list)
    sums: list[dict[str, Decimal]] = field(default_factory=lambda: [{}])
    counts: list[int] = field(default_factory=lambda: [0])
    late: list[TotalsRow] = field(default_factory=list)
    last: int = 0

    @classmethod
    def between(cls, rows: Sequence[TotalsRow]) -> Totals:
        """With lines of totals that are known beforehand, in their order."""
        parts = range(len(rows) + 1)
        return cls(list(rows), [{} for _ in parts], [0 for _ in parts])

    def take(self, values: Mapping[str, pa.Array], numbers: pa.Array) -> None:
        """Adds up the numbers of a batch by column; `numbers` are its row numbers."""
        if not len(numbers):
            return
        bounds = [row.row for row in self.rows]
        self.last = max(self.last, compute.max(numbers).as_py())
        pieces = {len(bounds): (0, len(numbers))}
        if bounds and compute.min(numbers).as_py() < bounds[-1]:
            pieces = dict(parts_of(numbers.to_pylist(), bounds))
        for part, (start, end) in pieces.items():
            if start == end:
                continue
            self.counts[part] += end - start
            sums = self.sums[part]
            for name, column in values.items():
                total = compute.sum(column.slice(start, end - start)).as_py()
                sums[name] = sums.get(name, Decimal(0)) + (total or 0)

    def found(self, row: TotalsRow) -> None:
        """A line of totals: from here on another part begins."""
        if any(row.row == known.row for known in self.rows):
            return
        if row.row < max(self.last, self.rows[-1].row if self.rows else 0):
            self.late.append(row)
            return
        self.rows.append(row)
        self.sums.append({})
        self.counts.append(0)

    def every(self) -> list[TotalsRow]:
        """All lines of totals in their order, the late ones as well."""
        return sorted((*self.rows, *self.late), key=lambda row: row.row)

    def whole(self) -> dict[str, Decimal]:
        """What all rows come to, by column."""
        names = {name for sums in self.sums for name in sums}
        return {n: sum((s.get(n, Decimal(0)) for s in self.sums), Decimal(0)) for n in names}

    def all_rows(self, column: str) -> Sum:
        """What a column comes to in all rows."""
        return Sum(_ALL_ROWS, self.whole().get(column, Decimal(0)))

    def expected(self, at: int, column: str) -> tuple[Sum, ...]:
        """What the `at`-th line may say of a column: first of all the likeliest sum.

        A part is the rows above its line, or below it where lines of totals stand above their
        rows. A line further down may add up several parts, or all rows above it, and rows may
        have been added below the total of all.
        """
        row, whole = self.rows[at], self.all_rows(column)
        parts = [sums.get(column, Decimal(0)) for sums in self.sums]
        above = [Sum(_SEVERAL, each) for each in accumulate(reversed(parts[: at + 1]))]
        above[-1] = Sum(_ABOVE, above[-1].value)
        if at:
            above[0] = Sum(_SINCE, above[0].value)
        if row.kind == "grand":
            return (whole, above[-1])
        below = tuple(Sum(_BELOW, each) for each in accumulate(parts[at + 1 :]))
        beside = below if self._stands_above() else tuple(above)
        if row.kind == "any" and self._ends(at):
            return (whole, *beside)
        return (beside[0], whole, *beside[1:])

    def _ends(self, at: int) -> bool:
        """Whether no row stands above the first line of totals, or below the last."""
        first, last = at == 0, at == len(self.rows) - 1
        return (first and not self.counts[0]) or (last and not self.counts[-1])

    def _stands_above(self) -> bool:
        """Whether the lines of totals of this file stand above the rows that they add up.

        A last line that adds up everything says nothing of where the parts stand.
        """
        parts = [at for at, row in enumerate(self.rows) if row.kind == "part"]
        last = parts[-1] if parts else len(self.rows) - 1
        return bool(self.rows and not self.sums[0] and self.sums[last + 1])


@dataclass(frozen=True, slots=True)
class Stated:
    """What a line of totals says of a column, and the decimals that it says it with."""

    row: int
    word: str
    column: str
    header: str
    value: Decimal
    expected: tuple[Sum, ...]

    @property
    def of(self) -> str:
        """Which rows it agrees with; empty if with none."""
        return next((each.of for each in self.expected if each.value == self.value), "")


def totals_findings(
    file: str, rows: Sequence[TotalsRow], stated: Sequence[Stated]
) -> Iterator[Finding]:
    """That lines of totals were left out, and each of them that the rows do not bear out."""
    count = len(rows)
    if count:
        right = Counter(each.of for each in stated if each.of)
        listed = ", ".join(str(row.row) for row in rows[:_SHOWN])
        more = Text(" 等", " …") if count > _SHOWN else _NOTHING
        which = _which(right)
        agree = f"{right.total()} 个相符{which.zh}"
        held = f"；其中 {len(stated)} 个合计数与明细核对，{agree}" if stated else ""
        message = Text(
            f"第 {listed.replace(', ', '、')}{more.zh} 行是合计行，没有计入{held}",
            f"lines of totals that were left out: row {listed}{more.en}; figures in them that were "
            f"held against the rows: {len(stated)}, of which agree: {right.total()}{which.en}",
        )
        yield Finding("totals_row", "info", message, _NOTHING, Place(file), count=count)
    for each in stated:
        if not each.of:
            yield _wrong(file, each)


def _which(right: Mapping[str, int]) -> Text:
    """With which rows figures agree, where these are not all rows for each of them."""
    told = [(_SCOPES[of], right[of]) for of in _SCOPES if of in right]
    if not set(right) - {_ALL_ROWS}:
        return _NOTHING
    zh = "、".join(f"与{words.zh} {count} 个" for words, count in told)
    return Text(f"（{zh}）", f" ({', '.join(f'{w.en}: {count}' for w, count in told)})")


def _wrong(file: str, stated: Stated) -> Finding:
    due = stated.expected[0].value
    told, difference = _plain(stated.value), _plain(stated.value - due)
    others = {each.value: each.of for each in stated.expected if each.of != _SEVERAL}
    others.pop(due, None)
    sums = [(_SCOPES[of], _plain(value)) for value, of in others.items()]
    zh = "".join(f"；{words.zh}相加是 {value}" for words, value in sums)
    en = "".join(f"; {words.en}: {value}" for words, value in sums)
    return Finding(
        "wrong_total",
        "warning",
        Text(
            f"“{stated.word}”行写着 {stated.header} {told}，明细相加是 {_plain(due)}，"
            f"相差 {difference}{zh}",
            f"the line “{stated.word}” says {stated.header} {told}, its rows add up to "
            f"{_plain(due)}, difference {difference}{en}",
        ),
        Text(
            "指标按明细计算；检查是否漏导了行，或合计本身有误",
            "metrics count the rows; check for rows that were not exported, or for a wrong total",
        ),
        Place(file, stated.row, None, f"row {stated.row}, column {stated.column}"),
        count=1,
    )


def _plain(value: Decimal) -> str:
    short = value.normalize()
    return f"{short:,f}"


def parts_of(rows: Sequence[int], bounds: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Where the rows of a batch fall between lines of totals: part to its slice of the batch."""
    cuts = [bisect_left(rows, bound) for bound in bounds]
    edges = [0, *cuts, len(rows)]
    return {part: (edges[part], edges[part + 1]) for part in range(len(edges) - 1)}
