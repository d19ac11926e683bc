"""Run by Tryton's own Python: a company with 300 opportunities and a key for the REST interface."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal


def main(configuration: str, key: str) -> None:
    """Fills the database `tryton` (Tryton is not there where the tests are collected)."""
    from trytond import config  # type: ignore[import-not-found]

    config.update_etc(configuration)
    from trytond.pool import Pool  # type: ignore[import-not-found]
    from trytond.transaction import Transaction  # type: ignore[import-not-found]

    Pool.start()
    pool = Pool("tryton")
    pool.init()

    with Transaction().start("tryton", 0):
        yuan = {"name": "Yuan", "symbol": "¥", "code": "CNY", "digits": 2}
        [currency] = pool.get("currency.currency").create([{**yuan, "rounding": Decimal("0.01")}])
        names = [{"name": name} for name in ("明绩贸易", "林安娜", "Buyer")]
        firm, anna, buyer = pool.get("party.party").create(names)
        company_of = {"party": firm.id, "currency": currency.id}
        [company] = pool.get("company.company").create([company_of])
        works_for = {"party": anna.id, "company": company.id}
        [employee] = pool.get("company.employee").create([works_for])
        users = pool.get("res.user")
        [admin] = users.search([("login", "=", "admin")])
        users.write(
            [admin],
            {
                "companies": [("add", [company.id])],
                "company": company.id,
                "employees": [("add", [employee.id])],
                "employee": employee.id,
            },
        )
        opened = {"user": admin.id, "application": "rest", "state": "validated", "key": key}
        pool.get("res.user.application").create([opened])

    with Transaction().start("tryton", 0, context={"company": company.id}):
        pool.get("sale.opportunity").create(
            [
                {
                    "company": company.id,
                    "currency": currency.id,
                    "party": buyer.id,
                    "employee": employee.id,
                    "description": f"Deal {number}",
                    "amount": Decimal(number) + Decimal("0.29"),
                    "start_date": dt.date(2026, 1, 1) + dt.timedelta(days=number % 90),
                }
                for number in range(1, 301)
            ]
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
