"""Setting, proposing and accepting goals. Agreed, a goal is locked: no route changes it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from mingji.audit import trail
from mingji.goals import policy, queries
from mingji.goals.models import AMOUNTS, Goal, Theme
from mingji.goals.targets import Targets, findings
from mingji.people.viewer import SYSTEM, Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member


_CHANGED = Text(
    zh="你打开页面之后，上级改过这个目标。再看一遍，再决定同不同意。",
    en="Your manager has changed this goal since you opened the page. Read it again, then decide.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedGoal:
    """A goal that both sides had agreed to before it came into this installation.

    Of a member or of a whole team: one of `member_id` and `team_id`, never both.
    """

    member_id: int | None = None
    team_id: int | None = None
    period: str
    item: str
    metric: str
    targets: Targets
    proposed_by: str
    proposed_at: datetime
    accepted_by: str
    accepted_at: datetime
    theme: str = ""
    support: str = ""


@transaction.atomic
def set_goal(
    actor: Viewer,
    member: Member,
    *,
    period: str,
    item: str,
    targets: Targets,
    theme: str = "",
    support: str = "",
    at: datetime,
) -> int:
    """Draft a goal for a member below, or change the one of this item that is not agreed yet.

    `item` is an item of the member's form that a metric measures. A changed proposal is a draft
    again: the member accepts what they have read. Returns the number of the goal.

    Raises:
        NotAllowed: the actor does not stand above the member.
        NotAllowedNow: the goal is agreed and therefore locked.
        Invalid: no such item or theme, or values that cannot be scored or followed.
    """
    policy.may_set(actor, member).require()
    measured = queries.measured_item(member, period, item)
    wrong = findings(targets, method=measured.method, direction=measured.direction)
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=wrong)
    goal = _open_goal(member, period, item)
    goal.metric = measured.metric
    goal.theme = _theme(theme, period)
    goal.support = support
    goal.status = Goal.Status.DRAFT
    goal.proposed_by, goal.proposed_at = "", None
    for name, value in asdict(targets).items():
        setattr(goal, name, value)
    _save(goal)
    _record(actor.code, "set", goal, at)
    return goal.pk


@transaction.atomic
def propose(actor: Viewer, goal_id: int, *, at: datetime) -> None:
    """Put a draft before the member, who can now accept it.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor does not stand above the member.
        NotAllowedNow: the goal is no draft any more.
    """
    goal = queries.goal_for(actor, goal_id, to="propose", lock=True)
    goal.status = Goal.Status.PROPOSED
    goal.proposed_by, goal.proposed_at = actor.code, at
    goal.save()
    _record(actor.code, "propose", goal, at)


@transaction.atomic
def accept(actor: Viewer, goal_id: int, *, terms: str, at: datetime) -> None:
    """Agree to a proposed goal. Both names and instants stay; from now on it is locked.

    `terms` are the `Goal.terms` of the page that the actor read.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: somebody else's goal.
        NotAllowedNow: the goal is not proposed, agreed already, or was changed since it was read.
    """
    goal = queries.goal_for(actor, goal_id, to="accept", lock=True)
    if terms != goal.terms:
        raise NotAllowedNow(_CHANGED, code="goal_changed")
    goal.status = Goal.Status.AGREED
    goal.accepted_by, goal.accepted_at = actor.code, at
    goal.save()
    _record(actor.code, "accept", goal, at)


@transaction.atomic
def import_agreed(goals: Iterable[AgreedGoal], *, at: datetime, actor: str = SYSTEM) -> int:
    """Take over goals that were agreed elsewhere; how many came in. For set-up, not for a person.

    Raises:
        Invalid: a goal of the same member, period and item is there already, or an unknown theme.
    """
    themes = {theme.code: theme for theme in Theme.objects.all()}
    rows = [_agreed(given, themes) for given in goals]
    try:
        with transaction.atomic():
            Goal.objects.bulk_create(rows, batch_size=500)
    except IntegrityError as error:
        raise Invalid(
            Text(
                zh="导入的目标里有一项与已有目标重复（同一成员、期间、考核项）。去掉重复的再导入。",
                en="An imported goal exists already (same member, period and item). "
                "Take out what is there and import again.",
            ),
            code="goal_exists",
        ) from error
    periods = sorted({row.period for row in rows})
    trail.record(
        actor=actor,
        action="import",
        kind="goals",
        object_id=",".join(periods)[:80],
        at=at,
        evidence={"goals": len(rows), "periods": periods},
    )
    return len(rows)


@transaction.atomic
def set_theme(code: str, *, year: int, name: Text, at: datetime, actor: str = SYSTEM) -> None:
    """Add a strategy theme of a year, or rename it. For set-up, not for a person."""
    Theme.objects.update_or_create(
        code=code, defaults={"year": year, "name_zh": name.zh, "name_en": name.en}
    )
    trail.record(actor=actor, action="set", kind="theme", object_id=code, at=at)


def _open_goal(member: Member, period: str, item: str) -> Goal:
    found = Goal.objects.select_for_update().filter(member=member, period=period, item=item).first()
    if found is not None and found.status == Goal.Status.AGREED:
        raise NotAllowedNow(queries.LOCKED, code="goal_agreed")
    return found or Goal(member=member, period=period, item=item)


def _save(goal: Goal) -> None:
    try:
        with transaction.atomic():
            goal.save()
    except IntegrityError as error:  # somebody else drafted the same item a moment ago
        raise NotAllowedNow(
            Text(
                zh="另一位上级刚刚给这一项拟了目标。刷新页面看看再改。",
                en="Somebody else has just drafted this goal. Reload the page and look first.",
            ),
            code="goal_exists",
        ) from error


def _theme(code: str, period: str) -> Theme | None:
    if not code:
        return None
    theme = Theme.objects.filter(code=code, year=int(period[:4])).first()
    if theme is None:
        message = Text(
            zh=f"{period[:4]} 年没有战略主题“{code}”。",
            en=f"There is no strategy theme “{code}” in {period[:4]}.",
        )
        remedy = Text(zh="从列表里选一个主题。", en="Choose a theme from the list.")
        found = Finding("unknown_theme", "error", message, remedy, Place(path="theme"))
        raise Invalid(message, code="unknown_theme", findings=(found,))
    return theme


def _agreed(given: AgreedGoal, themes: dict[str, Theme]) -> Goal:
    if given.theme and given.theme not in themes:
        raise Invalid(
            Text(
                zh=f"没有战略主题“{given.theme}”。先建主题，再导入目标。",
                en=f"There is no strategy theme “{given.theme}”. Add the theme, then import.",
            ),
            code="unknown_theme",
        )
    return Goal(
        member_id=given.member_id,
        team_id=given.team_id,
        period=given.period,
        item=given.item,
        metric=given.metric,
        theme=themes.get(given.theme),
        support=given.support,
        status=Goal.Status.AGREED,
        proposed_by=given.proposed_by,
        proposed_at=given.proposed_at,
        accepted_by=given.accepted_by,
        accepted_at=given.accepted_at,
        **asdict(given.targets),
    )


def _record(actor: str, action: str, goal: Goal, at: datetime) -> None:
    amounts = {name: getattr(goal, name) for name in AMOUNTS}
    trail.record(
        actor=actor,
        action=action,
        kind="goal",
        object_id=goal.pk,
        at=at,
        evidence={
            "item": goal.item,
            "period": goal.period,
            **{name: str(value) for name, value in amounts.items() if value is not None},
        },
    )
