"""A scheme in force, observed values and goals, for tests of goals and of what stands on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from builders import NOW

PERIOD = "2026Q4"
LAST_PERIOD = "2026Q3"


def a_scheme(name: str = "marketing-team") -> Any:
    """A shipped scheme, published."""
    from mingji.schemes.actions import publish
    from mingji.schemes.document import find

    return publish("system", find(name).read_text(encoding="utf-8"), at=NOW)


def an_observation(
    metric: str, value: str | None, *, period: str = PERIOD, member: Any = None, team: Any = None
) -> Any:
    """A value as a refresh would have stored it, over some source rows."""
    from mingji.metrics.definitions import library
    from mingji.metrics.models import Observation, RefreshRun
    from mingji.rules.explanation import Node, Source, as_data
    from mingji.rules.text import Text

    known = library().definitions.metrics[metric]
    amount = None if value is None else Decimal(value)
    node = Node(
        key=metric,
        label=known.name,
        value=amount,
        rule=f"metric.{known.agg or known.type}",
        unit=known.unit,
        sources=(Source(kind="rows", label=Text.same("leads"), rows=7, origin=("leads.csv",)),),
    )
    run = RefreshRun.objects.first() or RefreshRun.objects.create(
        at=NOW, definitions_digest="", periods=[LAST_PERIOD, PERIOD]
    )
    return Observation.objects.create(
        run=run,
        metric=metric,
        period=period,
        member=member,
        team=team,
        value=amount,
        rows=7,
        tree=as_data(node),
    )


def an_agreed_goal(
    metric: str,
    target: str,
    *,
    member: Any = None,
    team: Any = None,
    period: str = PERIOD,
    item: str = "",
    theme: str = "",
) -> Any:
    """A goal that both sides agreed to on `NOW`, proposed by `manager`."""
    from mingji.goals import actions
    from mingji.goals.models import Goal
    from mingji.goals.targets import Targets

    given = actions.AgreedGoal(
        member_id=member.pk if member else None,
        team_id=team.pk if team else None,
        period=period,
        item=item or metric,
        metric=metric,
        targets=Targets(target=Decimal(target)),
        proposed_by="manager",
        proposed_at=NOW,
        accepted_by=member.code if member else "director",
        accepted_at=NOW,
        theme=theme,
    )
    actions.import_agreed([given], at=NOW)
    return Goal.objects.get(member=member, team=team, period=period, item=item or metric)


def as_read(goal_id: int) -> dict[str, str]:
    """What the page of a proposed goal sends back when its reader agrees."""
    from mingji.goals.models import Goal

    return {"terms": Goal.objects.get(pk=goal_id).terms}


def a_draft(manager: Any, member: Any, *, item: str = "mql_count", target: str = "120") -> int:
    """A goal that a manager has drafted; `a_scheme()` must be in force."""
    from builders import a_viewer
    from mingji.goals import actions
    from mingji.goals.targets import Targets

    return actions.set_goal(
        a_viewer(manager),
        member,
        period=PERIOD,
        item=item,
        targets=Targets(target=Decimal(target)),
        at=NOW,
    )
