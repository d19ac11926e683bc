"""Eight metrics by member and quarter over generated deals, and the same by hand.

Run as a program on a folder that is there, it answers the compiled query once and prints the most
memory that took, in KiB: `python tests/bench/deals.py <folder>`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mingji.engine.backends.duckdb import Embedded
from mingji.engine.backends.interface import Session
from mingji.engine.compile import grouped
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.local import prepare
from mingji.engine.slices import Question
from mingji.engine.warehouse import Warehouse

DEFINITIONS = load_definitions("""\
tables:
  deals:
    key: id
    time: closed_on
    owner: rep
    columns: {id: integer, rep: text, stage: text, product: text, closed_on: date, amount: decimal}
metrics:
  value: {table: deals, column: amount}
  won_value: {table: deals, column: amount, filter: "stage = 'v1'"}
  deals_all: {table: deals, agg: count}
  won: {table: deals, agg: count, filter: "stage = 'v1'"}
  large: {table: deals, agg: count, filter: amount > 5000}
  largest: {table: deals, agg: max, column: amount}
  smallest: {table: deals, agg: min, column: amount}
  average: {table: deals, agg: average, column: amount}
""")
DEALS = DEFINITIONS.tables["deals"]
MEMBERS = 10_000
IDENTITY = Identity(postings=tuple(Posting(f"m{n}", {}) for n in range(MEMBERS)))
BY_HAND = """
    SELECT p.member, year(closed_on) || 'Q' || quarter(closed_on) AS quarter,
        sum(amount), sum(amount) FILTER (stage = 'v1'), count(*), count(*) FILTER (stage = 'v1'),
        count(*) FILTER (amount > 5000), max(amount), min(amount), sum(amount) / count(amount)
    FROM deals LEFT JOIN _people_deals AS p
        ON p.owner = deals.rep AND closed_on BETWEEN p.starts_on AND p.ends_on
    GROUP BY ALL
"""


@contextmanager
def asked(warehouse: Warehouse) -> Iterator[tuple[Session, Any]]:
    """A session that has what the query joins, and the compiled query."""
    question = Question(DEFINITIONS, ("member", "quarter"), "quarter", None, "", IDENTITY)
    slice_ = question.slice(DEFINITIONS.metrics["value"], None)
    with Embedded(warehouse).open(DEFINITIONS) as session:
        prepare(session, [slice_], DEFINITIONS, IDENTITY, DEFINITIONS.fiscal)
        yield session, grouped([slice_], DEFINITIONS.metrics.values(), DEFINITIONS)


def answer(warehouse: Warehouse) -> Any:
    """The compiled query from the folder to its answer: opened, prepared, compiled, counted."""
    with asked(warehouse) as (session, compiled):
        return session.run(compiled)


if __name__ == "__main__":
    answer(Warehouse(Path(sys.argv[1])))
    # Of this process alone: `getrusage` begins with what the process had that started it.
    state = Path("/proc/self/status").read_text(encoding="utf-8")
    sys.stdout.write(state.partition("VmHWM:")[2].split()[0])
