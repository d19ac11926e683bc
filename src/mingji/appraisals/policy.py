"""Who may see an appraisal and who may do what to it."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from mingji.appraisals.models import Appraisal, Review, Stage
from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people import queries as people
from mingji.people.viewer import Actor, Viewer
from mingji.rules.text import Text

Purpose = Literal["see", "self_review", "manager_review"]

ROUTES: dict[str, str] = {
    "mine": "Every member: own appraisals only.",
    "scorecard": "The subject, the reviewer, those above today, the unit's HR partner.",
    "why": "As the scorecard, once the result is theirs to see: the subject after release.",
    "review": "The subject in self-review, the reviewer in manager review; nobody else.",
    "reviewer": "HR partners of the whole company.",
    "cycles": "Every member: names and dates of cycles.",
    "cycle": "Every member: only the appraisals that are theirs to see are listed.",
    "open": "HR partners of the whole company.",
    "end_self_review": "HR partners of the whole company.",
    "compute": "HR partners of the whole company.",
    "release": "HR partners of the whole company.",
    "api.cycles": "Every member: names and dates of cycles.",
    "api.cycle_appraisals": "Every member: only the appraisals that are theirs to see are listed.",
    "api.own_appraisals": "Every member: own appraisals only.",
    "api.appraisal": "As the scorecard; total and grade once the result is theirs to see.",
    "api.appraisal_explanation": "As `why`: the subject after release.",
}

_NOT_YOURS = Verdict(
    "not_your_self_review",
    Text(zh="自评由本人填写。", en="A self-review is written by the member."),
)
_NOT_REVIEWER = Verdict(
    "not_the_reviewer",
    Text(
        zh="上级评价由开启考核时确定的评价人填写。",
        en="The manager review is written by the reviewer named when the cycle opened.",
    ),
)
_NOT_HR = Verdict(
    "not_hr_partner",
    Text(
        zh="考核周期由负责全公司的人力资源伙伴开启、计算和发布。",
        en="Cycles are opened, computed and released by the company's HR partner.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """The subject, the reviewer named when the cycle opened, the chain above today, and HR."""
    return Q(member__in=people.reach(viewer)) | Q(reviewer_id=viewer.member_id)


def may_see_result(viewer: Viewer, appraisal: Appraisal) -> bool:
    """Once computed, for those who answer for it; for the subject from the release on."""
    if appraisal.member_id == viewer.member_id:
        return appraisal.stage == Stage.RELEASED
    return appraisal.stage in (Stage.COMPUTED, Stage.RELEASED)


def may_see_review(viewer: Viewer, appraisal: Appraisal, review: Review) -> bool:
    """Its author always; others once submitted; the subject the manager's only after release."""
    if review.author_id == viewer.member_id:
        return True
    if review.submitted_at is None:
        return False
    if appraisal.member_id == viewer.member_id:
        return appraisal.stage == Stage.RELEASED
    return True


def may_review(actor: Viewer, appraisal: Appraisal, purpose: Purpose) -> Verdict:
    """The self-review is the subject's, the manager review the named reviewer's; nobody else's."""
    if purpose == "self_review":
        return ALLOWED if appraisal.member_id == actor.member_id else _NOT_YOURS
    return ALLOWED if appraisal.reviewer_id == actor.member_id else _NOT_REVIEWER


def may_run_cycles(actor: Actor) -> Verdict:
    """Cycles are opened, computed and released by the HR partner of the whole company."""
    return ALLOWED if isinstance(actor, str) or actor.hr_of_all else _NOT_HR
