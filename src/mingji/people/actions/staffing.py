"""Teams, hiring, transfers, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from mingji.audit import trail
from mingji.people import policy
from mingji.people.actions.inputs import member_named, refuse, taken, team_named
from mingji.people.actions.reporting import rebuild_reporting_lines
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.models import Member, Posting, ReportingLine, Team
from mingji.people.names import search_text, sort_key
from mingji.people.viewer import Actor, actor_code, current
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be taken up: codes of team, manager (None: nobody above), family and level."""

    team: str
    job_family: str
    level: str
    manager: str | None = None
    title_zh: str = ""
    title_en: str = ""


@transaction.atomic
def make_team(
    actor: Actor, *, code: str, name_zh: str, name_en: str, parent: str | None = None, at: datetime
) -> Team:
    """Set up a team below another, or the company itself when `parent` is None.

    Raises:
        NotAllowed: the actor is not the HR partner of the team above.
        Invalid: the code is taken, or there is no such team above.
    """
    above = team_named("parent", parent) if parent else None
    policy.may_staff(actor, [above.pk] if above else []).require()
    if Team.objects.filter(code=code).exists():
        raise taken(code)
    team = Team.objects.create(code=code, name_zh=name_zh, name_en=name_en, parent=above)
    trail.record(actor=actor_code(actor), action="make_team", kind="team", object_id=code, at=at)
    return team


@transaction.atomic
def hire(
    actor: Actor,
    *,
    code: str,
    name: str,
    name_en: str,
    hired_on: date,
    post: NewPost,
    email: str = "",
    at: datetime,
) -> Member:
    """Take on a member into a first post from `hired_on`.

    Raises:
        NotAllowed: the actor is not the HR partner of the team.
        Invalid: the code is taken; team, manager, family or level is unknown.
    """
    team = team_named("team", post.team)
    policy.may_staff(actor, [team.pk]).require()
    if Member.objects.filter(code=code).exists():
        raise taken(code)
    member = Member.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        name_sort=sort_key(name),
        name_search=search_text(name, name_en),
        email=email,
        hired_on=hired_on,
    )
    _take_up(member, team, post, hired_on)
    _record(actor, "hire", member, at, on=hired_on, team=team.code, manager=post.manager)
    return member


@transaction.atomic
def post(
    actor: Actor, code: str, post: NewPost, *, starts_on: date, reason: str = "", at: datetime
) -> None:
    """Move a member into another post from a day on; the running post ends on that day.

    Raises:
        NotAllowed: the actor is not the HR partner of both teams, or moves themselves.
        Invalid: unknown codes; the day lies before hiring, after leaving, or not after the start
            of the running post; the new manager would stand below the member.
    """
    member = member_named("member", code)
    running = member.postings.filter(current(starts_on)).select_for_update().first()
    team = team_named("team", post.team)
    teams = {team.pk, running.team_id} if running else {team.pk}
    policy.may_staff(actor, teams, member=member.pk).require()
    _check_day(member, starts_on)
    if running:
        Posting.objects.filter(pk=running.pk).update(ends_on=starts_on)
    _take_up(member, team, post, starts_on)
    _record(actor, "post", member, at, reason, on=starts_on, team=team.code, manager=post.manager)


@transaction.atomic
def leave(actor: Actor, code: str, *, left_on: date, reason: str = "", at: datetime) -> None:
    """A member's first day away: the post and the duties end, the records stay.

    Raises:
        NotAllowed: the actor is not the HR partner of the member's team, or is the member.
        Invalid: people still report to the member on that day, or the day is before hiring.
    """
    member = member_named("member", code)
    running = member.postings.filter(current(left_on)).first()
    teams = [running.team_id] if running else []
    policy.may_staff(actor, teams, member=member.pk).require()
    _check_day(member, left_on)
    _check_nobody_reports(member, left_on)
    Member.objects.filter(pk=member.pk).update(left_on=left_on)
    member.postings.filter(current(left_on)).update(ends_on=left_on)
    member.duties.filter(current(left_on)).update(ends_on=left_on)
    rebuild_reporting_lines([member.pk])
    _record(actor, "leave", member, at, reason, on=left_on)


def _take_up(member: Member, team: Team, post: NewPost, starts_on: date) -> None:
    for where, word, known in (
        ("job_family", post.job_family, JOB_FAMILIES),
        ("level", post.level, LEVELS),
    ):
        if word not in known:
            raise refuse(
                "unknown_code",
                where,
                Text(zh=f"不认识“{word}”。", en=f"“{word}” is not known."),
                Text(zh="可用的值：" + "、".join(known), en="Use one of: " + ", ".join(known)),
            )
    manager = _manager(post.manager, starts_on) if post.manager else None
    Posting.objects.create(
        member=member,
        team=team,
        manager=manager,
        job_family=post.job_family,
        level=post.level,
        title_zh=post.title_zh,
        title_en=post.title_en,
        starts_on=starts_on,
    )
    below = ReportingLine.objects.filter(manager=member).values_list("member_id", flat=True)
    rebuild_reporting_lines({member.pk, *below})


def _manager(code: str, on: date) -> Member:
    manager = member_named("manager", code)
    if not manager.postings.filter(current(on)).exists():
        raise refuse(
            "manager_not_in_post",
            "manager",
            Text(
                zh=f"{manager.name} 在 {on} 没有在岗。",
                en=f"{manager.name_en} holds no post on {on}.",
            ),
            Text(zh="换一位当天在岗的上级。", en="Choose a manager who is in post on that day."),
        )
    return manager


def _check_day(member: Member, day: date) -> None:
    last = member.postings.order_by("-starts_on").first()
    earliest = last.starts_on if last else member.hired_on
    if day <= earliest or member.left_on is not None:
        raise refuse(
            "day_out_of_order",
            "starts_on",
            Text(
                zh=f"{member.name} 的最近一段任职自 {earliest} 开始，{day} 不能接在后面。",
                en=f"The last post of {member.name_en} starts on {earliest}; {day} cannot follow.",
            ),
            Text(
                zh="选一个更晚的日期；已离职的成员要重新入职。",
                en="Choose a later day. Somebody who has left is hired again.",
            ),
        )


def _check_nobody_reports(member: Member, day: date) -> None:
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    below = Posting.objects.filter(later, manager=member).select_related("member")
    if reports := sorted({posting.member.name for posting in below}):
        count, names = len(reports), "、".join(reports)
        raise refuse(
            "reports_left_behind",
            "left_on",
            Text(
                zh=f"自 {day} 起仍有 {count} 人向 {member.name} 汇报：{names}。",
                en=f"{count} still report to {member.name_en} from {day}: {names}.",
            ),
            Text(zh="先为他们安排新的上级。", en="Give them another manager first."),
        )


def _record(
    actor: Actor, action: str, member: Member, at: datetime, reason: str = "", **evidence: object
) -> None:
    trail.record(
        actor=actor_code(actor),
        action=action,
        kind="member",
        object_id=member.code,
        at=at,
        reason=reason,
        evidence={
            name: str(value) if isinstance(value, date) else value
            for name, value in evidence.items()
        },
    )
