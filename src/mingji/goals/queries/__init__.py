"""Reading goals: for pages, for the appraisal, for the themes they serve."""

from __future__ import annotations

from mingji.goals.queries.agreed import (
    GoalFact,
    agreed_targets,
    agreed_team_targets,
    targets_of,
)
from mingji.goals.queries.agreement_page import (
    AgreementPage,
    agreement_page,
    changes_asked,
    changes_between,
    items_of,
)
from mingji.goals.queries.alignment import AlignmentPage, GoalBelow, alignment_of
from mingji.goals.queries.beside import Beside, beside
from mingji.goals.queries.copying import CopyPage, CopyRow, CopySection, copy_page
from mingji.goals.queries.decomposing import (
    AlignedGoal,
    goal_name,
    must_be_part,
    must_combine,
    name_of,
)
from mingji.goals.queries.effect import Effect, effect_of, effect_of_request
from mingji.goals.queries.exported import ExportedGoal, exported_goals
from mingji.goals.queries.following import periods_followed
from mingji.goals.queries.gaps import Covered, OpenPage, covered, open_page
from mingji.goals.queries.grid import Grid, goals_grid
from mingji.goals.queries.items import (
    MeasuredItem,
    Owner,
    form_parts,
    item_of,
    items_by_member,
    measured_items,
    measuring_team,
    metric_choices,
    metric_item,
)
from mingji.goals.queries.lines import (
    GoalLine,
    agreements_of,
    goal_line,
    goals_for,
    goals_in,
    goals_of_members,
    goals_of_teams,
    periods_with_goals,
)
from mingji.goals.queries.map_nodes import MapNode
from mingji.goals.queries.matrix import Matrix, alignment_matrix
from mingji.goals.queries.meanings import (
    OtherMeaning,
    has_other_meaning,
    other_meaning,
    signed_goals,
)
from mingji.goals.queries.objectives import AgreedObjective, agreed_objectives, parts_of
from mingji.goals.queries.one import (
    Purpose,
    agreement_for,
    agreement_of,
    goal_for,
    goals_of,
    open_request,
    owner_of,
    request_for,
    request_steps,
    terms_of,
)
from mingji.goals.queries.paths import GoalPath, goal_path, has_path
from mingji.goals.queries.planning import (
    Cell,
    Plan,
    PlanTable,
    members_to_plan_for,
    plan_of,
    terms_for,
    theme_words,
)
from mingji.goals.queries.printed import PrintedAgreement, printed
from mingji.goals.queries.reasons import CURRENT, goal_reasons
from mingji.goals.queries.reports import ReportLine, reports_of
from mingji.goals.queries.reweighing import (
    WeightCell,
    WeightPage,
    WeightRow,
    WeightTable,
    weight_page,
)
from mingji.goals.queries.scored import Scored, scored
from mingji.goals.queries.smart import Around, letters_for
from mingji.goals.queries.splitting import (
    Sharer,
    SplitPage,
    can_be_split,
    divide,
    split_page,
    terms_of_part,
)
from mingji.goals.queries.statuses import (
    GoalStatus,
    OpenGoals,
    lines_of,
    open_goals,
    statuses_of_members,
)
from mingji.goals.queries.support import DuePromise, Promise, due_promises, promises
from mingji.goals.queries.templates import (
    FamilyTemplates,
    family_of,
    template_for,
    templates_by_family,
)
from mingji.goals.queries.theme_map import (
    MapTheme,
    OpenedGoal,
    OpenedTheme,
    opened_goal,
    opened_theme,
    strategy_map,
)
from mingji.goals.queries.themes import theme_choices
from mingji.goals.queries.waiting import (
    WaitingAgreement,
    WaitingChange,
    owner_name,
    waiting_agreements,
    waiting_changes,
)

__all__ = [
    "CURRENT",
    "AgreedObjective",
    "AgreementPage",
    "AlignedGoal",
    "AlignmentPage",
    "Around",
    "Beside",
    "Cell",
    "CopyPage",
    "CopyRow",
    "CopySection",
    "Covered",
    "DuePromise",
    "Effect",
    "ExportedGoal",
    "FamilyTemplates",
    "GoalBelow",
    "GoalFact",
    "GoalLine",
    "GoalPath",
    "GoalStatus",
    "Grid",
    "MapNode",
    "MapTheme",
    "Matrix",
    "MeasuredItem",
    "OpenGoals",
    "OpenPage",
    "OpenedGoal",
    "OpenedTheme",
    "OtherMeaning",
    "Owner",
    "Plan",
    "PlanTable",
    "PrintedAgreement",
    "Promise",
    "Purpose",
    "ReportLine",
    "Scored",
    "Sharer",
    "SplitPage",
    "WaitingAgreement",
    "WaitingChange",
    "WeightCell",
    "WeightPage",
    "WeightRow",
    "WeightTable",
    "agreed_objectives",
    "agreed_targets",
    "agreed_team_targets",
    "agreement_for",
    "agreement_of",
    "agreement_page",
    "agreements_of",
    "alignment_matrix",
    "alignment_of",
    "beside",
    "can_be_split",
    "changes_asked",
    "changes_between",
    "copy_page",
    "covered",
    "divide",
    "due_promises",
    "effect_of",
    "effect_of_request",
    "exported_goals",
    "family_of",
    "form_parts",
    "goal_for",
    "goal_line",
    "goal_name",
    "goal_path",
    "goal_reasons",
    "goals_for",
    "goals_grid",
    "goals_in",
    "goals_of",
    "goals_of_members",
    "goals_of_teams",
    "has_other_meaning",
    "has_path",
    "item_of",
    "items_by_member",
    "items_of",
    "letters_for",
    "lines_of",
    "measured_items",
    "measuring_team",
    "members_to_plan_for",
    "metric_choices",
    "metric_item",
    "must_be_part",
    "must_combine",
    "name_of",
    "open_goals",
    "open_page",
    "open_request",
    "opened_goal",
    "opened_theme",
    "other_meaning",
    "owner_name",
    "owner_of",
    "parts_of",
    "periods_followed",
    "periods_with_goals",
    "plan_of",
    "printed",
    "promises",
    "reports_of",
    "request_for",
    "request_steps",
    "scored",
    "signed_goals",
    "split_page",
    "statuses_of_members",
    "strategy_map",
    "targets_of",
    "template_for",
    "templates_by_family",
    "terms_for",
    "terms_of",
    "terms_of_part",
    "theme_choices",
    "theme_words",
    "waiting_agreements",
    "waiting_changes",
    "weight_page",
]
