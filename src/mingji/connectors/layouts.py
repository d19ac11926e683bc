"""Layouts of exported files, and which one a file has (`layouts/*.yaml` defines them)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from mingji.connectors.reading import Reading
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: What a report of spend must say; everything else may be missing.
_NEEDED = ("day", "amount")
_IN_BRACKETS = re.compile(r"^(.*?)\s*\(([a-z]{3}|元|¥|\$)\)$")
_CURRENCIES = {"元": "CNY", "¥": "CNY", "$": "USD"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How one system names the columns of one kind of export.

    `columns` gives, by column of ours, the names it may have there, best first. `table` is the
    table of the canonical model it is for; `digest_text` is the definition as it was read.
    """

    name: str
    label: Text
    table: str
    known_by: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    channel: str = ""
    micros: frozenset[str] = frozenset()
    currencies: Mapping[str, str] | None = None
    instants: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str]] | None = None
    strikes: str = ""
    digest_text: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file and its layout: `places` says in which column of the file each of ours stands.

    `headers` are the file's names, folded; `stated` the currencies that headers name in brackets.
    """

    layout: Layout
    reading: Reading
    places: Mapping[str, int]
    headers: tuple[str, ...]
    stated: Mapping[int, str]

    @property
    def level(self) -> str:
        """What a row of a report of spend is about: `campaign`, `ad` or `account`."""
        return next((name for name in ("campaign", "ad") if name in self.places), "account")


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that the product knows."""
    folder = resources.files("mingji.connectors").joinpath("layouts")
    found: list[Layout] = []
    for file in ("ads.yaml", "marketing_automation.yaml"):
        told = yaml.safe_load(folder.joinpath(file).read_text("utf-8"))
        found += [_layout(name, given) for name, given in told.items()]
    return tuple(found)


def _layout(name: str, given: Mapping[str, Any]) -> Layout:
    return Layout(
        name=name,
        label=Text(**given["name"]),
        table=given.get("table", "spend"),
        known_by=tuple(tuple(line) for line in given["known_by"]),
        columns={column: tuple(names) for column, names in given["columns"].items()},
        channel=given.get("channel", ""),
        micros=frozenset(given.get("micros", ())),
        currencies=given.get("currencies"),
        instants=frozenset(given.get("instants", ())),
        values=given.get("values"),
        strikes=given.get("strikes", ""),
        digest_text=repr(given),
    )


def recognised(reading: Reading) -> Recognised:
    """The layout of a file, by the names of its columns, in whichever of the first rows they stand.

    Raises:
        Invalid: If it has none; the nearest layouts are named with the columns they miss.
    """
    best: tuple[int, Recognised] | None = None
    for row, columns in _heads(reading):
        headers, stated = _folded(columns)
        for layout in layouts():
            known = max(
                (len(line) for line in layout.known_by if set(line) <= set(headers)), default=0
            )
            if known and (best is None or known > best[0]):
                here = reading if row == reading.header else reading.under(row)
                best = known, Recognised(layout, here, _places(layout, headers), headers, stated)
    if best is None:
        raise _unknown(reading)
    missing = [name for name in _needed(best[1].layout) if name not in best[1].places]
    if missing:
        raise _incomplete(best[1], missing)
    return best[1]


def _heads(reading: Reading) -> Iterator[tuple[int, Sequence[str]]]:
    yield reading.header, reading.columns
    yield from ((row, cells) for row, cells in reading.head if row != reading.header)


def _folded(columns: Sequence[str]) -> tuple[tuple[str, ...], dict[int, str]]:
    """Names without case, width and brackets; and the currencies that stood in the brackets."""
    headers: list[str] = []
    stated: dict[int, str] = {}
    for place, column in enumerate(columns):
        name = " ".join(unicodedata.normalize("NFKC", column).replace("\ufeff", "").split())
        bracketed = _IN_BRACKETS.match(name.casefold())
        if bracketed:
            stated[place] = _CURRENCIES.get(bracketed[2], bracketed[2].upper())
        headers.append(bracketed[1] if bracketed else name.casefold())
    return tuple(headers), {place: mark for place, mark in stated.items() if len(mark) == 3}


def _places(layout: Layout, headers: Sequence[str]) -> dict[str, int]:
    found = {}
    for column, names in layout.columns.items():
        place = next((headers.index(name) for name in names if name in headers), None)
        if place is not None:
            found[column] = place
    return found


def _needed(layout: Layout) -> tuple[str, ...]:
    return _NEEDED if layout.table == "spend" else tuple(layout.columns)[:1]


def _incomplete(found: Recognised, missing: Sequence[str]) -> Invalid:
    names = [" / ".join(found.layout.columns[name]) for name in missing]
    file, label = found.reading.file, found.layout.label
    message = Text(
        f"{file} 像是{label.zh}的导出，但没有列：{'；'.join(names)}",
        f"{file} looks like an export of {label.en}, but has no column {'; '.join(names)}",
    )
    remedy = Text("导出时勾选这些列，并按天细分", "export it with these columns, day by day")
    finding = Finding("layout", "error", message, remedy, Place(file))
    return Invalid(message, code="layout", findings=(finding,))


def _unknown(reading: Reading) -> Invalid:
    """The layouts whose columns the file has most of, with those that are missing."""
    there = {name for _, columns in _heads(reading) for name in _folded(columns)[0]}
    near = sorted(
        (
            (len(set(line) - there) / len(line), layout, sorted(set(line) - there))
            for layout in layouts()
            for line in layout.known_by
        ),
        key=lambda each: each[0],
    )
    told: dict[str, tuple[Layout, list[str]]] = {}
    for _, layout, missing in near:
        told.setdefault(layout.name, (layout, missing))
    nearest = list(told.values())[:3]
    zh = "；".join(f"{layout.label.zh} 缺 {'、'.join(missing)}" for layout, missing in nearest)
    en = "; ".join(f"{layout.label.en} lacks {', '.join(missing)}" for layout, missing in nearest)
    message = Text(
        f"{reading.file} 不是认识的导出格式。最接近的：{zh}",
        f"{reading.file} has no layout that is known. Nearest: {en}",
    )
    remedy = Text("用“映射”自己指定各列", "map its columns yourself")
    finding = Finding("layout", "error", message, remedy, Place(reading.file))
    return Invalid(message, code="layout", findings=(finding,))
