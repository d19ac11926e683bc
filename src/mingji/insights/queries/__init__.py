"""What the home pages and the team page show; each part only as far as the viewer may see it."""

from __future__ import annotations

from mingji.insights.queries.company import Funnel, Money, Rate, company_reasons, funnel, money
from mingji.insights.queries.cycle import CycleBoard, cycle_board
from mingji.insights.queries.help import Help, Strayed, members_in_need, named
from mingji.insights.queries.needs import Need, needs_of
from mingji.insights.queries.results import LastResult, last_result
from mingji.insights.queries.teams import (
    TeamMember,
    TeamPage,
    team_page,
    team_to_show,
    teams_at_the_top,
)

__all__ = [
    "CycleBoard",
    "Funnel",
    "Help",
    "LastResult",
    "Money",
    "Need",
    "Rate",
    "Strayed",
    "TeamMember",
    "TeamPage",
    "company_reasons",
    "cycle_board",
    "funnel",
    "last_result",
    "members_in_need",
    "money",
    "named",
    "needs_of",
    "team_page",
    "team_to_show",
    "teams_at_the_top",
]
