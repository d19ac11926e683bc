"""The stages of an appraisal and the steps between them; anything else is refused with a reason."""

from __future__ import annotations

from typing import Literal

from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text

AppraisalStage = Literal["self_review", "manager_review", "reviewed", "computed", "released"]
Step = Literal[
    "submit_self_review", "end_self_review", "submit_manager_review", "compute", "release"
]

STAGES: dict[str, Text] = {
    "self_review": Text("自评", "self-review"),
    "manager_review": Text("上级评价", "manager review"),
    "reviewed": Text("评价完成", "reviewed"),
    "computed": Text("已计算", "computed"),
    "released": Text("已发布", "released"),
}
STEPS: dict[Step, Text] = {
    "submit_self_review": Text("提交自评", "hand in the self-review"),
    "end_self_review": Text("结束自评", "end the self-review"),
    "submit_manager_review": Text("提交评价", "hand in the review"),
    "compute": Text("计算结果", "compute the result"),
    "release": Text("发布结果", "release the result"),
}
_NEXT: dict[tuple[str, Step], AppraisalStage] = {
    ("self_review", "submit_self_review"): "manager_review",
    ("self_review", "end_self_review"): "manager_review",
    ("manager_review", "submit_manager_review"): "reviewed",
    ("reviewed", "compute"): "computed",
    ("computed", "compute"): "computed",
    ("computed", "release"): "released",
}


def advance(stage: str, step: Step) -> AppraisalStage:
    """The stage after a step.

    >>> advance("manager_review", "submit_manager_review")
    'reviewed'

    Raises:
        NotAllowedNow: the step does not belong to this stage; the sentence says when it does.
    """
    if (after := _NEXT.get((stage, step))) is not None:
        return after
    when = [at for at, taken in _NEXT if taken == step]
    zh = "、".join(STAGES[at].zh for at in when)
    en = " or ".join(STAGES[at].en for at in when)
    raise NotAllowedNow(
        Text(
            zh=f"现在处于“{STAGES[stage].zh}”阶段，不能{STEPS[step].zh}；只有“{zh}”阶段可以",
            en=f"cannot {STEPS[step].en} at the stage “{STAGES[stage].en}”; only at “{en}”",
        ),
        code=f"not_at_{stage}",
    )


def allowed(stage: str) -> tuple[Step, ...]:
    """The steps that are possible at a stage.

    >>> allowed("released")
    ()
    """
    return tuple(step for at, step in _NEXT if at == stage)
