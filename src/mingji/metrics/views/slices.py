"""Which slice of a metric an address asks for."""

from __future__ import annotations

from mingji.metrics.queries import Slice
from mingji.people.http import SignedInRequest


def asked_slice(request: SignedInRequest, metric: str, period: str) -> Slice:
    """The slice in the address: of a member, else of a team, else of the company."""
    member, team = request.GET.get("member", ""), request.GET.get("team", "")
    days = request.GET.get("days", "")
    return Slice(metric, period, member=member, team="" if member else team, days=days)
