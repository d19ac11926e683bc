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
SYSTEM: Literal["system"] = "system"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member on a day. `hr_teams` are the teams (with all below them) that the viewer serves
    as HR partner, `hr_of_all` says that the whole company is among them; `team_id` is the
    viewer's own team; `depth` how many levels report to them."""

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
    hr_of_all: bool = False

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


# Who does a thing: a person, or the installation itself (set-up commands, nightly work).
Actor = Viewer | Literal["system"]


def actor_code(actor: Actor) -> str:
    """What the audit trail calls an actor: the member code, or `system`."""
    return actor if isinstance(actor, str) else actor.code


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
    duties = list(Duty.objects.filter(current(on), member=member).select_related("team"))
    served = [duty.team for duty in duties if duty.kind == Duty.Kind.HR_PARTNER]
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
        hr_teams=_with_teams_below({team.pk for team in served}),
        analyst=any(duty.kind == Duty.Kind.ANALYST for duty in duties),
        hr_of_all=any(team.parent_id is None for team in served),
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
