"""The page of sources lists every kind, every setting and every layout, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mingji.connectors.kinds import kinds
from mingji.connectors.layouts import layouts

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("page", "locale"), [("sources.md", "en"), ("sources.zh.md", "zh")])
def test_the_page_of_sources_says_what_the_program_asks(page: str, locale: str) -> None:
    text = (REFERENCE / page).read_text("utf-8")
    *sections, last = re.split(r"^## ", text, flags=re.MULTILINE)[1:]

    for kind, section in zip(kinds(), sections, strict=True):
        assert section.startswith(f"`{kind.name}` {kind.label.in_(locale)}")
        rows = re.findall(
            r"^\| `(\w+)` \| ([^|]*) \| (\S*) *\| `?([^`|]*)`? \|", section, re.MULTILINE
        )
        told = [(name, bool(required), default.strip()) for name, _, required, default in rows]
        assert told == [(each.name, each.required, each.default) for each in kind.settings]
        assert all(
            s.label.in_(locale) in row[1] for s, row in zip(kind.settings, rows, strict=True)
        )
    listed = re.findall(r"^\| `(\w+)` \| [^|]+ \| `(\w+)` \|", last, re.MULTILINE)
    assert listed == [(each.name, each.table) for each in layouts()]
