"""The page of findings of files names every code that reading one can tell, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingji.engine.reasons import REASONS
from mingji.engine.step_rows import REASONS as OF_STEPS
from mingji.engine.step_rows import WARNED

ROOT = Path(__file__).parents[2]
PAGES = ("docs/reference/file-findings.md", "docs/reference/file-findings.zh.md")
#: Where a file becomes rows; what they tell of a column's cells stands in `REASONS`.
MODULES = (
    *("connectors/delimited", "connectors/files", "connectors/reading", "connectors/workbooks"),
    *(
        "engine/drift",
        "engine/headers",
        "engine/loading",
        "engine/outcome",
        "engine/plausible",
        "engine/spellings",
    ),
    *(
        "engine/beside",
        "engine/keys_told",
        "engine/scaling",
        "engine/sheets",
        "engine/totals",
        "engine/warehouse",
    ),
)
#: Questions are named after their option; what is left out is looped over.
IN_OTHER_WAYS = {"numbers_uncertain", "dates_uncertain", "summary_row", "note_row"}
#: How many arguments stand before the code.
TELLING = {"Finding": 0, "told": 1, "_told": 1, "_invalid": 0}


def in_code(module: str) -> Iterator[str]:
    """The codes that stand in calls that tell something, or are yielded to be told."""
    tree = ast.parse((ROOT / f"src/mingji/{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            at = TELLING.get(node.func.id, len(node.args))
            yield from _words(node.args[at : at + 1])
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            yield from _words(node.value.elts[:1])


def _words(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
        for each in branches:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_findings_names_every_code_and_no_other(page: str) -> None:
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", (ROOT / page).read_text(encoding="utf-8"), re.M)
    named = [code for row in rows for code in re.findall(r"`(\w+)`", row)]
    told = {code for module in MODULES for code in in_code(module)} | IN_OTHER_WAYS | set(REASONS)
    told |= {*filter(None, OF_STEPS), *WARNED}

    assert set(named) == told
    assert len(named) == len(set(named))
