"""Every setting is documented in both languages, and nothing is documented that is no setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\"(MINGJI_[A-Z_]+)\"")


def _read() -> set[str]:
    """The variables that the program asks the environment for."""
    asking = [path for path in (ROOT / "src").rglob("*.py") if "environ" in path.read_text("utf-8")]
    return {name for path in asking for name in NAME.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("page", ["settings.md", "settings.zh.md"])
def test_the_page_of_settings_lists_what_the_program_reads(page):
    text = (ROOT / "docs/reference" / page).read_text("utf-8")

    assert set(re.findall(r"^\| `(MINGJI_[A-Z_]+)`", text, re.MULTILINE)) == _read()
