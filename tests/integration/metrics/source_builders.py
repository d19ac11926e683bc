"""A folder source in tests: files put into its inbox, a run of it, and the rows it loaded."""

from __future__ import annotations

import os
import time

import builders


def clock():
    return builders.NOW


def put(inbox, text, name="leads.csv", age=0):
    path = inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def run():
    from mingji.metrics import actions

    return actions.run_source("system", "crm", clock)


def rows(table="leads"):
    from mingji.metrics.definitions import library, warehouse

    with warehouse().connect(library().definitions) as connection:
        return connection.sql(f"SELECT * FROM {table} ORDER BY 1").to_arrow_table().to_pylist()
