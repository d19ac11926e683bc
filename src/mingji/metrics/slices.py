"""Whose value it is: a member's, a team's or the whole company's; and its address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Slice:
    """A metric in a period for a member or a team (by code), or (neither) for the company.

    `days` are those whose rows count, where they are not the period's own (`to date`).
    """

    metric: str
    period: str
    member: str = ""
    team: str = ""
    days: str = ""

    @property
    def condition(self) -> Q:
        """The current observation of this slice, as a condition on `Observation`."""
        whose = Q(member=None, team=None)
        if self.member:
            whose = Q(member__code=self.member)
        elif self.team:
            whose = Q(team__code=self.team)
        return whose & Q(current=True, metric=self.metric, period=self.period)

    def url(self, route: str, **more: str) -> str:
        """The address of a page about this slice: `why`, `rows` or `rows_csv`."""
        address = reverse(f"metrics:{route}", args=(self.metric, self.period))
        return f"{address}?{query}" if (query := self.query(**more)) else address

    def query(self, **more: str) -> str:
        """The part of the address that says whose value it is."""
        given = {"member": self.member, "team": self.team, "days": self.days, **more}
        return urlencode({name: value for name, value in given.items() if value})
