"""Goals drawn: a bullet for each, and the path of one over the quarters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from mingji.goals.counted import counted
from mingji.goals.health import WORST_FIRST, Status
from mingji.goals.queries import CURRENT, GoalLine, GoalPath, MapNode, targets_of
from mingji.kit import charts, charts_path, charts_series
from mingji.kit.explain import explanation_address
from mingji.metrics.queries import Slice, trend
from mingji.rules.text import Text

SHOWN_PERIODS = 5


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """A goal with its bullet and the addresses at which its numbers open."""

    line: GoalLine
    bullet: charts.Bullet
    url: str
    why: str

    @property
    def why_value(self) -> str:
        """Where the current value opens."""
        return explanation_address(self.why, CURRENT)

    @property
    def why_expected(self) -> str:
        """Where the value expected by now opens."""
        return explanation_address(self.why, "expected")

    @property
    def why_previous(self) -> str:
        """Where the value of the period before opens."""
        return whose(self.line, str(self.line.period.previous)).url("why")


@dataclass(frozen=True, slots=True)
class ShownNode:
    """A goal of the strategy map, ready to be drawn, with those below it; `level` counts from 1."""

    node: MapNode
    goal: ShownGoal
    level: int
    below: tuple[ShownNode, ...]

    @property
    def counts(self) -> list[tuple[Status, int]]:
        """How many of the goals right below stand how, the worst first."""
        counted = Counter(each.node.line.health.status for each in self.below)
        return [(status, counted[status]) for status in WORST_FIRST if counted[status]]

    @property
    def and_below(self) -> Iterator[ShownNode]:
        """The goal and all drawn below it, from the top down: the rows of a table."""
        yield self
        for each in self.below:
            yield from each.and_below


def with_map(nodes: Iterable[MapNode], level: int = 1) -> tuple[ShownNode, ...]:
    """Nodes of the strategy map ready to be drawn, in their order."""
    return tuple(
        ShownNode(
            node=node,
            goal=with_bullets([node.line])[0],
            level=level,
            below=with_map(node.children, level + 1),
        )
        for node in nodes
    )


def with_bullets(lines: Iterable[GoalLine]) -> list[ShownGoal]:
    """Lines ready to be drawn, in their order."""
    return [
        ShownGoal(
            line=line,
            bullet=bullet_of(line),
            url=reverse("goals:goal", args=(line.goal.pk,)),
            why=reverse("goals:why", args=(line.goal.pk,)),
        )
        for line in lines
    ]


def bullet_of(line: GoalLine) -> charts.Bullet:
    """Current value against threshold, target, stretch target, and what was due by now."""
    due = line.health.expected
    return charts.bullet(
        line.value,
        target=line.target,
        threshold=line.goal.threshold,
        stretch=line.goal.stretch,
        expected=due if due != line.target else None,
        direction=line.metric.direction,
        unit=line.metric.unit,
        label=line.name,
    )


def path_of(line: GoalLine) -> charts_series.Trend:
    """The metric of a goal over the quarters up to its own, with the targets agreed for each."""
    periods = [line.period]
    while len(periods) < SHOWN_PERIODS:
        periods.insert(0, periods[0].previous)
    goal = line.goal
    values = trend(
        counted(goal), [str(period) for period in periods], member=goal.member_id, team=goal.team_id
    )
    targets = targets_of(goal, [str(period) for period in periods])
    return charts_series.trend(
        [
            charts_series.Point(
                label=Text.same(period),
                value=value,
                target=targets.get(period),
                href=whose(line, period).url("why"),
            )
            for period, value in values
        ],
        unit=line.metric.unit,
        caption=Text(zh=f"{line.name.zh}：各季度走势", en=f"{line.name.en} by quarter"),
    )


def way_of(line: GoalLine, found: GoalPath) -> charts_path.PathChart:
    """The way of a goal over its period, with the values that it is held against."""
    goal = line.goal
    marks = (
        (Text("目标值", "target"), line.target, "target"),
        (Text("门槛值", "threshold"), goal.threshold, "threshold"),
        (Text("挑战值", "stretch target"), goal.stretch, "stretch"),
    )
    return charts_path.path(
        found.actual,
        found.expected,
        [charts_path.Level(name, value, look) for name, value, look in marks if value is not None],
        start=found.start,
        end=found.end,
        unit=line.metric.unit,
        caption=Text(f"{line.name.zh} · {line.owner.zh}", f"{line.name.en} · {line.owner.en}"),
    )


def whose(line: GoalLine, period: str) -> Slice:
    """The metric of a goal in a period, for its member or team."""
    goal = line.goal
    return Slice(
        counted(goal),
        period,
        member=goal.member.code if goal.member else "",
        team=goal.team.code if goal.team else "",
    )
