"""Compiled metrics beside the SQL that a person would write, and beside with_pandas."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as compute
import pytest

from bench import deals, with_pandas
from bench.conftest import ROWS, stored
from bench.measuring import Report, in_turns, spent
from mingji.engine.warehouse import Warehouse

pytestmark = pytest.mark.bench
_MOST_FOR_PANDAS = 10_000_000  # of more rows pandas does not hold two copies in memory
_GIB = 1024**2  # in KiB


@pytest.fixture(scope="module", params=["over time", "in no order"])
def order(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def warehouse(order: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("deals")
    yield stored(folder, deals.DEFINITIONS, ROWS, over_time=order == "over time")
    shutil.rmtree(folder)


def test_beside_sql_written_by_hand(warehouse: Warehouse, order: str, report: Report) -> None:
    with deals.asked(warehouse) as (session, compiled):

        def by_hand() -> Any:
            return session.connection.sql(deals.BY_HAND).to_arrow_table()  # type: ignore[attr-defined]

        assert _total(session.run(compiled), "value") == _total(by_hand(), "sum(amount)")
        ours, theirs = in_turns(lambda: session.run(compiled), by_hand)

    report.beside(f"compiled query beside SQL by hand, rows {order}", ours, theirs, "≤ 1.2 ×")


@pytest.mark.skipif(ROWS > _MOST_FOR_PANDAS, reason="pandas at 10 million rows")
@pytest.mark.parametrize("exactly", [True, False], ids=["exactly", "in binary fractions"])
def test_beside_pandas(warehouse: Warehouse, order: str, report: Report, exactly: bool) -> None:
    files = sorted((warehouse.root / "batches" / "deals").glob("*.parquet"))
    people = with_pandas.people_of(deals.IDENTITY.table(""), exactly=exactly)
    frame = with_pandas.read(files, exactly=exactly)
    how = "exact" if exactly else "binary fractions"

    def from_memory() -> Any:
        return with_pandas.by_member_and_quarter(frame, people)

    def from_files() -> Any:
        read = with_pandas.read(files, exactly=exactly)
        return with_pandas.by_member_and_quarter(read, people)

    with deals.asked(warehouse) as (session, compiled):
        found = session.run(compiled)
        theirs_there = from_memory()
        assert len(theirs_there) == found.num_rows
        if exactly:
            assert theirs_there["value"].sum() == _total(found, "value")
        ours, theirs = in_turns(lambda: session.run(compiled), from_memory, rounds=3)
    whole, their_whole = in_turns(lambda: deals.answer(warehouse), from_files, rounds=3)

    what = f"beside pandas ({how}), rows {order}"
    report.beside(f"query from files {what}, frame in memory", ours, theirs, "≤ 0.1 ×")
    report.beside(f"opened and asked {what}, read and asked", whole, their_whole, "≤ 0.1 ×")


def test_peak_memory(warehouse: Warehouse, report: Report) -> None:
    command = [sys.executable, deals.__file__, str(warehouse.root)]
    peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    report.alone("peak memory of a process that answers it", f"{peak / _GIB:.2f} GiB", "≤ 4 GiB")


def test_starting_up(report: Report) -> None:
    program = Path(sys.executable).with_name("mingji")
    taken = min(
        spent(lambda: subprocess.run([program, "--help"], check=True, capture_output=True)).cpu
        for _ in range(5)
    )

    report.alone("`mingji --help`", f"{taken:.2f} s processor", "< 0.3 s processor")


def _total(rows: Any, name: str) -> Any:
    return compute.sum(rows[name]).as_py()
