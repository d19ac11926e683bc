"""Saying which goals a goal serves, and with what share of its target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Alignment, Goal
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED, exact, shown
from mingji.rules.text import Text


@transaction.atomic
def align(
    actor: Viewer, child_id: int, parent_id: int, *, share: Decimal = Decimal(1), at: datetime
) -> None:
    """Let a goal serve another with a share (above 0, up to 1) of its target; again changes it.

    Raises:
        NotFound: one of the two is not the actor's to see.
        NotAllowed: the actor sits on neither side of the goal that serves.
        Invalid: it would serve itself through others, the share is out of bounds, or its shares
            over goals of the same metric come to more than the whole.
    """
    child = queries.goal_for(actor, child_id, to="report", lock=True)
    parent = queries.goal_for(actor, parent_id)
    wrong = _wrong(child, parent, share)
    if wrong:
        raise _refused(wrong)
    Alignment.objects.update_or_create(child=child, parent=parent, defaults={"share": share})
    said = {"goal": child.item, "serves": parent.pk, "share": str(share)}
    writing.record(actor.code, "align", child.agreement, at, evidence=said)


def align_whole(children: Mapping[str, Goal], parent: Goal) -> int:
    """Let goals, by what they are called, serve another with the whole of their targets.

    For an action that has asked whether its actor may. Returns how many did not before; a fixed
    number of queries, and one for each level of alignment above.

    Raises:
        Invalid: the goal above serves one of them, or one counts elsewhere for this metric.
    """
    names = {child.pk: name for name, child in children.items()}
    above = _ways_up(parent.pk)
    if circle := next((pk for pk in names if pk in above), None):
        raise _refused(_cycle(_way(above, parent.pk, circle)))
    links = list(Alignment.objects.filter(child__in=list(names)).select_related("parent"))
    for link in links:
        if link.parent_id != parent.pk and link.parent.metric == parent.metric:
            raise _refused(_counted_elsewhere(names[link.child_id], link.parent))
    there = {link.child_id for link in links if link.parent_id == parent.pk and link.share == 1}
    fresh = [Alignment(child_id=pk, parent=parent, share=1) for pk in names if pk not in there]
    Alignment.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["child", "parent"], update_fields=["share"]
    )
    return len(fresh)


@transaction.atomic
def unalign(actor: Viewer, child_id: int, parent_id: int, *, at: datetime) -> None:
    """Let a goal no longer serve another. What does not serve it stays as it is.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it.
    """
    child = queries.goal_for(actor, child_id, to="report", lock=True)
    gone, _ = Alignment.objects.filter(child=child, parent_id=parent_id).delete()
    if gone:
        said = {"goal": child.item, "serves": parent_id}
        writing.record(actor.code, "unalign", child.agreement, at, evidence=said)


@transaction.atomic
def set_combine(actor: Viewer, goal_id: int, mode: str, *, at: datetime) -> None:
    """Say how the targets below make up a goal's; empty takes what its metric proposes.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it.
        Invalid: a way that makes no sense for its metric.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    policy.may_report(actor, goal).require()
    queries.must_combine(goal, mode)
    goal.combine = mode
    goal.save()
    writing.record(actor.code, "combine", goal.agreement, at, evidence={"mode": mode})


def _wrong(child: Goal, parent: Goal, share: Decimal) -> Finding | None:
    if not 0 < share <= 1:
        return _SHARE
    if path := _path_up(parent.pk, child.pk):
        return _cycle(path)
    same = Alignment.objects.filter(child=child, parent__metric=parent.metric)
    others = same.exclude(parent=parent).values_list("share", flat=True)
    total = _sum([*others, share])
    return _too_much(total) if total > 1 and parent.metric else None


def _path_up(start: int, wanted: int) -> list[int]:
    """How `start` serves `wanted`, through however many goals; empty if it does not."""
    came = _ways_up(start)
    return _way(came, start, wanted) if wanted in came else []


def _ways_up(start: int) -> dict[int, int]:
    """`start` and every goal that it serves, each with the goal through which it does.

    One query for each level of alignment.
    """
    came: dict[int, int] = {start: start}
    level = [start]
    while level:
        pairs = Alignment.objects.filter(child__in=level).values_list("child_id", "parent_id")
        found = {parent: child for child, parent in pairs if parent not in came}
        came |= found
        level = list(found)
    return came


def _way(came: Mapping[int, int], start: int, wanted: int) -> list[int]:
    path = [wanted]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


@exact
def _sum(shares: list[Decimal]) -> Decimal:
    return sum(shares, Decimal(0))


def _cycle(path: list[int]) -> Finding:
    names = {goal.pk: goal.title or goal.metric for goal in Goal.objects.filter(pk__in=path)}
    way = " → ".join(names[each] for each in path)
    return _finding(
        "alignment_cycle",
        "parent",
        Text(
            f"不能互相对齐：{way} 已经在支撑这个目标", f"a circle: {way} serves this goal already"
        ),
        Text("选一个更上层的目标", "choose a goal further up"),
    )


def _too_much(total: Decimal) -> Finding:
    said = shown(total * HUNDRED)
    return _finding(
        "shares_above_whole",
        "share",
        Text(
            f"这个目标在同一指标的上级目标里合计占 {said}%，超过 100% 就重复计算了",
            f"its shares over goals of this metric come to {said} %: above 100 % is counted twice",
        ),
        Text("把各处的份额合计降到 100% 以内", "lower the shares to 100 % together"),
    )


def _counted_elsewhere(name: str, parent: Goal) -> Finding:
    title = parent.title or parent.metric
    return _finding(
        "shares_above_whole",
        "share",
        Text(
            f"“{name}”的目标已计入另一个上级目标“{title}”（{parent.period}），再计入就重复了",
            f"the goal of “{name}” counts for another one already: “{title}” ({parent.period})",
        ),
        Text("先在对齐页取消那一处，或取消勾选", "end that alignment first, or untick them"),
    )


def _refused(wrong: Finding) -> Invalid:
    return Invalid(wrong.message, code=wrong.code, findings=(wrong,))


def _finding(code: str, path: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=path))


_SHARE = _finding(
    "share_out_of_bounds",
    "share",
    Text("份额要大于 0、不超过 100%", "a share lies above 0 and up to 100 %"),
    Text("填 1 到 100 的百分数", "write a percentage from 1 to 100"),
)
