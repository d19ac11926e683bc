"""Pages of appraisals: what a member sees, the review form, what an HR partner runs."""

from mingji.appraisals.views.cycles import (
    compute,
    cycle,
    cycles,
    end_self_review,
    open_cycle,
    release,
)
from mingji.appraisals.views.reviewing import review
from mingji.appraisals.views.scorecards import mine, reviewer, scorecard, why

__all__ = [
    "compute",
    "cycle",
    "cycles",
    "end_self_review",
    "mine",
    "open_cycle",
    "release",
    "review",
    "reviewer",
    "scorecard",
    "why",
]
