"""Saying which goals a goal serves, what it carries of them, and how the targets combine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Alignment, Goal
from mingji.people.viewer import Viewer
from mingji.rules.alignment import Link, double_counts, refuse_cycle
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

# More than a column holds is no volume.
_LARGEST, _PLACES = Decimal(10) ** 16, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSaid:
    """What was said of a goal below: its part (empty: as the metrics tell), and its volume."""

    part: str = ""
    volume: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A goal that is to serve another; `name` is what it is called where that is refused."""

    child: Goal
    parent: Goal
    share: Decimal = Decimal(1)
    part: str = ""
    volume: Decimal | None = None
    name: Text | None = None

    @property
    def as_kept(self) -> tuple[Decimal, str, Decimal | None]:
        """What is kept of it."""
        return self.share, self.part, self.volume


@transaction.atomic
def align(
    actor: Viewer,
    child_id: int,
    parent_id: int,
    *,
    share: Decimal = Decimal(1),
    said: PartSaid = PartSaid(),
    at: datetime,
) -> None:
    """Let a goal serve another with a share (above 0, up to 1) of its target; again changes it.

    Raises:
        NotFound: one of the two is not the actor's to see.
        NotAllowed: the actor sits on neither side of the goal that serves.
        Invalid: it would serve itself through others, the share or volume is out of bounds, it
            cannot carry that part, or its shares over goals of the same metric come to more than
            the whole.
    """
    child = queries.goal_for(actor, child_id, to="report", lock=True)
    parent = queries.goal_for(actor, parent_id)
    align_many(
        [Service(child=child, parent=parent, share=share, part=said.part, volume=said.volume)]
    )
    evidence = {"goal": child.item, "serves": parent.pk, "share": str(share), **_told(said)}
    writing.record(actor.code, "align", child.agreement, at, evidence=evidence)


def align_many(wanted: Sequence[Service]) -> int:
    """Let goals serve others. For an action that has asked whether its actor may.

    Returns how many did not before, or otherwise; a fixed number of queries, and one for each
    level of alignment above.

    Raises:
        Invalid: what is wrong, with the number of the goal that serves as the place of each
            finding (of a way round: the numbers of all goals on it).
    """
    wrong = [found for each in wanted for found in _misfits(each)]
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=tuple(wrong))
    pairs = {(each.child.pk, each.parent.pk): each for each in wanted}
    names = {str(each.parent.pk): queries.goal_name(each.parent) for each in wanted}
    names |= {str(each.child.pk): each.name or queries.goal_name(each.child) for each in wanted}
    ids = [each.child.pk for each in wanted]
    known = list(Alignment.objects.filter(child__in=ids).select_related("parent"))
    others = [_link(row, names) for row in known if (row.child_id, row.parent_id) not in pairs]
    # A child counts in the sum of the goal above, whatever it is measured by itself.
    new = [
        Link(
            child=str(each.child.pk),
            parent=str(each.parent.pk),
            share=each.share,
            metric=each.parent.metric,
        )
        for each in pairs.values()
    ]
    up = _links_up({each.parent.pk for each in wanted}, names)
    refuse_cycle([*(link for link in up if _pair(link) not in pairs), *new], names)
    if found := double_counts([*others, *new], names):
        raise Invalid(found[0].message, code=found[0].code, findings=found)
    there = {(row.child_id, row.parent_id): (row.share, row.part, row.volume) for row in known}
    fresh = [each for pair, each in pairs.items() if there.get(pair) != each.as_kept]
    _write(fresh)
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
def set_combine(
    actor: Viewer,
    goal_id: int,
    mode: str,
    *,
    parts: Mapping[int, PartSaid] | None = None,
    at: datetime,
) -> None:
    """Say how the targets below make up a goal's, and what the goals below carry of it.

    An empty mode or part takes what the metrics propose. Goals below that are not named keep
    their parts.

    Raises:
        NotFound: no such goal for the actor, or one of those named does not serve it.
        NotAllowed: the actor sits on neither side of it.
        Invalid: a way that makes no sense for its metric, a part that a goal below cannot carry
            (the place is its number), or a volume that is none.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    queries.must_combine(goal, mode)
    said = parts or {}
    links = _links_below(actor, goal, said)
    new = [
        Service(
            child=link.child,
            parent=goal,
            share=link.share,
            part=said[link.child_id].part,
            volume=said[link.child_id].volume,
        )
        for link in links
    ]
    wrong = [found for each in new for found in _misfits(each)]
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=tuple(wrong))
    goal.combine = mode
    goal.save()
    _write(new)
    told = {"mode": mode, "parts": {str(each.child.pk): _told(said[each.child.pk]) for each in new}}
    writing.record(actor.code, "combine", goal.agreement, at, evidence=told)


def _links_below(actor: Viewer, goal: Goal, named: Collection[int]) -> list[Alignment]:
    if not named:
        return []
    seen = Goal.objects.filter(policy.visible_to(actor), pk__in=list(named)).order_by().values("pk")
    links = Alignment.objects.filter(parent=goal, child__in=seen).select_related("child")
    found = list(links)
    if len(found) != len(named):
        raise NotFound(_NOT_BELOW, code="not_below")
    return found


def _write(wanted: Sequence[Service]) -> None:
    Alignment.objects.bulk_create(
        [
            Alignment(
                child=each.child,
                parent=each.parent,
                share=each.share,
                part=each.part,
                volume=each.volume,
            )
            for each in wanted
        ],
        update_conflicts=True,
        unique_fields=["child", "parent"],
        update_fields=["share", "part", "volume"],
        batch_size=500,
    )


def _misfits(each: Service) -> list[Finding]:
    """What is wrong with one service by itself, the number of the goal below as the place."""
    found: list[Finding] = []
    if not (each.share.is_finite() and 0 < each.share <= 1):
        found.append(_SHARE)
    if each.volume is not None and not _is_volume(each.volume):
        found.append(_VOLUME)
    try:
        queries.must_be_part(each.child, each.parent, each.part)
    except Invalid as error:
        found += error.findings
    place = Place(path=str(each.child.pk))
    return [Finding(one.code, "error", one.message, one.remedy, place) for one in found]


def _is_volume(value: Decimal) -> bool:
    """Whether a volume is above 0 and kept with all its digits."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= _PLACES and 0 < value < _LARGEST


def _links_up(starts: Collection[int], names: dict[str, Text]) -> list[Link]:
    """Every link above some goals, and what the goals are called. One query for each level."""
    found: list[Link] = []
    seen, level = set(starts), set(starts)
    while level:
        rows = Alignment.objects.filter(child__in=level).select_related("parent")
        found += [_link(row, names) for row in rows]
        level = {row.parent_id for row in rows} - seen
        seen |= level
    return found


def _link(row: Alignment, names: dict[str, Text]) -> Link:
    names.setdefault(str(row.parent_id), queries.goal_name(row.parent))
    return Link(
        child=str(row.child_id),
        parent=str(row.parent_id),
        share=row.share,
        metric=row.parent.metric,
    )


def _pair(link: Link) -> tuple[int, int]:
    return int(link.child), int(link.parent)


def _told(said: PartSaid) -> dict[str, str]:
    """What the audit trail says of a part."""
    volume = {"volume": str(said.volume)} if said.volume is not None else {}
    return ({"part": said.part} if said.part else {}) | volume


_SHARE = Finding(
    "share_out_of_bounds",
    "error",
    Text("份额要大于 0、不超过 100%", "a share lies above 0 and up to 100 %"),
    Text("填 1 到 100 的百分数", "write a percentage from 1 to 100"),
)
_VOLUME = Finding(
    "volume_out_of_bounds",
    "error",
    Text(
        "体量要是大于 0 的数，小数最多 4 位",
        "a volume is a number above 0, with four decimal places at most",
    ),
    Text(
        "填这个比率或平均值基于多少，例如线索数", "write how much the rate is over, such as leads"
    ),
)
_NOT_BELOW = Text(
    zh="其中有目标不支撑这个目标，或不在你的范围内。",
    en="One of the goals named does not serve this one, or is not yours to see.",
)
