"""An explanation reads in either language, as deep as asked, with every flag in words."""

from __future__ import annotations

import re
from pathlib import Path

from mingji.rules import explain_text as module
from mingji.rules.explain_text import FLAGS, explain_text, flag_words
from mingji.rules.form import form_for
from mingji.rules.scoring import score
from unit.rules.forms import a_member, a_scheme, reached

RULES = Path(module.__file__).parent


def test_the_text_goes_as_deep_as_asked() -> None:
    node = score(form_for(a_scheme()), a_member()).node

    assert explain_text(node, "en", depth=1) == "grade: B = 81.2: B Good (≥ 70)"
    assert len(explain_text(node, "en", depth=3).splitlines()) == 4
    assert "    process: 21 = (70) × dimension weight 30 %" in explain_text(node, "en")


def test_missing_data_reads_in_both_languages() -> None:
    node = score(form_for(a_scheme()), a_member(items={"won": reached(90)})).node

    assert "无数据，权重分给其他项" in explain_text(node, "zh-Hans")
    assert "no data: its weight goes to the others" in explain_text(node, "en")


def test_every_flag_that_the_rules_set_has_words() -> None:
    source = "".join(path.read_text("utf-8") for path in RULES.rglob("*.py"))
    literal = re.findall(r'flags(?:: tuple\[str, \.\.\.\])? ?\+?= ?\(\(?"(\w+)"', source)

    assert set(literal)
    assert set(literal) <= set(FLAGS)


def test_a_red_line_is_named() -> None:
    assert flag_words("red_line_fraud").zh == "触及红线 fraud"
