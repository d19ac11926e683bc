"""The people directory and the page of one member: what colleagues may know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingji.people import policy
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.models import Member, Posting, Team
from mingji.people.queries import member_for, posting_on, postings_on
from mingji.people.viewer import Viewer, current
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50
PERSONAS = ("director", "lead", "marketer", "hr_partner", "analyst")


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works or worked, in words."""

    title: Text
    team: Text
    team_code: str
    manager: Text | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory. `opens`: the viewer may open the page of this member."""

    code: str
    name: Text
    post: Post | None
    opens: bool


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """Some entries in the order of names; `next` is the key of the page after, or empty."""

    entries: tuple[Entry, ...]
    next: str


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A team; `own` is the viewer's, `in_reach` those whose goals the viewer sees."""

    code: str
    name: Text
    parent: str | None
    own: bool
    in_reach: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What one viewer may see of a member. Team mates get no history, manager or dates."""

    code: str
    name: Text
    post: Post | None
    full: bool
    email: str = ""
    hired_on: date | None = None
    left_on: date | None = None
    history: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whose eyes a visitor of the demo may look through; `part` says what they see."""

    code: str
    part: str
    name: Text
    title: Text


def directory(
    viewer: Viewer, search: str = "", after: str = "", *, limit: int = PAGE
) -> DirectoryPage:
    """Who works here today, `limit` at a time, found by name, pinyin, initials or team."""
    here = Member.objects.filter(hired_on__lte=viewer.on).exclude(left_on__lte=viewer.on)
    return _page(viewer, _matching(here, viewer.on, search), after, limit)


def members_in_reach(viewer: Viewer, search: str, after: str, limit: int) -> DirectoryPage:
    """The members whose records concern the viewer, also those who left; as the directory."""
    mine = Member.objects.filter(policy.visible_to(viewer))
    return _page(viewer, _matching(mine, viewer.on, search), after, limit)


def teams_page(viewer: Viewer, after: str, limit: int) -> tuple[list[TeamEntry], str]:
    """Every team by code, and the key of the page after, or empty. Names of teams are no secret."""
    near = Team.objects.filter(policy.teams_visible_to(viewer), pk=OuterRef("pk"))
    found = Team.objects.filter(code__gt=after).annotate(near=Exists(near))
    teams = list(found.select_related("parent").order_by("code")[: limit + 1])
    entries = [
        TeamEntry(
            code=team.code,
            name=team.known_as,
            parent=team.parent.code if team.parent else None,
            own=team.pk == viewer.team_id,
            in_reach=team.near,
        )
        for team in teams[:limit]
    ]
    return entries, entries[-1].code if len(teams) > limit else ""


def _page(viewer: Viewer, found: QuerySet[Member], after: str, limit: int) -> DirectoryPage:
    reachable = Member.objects.filter(_may_open(viewer), pk=OuterRef("pk"))
    found = found.annotate(opens=Exists(reachable))
    name, _, key = after.rpartition("~")
    if name and key.isdecimal() and len(key) < 19:
        found = found.filter(Q(name_sort__gt=name) | Q(name_sort=name, pk__gt=int(key)))
    members = list(found[: limit + 1])
    shown = members[:limit]
    posts = postings_on(shown, viewer.on)
    entries = tuple(
        Entry(
            code=member.code,
            name=Text(zh=member.name, en=member.name_en),
            post=_described(posts[member.pk]) if member.pk in posts else None,
            opens=member.opens,
        )
        for member in shown
    )
    more = len(members) > limit
    return DirectoryPage(entries, f"{shown[-1].name_sort}~{shown[-1].pk}" if more else "")


def profile_for(viewer: Viewer, code: str) -> Profile:
    """A member's page: whole for those it concerns, name and post for team mates.

    Raises:
        NotFound: neither.
    """
    try:
        member = member_for(viewer, code)
    except NotFound:
        mate = Member.objects.filter(policy.team_mates_of(viewer), code=code).first()
        if mate is None:
            raise
        return _profile(mate, viewer.on, full=False)
    return _profile(member, viewer.on, full=True)


def personas(on: date) -> list[Persona]:
    """The parts that a visitor of the demo may try, from the director down."""
    parts = list(Member.objects.exclude(user__persona="").exclude(user=None).select_related("user"))
    posts = postings_on(parts, on)
    return [
        Persona(
            code=member.code,
            part=member.user.persona,
            name=Text(zh=member.name, en=member.name_en),
            title=title_of(posts[member.pk]) if member.pk in posts else Text(zh="", en=""),
        )
        for member in sorted(parts, key=lambda member: PERSONAS.index(member.user.persona))
    ]


def title_of(posting: Posting) -> Text:
    """The title of a post, or its job family and level in words where it has none."""
    if posting.title_zh and posting.title_en:
        return Text(zh=posting.title_zh, en=posting.title_en)
    family = JOB_FAMILIES.get(posting.job_family, Text.same(posting.job_family))
    level = LEVELS.get(posting.level, Text.same(posting.level))
    return Text(zh=f"{family.zh}{level.zh}", en=f"{level.en}, {family.en}")


def _may_open(viewer: Viewer) -> Q:
    return policy.visible_to(viewer) | policy.team_mates_of(viewer)


def _matching(here: QuerySet[Member], on: date, search: str) -> QuerySet[Member]:
    for word in search.lower().split()[:4]:
        teams = Posting.objects.filter(
            Q(team__name_zh__icontains=word) | Q(team__name_en__icontains=word), current(on)
        )
        here = here.filter(Q(name_search__contains=word) | Q(pk__in=teams.values("member_id")))
    return here


def _profile(member: Member, on: date, *, full: bool) -> Profile:
    posting = posting_on(member, on)
    name = Text(zh=member.name, en=member.name_en)
    post = _described(posting) if posting else None
    if not full:
        return Profile(member.code, name, post, full=False)
    history = member.postings.select_related("team", "manager").order_by("-starts_on")
    return Profile(
        code=member.code,
        name=name,
        post=post,
        full=True,
        email=member.email,
        hired_on=member.hired_on,
        left_on=member.left_on,
        history=tuple(map(_described, history)),
    )


def _described(posting: Posting) -> Post:
    manager = posting.manager
    return Post(
        title=title_of(posting),
        team=Text(zh=posting.team.name_zh, en=posting.team.name_en),
        team_code=posting.team.code,
        manager=Text(zh=manager.name, en=manager.name_en) if manager else None,
        starts_on=posting.starts_on,
        ends_on=posting.ends_on,
    )
