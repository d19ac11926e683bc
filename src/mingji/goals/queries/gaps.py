"""What strategy, goals and people leave open: themes without goals, goals that reach no theme,
members without goals, with too many, or with very few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.queries.items import measured_by_team
from mingji.goals.queries.lines import GoalLine, lines_by_id
from mingji.goals.queries.themes import theme_choices
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.alignment import Coverage, Link, Placed, coverage
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50
Gap = Literal["themes", "goals", "people", "overloaded", "underloaded"]
_NOBODY = Text("", "")


@dataclass(frozen=True, slots=True)
class Covered:
    """What is open in a period for the members whom the viewer may see; `names` of those members
    and of the themes by their codes, in their order. Goals are named by their numbers."""

    found: Coverage
    names: Mapping[str, Text]

    def keys(self, gap: Gap) -> Sequence[str]:
        """What is open of one kind: codes of themes or members, or numbers of goals."""
        return {
            "themes": self.found.themes_without_goals,
            "goals": self.found.unaligned,
            "people": self.found.people_without_goals,
            "overloaded": tuple(self.found.overloaded),
            "underloaded": self.found.underloaded,
        }[gap]

    @property
    def counts(self) -> tuple[tuple[Gap, int], ...]:
        """How much is open of each kind."""
        return tuple((gap, len(self.keys(gap))) for gap in get_args(Gap))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """One thing that is open: a theme, a goal (then `goal`), or a member, with the reason."""

    key: str
    name: Text
    reason: Text = _NOBODY
    goal: GoalLine | None = None


@dataclass(frozen=True, slots=True)
class OpenPage:
    """`PAGE` of the things that are open; `next` is the key of the page after."""

    gap: Gap
    lines: tuple[OpenLine, ...]
    next: str


def covered(viewer: Viewer, period: Period) -> Covered:
    """What is open in a period, as far as it is the viewer's to know. A fixed number of queries.

    Themes have goals if anybody has one on them. A goal reaches a theme also through goals that
    are not the viewer's to see. Members who are measured by their team need none of their own.
    """
    periods = (str(period), str(period.year))
    themes = dict(theme_choices(period.year))
    members = _members(viewer, period)
    visible = Goal.objects.filter(policy.visible_to(viewer), period=str(period))
    rows = visible.exclude(kind=Goal.Kind.KEY_RESULT).order_by("member__name_sort", "pk")
    goals = [
        Placed(
            key=str(pk),
            owner=member or "",
            theme=theme or "",
            # The weights of KPIs share the whole of their dimension, those of objectives one whole.
            weight=weight if kind == Goal.Kind.OBJECTIVE else None,
        )
        for pk, member, theme, weight, kind in rows.values_list(
            "pk", "member__code", "theme__code", "weight", "kind"
        )
    ]
    links, above = _links(periods)
    hung = Goal.objects.filter(period__in=periods, theme__isnull=False).order_by()
    used = hung.values_list("theme__code", flat=True).distinct()
    found = coverage(
        themes=list(themes),
        goals=[*goals, *above, *(Placed(key=code, owner="", theme=code) for code in used)],
        people=list(members),
        links=links,
    )
    return Covered(found, {**themes, **members})


def open_page(viewer: Viewer, known: Covered, what: str, after: str = "") -> OpenPage:
    """A page of what is open of one kind, of what is `covered` for the same viewer.

    Raises:
        NotFound: there is no such kind.
    """
    gap = next((each for each in get_args(Gap) if each == what), None)
    if gap is None:
        raise NotFound(_NO_LIST, code="no_list")
    keys = list(known.keys(gap))
    start = keys.index(after) + 1 if after in keys else 0
    page = keys[start : start + PAGE]
    more = len(keys) > start + PAGE
    lines = lines_by_id(viewer, [int(key) for key in page]) if gap == "goals" else {}
    return OpenPage(
        gap=gap,
        lines=tuple(_line(known, gap, key, lines) for key in page),
        next=page[-1] if more else "",
    )


def _line(known: Covered, gap: Gap, key: str, lines: Mapping[int, GoalLine]) -> OpenLine:
    if gap == "goals":
        line = lines[int(key)]
        return OpenLine(key=key, name=line.name, goal=line)
    reason = known.found.overloaded[key] if gap == "overloaded" else _NOBODY
    return OpenLine(key=key, name=known.names[key], reason=reason)


def _members(viewer: Viewer, period: Period) -> dict[str, Text]:
    """The members within reach who need goals of their own, by name."""
    posts = people.postings_overlapping(period.end, period.end)
    by_team = measured_by_team({(post.level, post.job_family) for post in posts})
    led = {post.member for post in posts if (post.level, post.job_family) in by_team}
    here = people.names_in_reach(viewer, period.end)
    return {code: name for code, name in here.items() if code not in led}


def _links(periods: Sequence[str]) -> tuple[list[Link], list[Placed]]:
    """What serves what, and those above that have a theme, whoever may see them."""
    rows = Alignment.objects.filter(child__period__in=periods).order_by()
    links, above = [], {}
    for child, parent, theme in rows.values_list("child_id", "parent_id", "parent__theme__code"):
        links.append(Link(child=str(child), parent=str(parent)))
        if theme:
            above[parent] = Placed(key=str(parent), owner="", theme=theme)
    return links, list(above.values())


_NO_LIST = Text("没有这个清单。", "There is no such list.")
