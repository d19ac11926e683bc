"""The eight metrics in pandas, written as somebody would who knows it well."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

_COLUMNS = ["id", "rep", "stage", "closed_on", "amount"]


def read(files: Iterable[Path], *, exactly: bool) -> Any:
    """The stored rows as a frame: exact with decimals of Arrow, otherwise in binary fractions."""
    import pandas

    if exactly:
        frames = [pandas.read_parquet(f, columns=_COLUMNS, dtype_backend="pyarrow") for f in files]
        return pandas.concat(frames, ignore_index=True)
    table = pa.concat_tables([parquet.read_table(file, columns=_COLUMNS) for file in files])
    amounts = table["amount"].cast(
        pa.float64()
    )  # pandas alone makes each an object of Python first
    return table.set_column(table.schema.get_field_index("amount"), "amount", amounts).to_pandas(
        date_as_object=False
    )


def people_of(people: Any, *, exactly: bool) -> Any:
    """Whose rows are whose, in the types of the frame."""
    import pandas

    if exactly:
        return people.to_pandas(types_mapper=pandas.ArrowDtype)
    return people.to_pandas(date_as_object=False)


def by_member_and_quarter(frame: Any, people: Any) -> Any:
    """Whose row it is on its day, then the eight numbers."""
    made = frame.merge(people, how="left", left_on="rep", right_on="owner")
    made = made[(made["closed_on"] >= made["starts_on"]) & (made["closed_on"] <= made["ends_on"])]
    days = made["closed_on"].dt
    made = made.assign(
        quarter=days.year * 10 + days.quarter,
        won=made["amount"].where(made["stage"] == "v1"),
        large=made["amount"] > 5000,
    )
    return made.groupby(["member", "quarter"]).agg(
        value=("amount", "sum"),
        won_value=("won", "sum"),
        rows=("id", "count"),
        won=("won", "count"),
        large=("large", "sum"),
        largest=("amount", "max"),
        smallest=("amount", "min"),
        average=("amount", "mean"),
    )
