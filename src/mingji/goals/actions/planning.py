"""Setting the goals of many members in one go: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from mingji.audit import trail
from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.actions.serving import Wanted, serve_named
from mingji.goals.checks import belonging_findings
from mingji.goals.models import Agreement, Goal, Milestone, Theme, Version
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import GoalTerms, as_data, digest
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What came of planning: how many members got goals, how many goals were new or differ."""

    members: int
    goals: int


@transaction.atomic
def plan(
    actor: Viewer,
    wanted: Mapping[str, Sequence[GoalTerms]],
    *,
    period: str,
    propose: bool = False,
    note: str = "",
    deadline: date | None = None,
    serves: Wanted | None = None,
    at: datetime,
) -> Planned:
    """Draft these goals of members, by code, and propose them if asked to.

    A draft that is there keeps its other goals; what it says already is not written again, and
    for goals that are proposed or agreed the same terms once more are no change either. `serves`
    names the goals that theirs are to serve: alignment is no part of what is signed. All members
    are looked up at once, and new agreements are written in bulk.

    Raises:
        NotAllowed: somebody among them does not report to the actor.
        Invalid: what is wrong, with `member.goal.field` as the place; nothing is written then.
    """
    members = people.members_by_code(sorted(wanted))
    policy.may_plan_for(actor, wanted.keys()).require()
    known = _agreements([member.pk for member in members.values()], period)
    forms = queries.items_by_member(members.values(), period)
    faults: list[Finding] = []
    checked: dict[str, tuple[GoalTerms, ...]] = {}
    for code, terms in wanted.items():
        agreement = known.get(members[code].pk)
        before = _terms_of(agreement) if agreement else ()
        whole = writing.merged(before, terms)
        if agreement is not None and agreement.status != Agreement.Status.DRAFT:
            if whole != before:
                faults.append(_settled(code, agreement))
            continue
        items, parts = forms[members[code].pk]
        found = writing.wrong_with(whole, items, parts if propose else None)
        found += belonging_findings(whole)
        faults += [_of(code, each) for each in found]
        checked[code] = writing.as_kept(whole, items)
    if faults:
        raise Invalid(faults[0].message, code=faults[0].code, findings=tuple(faults))
    changed = _write(checked, members, known, period, deadline)
    if propose:
        _propose(actor, [*changed.values()], note, at)
    goals = sum(len(wanted[code]) for code in changed)
    aligned = serve_named(actor, serves or {}, period)
    said = {"goals": goals, "proposed": propose, **({"aligned": aligned} if aligned else {})}
    _record(actor, period, changed, said, at)
    return Planned(members=len(changed), goals=goals)


def _agreements(ids: Sequence[int], period: str) -> dict[int, Agreement]:
    found = Agreement.objects.select_for_update(of=("self",)).filter(
        member_id__in=ids, period=period
    )
    rows = found.prefetch_related("goals__theme", "goals__objective", "goals__milestones")
    return {row.member_id or 0: row for row in rows}


def _write(
    checked: Mapping[str, tuple[GoalTerms, ...]],
    members: Mapping[str, Member],
    known: Mapping[int, Agreement],
    period: str,
    deadline: date | None,
) -> dict[str, Agreement]:
    """Write what differs; the agreements that changed, by member code."""
    every = [goal for terms in checked.values() for goal in terms]
    themes = writing.themes_of(every, period)
    fresh = [code for code in checked if members[code].pk not in known]
    new = {
        code: Agreement(member=members[code], period=period, deadline=deadline) for code in fresh
    }
    changed = dict(zip(fresh, _begin(new), strict=True))
    _write_new([(agreement, checked[code]) for code, agreement in changed.items()], themes)
    for code, terms in checked.items():
        old = known.get(members[code].pk)
        if old is None or _terms_of(old) == terms:
            continue
        old.deadline = deadline or old.deadline
        old.save()
        writing.write_terms(old, terms)
        changed[code] = old
    return changed


def _begin(new: Mapping[str, Agreement]) -> list[Agreement]:
    """New agreements, by member code; refused where somebody else began one a moment ago."""
    try:
        with transaction.atomic():
            return Agreement.objects.bulk_create(new.values(), batch_size=500)
    except IntegrityError as error:
        codes = {each.member_id: code for code, each in new.items()}
        periods = {each.period for each in new.values()}
        begun = Agreement.objects.filter(member__in=list(codes), period__in=periods)
        ids = begun.order_by("member_id").values_list("member_id", flat=True)
        found = tuple(_begun(codes[each]) for each in ids)
        raise Invalid(found[0].message, code=found[0].code, findings=found) from error


def _write_new(
    wanted: Sequence[tuple[Agreement, Sequence[GoalTerms]]], themes: Mapping[str, Theme | None]
) -> None:
    """The goals of new agreements in bulk; objectives first, as key results refer to them."""
    rows: dict[tuple[int, str], Goal] = {}
    steps: list[Milestone] = []
    for below in (False, True):
        new = [
            _row(agreement, goal, themes, rows)
            for agreement, terms in wanted
            for goal in terms
            if bool(goal.objective) == below
        ]
        made = Goal.objects.bulk_create(new, batch_size=500)
        rows |= {(row.agreement_id, row.item): row for row in made}
    for agreement, terms in wanted:
        for goal in terms:
            row = rows[agreement.pk, goal.key]
            steps += [
                Milestone(goal=row, position=n, title=each.title, weight=each.weight, due=each.due)
                for n, each in enumerate(goal.milestones)
            ]
    Milestone.objects.bulk_create(steps, batch_size=500)


def _row(
    agreement: Agreement,
    goal: GoalTerms,
    themes: Mapping[str, Theme | None],
    rows: Mapping[tuple[int, str], Goal],
) -> Goal:
    row = Goal(
        agreement=agreement,
        member=agreement.member,
        period=agreement.period,
        theme=themes[goal.theme],
        objective=rows[agreement.pk, goal.objective] if goal.objective else None,
    )
    row.take(goal)
    return row


def _terms_of(agreement: Agreement) -> tuple[GoalTerms, ...]:
    return tuple(goal.terms for goal in sorted(agreement.goals.all(), key=lambda goal: goal.pk))


def _propose(actor: Viewer, agreements: Sequence[Agreement], note: str, at: datetime) -> None:
    """Put all of them before their members: one version each, written in bulk."""
    writing.sign_under_definitions_in_force([row.pk for row in agreements])
    goals: dict[int, list[GoalTerms]] = {row.pk: [] for row in agreements}
    rows = Goal.objects.filter(agreement__in=list(goals)).select_related("theme", "objective")
    for goal in rows.prefetch_related("milestones").order_by("id"):
        goals[goal.agreement_id].append(goal.terms)
    for row in agreements:
        row.status, row.turn, row.number = Agreement.Status.PROPOSED, "own", row.number + 1
        row.proposed_by, row.proposed_at = actor.code, at
    Agreement.objects.bulk_update(
        agreements, ["status", "turn", "number", "proposed_by", "proposed_at"], batch_size=200
    )
    Version.objects.bulk_create(
        [
            Version(
                agreement=row,
                number=row.number,
                kind=Version.Kind.PROPOSED,
                by=actor.code,
                at=at,
                note=note,
                terms=as_data(goals[row.pk]),
                digest=digest(goals[row.pk]),
            )
            for row in agreements
        ],
        batch_size=200,
    )


def _record(
    actor: Viewer,
    period: str,
    changed: Mapping[str, Agreement],
    said: Mapping[str, int],
    at: datetime,
) -> None:
    if not changed and "aligned" not in said:
        return
    trail.record(
        actor=actor.code,
        action="plan",
        kind="goals",
        object_id=period,
        at=at,
        evidence={**said, "agreements": [row.pk for row in changed.values()]},
    )


def _settled(code: str, agreement: Agreement) -> Finding:
    agreed = agreement.status == Agreement.Status.AGREED
    message = (
        Text(f"{code} 的目标已经锁定", f"the goals of {code} are locked")
        if agreed
        else Text(f"{code} 的目标已经提出，正在等答复", f"the goals of {code} wait for an answer")
    )
    remedy = (
        Text("去掉这位成员，要改就提变更申请", "leave them out; ask for a change instead")
        if agreed
        else Text("去掉这位成员，或先撤回", "leave them out, or take the proposal back first")
    )
    return Finding("goals_settled", "error", message, remedy, Place(path=f"{code}.."))


def _begun(code: str) -> Finding:
    message = Text(
        f"另一个人刚刚开始拟定 {code} 的目标",
        f"somebody else has just begun the goals of {code}",
    )
    remedy = Text("看过他们拟的再保存", "look at what they began, then save")
    return Finding("agreement_exists", "error", message, remedy, Place(path=f"{code}.."))


def _of(code: str, found: Finding) -> Finding:
    return replace(found, place=replace(found.place, path=f"{code}.{found.place.path}"))
