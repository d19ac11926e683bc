"""Every engine gives the same figures to the last digit, and says the same of their rows."""

from __future__ import annotations

from typing import Any

import pytest

from contract.engines.book import IDENTITY
from contract.engines.conftest import EVERY, FOREIGN
from mingji.engine.backends.interface import Backend
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observation import Observations
from mingji.engine.observe import Cut, look, observe
from mingji.engine.periods import Fiscal
from mingji.engine.warehouse import Warehouse
from mingji.rules.explanation import as_data

QUESTIONS: dict[str, dict[str, Any]] = {
    "the company": {"by": ()},
    "by period": {"by": ("period",)},
    "by month": {"by": ("month",)},
    "by week": {"by": ("week",)},
    "by fiscal year": {"by": ("year",), "fiscal": Fiscal(4)},
    "by member": {"by": ("member", "period"), "identity": IDENTITY},
    "by team": {"by": ("team",), "identity": IDENTITY},
    "by team and month": {"by": ("team", "month"), "identity": IDENTITY},
    "every owner a member": {"by": ("member",)},
    "by a column": {"by": ("stage",)},
    "by a column in Chinese": {"by": ("负责人",)},
    "by a truth": {"by": ("renewed",)},
    "by a number": {"by": ("seats",)},
    "by a decimal": {"by": ("rate",)},
    "by a day": {"by": ("closed_on",)},
    "by a joined column": {"by": ("series", "period")},
    "by a joined truth": {"by": ("products.active",)},
    "of two periods": {"by": ("period",), "periods": ("2025Q3", "2026Q1")},
    "where a column": {"by": ("period",), "where": "amount > 0.04 and not renewed"},
    "where a joined column": {"by": (), "where": "products.series = 'MG'"},
    "where a day": {"by": (), "where": "closed_on >= '2026-03-01'"},
    "where nothing is": {"by": ("stage",), "where": "product = '没有'"},
}
OF_SPEND = {"the company", "by period", "by month", "by week", "by fiscal year", "of two periods"}


def told(answer: Observations) -> dict[str, Any]:
    """Everything an answer says but the names of the places that its rows lie in."""

    def plain(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: plain(value) for name, value in node.items() if name != "origin"}
        return [plain(each) for each in node] if isinstance(node, list) else node

    return {
        "rows": [
            (
                each.metric,
                dict(each.keys),
                str(each.value),
                each.row_count,
                plain(as_data(each.node)),
            )
            for each in answer.rows
        ],
        "unmatched": answer.unmatched,
        "findings": answer.findings,
    }


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("engine", FOREIGN, indirect=True)
def test_the_same_question_has_the_same_answer(
    engine: Backend, book: Warehouse, definitions: Definitions, question: str
) -> None:
    asked = QUESTIONS[question]
    metrics = [
        metric.id
        for metric in definitions.metrics.values()
        if question in OF_SPEND or all(each.table == "deals" for each in definitions.leaves(metric))
    ]

    expected = told(observe(book, definitions, metrics=metrics, **asked))

    assert told(observe(engine, definitions, metrics=metrics, **asked)) == expected


@pytest.mark.parametrize(
    "ref",
    [
        "won_value?member=anna&period=2026Q1",
        "rows?stage=Lost",
        "value?负责人=",
        "value?rate=0.3333",
        "rows?renewed=false",
        "rows?seats=3",
        "rows?closed_on=2026-02-20",
        "cost?channel=邮件",
    ],
)
@pytest.mark.parametrize("engine", FOREIGN, indirect=True)
def test_a_number_opens_into_the_same_rows(
    engine: Backend, book: Warehouse, definitions: Definitions, ref: str
) -> None:
    def pages(store: Any) -> list[Any]:
        found, after = [], None
        while True:
            page = rows(store, definitions, ref, identity=IDENTITY, after=after, limit=2)
            found += [page.columns, *page.rows]
            if (after := page.next) is None:
                return found

    assert pages(engine) == pages(book)


TOGETHER: list[tuple[str, ...]] = [
    ("member", "period"),
    ("team", "period"),
    ("stage", "period"),
    ("product", "stage", "period"),
    ("period", "stage", "product"),  # the same groups in another order: counted once
    ("period",),
]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_what_is_counted_together_is_what_is_counted_alone(
    engine: Backend, definitions: Definitions
) -> None:
    deals = tuple(
        metric.id
        for metric in definitions.metrics.values()
        if all(each.table == "deals" for each in definitions.leaves(metric))
    )
    cuts = [Cut(by, deals) for by in TOGETHER[:-1]] + [Cut(TOGETHER[-1])]
    periods = ("2025Q4", "2026Q1")

    looked = look(engine, definitions, cuts, periods=periods, identity=IDENTITY)

    for place, cut in enumerate(cuts):
        alone = observe(
            engine, definitions, metrics=cut.metrics, by=cut.by, periods=periods, identity=IDENTITY
        )
        assert tuple(looked.rows(place)) == alone.rows
        assert alone.rows
