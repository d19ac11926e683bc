"""Saying which goals a goal serves, and with what share of its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Alignment, Goal
from mingji.people.viewer import Viewer
from mingji.rules.alignment import Link, double_counts, refuse_cycle
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
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
    _must_fit(child, parent, share)
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
    names = {str(child.pk): Text.same(name) for name, child in children.items()}
    ids = [child.pk for child in children.values()]
    known = list(Alignment.objects.filter(child__in=ids).select_related("parent"))
    others = [_link(row, names) for row in known if row.parent_id != parent.pk]
    new = [
        Link(child=str(pk), parent=str(parent.pk), share=Decimal(1), metric=parent.metric)
        for pk in ids
    ]
    names[str(parent.pk)] = queries.goal_name(parent)
    _refuse_faults(_links_up(parent.pk, names), others, new, names)
    there = {row.child_id for row in known if row.parent_id == parent.pk and row.share == 1}
    fresh = [Alignment(child_id=pk, parent=parent, share=1) for pk in ids if pk not in there]
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


def _must_fit(child: Goal, parent: Goal, share: Decimal) -> None:
    """Refuse a share that is none, a way round, and what would count more than once."""
    if not 0 < share <= 1:
        raise Invalid(_SHARE.message, code=_SHARE.code, findings=(_SHARE,))
    names = {str(goal.pk): queries.goal_name(goal) for goal in (child, parent)}
    up = _links_up(parent.pk, names)
    own = Alignment.objects.filter(child=child).exclude(parent=parent)
    others = [_link(row, names) for row in own.select_related("parent")]
    # A child counts in the sum of the goal above, whatever it is measured by itself.
    new = Link(child=str(child.pk), parent=str(parent.pk), share=share, metric=parent.metric)
    _refuse_faults(up, others, [new], names)


def _refuse_faults(
    up: Sequence[Link], others: Sequence[Link], new: Sequence[Link], names: Mapping[str, Text]
) -> None:
    """Refuse new links that lead round to where they start, or count a goal more than once."""
    refuse_cycle([*up, *new], names)
    for found in double_counts([*others, *new], names):
        raise Invalid(found.message, code=found.code, findings=(found,))


def _links_up(start: int, names: dict[str, Text]) -> list[Link]:
    """Every link above a goal, and what the goals are called. One query for each level."""
    found: list[Link] = []
    seen, level = {start}, {start}
    while level:
        rows = Alignment.objects.filter(child__in=level).select_related("parent")
        found += [_link(row, names) for row in rows]
        level = {row.parent_id for row in rows} - seen
        seen |= level
    return found


def _link(row: Alignment, names: dict[str, Text]) -> Link:
    names[str(row.parent_id)] = queries.goal_name(row.parent)
    return Link(
        child=str(row.child_id),
        parent=str(row.parent_id),
        share=row.share,
        metric=row.parent.metric,
    )


_SHARE = Finding(
    "share_out_of_bounds",
    "error",
    Text("份额要大于 0、不超过 100%", "a share lies above 0 and up to 100 %"),
    Text("填 1 到 100 的百分数", "write a percentage from 1 to 100"),
    Place(path="share"),
)
