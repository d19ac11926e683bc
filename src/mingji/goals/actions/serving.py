"""Letting goals of many members serve others that are named, as a sheet says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Q

from mingji.goals import policy, queries
from mingji.goals.actions.aligning import Service, align_many
from mingji.goals.models import Goal
from mingji.goals.naming import GoalName, Served
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

# What each goal serves, by member code and by the key of the goal.
Wanted = Mapping[str, Mapping[str, Sequence[Served]]]


def serve_named(actor: Viewer, wanted: Wanted, period: str) -> int:
    """Let goals of members serve those named; what else they serve stays.

    For an action that has asked whether its actor may. Returns how many alignments are new or
    differ; the number of queries does not depend on that of the goals.

    Raises:
        Invalid: with `member.goal.serves` as the place of each finding.
    """
    asked = [
        (member, key, each)
        for member, goals in wanted.items()
        for key, served in goals.items()
        for each in served
    ]
    if not asked:
        return 0
    children = _children(wanted, period)
    parents = _named(actor, {each.goal for _, _, each in asked})
    places = {str(child.pk): f"{who}.{key}.serves" for (who, key), child in children.items()}
    services = [
        _service(children[who, key], parents[each.goal], each, f"{who} · {key}")
        for who, key, each in asked
        if each.goal in parents
    ]
    faults = [
        _unknown(each.goal, f"{who}.{key}.serves")
        for who, key, each in asked
        if each.goal not in parents
    ]
    faults += _twice(services, places)
    if faults:
        raise Invalid(faults[0].message, code=faults[0].code, findings=tuple(faults))
    try:
        return align_many(services)
    except Invalid as error:
        raise _placed(error, places) from error


def _children(wanted: Wanted, period: str) -> dict[tuple[str, str], Goal]:
    """The goals of these members in a period, by member code and key. One query."""
    rows = Goal.objects.filter(member__code__in=list(wanted), period=period)
    return {
        (goal.member.code, goal.item): goal for goal in rows.select_related("member") if goal.member
    }


def _service(child: Goal, parent: Goal, said: Served, name: str) -> Service:
    return Service(
        child=child,
        parent=parent,
        share=said.share,
        part=said.part,
        volume=said.volume,
        name=Text.same(name),
    )


def _named(actor: Viewer, names: Iterable[GoalName]) -> dict[GoalName, Goal]:
    """The goals so named that the actor may see. One query."""
    wanted = set(names)
    owners = Q(team__code__in={each.owner for each in wanted if not each.of_member})
    owners |= Q(member__code__in={each.owner for each in wanted if each.of_member})
    rows = Goal.objects.filter(
        policy.visible_to(actor),
        owners,
        period__in={each.period for each in wanted},
        item__in={each.item for each in wanted},
    )
    found = {queries.name_of(goal): goal for goal in rows.select_related("member", "team")}
    return {name: goal for name, goal in found.items() if name in wanted}


def _twice(services: Iterable[Service], places: Mapping[str, str]) -> list[Finding]:
    seen: set[tuple[int, int]] = set()
    found = []
    for each in services:
        pair = (each.child.pk, each.parent.pk)
        if pair in seen:
            message = Text("同一个上级目标写了两次", "the same goal above is named twice")
            remedy = Text("留下一行", "keep one of the lines")
            place = Place(path=places[str(each.child.pk)])
            found.append(Finding("served_twice", "error", message, remedy, place))
        seen.add(pair)
    return found


def _placed(error: Invalid, places: Mapping[str, str]) -> Invalid:
    """The same with the goals of the sheet as places; of a way round the first that is on it."""
    findings = tuple(
        replace(
            found,
            place=Place(
                path=next((places[k] for k in found.place.path.split() if k in places), "")
            ),
        )
        for found in error.findings
    )
    return Invalid(error.message, code=error.code, findings=findings)


def _unknown(name: GoalName, place: str) -> Finding:
    return Finding(
        "unknown_goal_above",
        "error",
        Text(
            f"没有目标“{name}”，或不在你的范围内",
            f"there is no goal “{name}” that is yours to see",
        ),
        Text(
            "写团队编号/期间/考核项，成员的目标在前面加 @",
            "write team code/period/item, with @ before the code of a member",
        ),
        Place(path=place),
    )
