"""Reading goals: for pages, for the appraisal, for the themes they serve."""

from __future__ import annotations

from mingji.goals.queries.agreed import (
    GoalFact,
    agreed_targets,
    agreed_team_targets,
    targets_of,
)
from mingji.goals.queries.items import MeasuredItem, measured_item, measured_items, measuring_team
from mingji.goals.queries.lines import (
    CURRENT,
    GoalLine,
    agreements_of,
    goal_line,
    goal_reasons,
    goals_for,
    goals_of_members,
    goals_of_teams,
    goals_to_accept,
    goals_to_propose,
    periods_with_goals,
)
from mingji.goals.queries.one import LOCKED, Purpose, goal_for
from mingji.goals.queries.themes import ThemeLine, theme_choices, themes_of

__all__ = [
    "CURRENT",
    "LOCKED",
    "GoalFact",
    "GoalLine",
    "MeasuredItem",
    "Purpose",
    "ThemeLine",
    "agreed_targets",
    "agreed_team_targets",
    "agreements_of",
    "goal_for",
    "goal_line",
    "goal_reasons",
    "goals_for",
    "goals_of_members",
    "goals_of_teams",
    "goals_to_accept",
    "goals_to_propose",
    "measured_item",
    "measured_items",
    "measuring_team",
    "periods_with_goals",
    "targets_of",
    "theme_choices",
    "themes_of",
]
