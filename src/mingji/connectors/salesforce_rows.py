"""Records of Salesforce as rows: who owns them, what their stage means, whose leads they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors.records import on_the_wall, with_currency
from mingji.connectors.salesforce_objects import INSTANTS
from mingji.connectors.salesforce_pages import Table

#: So many numbers fit the address of a query.
_ASKED = 200


@dataclass(frozen=True)
class Known:
    """What is asked for to understand records of one table."""

    table: Table
    zone: ZoneInfo
    currency: str

    @cached_property
    def users(self) -> Mapping[str, Mapping[str, Any]]:
        """Users by number, those who left as well."""
        return {each["Id"]: each for each in self._every("SELECT Id, Name, Email FROM User")}

    def rows(self, records: Sequence[Any]) -> list[dict[str, Any]]:
        """Records as rows: fields by name, then what is worked out."""
        rows = [self._row(record) for record in records]
        if self.table.object.name == "Opportunity":
            self._add_outcomes(rows)
        return rows

    def _row(self, record: Any) -> dict[str, Any]:
        row = {name: record.get(name) for name in self.table.columns}
        own = set(self.table.fields) - set(self.table.object.fields)
        instants = {n for n in (INSTANTS | own) & set(row) if isinstance(row[n], str)}
        row |= {name: on_the_wall(row[name], self.zone) for name in instants}
        if "OwnerId" in row:
            user = self.users.get(row["OwnerId"] or "", {})
            name = user.get("Name") or (record.get("Owner") or {}).get("Name")
            row["OwnerName"] = name
            row["Owner"] = user.get("Email") or name or row["OwnerId"]
        currency = row.get("CurrencyIsoCode") or self.currency
        for money, column in _MONEY.items():
            if column in row:
                row[column] = with_currency(row[money], currency)
        return row

    def _add_outcomes(self, rows: Sequence[dict[str, Any]]) -> None:
        leads = self._leads([row["Id"] for row in rows])
        for row in rows:
            won_or_lost = "won" if row["IsWon"] else "lost"
            row["Outcome"] = won_or_lost if row["IsClosed"] else "open"
            row["ClosedDate"] = row["CloseDate"] if row["IsClosed"] else None
            row["LeadId"] = leads.get(row["Id"])

    def _leads(self, opportunities: Sequence[str]) -> dict[str, str]:
        """By opportunity, the lead that was converted into it (the first one, of several)."""
        found: dict[str, str] = {}
        for listed in _listed(opportunities):
            query = (
                "SELECT Id, ConvertedOpportunityId FROM Lead "  # noqa: S608
                f"WHERE ConvertedOpportunityId IN ({listed}) ORDER BY CreatedDate, Id"
            )
            for lead in self._every(query):
                found.setdefault(lead["ConvertedOpportunityId"], lead["Id"])
        return found

    def existing(self, ids: Sequence[str]) -> set[str]:
        """The numbers of those rows of the table that are there and not deleted."""
        name = self.table.object.name
        queries = (f"SELECT Id FROM {name} WHERE Id IN ({some})" for some in _listed(ids))  # noqa: S608
        return {each["Id"] for query in queries for each in self._every(query)}

    def _every(self, query: str) -> list[Any]:
        answer = self.table.query("query", query)
        found = list(answer["records"])
        while not answer["done"]:
            answer = self.table.caller.get(answer["nextRecordsUrl"])
            found += answer["records"]
        return found


def _listed(ids: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(ids), _ASKED):
        yield ", ".join(f"'{id_}'" for id_ in ids[start : start + _ASKED] if id_.isalnum())


#: Amounts, and the columns in which they name their currency.
_MONEY = {
    "Amount": "AmountWithCurrency",
    "ActualCost": "CostWithCurrency",
    "BudgetedCost": "BudgetWithCurrency",
}
