"""The words of the product are those of `docs/glossary.md`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/mingji"
# An English word that also means something else, and what it is called there.
ALSO = {
    "adjustment": "评分人调整",  # the rater's own, in the sum of a score
    "bonus": "加分",  # points on top, no money
    "manager": "上级",  # the group of raters beside peers and reports
    "score": "计分",  # the step that makes points of an item
    "target": "目标",  # the mark in a chart, where room is short
}
ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)


@cache
def glossary() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """English, Chinese and the words not to be used, row by row."""
    text = (ROOT / "docs/glossary.md").read_text("utf-8")
    rows = []
    for line in ROW.findall(text):
        cells = [cell.strip() for cell in line.split("|")]
        if cells[0].startswith("---") or "English" in cells:
            continue
        english, chinese = cells[-3:-1] if len(cells) == 4 else cells
        banned = tuple(filter(None, cells[3].split("、"))) if len(cells) == 4 else ()
        rows.append((english.casefold(), chinese, banned))
    return tuple(rows)


@cache
def wordings() -> tuple[tuple[str, str, str], ...]:
    """Where it stands, the English and the Chinese of every message of the product."""
    return (*_of_catalogues(), *_of_texts())


def _of_catalogues() -> Iterator[tuple[str, str, str]]:
    for path in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            for words in (entry.msgstr, *entry.msgstr_plural.values()):
                yield str(path.relative_to(ROOT)), entry.msgid, words


def _of_texts() -> Iterator[tuple[str, str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                said = dict(zip(("zh", "en"), node.args, strict=False))
                said |= {each.arg: each.value for each in node.keywords if each.arg}
                words = {name: _literal(value) for name, value in said.items()}
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield place, words.get("en", ""), words.get("zh", "")


def _literal(node: ast.expr) -> str:
    """The written parts of a string, also of one with values in it."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def test_the_glossary_has_one_word_for_each_thing():
    english = [row[0] for row in glossary()]
    chinese = [row[1] for row in glossary()]

    assert len(english) > 60
    assert len(set(english)) == len(english)
    assert len(set(chinese)) == len(chinese)


def test_no_message_uses_a_word_that_the_glossary_bans():
    banned = [word for row in glossary() for word in row[2]]
    assert "关键成果" in banned

    found = [
        f"{place}: {word} in {zh}" for place, _, zh in wordings() for word in banned if word in zh
    ]

    assert found == []


def test_messages_that_are_a_term_are_translated_as_the_glossary_says():
    terms = {english: chinese for english, chinese, _ in glossary()}
    known = [(place, en, zh) for place, en, zh in wordings() if en.casefold() in terms]
    assert len(known) > 20

    wrong = [
        f"{place}: “{en}” is “{zh}”, not “{terms[en.casefold()]}”"
        for place, en, zh in known
        if zh not in (terms[en.casefold()], ALSO.get(en.casefold()))
    ]

    assert wrong == []
