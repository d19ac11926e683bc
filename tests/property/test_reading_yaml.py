"""Definitions read the same, faults included, whether or not PyYAML was built with libyaml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import mingji
from mingji.engine.document import Notes, compose
from mingji.rules.errors import Invalid

SHIPPED = sorted(Path(mingji.__file__).parent.rglob("*.yaml"))
LINES = [
    line
    for path in SHIPPED
    for line in path.read_text(encoding="utf-8").splitlines()
    if len(line) < 120
]
STRANGE = [
    *"{}[]:,-?*&!|>'\"#%@`~ .0中😀é",
    *("\n", "\t", "\r", "\r\n", "\u2028", "\x85", "\ufeff", "\x00"),
    *("\n  ", "\n- ", ": ", "? ", "---\n", "...\n", "!!null ", "%YAML 1.1\n", "|\n  ", "null"),
    *("&a ", "*a", "<<: ", '"\\x41"', "[" * 45, "{a: " * 45, "- " * 45),
]


def read(text: str) -> object:
    """Every value with its place, or the faults with theirs."""
    notes = Notes("kpis.yaml")
    try:
        return compose(text, notes), notes.spots
    except Invalid as refused:
        return refused.findings


def without_libyaml(text: str) -> object:
    with pytest.MonkeyPatch.context() as machine:
        machine.setattr(yaml, "__with_libyaml__", False)
        return read(text)


def mended(lines: list[str], place: int, strange: str) -> str:
    text = "\n".join(lines)
    return text[: place % (len(text) + 1)] + strange + text[place % (len(text) + 1) :]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_reads_the_same(path):
    text = path.read_text(encoding="utf-8")

    assert read(text) == without_libyaml(text)


@settings(max_examples=150)
@given(
    text=st.builds(
        mended,
        st.lists(st.sampled_from(LINES), min_size=1, max_size=5),
        st.integers(0, 500),
        st.sampled_from(STRANGE),
    )
    | st.lists(st.sampled_from(STRANGE), max_size=12).map("".join)
)
def test_any_text_reads_the_same_or_is_refused_for_the_same_faults(text):
    assert read(text) == without_libyaml(text)


@pytest.mark.parametrize(
    ("text", "line", "column", "fault"),
    [
        ("a: 1\nb: [1, 2\n", 3, 1, "a bracket is left open, or a comma missing"),
        ("a: 1\n b: 2\n", 2, 3, "no colon can stand here"),
        ("a: {b: 1, c? : 2}\n", 1, 12, "a brace is left open, or a comma missing"),
        ("a: 1\n\tb: 2\n", 2, 1, "a tab stands where spaces must"),
        ("a: 'never closed\n", 2, 1, "a quote is left open"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "“a” is written twice"),
        ("[" * 41 + "]" * 41, 1, 41, "nested too deeply"),
        ("[" * 500 + "]" * 500, None, None, "maximum recursion depth exceeded"),
        ("a: &x 1\nb: *x\n", None, None, "anchors and aliases are not read"),
        ("a: 1\n---\nb: 2\n", 2, 1, "but found another document"),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(text, line, column, fault):
    with pytest.raises(Invalid) as refused:
        compose(text, Notes("kpis.yaml"))

    finding = refused.value.findings[0]
    assert (finding.place.line, finding.place.column) == (line, column)
    assert fault in finding.message.en
