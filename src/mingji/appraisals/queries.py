"""Reading appraisals: each function gives only what is the viewer's to see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.db.models import Count, Q, QuerySet

from mingji.appraisals import policy
from mingji.appraisals.models import Appraisal, AppraisalCycle, Review, Stage
from mingji.kit import actors
from mingji.metrics import queries as metrics
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotAllowedNow, NotFound
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member

PAGE = 100
_NONE = Text(
    zh="没有这份考核，或者它不在你的范围内。",
    en="There is no such appraisal, or it is not yours to see.",
)
_NOT_NOW = Text(
    zh="现在不是填写评价的阶段，已提交的评价不能再改。",
    en="This is not the stage for a review; a review that was handed in does not change.",
)

_SELF_REVIEW_OVER = Text(
    zh="自评已经提交或已结束，不能再改；接下来由上级评价。",
    en="Your self-review is handed in or over and does not change; the manager's review is next.",
)


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """An appraisal in one line; total and grade only where they are the viewer's to see."""

    id: int
    member_id: int
    member_code: str
    member_name: Text
    cycle_code: str
    cycle: Text
    period: str
    stage: Stage
    reviewer_name: Text
    due: date | None
    total: Decimal | None
    grade: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines in the order of names; `next` is the key of the page after, or empty."""

    lines: list[AppraisalLine]
    next: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that waits for the viewer; `appraisal_id` opens the page to do it on."""

    kind: Literal["self_review", "manager_review"]
    appraisal_id: int
    member_name: Text
    cycle: Text
    due: date


def appraisal_for(
    viewer: Viewer,
    appraisal_id: int,
    to: Literal["see", "see_result", "review"] = "see",
    *,
    lock: bool = False,
) -> Appraisal:
    """The appraisal, if the viewer may do that with it now.

    Raises:
        NotFound: there is none, or it is not the viewer's to see (nor, for `see_result`, open yet).
        NotAllowed: the viewer may see it but is not the one who reviews at this stage.
        NotAllowedNow: nobody reviews at this stage, or the viewer's self-review is over.
    """
    found = Appraisal.objects.filter(policy.visible_to(viewer), pk=appraisal_id)
    if lock:
        found = found.select_for_update(of=("self",))
    appraisal = found.select_related(
        "cycle", "cycle__scheme_version", "member", "reviewer", "team"
    ).first()
    if appraisal is None or (to == "see_result" and not policy.may_see_result(viewer, appraisal)):
        raise NotFound(_NONE, code="no_appraisal")
    if to == "review":
        if appraisal.stage == Stage.SELF_REVIEW:
            policy.may_review(viewer, appraisal, "self_review").require()
        elif appraisal.stage == Stage.MANAGER_REVIEW and appraisal.member_id == viewer.member_id:
            raise NotAllowedNow(_SELF_REVIEW_OVER, code="not_the_stage")
        elif appraisal.stage == Stage.MANAGER_REVIEW:
            policy.may_review(viewer, appraisal, "manager_review").require()
        else:
            raise NotAllowedNow(_NOT_NOW, code="not_the_stage")
    return appraisal


# The stages at which the manager review is still to come.
UNREVIEWED = (Stage.SELF_REVIEW, Stage.MANAGER_REVIEW)


def possible_reviewers(appraisal: Appraisal, on: date) -> list[Member]:
    """Who can review instead of the one named: those above the member that day, closest first;
    nobody once the review is handed in."""
    if appraisal.stage not in UNREVIEWED:
        return []
    above = people.above(appraisal.member, on)
    return [each for each in above if each.pk != appraisal.reviewer_id]


def cycle_for(code: str, *, lock: bool = False) -> AppraisalCycle:
    """The cycle with this code; every member may know that it exists.

    Raises:
        NotFound: there is none.
    """
    found = AppraisalCycle.objects.select_related("scheme_version", "scheme_version__scheme")
    if lock:
        found = found.select_for_update(of=("self",))
    cycle = found.filter(code=code).first()
    if cycle is None:
        raise NotFound(
            Text(zh=f"没有考核周期 {code}。", en=f"There is no cycle {code}."), code="no_cycle"
        )
    return cycle


def released_by(cycle: AppraisalCycle) -> Text:
    """The name of whoever released a cycle; the code itself where it is no member's."""
    code = cycle.released_by
    return actors.names_of([code])[code]


def open_disputes(cycle: AppraisalCycle, viewer: Viewer | None = None) -> list[metrics.DisputeLine]:
    """Disputes about the period by members of a cycle that have no answer; one look-up.

    Without a viewer all of them, for the rule that a release may have to wait for.
    """
    members = Appraisal.objects.filter(cycle=cycle).order_by().values("member_id")
    return metrics.open_disputes(viewer, cycle.period, members)


def cycles() -> list[AppraisalCycle]:
    """Every cycle, the latest period first."""
    return list(AppraisalCycle.objects.select_related("scheme_version"))


def current_cycle() -> AppraisalCycle | None:
    """The cycle of the latest period, released or not."""
    return AppraisalCycle.objects.order_by("-period", "-id").first()


def for_scoring(cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """The appraisals of a cycle with all that scoring needs, in four look-ups."""
    return (
        Appraisal.objects.filter(cycle=cycle)
        .select_related("cycle", "member", "reviewer", "team")
        .prefetch_related("reviews__ratings", "reviews__author")
        .order_by("member__code")
    )


def reviews_for(viewer: Viewer, appraisal: Appraisal) -> dict[str, Review]:
    """The reviews of an appraisal that are the viewer's to read, by kind, with their ratings."""
    reviews = appraisal.reviews.select_related("author").prefetch_related("ratings")
    return {
        review.kind: review
        for review in reviews
        if policy.may_see_review(viewer, appraisal, review)
    }


def lines_for(viewer: Viewer, member_ids: Collection[int]) -> list[AppraisalLine]:
    """The appraisals of these members in the viewer's reach, latest cycle first, then by name; one
    look-up."""
    found = Appraisal.objects.filter(policy.visible_to(viewer), member_id__in=member_ids)
    return [line_of(viewer, row) for row in _in_order(found)]


def lines_at(
    viewer: Viewer, cycle: AppraisalCycle, stages: Collection[Stage], *, limit: int
) -> list[AppraisalLine]:
    """The first appraisals of a cycle that stand at these stages, by name; one look-up."""
    found = Appraisal.objects.filter(policy.visible_to(viewer), cycle=cycle, stage__in=stages)
    return [line_of(viewer, row) for row in _in_order(found)[:limit]]


def is_overdue(cycle: AppraisalCycle, stage: Stage, on: date) -> bool:
    """Whether what is awaited at a stage should have been done before a day."""
    due = _due_at(cycle, stage)
    return due is not None and due < on


def cycle_page(
    viewer: Viewer, cycle: AppraisalCycle, after: str = "", *, limit: int = PAGE
) -> LinePage:
    """The appraisals of a cycle in the viewer's reach, `limit` at a time, by name.

    `after` is the `next` of the page before; what is no such key starts from the beginning.
    """
    found = _in_order(Appraisal.objects.filter(policy.visible_to(viewer), cycle=cycle))
    name, _, number = after.rpartition("~")
    if name and number.isdecimal() and len(number) < 19:
        later = Q(member__name_sort=name, pk__gt=int(number))
        found = found.filter(Q(member__name_sort__gt=name) | later)
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return LinePage(
        lines=[line_of(viewer, row) for row in rows[:limit]],
        next=f"{last.member.name_sort}~{last.pk}" if last else "",
    )


def _in_order(found: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    return (
        found.select_related("cycle", "member", "reviewer")
        .defer("facts", "result", "cycle__team_facts")
        .order_by("-cycle__period", "-cycle_id", "member__name_sort", "pk")
    )


def to_do(viewer: Viewer) -> list[ToDo]:
    """The reviews that wait for the viewer, due first."""
    mine = Appraisal.objects.filter(stage=Stage.SELF_REVIEW, member_id=viewer.member_id)
    theirs = Appraisal.objects.filter(stage=Stage.MANAGER_REVIEW, reviewer_id=viewer.member_id)
    rows = (mine | theirs).select_related("cycle", "member")
    found = [
        ToDo(
            kind="self_review" if row.stage == Stage.SELF_REVIEW else "manager_review",
            appraisal_id=row.pk,
            member_name=row.member.known_as,
            cycle=row.cycle.title,
            due=_due(row) or row.cycle.manager_review_due,
        )
        for row in rows.defer("facts", "result", "cycle__team_facts")
    ]
    return sorted(found, key=lambda each: (each.due, each.member_name.zh))


def stage_counts(viewer: Viewer, cycle: AppraisalCycle) -> dict[Stage, int]:
    """How many of the appraisals in the viewer's reach stand at each stage."""
    counts = (
        Appraisal.objects.filter(policy.visible_to(viewer), cycle=cycle)
        .values_list("stage")
        .annotate(count=Count("pk"))
        .order_by()
    )
    known = dict(counts)
    return {stage: known.get(stage, 0) for stage in Stage}


def line_of(viewer: Viewer, row: Appraisal) -> AppraisalLine:
    """An appraisal (the caller has it, with cycle, member and reviewer) in one line."""
    open_to_viewer = policy.may_see_result(viewer, row)
    return AppraisalLine(
        id=row.pk,
        member_id=row.member_id,
        member_code=row.member.code,
        member_name=row.member.known_as,
        cycle_code=row.cycle.code,
        cycle=row.cycle.title,
        period=row.cycle.period,
        stage=Stage(row.stage),
        reviewer_name=row.reviewer.known_as if row.reviewer else Text(zh="", en=""),
        due=_due(row),
        total=row.total if open_to_viewer else None,
        grade=row.grade if open_to_viewer else "",
    )


def _due(row: Appraisal) -> date | None:
    return _due_at(row.cycle, Stage(row.stage))


def _due_at(cycle: AppraisalCycle, stage: Stage) -> date | None:
    if stage == Stage.SELF_REVIEW:
        return cycle.self_review_due
    return cycle.manager_review_due if stage == Stage.MANAGER_REVIEW else None
