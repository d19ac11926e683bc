"""Values that metrics compare a column with, and how a file spells them.

A condition such as `stage = 'won'` counts nothing where the file writes 赢单 or WON: the metric
would be 0 without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.headers import plain_letters
from mingji.engine.model import Table
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: A column with more different values than this is no vocabulary.
_VARIOUS = 200
_SHOWN = 5


class Spellings:
    """Looks at the readable rows of a file, batch by batch; `names` are the file's headers."""

    def __init__(self, table: Table, names: Mapping[str, str]) -> None:
        self._table, self._names = table, names
        self._words = {name: set(table.words[name]) for name in names if name in table.words}
        self._known: set[str] = set()
        self._others: dict[str, Counter[str]] = {name: Counter() for name in self._words}

    def look(self, rows: pa.Table) -> None:
        """Takes in rows of the table."""
        for name, others in list(self._others.items()):
            counts = compute.value_counts(rows[name])
            if len(counts) + len(others) > _VARIOUS:
                del self._others[name]
                continue
            for each in counts.to_pylist():
                if each["values"] in self._words[name]:
                    self._known.add(name)
                elif each["values"] is not None:
                    others[each["values"]] += each["counts"]

    def findings(self, file: str) -> Iterator[Finding]:
        """Values spelt almost as the metrics want them, and columns without one such value."""
        for name, others in self._others.items():
            if not others:
                continue
            words = self._table.words[name]
            folded = {_folded(word) for word in words}
            alike = {value: n for value, n in others.items() if _folded(value) in folded}
            place = Place(file, path=f"column {name}")
            if alike:
                yield self._alike(place, name, alike)
            elif name not in self._known:
                yield self._unknown(place, name, others)

    def _alike(self, place: Place, name: str, alike: Mapping[str, int]) -> Finding:
        told, rows = self._names[name], sum(alike.values())
        words, listed = _listed(dict.fromkeys(self._table.words[name], 0)), _listed(alike)
        return Finding(
            "alike_values",
            "warning",
            Text(
                f"{told} 有 {rows:,} 行的写法和指标条件里的（{words.zh}）只差大小写、空格或全半角，"
                f"不算同一个值：{listed.zh}",
                f"{told} is spelt in {rows:,} rows almost as the conditions of metrics have it "
                f"({words.en}), and does not meet them: {listed.en}",
            ),
            _REMEDY,
            place,
            count=rows,
        )

    def _unknown(self, place: Place, name: str, others: Mapping[str, int]) -> Finding:
        told, rows = self._names[name], sum(others.values())
        words, listed = _listed(dict.fromkeys(self._table.words[name], 0)), _listed(others)
        hang = _listed({each.zh: 0 for each in self._table.uses.get(name, ())}).zh
        hang_en = _listed({each.en: 0 for each in self._table.uses.get(name, ())}).en
        return Finding(
            "unknown_values",
            "warning" if len(self._table.words[name]) > 1 else "info",
            Text(
                f"{told} 没有一行是指标条件里写的值（{words.zh}）：{listed.zh}；"
                f"看这一列的指标：{hang}",
                f"{told} holds in no row a value that the conditions of metrics name "
                f"({words.en}): {listed.en}; metrics that look at it: {hang_en}",
            ),
            _REMEDY,
            place,
            count=rows,
        )


_REMEDY = Text(
    "如果说的是同一回事，改成条件里的写法再载入，或在定义里用这一列的 values 统一写法",
    "if they mean the same, load them spelt as in the conditions, or map the spellings under "
    "values of the column",
)


def _folded(text: str) -> str:
    return "".join(plain_letters(text).split()).casefold()


def _listed(values: Mapping[str, int]) -> Text:
    """The first values, each with its count if it has one."""
    told = [f"{value} ({n:,})" if n else value for value, n in values.items()]
    shown, more = told[:_SHOWN], len(told) > _SHOWN
    return Text("、".join(shown) + (" 等" if more else ""), ", ".join(shown) + ", …" * more)
