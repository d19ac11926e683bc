"""The scoring methods (计分方法): one configuration class each, found by the id of scheme files."""

from __future__ import annotations

from mingji.rules.methods.anchors import Anchors, TieredTarget
from mingji.rules.methods.bands import BandLinear, BandMethod
from mingji.rules.methods.events import Bonus, Deduct, Milestone, Okr
from mingji.rules.methods.rated import BehaviourAnchor, Described, GradeScale, MultiRater
from mingji.rules.methods.ratio import Binary, Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Formula, Matrix, Rank

Method = (
    Ratio
    | BandMethod
    | BandLinear
    | Binary
    | Deduct
    | Described
    | Bonus
    | BaseStep
    | Anchors
    | TieredTarget
    | Efficacy
    | Deviation
    | Matrix
    | BestHistory
    | Rank
    | GradeScale
    | BehaviourAnchor
    | MultiRater
    | Okr
    | Milestone
    | Formula
)

METHODS: dict[str, type[Method]] = {
    "ratio": Ratio,
    "band": BandMethod,
    "band_linear": BandLinear,
    "binary": Binary,
    "deduct": Deduct,
    "described": Described,
    "bonus": Bonus,
    "base_step": BaseStep,
    "anchors": Anchors,
    "tiered_target": TieredTarget,
    "efficacy": Efficacy,
    "deviation": Deviation,
    "matrix": Matrix,
    "best_history": BestHistory,
    "rank": Rank,
    "grade_scale": GradeScale,
    "behaviour_anchor": BehaviourAnchor,
    "multi_rater": MultiRater,
    "okr": Okr,
    "milestone": Milestone,
    "formula": Formula,
}

__all__ = ["METHODS", "Method"]
