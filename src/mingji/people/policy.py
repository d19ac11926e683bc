"""Who may see or change what about people; see `docs/explanation/permissions.md`."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people.models import Posting, ReportingLine
from mingji.people.viewer import Actor, Viewer, current
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "sign_in": "Everybody.",
    "sign_in_as": "Everybody, and only on a demo site; elsewhere there is no such page.",
    "sign_out": "Everybody.",
    "preferences": "Everybody, for themselves.",
    "directory": "Every member: names, posts and teams.",
    "tokens": "Every member, their own tokens only.",
    "token_revoke": "Whose token it is.",
    "member": "The member, those above, the unit's HR partner; team mates see name and post only.",
    "api.me": "Every member.",
    "api.preferences": "Every member, for themselves.",
    "api.change_preferences": "Every member, for themselves.",
    "api.revoke_this_token": "Who has the token.",
    "api.members": "Every member: only those whose record concerns them are listed.",
    "api.member": "As the page of the member.",
    "api.directory_list": "As the directory.",
    "api.teams": "Every member: names of teams are no secret.",
}

_NOT_HR = Verdict(
    "not_hr_partner",
    Text(
        zh="只有负责该团队的人力资源伙伴可以这样做。",
        en="Only the HR partner of this team may do this.",
    ),
)
_OWN_RECORD = Verdict(
    "own_record",
    Text(
        zh="不能给自己办理。由另一位人力资源伙伴来做。",
        en="Nobody does this for themselves. Ask another HR partner.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """Which members' records concern the viewer: own, those below today, those of HR teams.

    A condition on `Member`; other apps use it as `member__in=people.queries.reach(viewer)`.
    Peers, other teams' managers and data analysts are not in it. An HR partner keeps those who
    left one of the teams: a dispute may come after the last day.
    """
    below = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    mine = Q(pk=viewer.member_id) | Q(pk__in=below.values("member_id"))
    if viewer.hr_teams:
        served = Posting.objects.filter(
            current(viewer.on) | Q(ends_on=F("member__left_on"), ends_on__lte=viewer.on),
            team_id__in=viewer.hr_teams,
        )
        mine |= Q(pk__in=served.values("member_id"))
    return mine


def team_mates_of(viewer: Viewer) -> Q:
    """Who works in the viewer's own team today; a condition on `Member`."""
    mates = Posting.objects.filter(current(viewer.on), team__in=[viewer.team_id])
    return Q(pk__in=mates.values("member_id"))


def teams_led_by(viewer: Viewer) -> Q:
    """The teams in which somebody reports to the viewer, and those served as HR partner."""
    below = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    led = Posting.objects.filter(current(viewer.on), member_id__in=below.values("member_id"))
    return Q(pk__in=led.values("team_id")) | Q(pk__in=viewer.hr_teams)


def teams_visible_to(viewer: Viewer) -> Q:
    """The viewer's own team, and the teams that the viewer leads or serves."""
    return Q(pk=viewer.team_id) | teams_led_by(viewer)


def tokens_visible_to(viewer: Viewer) -> Q:
    """Own API tokens, nobody else's; a condition on `ApiToken`."""
    return Q(user_id=viewer.user_id)


def may_staff(actor: Actor, teams: Collection[int], *, member: int | None = None) -> Verdict:
    """Hire into, move between or leave these teams: their HR partner, never for oneself."""
    if isinstance(actor, str):
        return ALLOWED
    if actor.member_id == member:
        return _OWN_RECORD
    return ALLOWED if teams and actor.hr_teams.issuperset(teams) else _NOT_HR


def may_give_duty(actor: Actor, *, member: int) -> Verdict:
    """Make somebody HR partner or analyst: the HR partner of the whole company, never oneself."""
    if isinstance(actor, str):
        return ALLOWED
    if actor.member_id == member:
        return _OWN_RECORD
    return ALLOWED if actor.hr_of_all else _NOT_HR
