"""A scheme in force, observed values and goals, for tests of goals and of what stands on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from builders import NOW
from remembering import remembered

PERIOD = "2026Q4"
LAST_PERIOD = "2026Q3"


@remembered
def a_scheme(name: str = "marketing-team") -> Any:
    """A shipped scheme, published."""
    from mingji.schemes.actions import publish
    from mingji.schemes.document import find

    return publish("system", find(name).read_text(encoding="utf-8"), at=NOW)


def themes_of_2026() -> None:
    """Two strategy themes of the year."""
    from mingji.goals import actions
    from mingji.rules.text import Text

    for code, name in (
        ("growth", Text("新客增长", "New business")),
        ("brand", Text("品牌", "Name")),
    ):
        actions.set_theme(f"{code}-2026", year=2026, name=name, at=NOW)


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
    support: str = "",
) -> Any:
    """A goal that both sides agreed to on `NOW`, proposed by `manager`.

    A further one of the same owner and period joins the agreement that is there.
    """
    from mingji.goals import actions
    from mingji.goals.models import Agreement, Goal, Theme
    from mingji.rules.goal_terms import GoalTerms

    terms = GoalTerms(
        key=item or metric, metric=metric, target=Decimal(target), theme=theme, support=support
    )
    agreement = Agreement.objects.filter(member=member, team=team, period=period).first()
    if agreement is None:
        given = actions.AgreedGoal(
            member_id=member.pk if member else None,
            team_id=team.pk if team else None,
            period=period,
            terms=terms,
            proposed_by="manager",
            proposed_at=NOW,
            accepted_by=member.code if member else "director",
            accepted_at=NOW,
        )
        actions.import_agreed([given], at=NOW)
    else:
        row = Goal(agreement=agreement, member=member, team=team, period=period)
        row.take(terms)
        row.theme = Theme.objects.filter(code=theme).first()
        with unsealed():
            row.save()
    return Goal.objects.get(member=member, team=team, period=period, item=item or metric)


def a_draft(
    actor: Any, member: Any, *, item: str = "mql_count", target: str = "120", period: str = PERIOD
) -> int:
    """A goal that a manager, or the member, has drafted; `a_scheme()` must be in force."""
    from builders import a_viewer
    from mingji.goals import actions
    from mingji.goals.queries import Owner
    from mingji.rules.goal_terms import GoalTerms

    return actions.set_goal(
        a_viewer(actor),
        Owner(member=member),
        period=period,
        terms=GoalTerms(key=item, target=Decimal(target)),
        at=NOW,
    )


def agreement_of(goal_id: int) -> Any:
    """The agreement that a goal belongs to, as it stands."""
    from mingji.goals.models import Agreement

    return Agreement.objects.get(goals=goal_id)


def as_read(goal_id: int) -> dict[str, str]:
    """What the page of a proposed agreement sends back when its reader agrees."""
    return {"number": str(agreement_of(goal_id).number)}


@contextmanager
def unsealed() -> Iterator[None]:
    """Past the seals of the database, as somebody who owns it could go."""
    from django.db import connection

    from mingji.goals import seals

    # PostgreSQL changes no trigger of a table while foreign keys wait to be looked at.
    connection.check_constraints()
    seals.remove()
    yield
    connection.check_constraints()
    seals.install()
