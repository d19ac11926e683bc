"""Why a goal stands as it does, down to source rows, reports and agreements."""

from __future__ import annotations

from dataclasses import replace

from mingji.engine.model import ADDITIVE
from mingji.goals import standing
from mingji.goals.counted import counted
from mingji.goals.health import reasons
from mingji.goals.models import Goal
from mingji.goals.models.goal import as_written
from mingji.goals.queries.agreed import agreement_source
from mingji.goals.queries.standings import Standings, metric_of, stands_by_the_way
from mingji.metrics import queries as metrics
from mingji.people.viewer import Viewer
from mingji.rules.explanation import Node, Source
from mingji.rules.text import Text

# The key of the current value below a goal's attainment: the page `why` takes it as path.
CURRENT = "current"


def goal_reasons(viewer: Viewer, goal: Goal) -> Node:
    """Why a goal (the caller got it by `goal_for`) stands as it does, down to the source rows."""
    standings = Standings([goal], viewer.on)
    metric = metric_of(goal)
    if not stands_by_the_way(goal):
        return reasons(
            replace(_observed(goal), key=CURRENT),
            _target(goal),
            direction=metric.direction,
            adds_up=metric.agg in ADDITIVE,
            elapsed=standings.elapsed(goal),
        )
    return standing.share_reasons(_share(goal, standings, CURRENT), standings.due(goal))


def key_result_node(goal: Goal, standings: Standings[Goal]) -> Node:
    """Where the current value of a key result comes from."""
    if goal.measure == Goal.Measured.MILESTONES:
        return standing.steps_node(CURRENT, metric_of(goal).name, standings.steps(goal))
    value = _observed(goal) if goal.measure == Goal.Measured.METRIC else _reported(goal)
    return replace(value, key=CURRENT)


def _share(goal: Goal, standings: Standings[Goal], key: str) -> Node:
    label = metric_of(goal).name if not goal.title else Text.same(goal.title)
    if goal.kind == Goal.Kind.OBJECTIVE:
        below = standings.key_results(goal)
        parts = [(_share(each, standings, each.item), each.weight) for each in below]
        return standing.objective_node(key, label, parts)
    if goal.measure == Goal.Measured.MILESTONES:
        return standing.steps_node(key, label, standings.steps(goal))
    value = _observed(goal) if goal.measure == Goal.Measured.METRIC else _reported(goal)
    if goal.measure == Goal.Measured.YES_NO:
        return replace(value, key=key, label=label, unit="ratio")
    way = standing.way_node(key, label, value, baseline=goal.baseline, target=goal.target)
    return replace(way, inputs=(*way.inputs, _target(goal)))


def _observed(goal: Goal) -> Node:
    whose = goal.member_id or goal.team_id or 0
    facts = metrics.facts_for if goal.member_id else metrics.facts_for_teams
    fact = facts([whose], goal.period).get((whose, counted(goal)))
    return fact.node if fact else metrics.no_data(metric_of(goal), goal.period)


def _reported(goal: Goal) -> Node:
    """The last value that somebody reported, with who, when and what it rests on."""
    last = goal.updates.filter(value__isnull=False).last()
    return Node(
        key="reported",
        label=Text(zh="填报的当前值", en="Reported value"),
        value=as_written(last.value) if last and last.value is not None else None,
        unit=metric_of(goal).unit,
        sources=(
            (
                Source(
                    kind="typed",
                    label=Text.same(last.evidence or last.note),
                    by=last.by,
                    at=last.at.isoformat(),
                ),
            )
            if last
            else ()
        ),
    )


def _target(goal: Goal) -> Node:
    return Node(
        key="target",
        label=Text(zh="目标值", en="Target"),
        value=goal.target,
        unit=metric_of(goal).unit,
        sources=(agreement_source(goal.agreement, goal.pk),),
    )
