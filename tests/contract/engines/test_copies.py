"""The copy of the warehouse in an engine: each batch once, and what it replaces gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from contract.engines.conftest import FOREIGN
from integration.engine.conftest import DEALS, DEFINITIONS, PRODUCTS, Load, loader
from mingji.engine.backends.choosing import Engine, engine_at
from mingji.engine.backends.copying import Copied, Shelf, copy
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse

# Names of their own, so that the book of the other tests stays as it is.
OTHER = DEFINITIONS.replace("deals", "orders").replace("products", "goods").replace("spend", "paid")


@pytest.fixture
def definitions() -> Definitions:
    return load_definitions(OTHER)


@pytest.fixture
def load(tmp_path: Path, warehouse: Warehouse, definitions: Definitions) -> Load:
    return loader(tmp_path, warehouse, definitions)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def foreign(request: pytest.FixtureRequest, definitions: Definitions) -> Engine:
    """The engine that a test names, without copies of these tables."""
    engine: Engine = request.getfixturevalue(request.param)
    with engine.shelf() as shelf:
        for table in definitions.tables.values():
            shelf.clear(table)
    return engine


def same(warehouse: Warehouse, engine: Engine, definitions: Definitions) -> bool:
    asked: dict[str, Any] = {"metrics": ["won_value", "closed", "median_days"], "by": ("rep",)}
    left, right = (observe(store, definitions, **asked).rows for store in (warehouse, engine))
    return [(r.keys, r.value) for r in left] == [(r.keys, r.value) for r in right]


@pytest.mark.parametrize("foreign", FOREIGN, indirect=True)
def test_a_copy_is_made_once_and_brought_up_to_date(
    foreign: Engine, warehouse: Warehouse, load: Load, definitions: Definitions
) -> None:
    load("orders", DEALS)
    load("goods", PRODUCTS)

    first = copy(warehouse, definitions, foreign)
    again = copy(warehouse, definitions, foreign)
    # One deal of the first batch is replaced, one is new: both batches change.
    load(
        "orders", f"{DEALS.splitlines()[0]}\n1,Anna,Won,MG,,2026-05-01,5\n9,Bob,Won,,,,1\n", "b.csv"
    )
    later = copy(warehouse, definitions, foreign)

    assert first == [Copied("orders", 1, 8, 0), Copied("goods", 1, 2, 0)]
    assert again == []
    assert later == [Copied("orders", 2, 9, 0)]
    assert same(warehouse, foreign, definitions)


@pytest.mark.parametrize("foreign", FOREIGN, indirect=True)
def test_a_copy_that_was_cut_off_is_finished_without_doubling_rows(
    foreign: Engine, warehouse: Warehouse, load: Load, definitions: Definitions
) -> None:
    load("orders", DEALS)
    load("goods", PRODUCTS)

    with pytest.raises(ConnectionError):
        copy(warehouse, definitions, CutOff(foreign))
    copy(warehouse, definitions, foreign)

    assert same(warehouse, foreign, definitions)


@pytest.mark.parametrize("foreign", FOREIGN, indirect=True)
def test_where_the_columns_change_the_table_is_copied_anew(
    foreign: Engine, warehouse: Warehouse, load: Load, definitions: Definitions, tmp_path: Path
) -> None:
    load("orders", DEALS)
    copy(warehouse, definitions, foreign)
    changed = load_definitions(
        OTHER.replace("stage: text", "stage: text\n      extra: {optional: true}")
    )
    loader(tmp_path, warehouse, changed)("orders", DEALS)

    done = copy(warehouse, changed, foreign)

    assert done == [Copied("orders", 1, 8, 0)]
    assert same(warehouse, foreign, changed)


class CutOff:
    """An engine whose connection breaks after the first rows of a batch."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        with self.engine.shelf() as shelf:
            yield _Breaking(shelf)  # type: ignore[misc]


class _Breaking:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.kept, self.clear, self.remove = shelf.kept, shelf.clear, shelf.remove

    def replace(self, table: Any, batch: str, state: str, rows: Iterator[Any]) -> None:
        def cut() -> Iterator[Any]:
            for chunk in rows:
                yield chunk.slice(0, 3)
                raise ConnectionError("cut off")

        self.shelf.replace(table, batch, state, cut())


def test_an_address_of_no_engine_is_refused_with_those_that_are_known() -> None:
    from mingji.rules.errors import Invalid

    with pytest.raises(Invalid, match="oracle is no engine") as refused:
        engine_at("oracle://somewhere")

    assert "postgresql://" in refused.value.findings[0].remedy.en
