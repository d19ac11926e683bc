"""A department small enough to work out by hand: `kpi_rows.py` holds its rows, one file a table.

Ann is in the team `ads`, Bo in `events`; Cy moves from `ads` to `events` on 15 August 2026.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kpi_rows import ROWS
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.model import Definitions
from mingji.engine.observation import Observation, Observations
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import LIBRARY

QUARTERS = ("2025Q3", "2026Q1", "2026Q2", "2026Q3")
MOVED = dt.date(2026, 8, 15)
PEOPLE = Identity(
    postings=(
        Posting("ann", {"team": "ads"}),
        Posting("bo", {"team": "events"}),
        Posting("cy", {"team": "ads"}, ends_on=MOVED - dt.timedelta(days=1)),
        Posting("cy", {"team": "events"}, starts_on=MOVED),
    )
)
Look = Callable[[str, str], Observation]


@pytest.fixture(scope="session")
def library() -> Definitions:
    return load_definitions(LIBRARY)


@pytest.fixture(scope="session")
def people() -> Identity:
    return PEOPLE


@pytest.fixture(scope="session")
def warehouse(library: Definitions, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("department")
    warehouse = Warehouse(folder / "warehouse")
    for name, text in ROWS.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        batch = warehouse.load(
            library.tables[name], open_file(path), loaded_at="2026-11-22T00:00:00Z"
        )
        assert batch.loaded == len(text.strip().splitlines()) - 1, (name, batch.findings)
    return warehouse


@pytest.fixture(scope="session")
def look(warehouse: Warehouse, library: Definitions) -> Look:
    """`look("market_share", "2026Q3")`, `… "2026Q3 team=ads"`, `… "2026 product=A"`.

    A question is asked once for all KPIs that have its keys.
    """
    asked: dict[tuple[str, str, str], Observations] = {}

    def found(metric: str, where: str) -> Observation:
        period, _, rest = where.partition(" ")
        key, _, value = rest.partition("=")
        grain = "quarter" if "Q" in period else "year"
        only = metric if key == "product" else ""
        if (grain, key, only) not in asked:
            asked[grain, key, only] = observe(
                warehouse,
                library,
                metrics=[only] if only else [m.id for m in library.metrics.values() if m.kpi],
                by=(*((key,) if key else ()), "period"),
                grain=grain,  # type: ignore[arg-type]
                periods=QUARTERS if grain == "quarter" else ("2026",),
                identity=PEOPLE,
            )
        keys = {key: value, "period": period} if key else {"period": period}
        answer = asked[grain, key, only].at(metric, **keys)
        assert answer is not None, f"no slice {where} of {metric}"
        return answer

    return found
