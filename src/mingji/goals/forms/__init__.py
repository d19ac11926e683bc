"""Forms of goals."""

from __future__ import annotations

from mingji.goals.forms.kpi import GoalForm, kpi_initial
from mingji.goals.forms.linking import WorkForm
from mingji.goals.forms.negotiating import AllTerms, GroundsForm, NoteForm, all_terms
from mingji.goals.forms.okr import (
    MeasuredForm,
    ObjectiveForm,
    measured_initial,
    objective_initial,
)
from mingji.goals.forms.progress import ProgressForm
from mingji.goals.forms.support import SupportForm

__all__ = [
    "AllTerms",
    "GoalForm",
    "GroundsForm",
    "MeasuredForm",
    "NoteForm",
    "ObjectiveForm",
    "ProgressForm",
    "SupportForm",
    "WorkForm",
    "all_terms",
    "kpi_initial",
    "measured_initial",
    "objective_initial",
]
