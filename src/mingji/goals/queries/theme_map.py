"""The strategy map: themes, the goals that hang on them, and the goals that serve those.

A page holds a bounded number of goals, whoever looks: of a large company the goals of teams, from
the top down as far as there is room; the others are counted, and a goal or a theme opens into
them page by page.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from mingji.goals import policy
from mingji.goals.health import WORST_FIRST, Status
from mingji.goals.models import Alignment, Goal, Theme
from mingji.goals.queries.decomposing import AlignedGoal, served
from mingji.goals.queries.map_nodes import MapNode, Spot, drawn
from mingji.goals.queries.one import goal_for
from mingji.goals.queries.paging import page_of
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

# With so many goals on the map none is drawn below another; so many stand side by side at most:
# below a goal, and on a theme of each band.
ROOM, WIDE, ON_THEME = 150, 15, 8
# Up to so many goals of members are on the map at once; above that they are counted, but for the
# first of a theme that no team serves.
FEW = 50
# The code of the goals that hang on no theme of the year.
NO_THEME = "none"
_DEEPEST_PATH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTheme:
    """A theme with the goals that hang on it directly, without another goal of it between.

    `more` of them are not drawn, `hidden` goals of the theme are not the viewer's to see.
    """

    code: str
    name: Text
    nodes: tuple[MapNode, ...]
    more: int
    hidden: int

    @property
    def counts(self) -> tuple[tuple[Status, int], ...]:
        """How many of the goals drawn stand how; one that is drawn twice counts once."""
        lines = {
            node.line.goal.pk: node.line for top in self.nodes for node in top.with_those_below()
        }
        counted = Counter(line.health.status for line in lines.values())
        return tuple((status, counted[status]) for status in WORST_FIRST if counted[status])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGoal:
    """One goal of the map with the goals that serve it, a page of them; `path` leads down to it
    from the top, `next` is the key of the page after."""

    node: MapNode
    theme: Text | None
    path: tuple[AlignedGoal, ...]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTheme:
    """One theme with the goals that hang on it directly, a page of them."""

    theme: MapTheme
    next: str


def strategy_map(viewer: Viewer, period: Period) -> list[MapTheme]:
    """The themes of the period's year with the goals of the period and of that year below them,
    last those without a theme. A fixed number of queries, a bounded number of goals."""
    periods = _periods(period)
    goals = _skeleton(viewer, periods)
    below = _links(periods, goals)
    themes = {theme.pk: theme for theme in Theme.objects.filter(year=period.year)}
    tops = _tops(goals, below, themes)
    shown = {pk: _first_of_each_band(spots, goals) for pk, spots in tops.items()}
    _grow([spot for spots in shown.values() for spot in spots], below)
    every = [spot for spots in shown.values() for spot in spots]
    nodes = dict(zip(map(id, every), drawn(viewer, periods, every), strict=True))
    totals = _totals(viewer, periods, themes)
    found = []
    for pk, spots in shown.items():
        total = totals.get(pk, _Total())
        found.append(
            MapTheme(
                code=themes[pk].code if pk else NO_THEME,
                name=themes[pk].known_as if pk else _NONE,
                nodes=tuple(nodes[id(spot)] for spot in spots),
                more=total.direct - len(spots),
                hidden=total.every - total.seen if pk else 0,
            )
        )
    return [each for each in found if each.code != NO_THEME or each.nodes or each.more]


def opened_goal(viewer: Viewer, period: Period, goal_id: int, after: str = "") -> OpenedGoal:
    """One goal of the map and a page of those that serve it.

    Raises:
        NotFound: no such goal, or not the viewer's to know of.
    """
    goal = goal_for(viewer, goal_id)
    periods = _periods(period)
    seen = Goal.objects.filter(policy.visible_to(viewer)).order_by().values("pk")
    links = Alignment.objects.filter(parent=goal, child__period__in=periods, child__in=seen)
    page, following = page_of(links, after, goal="child")
    spot = Spot(goal.pk, below=[Spot.of(link) for link in page])
    (node,) = drawn(viewer, periods, [spot])
    return OpenedGoal(
        node=node,
        theme=node.line.theme,
        path=tuple(_path(viewer, goal)),
        next=following,
    )


def opened_theme(viewer: Viewer, period: Period, code: str, after: str = "") -> OpenedTheme:
    """One theme of the map (`NO_THEME`: none) and a page of the goals that hang on it directly.

    Raises:
        NotFound: there is no such theme in the period's year.
    """
    themes = {theme.pk: theme for theme in Theme.objects.filter(year=period.year)}
    theme = next((each for each in themes.values() if each.code == code), None)
    if theme is None and code != NO_THEME:
        raise NotFound(_NO_THEME_SO_CALLED, code="no_theme")
    periods = _periods(period)
    goals = _visible(viewer, periods).exclude(kind=Goal.Kind.KEY_RESULT)
    links = Alignment.objects.filter(parent__in=_visible(viewer, periods).order_by().values("pk"))
    if theme:
        goals, links = goals.filter(theme=theme), links.filter(parent__theme=theme)
    else:
        goals = goals.exclude(theme__in=themes)
    page, following = page_of(goals.exclude(pk__in=links.order_by().values("child")), after)
    total = _totals(viewer, periods, themes).get(theme.pk if theme else None, _Total())
    found = MapTheme(
        code=code,
        name=theme.known_as if theme else _NONE,
        nodes=tuple(drawn(viewer, periods, [Spot(goal.pk) for goal in page])),
        more=0,
        hidden=total.every - total.seen if theme else 0,
    )
    return OpenedTheme(theme=found, next=following)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the map needs to know of a goal before it is drawn."""

    pk: int
    theme: int | None
    of_member: bool
    at_top: bool
    key_result: bool


@dataclass(frozen=True, slots=True)
class _Total:
    """How many goals hang on a theme, how many of them the viewer may see, and how many of those
    hang on it directly."""

    every: int = 0
    seen: int = 0
    direct: int = 0


def _periods(period: Period) -> tuple[str, ...]:
    return (str(period), str(period.year))


def _visible(viewer: Viewer, periods: Sequence[str]) -> QuerySet[Goal]:
    return Goal.objects.filter(policy.visible_to(viewer), period__in=periods)


def _skeleton(viewer: Viewer, periods: Sequence[str]) -> dict[int, _Place]:
    """The goals that may stand on the map, in their order: of teams from the top, of members."""
    goals = _visible(viewer, periods)
    top = F("team__parent_id").asc(nulls_first=True)
    of_teams = list(_places(goals.filter(member=None).order_by(top, "team__code", "pk")))
    of_members = goals.filter(team=None).order_by("member__name_sort", "pk")
    few = list(_places(of_members[: FEW + 1]))
    if len(few) > FEW:
        served = {place.theme for place in of_teams if place.theme}
        few = list(_places(_first_of_each_theme(of_members.exclude(theme__in=served))))
    return {place.pk: place for place in (*of_teams, *few)}


def _first_of_each_theme(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """The first goals of each theme: for themes that only members serve."""
    numbered = Window(RowNumber(), partition_by="theme", order_by=("member__name_sort", "pk"))
    themed = goals.exclude(theme=None).exclude(kind=Goal.Kind.KEY_RESULT)
    return themed.annotate(number=numbered).filter(number__lte=ON_THEME)


def _places(goals: QuerySet[Goal]) -> Iterator[_Place]:
    named = ("pk", "kind", "theme_id", "member_id", "team__parent_id")
    for pk, kind, theme, member, above in goals.values_list(*named):
        of_member = member is not None
        yield _Place(
            pk=pk,
            theme=theme,
            of_member=of_member,
            at_top=not of_member and above is None,
            key_result=kind == Goal.Kind.KEY_RESULT,
        )


def _tops(
    goals: Mapping[int, _Place],
    below: Mapping[int, Sequence[Spot]],
    themes: Mapping[int, Theme],
) -> dict[int | None, list[Spot]]:
    """The goals right below each theme, and under None those of no theme that serve nothing."""
    under: dict[int, set[int | None]] = {}
    for parent, children in below.items():
        for child in children:
            under.setdefault(child.goal, set()).add(goals[parent].theme)
    tops: dict[int | None, list[Spot]] = {pk: [] for pk in (*themes, None)}
    for goal in goals.values():
        theme = goal.theme if goal.theme in themes else None
        above = under.get(goal.pk, set())
        between = theme in above if theme else bool(above)
        if not between and not goal.key_result:
            tops[theme].append(Spot(goal.pk))
    return tops


def _first_of_each_band(spots: Sequence[Spot], goals: Mapping[int, _Place]) -> list[Spot]:
    """The first of the topmost team, of other teams and of members."""
    drawn_so_far: Counter[tuple[bool, bool]] = Counter()
    found = []
    for spot in spots:
        band = (goals[spot.goal].of_member, goals[spot.goal].at_top)
        drawn_so_far[band] += 1
        if drawn_so_far[band] <= ON_THEME:
            found.append(spot)
    return found


def _links(periods: Sequence[str], goals: Mapping[int, _Place]) -> dict[int, list[Spot]]:
    """The goals below each of these, with what they count there, in the order of the map."""
    found: dict[int, list[Spot]] = {}
    order = {pk: number for number, pk in enumerate(goals)}
    few = [place.pk for place in goals.values() if place.of_member]
    rows = Alignment.objects.filter(
        Q(child__member=None) | Q(child__in=few),
        parent__period__in=periods,
        child__period__in=periods,
    )
    for link in rows:
        if link.child_id in order and link.parent_id in order:
            found.setdefault(link.parent_id, []).append(Spot.of(link))
    for own in found.values():
        own.sort(key=lambda each: order[each.goal])
    return found


def _grow(tops: Sequence[Spot], below: Mapping[int, Sequence[Spot]]) -> None:
    """Draw what lies below as long as there is room, level by level; of a goal all or none."""
    room = ROOM - len(tops)
    ahead = deque(tops)
    while ahead:
        spot = ahead.popleft()
        own = below.get(spot.goal, ())
        if len(own) <= min(room, WIDE):
            spot.below = [replace(each, below=[]) for each in own]
            ahead.extend(spot.below)
            room -= len(own)


def _totals(
    viewer: Viewer, periods: Sequence[str], themes: Mapping[int, Theme]
) -> dict[int | None, _Total]:
    """How many goals hang on each theme; those of no theme, or of another year's, under None."""
    goals = Goal.objects.filter(period__in=periods).exclude(kind=Goal.Kind.KEY_RESULT)
    counted = goals.order_by().values("theme").annotate(number=Count("pk"))
    seen = dict(counted.filter(policy.visible_to(viewer)).values_list("theme", "number"))
    between = _between(viewer, periods, themes)
    found: dict[int | None, _Total] = {}
    for theme, every in counted.values_list("theme", "number"):
        key = theme if theme in themes else None
        had = found.get(key, _Total())
        found[key] = _Total(had.every + every, had.seen + seen.get(theme, 0))
    return {
        key: replace(total, direct=total.seen - between.get(key, 0)) for key, total in found.items()
    }


def _between(
    viewer: Viewer, periods: Sequence[str], themes: Mapping[int, Theme]
) -> Counter[int | None]:
    """How many goals of each theme hang on it through another one that the viewer may see.

    Put together here: a database takes seconds to join fifty thousand goals with themselves.
    """
    rows = _visible(viewer, periods).order_by().values_list("pk", "theme", "kind")
    goals = {pk: (theme if theme in themes else None, kind) for pk, theme, kind in rows}
    links = Alignment.objects.filter(child__period__in=periods, parent__period__in=periods)
    found: dict[int, int | None] = {}
    for child, parent in links.order_by().values_list("child_id", "parent_id"):
        if child not in goals or parent not in goals:
            continue
        theme, kind = goals[child]
        if kind != Goal.Kind.KEY_RESULT and theme in (None, goals[parent][0]):
            found[child] = theme
    return Counter(found.values())


def _path(viewer: Viewer, goal: Goal) -> list[AlignedGoal]:
    """The way down to a goal from the top: of several goals that it serves, through the first."""
    found: list[AlignedGoal] = []
    visible = Goal.objects.filter(policy.visible_to(viewer)).order_by().values("pk")
    below = goal.pk
    while len(found) < _DEEPEST_PATH:
        links = Alignment.objects.filter(child=below, parent__in=visible)
        link = links.select_related("parent__member", "parent__team").first()
        if link is None:
            break
        found.append(served(link))
        below = link.parent_id
    return found[::-1]


_NONE = Text("没有挂本年主题", "Without a theme of the year")
_NO_THEME_SO_CALLED = Text("本年没有这个主题。", "There is no such theme this year.")
