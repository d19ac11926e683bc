"""Writing goals: drafting, negotiating, changing what is agreed, and setting up."""

from __future__ import annotations

from mingji.goals.actions.agreeing import accept, comment, counter, propose, withdraw
from mingji.goals.actions.aligning import PartSaid, align, set_combine, unalign
from mingji.goals.actions.changing import (
    Grounds,
    accept_change,
    approve_change,
    refuse_change,
    request_change,
    withdraw_change,
)
from mingji.goals.actions.copying import Copied, copy_goals
from mingji.goals.actions.following import Report, report
from mingji.goals.actions.importing import AgreedGoal, import_agreed, set_theme
from mingji.goals.actions.linking import link_work, unlink_work
from mingji.goals.actions.planning import Planned, plan
from mingji.goals.actions.reweighing import reweigh
from mingji.goals.actions.setting import remove_goal, set_deadline, set_goal, set_goals
from mingji.goals.actions.splitting import split_goal
from mingji.goals.actions.supporting import SupportReport, follow_support
from mingji.goals.actions.templates import remove_template, save_template

__all__ = [
    "AgreedGoal",
    "Copied",
    "Grounds",
    "PartSaid",
    "Planned",
    "Report",
    "SupportReport",
    "accept",
    "accept_change",
    "align",
    "approve_change",
    "comment",
    "copy_goals",
    "counter",
    "follow_support",
    "import_agreed",
    "link_work",
    "plan",
    "propose",
    "refuse_change",
    "remove_goal",
    "remove_template",
    "report",
    "request_change",
    "reweigh",
    "save_template",
    "set_combine",
    "set_deadline",
    "set_goal",
    "set_goals",
    "set_theme",
    "split_goal",
    "unalign",
    "unlink_work",
    "withdraw",
    "withdraw_change",
]
