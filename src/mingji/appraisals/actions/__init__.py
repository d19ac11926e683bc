"""The writes of appraisals, one use case a file."""

from mingji.appraisals.actions.compute import compute, release
from mingji.appraisals.actions.handing_over import change_reviewer
from mingji.appraisals.actions.open_cycle import CyclePlan, open_cycle
from mingji.appraisals.actions.reviews import CONFLICT, Answer, end_self_review, save_review

__all__ = [
    "CONFLICT",
    "Answer",
    "CyclePlan",
    "change_reviewer",
    "compute",
    "end_self_review",
    "open_cycle",
    "release",
    "save_review",
]
