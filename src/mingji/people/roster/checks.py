"""What can be wrong with the rows of a roster by themselves, before anybody asks the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mingji.connectors.files import ROW
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.roster.cells import day_of, duties_in, is_address, is_code, meant
from mingji.people.roster.columns import HEADERS, REQUIRED, Roster, Unit
from mingji.rules.findings import Finding
from mingji.rules.text import Text

Cells = Mapping[str, Any]
_LONGEST = {"code": 40, "team": 40, "parent_team": 40, "email": 254}
_LONGEST_NAME = 80


def faults_of(roster: Roster, rows: Iterable[Cells]) -> list[Finding]:
    """Everything that is wrong with these rows, each with its cell and its remedy."""
    rows = list(rows)
    faults = [fault for cells in rows for fault in _faults(roster, cells)]
    return [*faults, *_repeated(roster, rows), *_quarrels(roster, rows)]


def _faults(roster: Roster, cells: Cells) -> Iterator[Finding]:
    """Everything that is wrong with the cells of one row by themselves."""
    number = cells[ROW]
    for column in REQUIRED:
        if not cells[column]:
            yield roster.wrong(
                "blank",
                number,
                column,
                Text(zh="这一格是空的", en="this cell is blank"),
                Text(zh="每位成员都要填", en="fill it in for every member"),
            )
    for column in HEADERS:
        longest = _LONGEST.get(column, _LONGEST_NAME)
        if column != "duty" and len(cells[column]) > longest:
            yield roster.wrong(
                "too_long",
                number,
                column,
                Text(zh="内容太长", en="this is too long"),
                Text(zh=f"最多 {longest} 个字符", en=f"use at most {longest} characters"),
            )
    for column in ("code", "team", "parent_team", "manager"):
        if cells[column] and not is_code(cells[column]):
            yield roster.wrong(
                "bad_code",
                number,
                column,
                Text(zh=f"“{cells[column]}”不能用作代码", en=f"“{cells[column]}” is no code"),
                Text(zh="只用字母、数字、- 和 _", en="use letters, digits, - and _ only"),
            )
    yield from _wrong_words(roster, cells)


def _wrong_words(roster: Roster, cells: Cells) -> Iterator[Finding]:
    number = cells[ROW]
    for column, known in (("job_family", JOB_FAMILIES), ("level", LEVELS)):
        if cells[column] and not meant(cells[column], known):
            yield roster.wrong("unknown_code", number, column, *_unknown(cells[column], known))
    if cells["hired_on"] and not day_of(cells["hired_on"]):
        yield roster.wrong(
            "not_a_date",
            number,
            "hired_on",
            Text(zh=f"“{cells['hired_on']}”不是日期", en=f"“{cells['hired_on']}” is no date"),
            Text(zh="写成 2025-01-06 这样", en="write it like 2025-01-06"),
        )
    if cells["email"] and not is_address(cells["email"]):
        yield roster.wrong(
            "not_an_address",
            number,
            "email",
            Text(zh=f"“{cells['email']}”不是邮箱", en=f"“{cells['email']}” is no e-mail address"),
            Text(zh="改正，或留空表示不登录", en="mend it, or leave it blank: no login"),
        )
    for duty, team in duties_in(cells["duty"]):
        if not duty or not is_code(team):
            yield roster.wrong(
                "bad_duty",
                number,
                "duty",
                Text(zh=f"看不懂职责“{cells['duty']}”", en=f"“{cells['duty']}” is no duty"),
                Text(
                    zh="写成 hr_partner:团队代码 或 analyst:团队代码，几项之间用分号",
                    en="write hr_partner:TEAM or analyst:TEAM, several with ; between",
                ),
            )


def _unknown(word: str, known: Mapping[str, Text]) -> tuple[Text, Text]:
    zh = "、".join(f"{code}（{words.zh}）" for code, words in known.items())
    en = ", ".join(f"{code} ({words.en})" for code, words in known.items())
    return (
        Text(zh=f"不认识“{word}”", en=f"“{word}” is not known"),
        Text(zh=f"可用的值：{zh}", en=f"use one of: {en}"),
    )


def _repeated(roster: Roster, rows: Iterable[Cells]) -> Iterator[Finding]:
    """Codes and addresses that stand in two rows."""
    first: dict[tuple[str, str], int] = {}
    for cells in rows:
        for column in ("code", "email"):
            word = cells[column].lower()
            earlier = first.setdefault((column, word), cells[ROW])
            if word and earlier != cells[ROW]:
                yield roster.wrong(
                    "repeated",
                    cells[ROW],
                    column,
                    Text(
                        zh=f"“{cells[column]}”在第 {earlier} 行已经写过",
                        en=f"“{cells[column]}” stands in row {earlier} already",
                    ),
                    Text(zh="每位成员只写一行", en="write one row for each member"),
                )


def _quarrels(roster: Roster, rows: list[Cells]) -> Iterator[Finding]:
    """Rows that name one team, or the team above it, in two ways."""
    units = units_in(rows)
    for cells in rows:
        unit = units[cells["team"]]
        said = {
            "team_name_zh": unit.name_zh,
            "team_name_en": unit.name_en,
            "parent_team": unit.parent,
        }
        for column, word in said.items():
            if cells[column] and cells[column] != word:
                yield roster.wrong(
                    "two_names",
                    cells[ROW],
                    column,
                    Text(
                        zh=f"团队“{unit.code}”在这里是“{cells[column]}”，在前面是“{word}”",
                        en=f"team “{unit.code}” is “{cells[column]}” here and “{word}” above",
                    ),
                    Text(zh="写成一样，或只写一次", en="write it alike, or only once"),
                )


def units_in(rows: Iterable[Cells]) -> dict[str, Unit]:
    """Each team of the file; the first row that says something about it counts."""
    units: dict[str, Unit] = {}
    for cells in rows:
        unit = units.setdefault(cells["team"], Unit(cells[ROW], cells["team"]))
        told_here = cells["parent_team"] and not unit.parent
        units[unit.code] = replace(
            unit,
            number=cells[ROW] if told_here else unit.number,
            name_zh=unit.name_zh or cells["team_name_zh"],
            name_en=unit.name_en or cells["team_name_en"],
            parent=unit.parent or cells["parent_team"],
        )
    return units
