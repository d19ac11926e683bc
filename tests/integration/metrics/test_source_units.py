"""Units of amounts in files of a source: in the header, above the table, or as the mapping says."""

from __future__ import annotations

import pytest

import builders
from integration.metrics.source_builders import put, rows, run
from mingji.rules.text import Text


@pytest.mark.parametrize(
    ("head", "unit", "told"),
    [
        ("到账（万元）", "", "35000.00"),
        ("到账", "1000", "3500.00"),
        ("到账（万元）", "1000", "3500.00"),
        ("到账", "", "3.50"),
    ],
)
def test_a_unit_in_the_header_counts_unless_another_was_said(company, inbox, head, unit, told):
    payments(inbox, f"编号,应收日,应收,到账日,{head},谁\n1,2026-07-01,1,,3.5,peer\n", head, unit)

    (row,) = rows("payments")
    assert str(row["paid_amount"]) == told


def test_a_unit_above_the_table_counts_for_every_amount(company, inbox):
    above = "回款明细,,,,,\n单位：万元,,,,,\n"
    payments(inbox, f"{above}编号,应收日,应收,到账日,到账,谁\n1,2026-07-01,1,,3.5,peer\n", "到账")

    (row,) = rows("payments")
    assert (str(row["due_amount"]), str(row["paid_amount"])) == ("10000.00", "35000.00")


def payments(inbox, text, paid, unit=""):
    """One run over a file of payments."""
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    put(inbox, text)
    actions.create_source("system", "inbox", "crm", Text("回款", "Payments"), builders.NOW)
    actions.set_up_source("system", "crm", {"pattern": "*.csv"}, builders.NOW)
    columns = {
        "payment_id": From("编号"),
        "due_on": From("应收日"),
        "due_amount": From("应收"),
        "paid_on": From("到账日"),
        "paid_amount": From(paid, unit=unit),
        "owner": From("谁"),
    }
    headers = [each.header for each in columns.values()]
    told = actions.SourceMapping("payments", columns, headers)
    actions.map_source("system", "crm", told, builders.NOW)
    assert run().status == "succeeded"
