"""Codes of records become names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from mingji.kit import actors
from mingji.rules.text import Text


@pytest.fixture
def asked() -> Iterator[list[Collection[str]]]:
    """What the look-up was asked for; it knows one member."""
    before, look_ups = actors._namers[:], []

    def namer(codes: Collection[str]) -> dict[str, Text]:
        look_ups.append(codes)
        return {code: Text("沈若琳", "Shen Ruolin") for code in codes if code == "CC010"}

    actors.register(namer)
    yield look_ups
    actors._namers[:] = before


def test_names_are_looked_up_at_once(asked: list[Collection[str]]) -> None:
    names = actors.names_of(["CC010", "system", "CC010 · CC099"])

    assert names["CC010"] == Text("沈若琳", "Shen Ruolin")
    assert names["system"] == Text("系统", "the installation")
    assert names["CC010 · CC099"] == Text("沈若琳、CC099", "Shen Ruolin, CC099")
    assert asked == [{"CC010", "CC099"}]


def test_the_installation_needs_no_look_up(asked: list[Collection[str]]) -> None:
    assert actors.names_of(["system", ""])[""] == Text("", "")
    assert asked == []
