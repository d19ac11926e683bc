"""What the check says of goals as marketers write them is what a careful reader says."""

from __future__ import annotations

import pytest

from mingji.rules.smart.check import check
from unit.rules.smart.goals_as_written import CHINESE, ENGLISH, TODAY, Row, draft_of

SIGNS = {"good": "+", "mend": "-", "unknown": "?"}


@pytest.mark.parametrize("row", [*CHINESE, *ENGLISH], ids=lambda row: f"{row.title}→{row.target}")
def test_each_letter_is_judged_as_by_hand(row: Row):
    letters = check(draft_of(row), today=TODAY)

    said = "".join(SIGNS[letter.verdict] for letter in letters)
    assert said == row.expected, [letter.sentence.zh for letter in letters]
    assert [letter.initial for letter in letters] == list("SMART")
    for letter in letters:
        assert letter.sentence.zh
        assert letter.sentence.en


def test_there_are_enough_of_them():
    assert len(CHINESE) >= 60
    assert len(ENGLISH) >= 40
