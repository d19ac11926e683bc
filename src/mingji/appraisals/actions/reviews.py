"""Write and hand in a review; end the self-reviews that are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mingji.appraisals import policy, queries
from mingji.appraisals.choices import choice_of
from mingji.appraisals.forms_of import rated_items
from mingji.appraisals.models import Appraisal, Rating, Review, Stage, wording
from mingji.audit import trail
from mingji.people.viewer import Actor, Viewer, actor_code
from mingji.rules import lifecycle
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.scheme import Item
from mingji.rules.text import Text

CONFLICT = "review_conflict"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rater said about one item: the id of the described level, and why."""

    item: str
    choice: str
    comment: str = ""


@transaction.atomic
def save_review(
    actor: Viewer,
    appraisal_id: int,
    answers: Sequence[Answer],
    *,
    comment: str = "",
    submit: bool,
    seen: str | None = None,
    at: datetime,
) -> Appraisal:
    """Keep a review, and with `submit` hand it in: from then on it does not change.

    Which review it is follows from the stage: the member's own, then the reviewer's. `seen` is the
    `Review.wording` that the author had before them (empty: none); None does not look.

    Raises:
        NotFound, NotAllowed: see `queries.appraisal_for`.
        NotAllowedNow: the appraisal is past that stage.
        Invalid: an answer names a level that is not described, or some are missing on submit; or,
            with the code `CONFLICT`, other words were saved since the author opened the page.
    """
    appraisal = queries.appraisal_for(actor, appraisal_id, to="review", lock=True)
    kind = Review.Kind.SELF if appraisal.stage == Stage.SELF_REVIEW else Review.Kind.MANAGER
    if seen is not None:
        _check_seen(appraisal, kind, seen, answers, comment)
    items = rated_items(appraisal)
    _check(items, answers, whole=submit)
    review, _ = Review.objects.update_or_create(
        appraisal=appraisal,
        kind=kind,
        defaults={"author_id": actor.member_id, "comment": comment, "saved_at": at},
    )
    review.ratings.all().delete()
    Rating.objects.bulk_create(
        Rating(review=review, item=answer.item, choice=answer.choice, comment=answer.comment)
        for answer in answers
        if answer.choice or answer.comment
    )
    if submit:
        review.submitted_at = at
        review.save(update_fields=["submitted_at"])
        appraisal.stage = lifecycle.advance(appraisal.stage, _HAND_IN[kind])
        appraisal.save(update_fields=["stage"])
    trail.record(
        actor=actor.code,
        action=f"{'submit' if submit else 'save'}_{kind}_review",
        kind="appraisal",
        object_id=appraisal.pk,
        at=at,
        evidence={"answered": sum(1 for answer in answers if answer.choice)},
    )
    return appraisal


@transaction.atomic
def end_self_review(actor: Actor, cycle_code: str, *, reason: str, at: datetime) -> int:
    """Let the reviewers go on although some self-reviews are missing; how many were ended.

    Raises:
        NotAllowed: the actor does not run cycles.
        Invalid: no reason is given.
    """
    policy.may_run_cycles(actor).require()
    cycle = queries.cycle_for(cycle_code)
    if not reason.strip():
        raise Invalid(
            Text(
                zh="写明为什么现在结束自评，例如“截止日已过，已提醒两次”。",
                en="Say why self-reviews end now, for instance “past the date, reminded twice”.",
            ),
            code="reason_missing",
        )
    waiting = Appraisal.objects.filter(cycle=cycle, stage=Stage.SELF_REVIEW)
    ended = waiting.update(stage=lifecycle.advance("self_review", "end_self_review"))
    trail.record(
        actor=actor_code(actor),
        action="end_self_review",
        kind="cycle",
        object_id=cycle.code,
        at=at,
        reason=reason.strip(),
        evidence={"ended": ended},
    )
    return ended


_HAND_IN: dict[str, lifecycle.Step] = {
    Review.Kind.SELF: "submit_self_review",
    Review.Kind.MANAGER: "submit_manager_review",
}


def _check_seen(
    appraisal: Appraisal, kind: Review.Kind, seen: str, answers: Sequence[Answer], comment: str
) -> None:
    """Refuse to overwrite in silence what the same author saved in another window."""
    kept = Review.objects.filter(appraisal=appraisal, kind=kind).first()
    given = wording(comment, ((each.item, each.choice, each.comment) for each in answers))
    if kept is not None and kept.wording not in (seen, given):
        raise Invalid(
            Text(
                zh="打开这一页之后，你在另一个窗口保存过不同的内容。下面是你刚写的，还没有保存："
                "再按一次就以它为准；想看保存过的那份，重新打开这一页。",
                en="Since this page was opened you saved other words in another window. Below is "
                "what you have just written, not saved yet: press again to keep it, or open the "
                "page anew to see what was saved.",
            ),
            code=CONFLICT,
        )


def _check(items: Sequence[Item], answers: Sequence[Answer], *, whole: bool) -> None:
    known = {item.id: item for item in items}
    given = {answer.item: answer for answer in answers}
    findings = [
        _finding("unknown_level", answer.item)
        for answer in answers
        if answer.item not in known
        or (answer.choice and not choice_of(known[answer.item], answer.choice))
    ]
    if whole:
        findings += [
            _finding("not_rated", item.id)
            for item in items
            if item.id not in given or not given[item.id].choice
        ]
    if findings:
        raise Invalid(
            Text(zh="评价还不能提交。", en="The review is not ready."),
            code="review_incomplete",
            findings=tuple(findings),
        )


def _finding(code: str, item_id: str) -> Finding:
    messages = {
        "not_rated": (
            Text(zh="还没有选等级。", en="No level is chosen yet."),
            Text(zh="选一个最接近实际表现的等级。", en="Choose the level that comes closest."),
        ),
        "unknown_level": (
            Text(zh="没有这个等级。", en="There is no such level."),
            Text(zh="从页面列出的等级里选。", en="Choose one of the levels on the page."),
        ),
    }
    message, remedy = messages[code]
    return Finding(code, "error", message, remedy, Place(path=item_id))
