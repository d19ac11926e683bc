"""What is unlikely in rows that can be read: odd years, ends before beginnings, personal data."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.cut_keys import CUT, LONG, POWER
from mingji.engine.lines import ROW
from mingji.engine.model import Column, Table
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_FIRST, _LAST = dt.date(1980, 1, 1), dt.date(2050, 12, 31)
_BEGINS = re.compile(
    r"(?i)creat|open|start|begin|engag|since|from|录入|创建|新建|开始|建立|立项|生成"
)
_ENDS = re.compile(
    r"(?i)close|closing|ended|end_|_end|finish|won_|lost_|mql|sql|qualif|convert"
    r"|关闭|结束|成交|赢单|完成|签约|签单|合格|转化"
)
#: Stages of a funnel in the order in which they are passed; a column may be called by several.
_STAGES = (
    re.compile(r"(?i)mql|市场合格|营销合格"),
    re.compile(r"(?i)sql|销售合格"),
    re.compile(r"(?i)close|won_|成交|赢单|签约|签单|关闭"),
)
_MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
_PHONE = r"(\+?86[- ]?)?1[3-9]\d{9}|\+\d{1,3}[- ]?\d[\d -]{7,13}|\(?0\d{2,3}\)?[- ]\d{7,8}"
_SAMPLE = 1000
_SHOWN = 5


@dataclass(slots=True)
class _Count:
    rows: int = 0
    shown: list[int] = field(default_factory=list)

    def add(self, numbers: pa.Array) -> None:
        self.rows += len(numbers)
        room = _SHOWN - len(self.shown)
        self.shown += numbers.slice(0, max(0, room)).to_pylist()

    def listed(self, language: str) -> str:
        more = self.rows > len(self.shown)
        mark = "、" if language == "zh" else ", "
        return mark.join(map(str, self.shown)) + (
            {"zh": " 等", "en": ", …"}[language] if more else ""
        )


class Plausible:
    """Looks at the readable rows of a file, batch by batch."""

    def __init__(self, table: Table, names: Mapping[str, str]) -> None:
        self._table, self._names = table, names
        dates = [
            column
            for name in names
            if (column := table.columns[name]).type in ("date", "timestamp")
        ]
        self._dates = [column.name for column in dates]
        begins = [column for column in dates if self._is_called(column, _BEGINS)]
        ends = [column for column in dates if self._is_called(column, _ENDS)]
        pairs = (
            [(begins[0].name, end.name) for end in ends if end != begins[0]]
            if len(begins) == 1
            else []
        )
        self._steps = list(self._in_a_row(dates))
        self._odd: dict[str, _Count] = {name: _Count() for name in self._dates}
        self._reversed: dict[tuple[str, str], _Count] = {
            pair: _Count() for pair in (*pairs, *self._steps)
        }
        self._personal: dict[str, str] = {}
        self._cut: dict[str, int] = {}
        #: How the cells of text columns look: all digits, or words.
        self.forms: dict[str, str] = {}
        self._sampled = False

    def _is_called(self, column: Column, words: re.Pattern[str]) -> bool:
        return any(words.search(name) for name in (column.name, self._names[column.name]))

    def _in_a_row(self, dates: list[Column]) -> Iterator[tuple[str, str]]:
        """Each stage with the next one that the table knows, where each is one column."""
        known = [
            called[0].name
            for words in _STAGES
            if len(called := [column for column in dates if self._is_called(column, words)]) == 1
        ]
        yield from (pair for pair in itertools.pairwise(known) if pair[0] != pair[1])

    def look(self, rows: pa.Table) -> None:
        """Takes in rows of the table with their row numbers."""
        for name in self._dates:
            span = compute.min_max(rows[name]).as_py()
            if span["min"] is None:
                continue
            if _day(span["min"]) < _FIRST or _day(span["max"]) > _LAST:
                days = rows[name].cast(pa.date32(), safe=False)
                odd = compute.or_(compute.less(days, _FIRST), compute.greater(days, _LAST))
                self._odd[name].add(_numbers(rows, odd))
        for begin, end in self._reversed:
            earlier = compute.less(
                rows[end].cast(pa.date32(), safe=False), rows[begin].cast(pa.date32(), safe=False)
            )
            if compute.any(earlier).as_py():
                self._reversed[begin, end].add(_numbers(rows, earlier))
        if not self._sampled and rows.num_rows:
            self._sampled = True
            self._look_for_persons(rows.slice(0, _SAMPLE))
            self._look_for_cut_keys(rows.slice(0, _SAMPLE))

    def _look_for_persons(self, rows: pa.Table) -> None:
        for name in self._names:
            if self._table.columns[name].type != "text":
                continue
            cells = rows[name].drop_null()
            digits = compute.sum(compute.utf8_is_digit(cells)).as_py() or 0
            self.forms[name] = "digits" if cells and digits == len(cells) else "words"
            for kind, pattern in (("mail", _MAIL), ("phone", _PHONE)):
                fits = compute.sum(compute.match_substring_regex(cells, f"^({pattern})$")).as_py()
                if fits and fits * 2 >= len(cells) and name != self._table.owner:
                    self._personal[name] = kind

    def _look_for_cut_keys(self, rows: pa.Table) -> None:
        """Keys whose last digits a spreadsheet has lost: all long ones end in zeros or in E+17."""
        for name in self._names:
            if self._table.columns[name].type == "text":
                long, cut, powers = (
                    compute.sum(compute.match_substring_regex(rows[name], pattern)).as_py() or 0
                    for pattern in (LONG, CUT, POWER)
                )
                if cut > 1 and cut == long:
                    self._cut[name] = cut
                elif powers and name in self._table.key:
                    self._cut[name] = powers

    def findings(self, file: str) -> Iterator[Finding]:
        """What a person should look at."""
        for name, count in self._odd.items():
            if count.rows:
                yield self._odd_finding(file, name, count)
        for (begin, end), count in self._reversed.items():
            if count.rows:
                yield self._reversed_finding(file, begin, end, count)
        for name, count_cut in self._cut.items():
            yield self._cut_finding(file, name, count_cut)
        for name, kind in self._personal.items():
            yield self._personal_finding(file, name, kind)

    def _odd_finding(self, file: str, name: str, count: _Count) -> Finding:
        told = self._names[name]
        return Finding(
            "odd_dates",
            "warning",
            Text(
                f"{told} 有 {count.rows:,} 行的年份在 1980—2050 之外"
                f"（第 {count.listed('zh')} 行），照原样读入",
                f"{told} lies outside 1980–2050 in {count.rows:,} rows "
                f"({count.listed('en')}), which are loaded as they stand",
            ),
            Text("核对这些日期", "check these dates"),
            Place(file, path=f"column {name}"),
            count=count.rows,
        )

    def _reversed_finding(self, file: str, begin: str, end: str, count: _Count) -> Finding:
        first, last = self._names[begin], self._names[end]
        hang = self._metrics(begin, end)
        return Finding(
            "stage_order" if (begin, end) in self._steps else "ends_before_it_begins",
            "warning",
            Text(
                f"{count.rows:,} 行的{last}早于{first}（第 {count.listed('zh')} 行），照原样读入"
                f"{hang.zh}",
                f"{last} lies before {first} in {count.rows:,} rows ({count.listed('en')}), "
                f"which are loaded as they stand{hang.en}",
            ),
            Text("核对这两个日期", "check both dates"),
            Place(file, path=f"columns {begin}, {end}"),
            count=count.rows,
        )

    def _metrics(self, *columns: str) -> Text:
        """The metrics that read any of these columns, as the end of a sentence."""
        uses = [metric for column in columns for metric in self._table.uses.get(column, ())]
        metrics = list(dict.fromkeys(uses))
        if not metrics:
            return Text("", "")
        shown, more = metrics[:_SHOWN], len(metrics) - _SHOWN
        zh, en = "、".join(each.zh for each in shown), ", ".join(each.en for each in shown)
        if more > 0:
            zh, en = f"{zh} 等 {len(metrics)} 个", f"{en} and {more} more"
        return Text(f"；用到这两列的指标：{zh}", f"; metrics that read them: {en}")

    def _cut_finding(self, file: str, name: str, count: int) -> Finding:
        told = self._names[name]
        return Finding(
            "cut_keys",
            "warning",
            Text(
                f"{told} 的末几位被电子表格丢掉了（前 {_SAMPLE:,} 行里有 {count:,} 格），"
                "不同的编号会变成同一个",
                f"a spreadsheet has lost the last digits of {told} ({count:,} cells of the first "
                f"{_SAMPLE:,} rows): different ones become one",
            ),
            Text(
                "把这一列设成文本格式，重新导出", "make the column text before it is exported again"
            ),
            Place(file, path=f"column {name}"),
            count=count,
        )

    def _personal_finding(self, file: str, name: str, kind: str) -> Finding:
        told = self._names[name]
        what = {
            "mail": Text("电子邮箱", "e-mail addresses"),
            "phone": Text("电话号码", "telephone numbers"),
        }[kind]
        return Finding(
            "personal_data",
            "info",
            Text(f"{told} 像是{what.zh}，会存入数据仓", f"{told} seems to hold {what.en}"),
            Text(
                f"不需要就用 --exclude {name}，或在定义里给这一列写 exclude: true",
                f"if nobody needs them, load with --exclude {name}, or give the column "
                "exclude: true in the definitions",
            ),
            Place(file, path=f"column {name}"),
        )


def is_personal(text: str) -> bool:
    """Whether a cell looks like an e-mail address or a telephone number.

    >>> is_personal("anna@example.com"), is_personal("L-20931")
    (True, False)
    """
    return bool(re.fullmatch(f"{_MAIL}|{_PHONE}", text))


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _numbers(rows: pa.Table, mask: pa.ChunkedArray) -> pa.Array:
    return rows[ROW].filter(compute.fill_null(mask, False)).combine_chunks()
