"""A number opens down to the very rows it was made from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integration.engine.test_observe import IDENTITY
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observation import RowPage
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid


def column(page: RowPage, name: str) -> list[object]:
    place = page.columns.index(name)
    return [row[place] for row in page.rows]


@pytest.mark.parametrize(
    "by", [(), ("member", "period"), ("team", "month"), ("series",), ("product", "year")]
)
def test_aggregating_the_rows_of_a_slice_gives_its_value(
    book: Warehouse, definitions: Definitions, by: tuple[str, ...]
) -> None:
    answer = observe(
        book,
        definitions,
        metrics=["won_value", "won", "largest"],
        by=by,
        where="amount >= 0 or amount is null",
        identity=IDENTITY,
    )
    combine = {"won_value": sum, "won": sum, "largest": lambda values: max(values, default=None)}

    assert answer.rows
    for row in answer.rows:
        page = rows(book, definitions, row.node.sources[0].ref, identity=IDENTITY)
        values = [value for value in column(page, "_value") if value is not None]
        assert len(page.rows) == row.row_count
        if row.value is not None:
            assert combine[row.metric](values) == row.value


def test_rows_carry_file_and_row_number(book: Warehouse, definitions: Definitions) -> None:
    page = rows(book, definitions, "won?member=anna&period=2026Q1", identity=IDENTITY)

    assert column(page, "_file") == ["deals.csv", "deals.csv"]
    assert column(page, "_row") == [2, 3]
    assert column(page, "closed_on") == ["2026-01-11", "2026-02-20"]
    assert column(page, "amount") == [Decimal("100.1"), Decimal("200.2")]


def test_pages_follow_one_another_without_gap(book: Warehouse, definitions: Definitions) -> None:
    seen: list[object] = []
    after: str | None = None
    while True:
        page = rows(book, definitions, "closed", after=after, limit=3)
        seen += column(page, "id")
        after = page.next
        if after is None:
            break

    assert seen == ["1", "2", "3", "4", "5", "6", "7", "8"]


@pytest.mark.parametrize(
    "ref",
    ["win_rate?member=anna", "nothing", "won?colour=red", "won?period=soon", "won?where=1+1"],
)
def test_an_address_that_leads_nowhere_is_a_sentence(
    book: Warehouse, definitions: Definitions, ref: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rows(book, definitions, ref, identity=IDENTITY)

    assert refused.value.findings[0].remedy.en


def test_a_forged_page_token_is_refused(book: Warehouse, definitions: Definitions) -> None:
    with pytest.raises(Invalid):
        rows(book, definitions, "won", after="x")
