"""Keep the dated reporting lines true to the postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from mingji.people.lines import CircleError, Span, lines_of
from mingji.people.models import Member, Posting, ReportingLine
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def rebuild_reporting_lines(members: Iterable[int] | None = None) -> None:
    """Compute again who stood above these members (all, when None), on which days.

    The lines are derived from the postings and hold nothing of their own, so this leaves no
    audit record; the action that changed a posting does.

    Raises:
        Invalid: on some day somebody would report to themselves over others.
    """
    with transaction.atomic():
        wanted = set(Member.objects.values_list("pk", flat=True) if members is None else members)
        spans = _spans_upward(wanted)
        try:
            lines = [line for member in sorted(wanted) for line in lines_of(member, spans)]
        except CircleError as circle:
            raise _refusal(circle) from None
        stale = ReportingLine.objects.all()
        (stale if members is None else stale.filter(member__in=wanted)).delete()
        ReportingLine.objects.bulk_create(
            [
                ReportingLine(
                    manager_id=line.manager,
                    member_id=line.member,
                    depth=line.depth,
                    starts_on=line.starts_on,
                    ends_on=line.ends_on,
                )
                for line in lines
            ],
            batch_size=1000,
        )


def _spans_upward(members: set[int]) -> dict[int, list[Span]]:
    """The postings of these members, of their managers, and so on up."""
    spans: dict[int, list[Span]] = defaultdict(list)
    seen: set[int] = set()
    frontier = members
    while frontier:
        seen |= frontier
        above: set[int] = set()
        for posting in Posting.objects.filter(member__in=frontier).order_by("starts_on"):
            manager = posting.manager_id
            span = Span(posting.member_id, manager, posting.starts_on, posting.ends_on)
            spans[posting.member_id].append(span)
            above |= {manager} if manager else set()
        frontier = above - seen
    return spans


def _refusal(circle: CircleError) -> Invalid:
    names = Member.objects.in_bulk(circle.members)
    zh = " → ".join(names[member].name for member in circle.members)
    en = " → ".join(names[member].name_en for member in circle.members)
    day = circle.day.isoformat()
    return Invalid(
        Text(
            zh="汇报关系绕成了一个圈，没有保存任何内容。",
            en="The reporting lines would run in a circle. Nothing was saved.",
        ),
        code="reporting_circle",
        findings=(
            Finding(
                code="reporting_circle",
                severity="error",
                message=Text(zh=f"自 {day} 起：{zh}", en=f"From {day}: {en}"),
                remedy=Text(
                    zh="先为圈里的一个人换一位上级，再办理这次调动。",
                    en="Give one person of the circle another manager first.",
                ),
                place=Place(path="manager"),
            ),
        ),
    )
