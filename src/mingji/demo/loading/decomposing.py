"""What the lead's team is to bring next quarter, taken apart: a ratio of sums, and a funnel."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mingji.goals import actions
from mingji.goals.actions import PartSaid
from mingji.goals.queries import Owner
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.goal_terms import GoalTerms

# A goal of the team, and those of it that serve it, each with its part where one is said.
_COST = ("cost_per_lead", Decimal(1000))
_OF_COST = (("spend_total", Decimal(800_000), ""), ("leads_created", Decimal(780), ""))
_REVENUE = ("won_revenue", Decimal(5_000_000))
_OF_REVENUE = (
    ("opportunities_created", Decimal(160), "count"),
    ("win_rate", Decimal("0.3"), "rate"),
    ("average_deal", Decimal(95_000), "value"),
)


def take_apart(lead: Viewer, period: str, at: datetime) -> None:
    """Draft goals of the lead's team of which each other goal of it carries a part."""
    for above, below in ((_COST, _OF_COST), (_REVENUE, _OF_REVENUE)):
        parent = _draft(lead, period, *above, at=at)
        for metric, target, part in below:
            child = _draft(lead, period, metric, target, at=at)
            actions.align(lead, child, parent, said=PartSaid(part=part), at=at)


def _draft(lead: Viewer, period: str, metric: str, target: Decimal, *, at: datetime) -> int:
    terms = GoalTerms(key=metric, metric=metric, target=target)
    owner = Owner(team=people.own_team(lead))
    return actions.set_goal(lead, owner, period=period, terms=terms, at=at)
