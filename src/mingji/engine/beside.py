"""Columns beside the amounts that say, row by row, in which unit or currency these are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.columns import trimmed
from mingji.engine.headers import Reading, one_line, plain_letters
from mingji.engine.model import Table
from mingji.engine.unit_words import CURRENCY, Unit, unit_of
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_UNITS = ("单位", "金额单位", "货币单位", "unit")
_CURRENCIES = re.compile(r"(?i).*(币种|币别|货币)|.*currency([ _]?(iso)?[ _]?code)?|ccy|原币")
#: A column with more different words than this names no units or currencies.
_VARIOUS = 50
_NOTHING = ("-", "--", "—", "——", "–", "/")


class Beside:
    """Looks at such columns in the rows that count, batch by batch."""

    def __init__(self, table: Table, reading: Reading, places: Mapping[str, int]) -> None:
        self._reading = reading
        columns = [table.columns[name] for name in places]
        self._own = {each.unit for each in columns if CURRENCY.fullmatch(each.unit)}
        used = {each.currency for each in columns} | set(table.words)
        read = {place: name for name, place in places.items()}
        self._words: dict[int, Counter[str]] = {}
        for place, header in enumerate(reading.columns):
            if self._own and self._is_unit(header) and place not in read:
                self._words[place] = Counter()
            is_currency = _CURRENCIES.fullmatch(header.strip()) and read.get(place) not in used
            if is_currency and any(each.type == "decimal" for each in columns):
                self._words[place] = Counter()

    def _is_unit(self, header: str) -> bool:
        return header.strip().casefold() in _UNITS

    def look(self, rows: pa.RecordBatch) -> None:
        """Takes in rows of the table, with the cells as they stand in the file."""
        for place, words in list(self._words.items()):
            cells = rows.column(str(place))
            if not pa.types.is_string(cells.type):
                continue
            counts = compute.value_counts(trimmed(cells).drop_null()).to_pylist()
            words.update({each["values"]: each["counts"] for each in counts})
            if len(words) > _VARIOUS:
                del self._words[place]

    def refuse(self) -> None:
        """Stops a load whose amounts are in other units from row to row.

        Raises:
            Invalid: If a column says 万元 or the like of any row.
        """
        for place, words in self._words.items():
            header = self._reading.columns[place]
            if not self._is_unit(header):
                continue
            units = [unit for _, unit in _money(words)]
            if any(unit.shift for unit in units):
                raise self._units_by_row(header, units)

    def _units_by_row(self, header: str, units: list[Unit]) -> Invalid:
        told = [unit.text for unit in units]
        message = Text(
            f"“{header}”列逐行写着金额的单位：{'、'.join(told)}",
            f"the column “{header}” says the unit of the amounts row by row: {', '.join(told)}",
        )
        remedy = Text(
            "把金额都换算成元，再删掉这一列",
            "write all amounts in the plain unit, then remove this column",
        )
        file = self._reading.file
        place = Place(file, self._reading.header)
        finding = Finding("units_by_row", "error", message, remedy, place)
        whole = Text(f"{file}：{message.zh}", f"{file}: {message.en}")
        return Invalid(whole, code="units_by_row", findings=(finding,))

    def findings(self) -> Iterator[Finding]:
        """Columns by which the amounts are in several currencies, or in another than defined."""
        for place, words in self._words.items():
            header = self._reading.columns[place]
            found: Counter[str] = Counter()
            if self._is_unit(header):
                for word, unit in _money(words):
                    found[self._code(unit.currency)] += words[word]
            else:
                for word, count in words.items():
                    if word not in _NOTHING:
                        found[self._named(word)] += count
            if len(found) > 1 or (self._own and set(found) - self._own):
                yield self._told(one_line(header), found)

    def _named(self, word: str) -> str:
        unit = unit_of(plain_letters(word))
        return self._code(unit.currency) if unit and unit.currency else word.upper()

    def _code(self, ways: tuple[str, ...]) -> str:
        """The currency of a sign that several share: that of the amounts, if it is one of them."""
        return next((way for way in ways if way in self._own), ways[0])

    def _told(self, header: str, found: Counter[str]) -> Finding:
        told = [(code, f"{count:,}") for code, count in found.most_common()]
        listed = "、".join(f"{code}（{rows} 行）" for code, rows in told)
        message = Text(
            f"“{header}”列写着 {len(found)} 种币种：{listed}；"
            "定义没有把它当作金额的币种，金额照原数相加，没有换算",
            f"the column “{header}” names these currencies, with their rows: "
            f"{', '.join(f'{c} ({n})' for c, n in told)}; the definitions do not take it for the "
            "currency of the amounts, which are added as they stand",
        )
        remedy = Text(
            "在定义里给金额列写 currency，指明这一列是它的币种，或先换算再导出",
            "name it as currency of the column of amounts in the definitions, or convert the "
            "amounts before they are exported",
        )
        place = Place(self._reading.file, self._reading.header)
        count = found.total()
        return Finding("several_currencies", "warning", message, remedy, place, count=count)


def _money(words: Mapping[str, int]) -> Iterator[tuple[str, Unit]]:
    """The words that are units of money."""
    for word in words:
        if (unit := unit_of(word)) and unit.currency:
            yield word, unit
