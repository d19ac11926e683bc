"""What stands out in a table, each check on rows that were made for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import pytest

from integration.engine.conftest import Load
from mingji.engine.backends.duckdb import opened
from mingji.engine.definitions import load_definitions
from mingji.engine.health import jump, table_findings
from mingji.engine.model import Definitions
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

TODAY = dt.date(2026, 11, 20)
DEFINITIONS = """\
tables:
  leads:
    key: id
    time: created_on
    owner: owner
    columns: {id: text, created_on: date, owner: text, channel: text, mql_on: date, amount: decimal}
  calls:
    key: call_id
    time: called_on
    columns: {call_id: text, id: text, called_on: date}
metrics:
  leads: {table: leads, agg: count}
"""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(DEFINITIONS)


def lead(number: int, day: dt.date, **given: str) -> str:
    usual = {"owner": "a", "channel": "ads", "mql_on": "", "amount": str(number)}
    cells = {**usual, **given}
    return f"{number},{day}," + ",".join(cells[name] for name in usual)


def every(days: int, *, until: dt.date, since: dt.date = dt.date(2025, 9, 1)) -> list[dt.date]:
    return [since + dt.timedelta(days=n) for n in range(0, (until - since).days + 1, days)]


def steady(until: dt.date = TODAY) -> list[str]:
    return [lead(n, day) for n, day in enumerate(every(2, until=until))]


@pytest.fixture
def codes(warehouse: Warehouse, load: Load, definitions: Definitions):
    def found(rows: Iterable[str], calls: str = "", table: str = "leads") -> dict[str, int | None]:
        load("leads", "id,created_on,owner,channel,mql_on,amount\n" + "\n".join(rows) + "\n")
        if calls:
            load("calls", "call_id,id,called_on\n" + calls)
        with opened(warehouse, definitions) as session:
            seen = table_findings(session, definitions, definitions.tables[table], TODAY)
        return {each.code: each.count for each in seen}

    return found


def test_steady_rows_stand_out_in_nothing(codes) -> None:
    assert codes(steady()) == {}


def test_silence_longer_than_usual_is_found(codes) -> None:
    assert codes(steady(dt.date(2026, 11, 3)))["stale"] == 17


def test_a_month_with_far_more_rows_is_found(codes) -> None:
    more = [lead(9000 + n, dt.date(2026, 10, 1 + n % 30)) for n in range(60)]

    assert codes([*steady(), *more])["volume"] == 75


def test_a_month_without_rows_is_found(codes) -> None:
    rows = [row for row in steady() if ",2026-10-" not in row]

    assert codes(rows)["volume"] == 0


def test_a_column_that_is_blank_of_late_is_found(codes) -> None:
    days = every(2, until=TODAY)
    rows = [
        lead(n, day, channel="" if day > dt.date(2026, 9, 1) else "ads")
        for n, day in enumerate(days)
    ]

    assert "blanks" in codes(rows)


def test_rows_alike_in_all_but_the_key_are_found(codes) -> None:
    same = [lead(5000 + n, dt.date(2026, 10, 5), amount="7") for n in range(8)]

    assert codes([*steady(), *same])["duplicates"] == 7


def test_a_date_before_the_record_began_is_found(codes) -> None:
    odd = lead(7000, dt.date(2026, 10, 5), mql_on="2026-10-01")

    assert codes([*steady(), odd])["date_order"] == 1


@pytest.mark.parametrize("day", ["1926-10-05", "2062-10-05"])
def test_a_date_that_nobody_meant_is_found(codes, day) -> None:
    odd = lead(7000, dt.date(2026, 10, 5), mql_on=day)

    assert codes([*steady(), odd])["impossible_date"] == 1


def test_a_number_that_the_other_table_does_not_have_is_found(codes) -> None:
    calls = "c1,1,2026-10-01\nc2,404,2026-10-02\nc3,,2026-10-03\n"

    assert codes(steady(), calls, table="calls") == {"unknown_reference": 1}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([100, 102, 98, 101, 99, 100], False),
        ([100, 102, 98, 101, 99, 180], True),
        ([100, 102, 98, 101, 99, None], False),
        ([1, 100], False),
        ([100, 200, 50, 120, 80, 210], False),
    ],
)
def test_a_value_far_from_all_before_is_a_jump(definitions, values, found) -> None:
    series = [(f"p{n}", None if v is None else Decimal(v)) for n, v in enumerate(values)]

    assert bool(jump(definitions.metrics["leads"], series)) == found


def test_thresholds_stand_in_the_definitions_and_a_misspelt_one_is_refused() -> None:
    given = DEFINITIONS.replace("    key: id\n", "    key: id\n    health: {silent_days: 30}\n")

    assert load_definitions(given).tables["leads"].health.silent_days == 30
    with pytest.raises(Invalid) as refused:
        load_definitions(given.replace("silent_days", "silence"))
    assert "silence" in refused.value.findings[0].message.en
