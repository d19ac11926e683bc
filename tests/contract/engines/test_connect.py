"""Spark behind Connect (`sc://`): the copy arrives, and questions have the same answers."""

from __future__ import annotations

import pytest

from contract.engines.test_equal import QUESTIONS, told
from mingji.engine.backends.interface import Backend
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse


@pytest.mark.connect
@pytest.mark.parametrize("question", ["by member", "by a joined truth"])
@pytest.mark.parametrize("engine", ["connect"], indirect=True)
def test_the_same_question_has_the_same_answer_over_connect(
    engine: Backend, book: Warehouse, definitions: Definitions, question: str
) -> None:
    asked, metrics = QUESTIONS[question], ["won_value", "win_rate", "median_days"]

    expected = told(observe(book, definitions, metrics=metrics, **asked))

    assert told(observe(engine, definitions, metrics=metrics, **asked)) == expected
