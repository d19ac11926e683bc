"""Tables of goals: themes, agreements with their versions, goals, and what became of them."""

from __future__ import annotations

from mingji.goals.models.agreement import Agreement, ChangeRequest, Comment, Version
from mingji.goals.models.following import (
    Alignment,
    Milestone,
    ProgressUpdate,
    SupportUpdate,
    WorkLink,
)
from mingji.goals.models.goal import AMOUNTS, Goal
from mingji.goals.models.template import GoalTemplate
from mingji.goals.models.theme import Theme

__all__ = [
    "AMOUNTS",
    "Agreement",
    "Alignment",
    "ChangeRequest",
    "Comment",
    "Goal",
    "GoalTemplate",
    "Milestone",
    "ProgressUpdate",
    "SupportUpdate",
    "Theme",
    "Version",
    "WorkLink",
]
