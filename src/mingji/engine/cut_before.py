"""Which cut keys may be keys of rows that were loaded before, so that they would replace them.

The statements run in a private local engine; the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from mingji.engine.batches import parquet_rows

#: Digits that a spreadsheet keeps, and digits of the longest whole number that is compared.
KEPT, _LONGEST = 15, 38
#: What a spreadsheet makes of longer numbers.
CUT_NUMBER = r"\d{15}0+|\d(\.\d+)?[Ee]\+\d{2,}"


def keys_before(
    key: Sequence[str], files: Sequence[Path], cut: Sequence[tuple[object, ...]]
) -> set[tuple[object, ...]]:
    """Those of the cut keys that stand in earlier files, or could be one of a key there.

    Args:
        key: The columns of the key. Only of a key of one column, all digits are compared too.
        files: The rows of earlier batches.
        cut: Keys with a number whose last digits are lost.
    """
    if not files or not cut:
        return set()
    texts = [tuple(None if each is None else str(each) for each in one) for one in cut]
    with duckdb.connect() as connection:
        connection.register("cuts", _cuts(key, texts))
        connection.execute(f"CREATE TEMP TABLE old AS {_old(key, files)}")
        if len(key) == 1:
            _compare_digits(connection)
        same = " AND ".join(f"old.k{at} = cuts.k{at}" for at in range(len(key)))
        alike = "UNION SELECT number FROM alike" if len(key) == 1 else ""
        query = f"SELECT number FROM cuts JOIN old ON {same} {alike}"
        found = connection.sql(query).fetchall()
    return {cut[number] for (number,) in found}


def _cuts(key: Sequence[str], texts: Sequence[tuple[str | None, ...]]) -> pa.Table:
    columns = {f"k{at}": pa.array([t[at] for t in texts], pa.string()) for at in range(len(key))}
    return pa.table({**columns, "number": pa.array(range(len(texts)), pa.int64())})


def _old(key: Sequence[str], files: Sequence[Path]) -> str:
    cells = ", ".join(f'CAST("{name}" AS VARCHAR) AS k{at}' for at, name in enumerate(key))
    return f"SELECT DISTINCT {cells} FROM {parquet_rows(files)}"


def _compare_digits(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `alike`, the numbers of the cut keys that could be a key that stands in `old`."""
    for name in ("cuts", "old"):
        query = f"SELECT DISTINCT k0 FROM {name} WHERE regexp_full_match(k0, '{CUT_NUMBER}')"
        spans = [
            (cut, *span) for (cut,) in connection.sql(query).fetchall() if (span := _span(cut))
        ]
        texts = [pa.array([str(each[at]) for each in spans], pa.string()) for at in range(3)]
        connection.register(f"spans_of_{name}", pa.table(texts, names=["k0", "low", "high"]))
    connection.execute(
        "CREATE TEMP VIEW alike AS SELECT DISTINCT number FROM cuts "
        "JOIN (SELECT k0, low::HUGEINT AS low, high::HUGEINT AS high FROM spans_of_cuts) AS c "
        "USING (k0) JOIN (SELECT low::HUGEINT AS low, high::HUGEINT AS high FROM spans_of_old "
        "UNION ALL SELECT k0::HUGEINT, k0::HUGEINT FROM old "
        f"WHERE regexp_full_match(k0, '[0-9]{{{KEPT + 1},{_LONGEST - 1}}}')) AS o "
        "ON o.low <= c.high AND o.high >= c.low"
    )


def _span(cut: str) -> tuple[int, int] | None:
    """The whole numbers of which a spreadsheet may have made the key: rounded, or cut off."""
    number = Decimal(cut)
    if cut.isdecimal():
        step, until = Decimal(10) ** (len(cut) - KEPT), Decimal(1)
    else:
        exponent = number.as_tuple().exponent
        step, until = Decimal(10) ** int(exponent), Decimal("0.5")
    if number.adjusted() >= _LONGEST - 1:
        return None
    low = (number - step / 2).to_integral_value(ROUND_CEILING)
    high = (number + step * until).to_integral_value(ROUND_FLOOR)
    return int(low), int(high) - (1 if until == 1 else 0)
