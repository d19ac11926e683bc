"""Name another reviewer, for instance when the one who was named has left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mingji.appraisals import policy, queries
from mingji.appraisals.models import Appraisal, Review
from mingji.audit import trail
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@transaction.atomic
def change_reviewer(
    actor: Viewer, appraisal_id: int, code: str, *, reason: str, at: datetime
) -> Appraisal:
    """Let somebody else who stands above the member today write the manager review.

    What the former reviewer had begun and not handed in was theirs alone to read: it goes.

    Raises:
        NotFound: no such appraisal for the actor.
        NotAllowed: the actor does not run cycles.
        NotAllowedNow: the review is handed in already.
        Invalid: no reason, or nobody above the member who is not the reviewer already.
    """
    appraisal = queries.appraisal_for(actor, appraisal_id, lock=True)
    policy.may_run_cycles(actor).require()
    if appraisal.stage not in queries.UNREVIEWED:
        raise NotAllowedNow(_HANDED_IN, code="review_handed_in")
    known = {each.code: each for each in queries.possible_reviewers(appraisal, actor.on)}
    wrong = [] if code in known else [_REVIEWER]
    wrong += [] if reason.strip() else [_REASON]
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=tuple(wrong))
    before = appraisal.reviewer.code if appraisal.reviewer else ""
    appraisal.reviewer = known[code]
    appraisal.save(update_fields=["reviewer"])
    begun = Review.objects.filter(appraisal=appraisal, kind=Review.Kind.MANAGER)
    gone, _ = begun.filter(submitted_at=None).delete()
    trail.record(
        actor=actor.code,
        action="change_reviewer",
        kind="appraisal",
        object_id=appraisal.pk,
        at=at,
        reason=reason.strip(),
        evidence={"before": before, "after": code, "begun_removed": bool(gone)},
    )
    return appraisal


_HANDED_IN = Text(
    zh="评价已经提交，不用再换评价人。",
    en="The review is handed in already; nobody else has to write it.",
)
_REVIEWER = Finding(
    "no_reviewer",
    "error",
    Text(
        "评价人要是这位成员现在的上级，而且不是原来的评价人。",
        "A reviewer stands above the member today and is not the one named already.",
    ),
    Text("从列表里选一位", "Choose one of the list."),
    Place(path="reviewer"),
)
_REASON = Finding(
    "reason_missing",
    "error",
    Text("没有写原因。", "There is no reason."),
    Text("写明为什么换，例如“原评价人已离职”。", "Say why, for instance “the reviewer has left”."),
    Place(path="reason"),
)
