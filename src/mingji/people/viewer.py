"""Who is looking: the member behind a request, with the relations that give rights today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from mingji.people.models import Duty, Posting, ReportingLine, Team, User
from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text

Role = Literal["director", "lead", "marketer", "hr_partner", "analyst"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member on a day. `hr_teams` are the teams (with all below them) that the viewer serves
    as HR partner; `team_id` is the viewer's own team; `depth` how many levels report to them."""

    user_id: int
    member_id: int
    code: str
    name: str
    name_en: str
    on: date
    team_id: int | None
    depth: int
    top: bool
    hr_teams: frozenset[int]
    analyst: bool

    @property
    def role(self) -> Role:
        """The one home page that fits: duties first, then the place in the reporting line."""
        if self.hr_teams:
            return "hr_partner"
        if self.analyst:
            return "analyst"
        if self.top and self.depth:
            return "director"
        return "lead" if self.depth else "marketer"


def viewer_for(user: User, on: date) -> Viewer:
    """The viewer behind a login on a day.

    Raises:
        NotAllowed: the login belongs to no member, or the member has left.
    """
    member = user.member
    if member is None or (member.left_on is not None and member.left_on <= on):
        raise NotAllowed(
            Text(
                zh="这个账号没有对应的在职成员。请人力资源伙伴把账号关联到成员后再登录。",
                en="This login belongs to no current member. Ask your HR partner to link it.",
            ),
            code="no_member",
        )
    posting = Posting.objects.filter(current(on), member=member).first()
    lines = ReportingLine.objects.filter(current(on), manager=member)
    deepest = lines.order_by("-depth").values_list("depth", flat=True).first()
    duties = list(Duty.objects.filter(current(on), member=member))
    return Viewer(
        user_id=user.pk,
        member_id=member.pk,
        code=member.code,
        name=member.name,
        name_en=member.name_en,
        on=on,
        team_id=posting.team_id if posting else None,
        depth=deepest or 0,
        top=posting is not None and posting.manager_id is None,
        hr_teams=_with_teams_below(
            {duty.team_id for duty in duties if duty.kind == Duty.Kind.HR_PARTNER}
        ),
        analyst=any(duty.kind == Duty.Kind.ANALYST for duty in duties),
    )


def current(on: date, prefix: str = "") -> Q:
    """The condition that a dated row (`starts_on`, `ends_on`) is in force on a day."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": on})
    )


def _with_teams_below(roots: set[int]) -> frozenset[int]:
    if not roots:
        return frozenset()
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    found = set(roots)
    while more := {team for team, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)


def members_in_reach(viewer: Viewer) -> Q:
    """Which members' records concern the viewer: own, those below today, those of HR teams.

    A condition on `Member`; other apps use it as `member__in=people.queries.reach(viewer)`.
    Peers, other teams' managers and data analysts are not in it.
    """
    below = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    mine = Q(pk=viewer.member_id) | Q(pk__in=below.values("member_id"))
    if viewer.hr_teams:
        served = Posting.objects.filter(current(viewer.on), team_id__in=viewer.hr_teams)
        mine |= Q(pk__in=served.values("member_id"))
    return mine
