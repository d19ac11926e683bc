"""Reading people: whom a viewer may see, teams, and who worked where on which days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from mingji.people import policy
from mingji.people.models import ApiToken, Member, Posting, ReportingLine, Team, User
from mingji.people.viewer import Viewer, current
from mingji.rules.errors import NotAllowed, NotFound
from mingji.rules.text import Text

# Longer numbers are no ids.
_LONGEST_KEY = 19


@dataclass(frozen=True, slots=True)
class PostingFact:
    """Where a member worked, from `starts_on` up to before `ends_on` (None: still), as codes."""

    member: str
    team: str
    manager: str | None
    job_family: str
    level: str
    starts_on: date
    ends_on: date | None


def reach(viewer: Viewer) -> QuerySet[Member, Any]:
    """The ids of the members whose records concern the viewer, for `member__in=reach(viewer)`."""
    return Member.objects.filter(policy.visible_to(viewer)).order_by().values("pk")


def is_above(viewer: Viewer, member_id: int) -> bool:
    """Whether a member reports to the viewer today, through however many levels."""
    lines = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    return lines.filter(member_id=member_id).exists()


def above(member: Member, on: date) -> list[Member]:
    """Who stands above a member on a day and works here then, the closest first."""
    lines = ReportingLine.objects.filter(current(on), member=member).order_by("depth")
    found = {line.manager: None for line in lines.select_related("manager")}
    return [each for each in found if each.left_on is None or each.left_on > on]


def leads_in(viewer: Viewer, team_id: int) -> bool:
    """Whether somebody who works in this team today reports to the viewer."""
    below = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    posted = Posting.objects.filter(current(viewer.on), team_id=team_id)
    return posted.filter(member_id__in=below.values("member_id")).exists()


def all_below(viewer: Viewer, codes: Collection[str]) -> bool:
    """Whether each of these members, by code, reports to the viewer today."""
    lines = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    below = lines.filter(member__code__in=list(codes)).values("member_id").distinct().count()
    return below == len(set(codes)) > 0


def must_lead(viewer: Viewer) -> None:
    """Go on only for somebody to whom others report today.

    Raises:
        NotAllowed: nobody reports to the viewer.
    """
    if not viewer.depth:
        raise NotAllowed(_NO_PEOPLE, code="leads_nobody")


def below(viewer: Viewer, *, direct: bool = False) -> list[Member]:
    """Everybody who reports to the viewer today, or only those who do so directly, by name."""
    lines = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    wanted = lines.filter(depth=1) if direct else lines
    here = Member.objects.filter(pk__in=wanted.values("member_id"))
    return list(here.exclude(left_on__lte=viewer.on))


def in_charge_of(viewer: Viewer, *, team: Team | None = None) -> QuerySet[Member]:
    """Who reports to the viewer today or works in a team that they serve as HR partner, by name;
    of one team if it is given. Never the viewer."""
    posted = Posting.objects.filter(current(viewer.on))
    lines = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    mine = Q(pk__in=lines.values("member_id"))
    if viewer.hr_teams:
        mine |= Q(pk__in=posted.filter(team_id__in=viewer.hr_teams).values("member_id"))
    found = Member.objects.filter(mine, still_here(viewer.on)).exclude(pk=viewer.member_id)
    if team is None:
        return found
    return found.filter(pk__in=posted.filter(team=team).values("member_id"))


def below_in_team(viewer: Viewer, team: Team, day: date) -> list[Member]:
    """Who works in a team on a day and reports to the viewer today, by name."""
    lines = ReportingLine.objects.filter(current(viewer.on), manager_id=viewer.member_id)
    return list(members_of_team(team, day).filter(pk__in=lines.values("member_id")))


def spans_in_team(
    member_ids: Collection[int], team: Team, first: date, last: date
) -> dict[int, list[tuple[date, date]]]:
    """On which days from `first` to `last` members worked in a team: spans, both ends included."""
    rows = Posting.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=first),
        member__in=list(member_ids),
        team=team,
        starts_on__lte=last,
    )
    spans: dict[int, list[tuple[date, date]]] = {}
    for row in rows:
        until = min(last, row.ends_on - timedelta(days=1)) if row.ends_on else last
        spans.setdefault(row.member_id, []).append((max(first, row.starts_on), until))
    return spans


def serves_as_hr(viewer: Viewer, member_id: int) -> bool:
    """Whether a member works today in a team that the viewer serves as HR partner."""
    held = Posting.objects.filter(current(viewer.on), member_id=member_id)
    return held.filter(team_id__in=viewer.hr_teams).exists()


def member_for(viewer: Viewer, code: str) -> Member:
    """The member with this code, if the record is the viewer's to see.

    Raises:
        NotFound: no such member, or not one that concerns the viewer.
    """
    member = Member.objects.filter(policy.visible_to(viewer), code=code).first()
    if member is None:
        raise NotFound(_NO_MEMBER, code="no_member")
    return member


def team_for(viewer: Viewer, code: str) -> Team:
    """The team with this code: one's own, or one that the viewer leads or serves.

    Raises:
        NotFound: no such team, or not one that concerns the viewer.
    """
    team = Team.objects.filter(policy.teams_visible_to(viewer), code=code).first()
    if team is None:
        raise NotFound(_NO_TEAM, code="no_team")
    return team


def teams_of(viewer: Viewer) -> list[Team]:
    """The teams that the viewer leads or serves as HR partner, by code."""
    return list(Team.objects.filter(policy.teams_led_by(viewer)))


def members_of_team(team: Team, on: date) -> QuerySet[Member]:
    """Who worked in a team on a day, in the order of their names. The caller has the team."""
    posted = Posting.objects.filter(current(on), team=team)
    return Member.objects.filter(pk__in=posted.values("member_id"))


def members_after(members: QuerySet[Member], after: str) -> QuerySet[Member]:
    """The members behind the key of the page before; a made-up key begins at the beginning."""
    name, _, key = after.rpartition("~")
    if not (name and key.isdecimal() and len(key) < _LONGEST_KEY):
        return members
    return members.filter(Q(name_sort__gt=name) | Q(name_sort=name, pk__gt=int(key)))


def member_key(member: Member) -> str:
    """The key by which a page of members ends and the next one begins."""
    return f"{member.name_sort}~{member.pk}"


def posting_on(member: Member, day: date) -> Posting | None:
    """The post that a member held on a day."""
    return member.postings.filter(current(day)).select_related("team", "manager").first()


def postings_on(members: Iterable[Member], day: date) -> dict[int, Posting]:
    """The post that each of these members held on a day, by member id, in one look-up."""
    held = Posting.objects.filter(current(day), member__in=members)
    return {posting.member_id: posting for posting in held.select_related("team", "manager")}


def postings_overlapping(first: date, last: date) -> tuple[PostingFact, ...]:
    """Every posting that covers at least one day from `first` to `last`, both included.

    For the metric engine and the opening of a cycle, which work for all and not for a viewer.
    """
    rows = (
        Posting.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first), starts_on__lte=last)
        .order_by("member__code", "starts_on")
        .values_list(
            "member__code",
            "team__code",
            "manager__code",
            "job_family",
            "level",
            "starts_on",
            "ends_on",
        )
    )
    return tuple(PostingFact(*row) for row in rows)


def members_by_code(codes: Sequence[str]) -> dict[str, Member]:
    """Members by their codes, in one look-up; unknown codes are absent."""
    return {member.code: member for member in Member.objects.filter(code__in=codes)}


def names_by_code(codes: Collection[str]) -> dict[str, Text]:
    """What members are called, by their codes, in one look-up; unknown codes are absent."""
    return {code: member.known_as for code, member in members_by_code(sorted(codes)).items()}


def names_in_reach(viewer: Viewer, day: date) -> dict[str, Text]:
    """What the members within the viewer's reach who work here on a day are called, by code, in
    the order of their names. One query."""
    here = Member.objects.filter(policy.visible_to(viewer), still_here(day), hired_on__lte=day)
    rows = here.order_by("name_sort", "pk").values_list("code", "name", "name_en")
    return {code: Text(zh, en) for code, zh, en in rows}


def members_with(ids: QuerySet[Any, Any]) -> QuerySet[Member]:
    """The members whose ids a query finds, by name; its caller asks who may see them."""
    return Member.objects.filter(pk__in=ids)


def still_here(day: date, prefix: str = "") -> Q:
    """The condition that a member has not left by a day."""
    return Q(**{f"{prefix}left_on__isnull": True}) | Q(**{f"{prefix}left_on__gt": day})


def members_to_match() -> list[Member]:
    """Every member, also who has left, with the names by which systems may know them. For jobs."""
    return list(Member.objects.only("code", "name", "name_en", "name_sort", "email", "left_on"))


def logins() -> dict[str, User]:
    """The active logins of members by member code, in one look-up; for set-up and jobs."""
    users = User.objects.filter(is_active=True, member__left_on=None).select_related("member")
    return {user.member.code: user for user in users if user.member}


def own_team(viewer: Viewer) -> Team | None:
    """The team in which the viewer works today."""
    return None if viewer.team_id is None else Team.objects.get(pk=viewer.team_id)


def login_of(viewer: Viewer) -> User:
    """The login behind a viewer, with how they like to read."""
    return User.objects.get(pk=viewer.user_id)


def logins_to_remind() -> Iterator[User]:
    """The logins of members who did not say that they want no mail, in a fixed order; those who
    have left among them."""
    users = User.objects.filter(is_active=True, member__isnull=False).exclude(reminders="off")
    return users.select_related("member").order_by("pk").iterator(chunk_size=500)


def tokens_of(viewer: Viewer) -> list[ApiToken]:
    """The API tokens of the viewer, the newest first; also those that are over."""
    return list(ApiToken.objects.filter(policy.tokens_visible_to(viewer)))


def token_for(viewer: Viewer, token_id: int, *, lock: bool = False) -> ApiToken:
    """The API token with this number, if it is the viewer's.

    Raises:
        NotFound: no such token, or somebody else's.
    """
    found = ApiToken.objects.filter(policy.tokens_visible_to(viewer), pk=token_id)
    token = (found.select_for_update() if lock else found).first()
    if token is None:
        raise NotFound(_NO_TOKEN, code="no_token")
    return token


def teams_by_code() -> dict[str, Team]:
    """All teams by their codes."""
    return {team.code: team for team in Team.objects.all()}


_NO_MEMBER = Text(
    zh="没有这位成员，或者其资料不在你的范围内。",
    en="There is no such member, or the record is not yours to see.",
)
_NO_PEOPLE = Text(
    zh="只有带人的成员可以打开这一页。",
    en="This page is for those to whom others report.",
)
_NO_TEAM = Text(
    zh="没有这个团队，或者它不在你的范围内。",
    en="There is no such team, or it is not yours to see.",
)
_NO_TOKEN = Text(zh="你没有这个令牌。", en="You have no such token.")
