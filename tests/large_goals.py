"""The goals of a large company: agreed for the running period, on their way for the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from builders import NOW, TODAY
from goal_builders import PERIOD, themes_of_2026
from large_rows import every_member, written

NEXT_PERIOD = "2027Q1"
METRICS = ("mql_count", "sql_count", "nps")


def _terms(theme: str) -> list[Any]:
    """Five goals as one member has them: three by metrics, an objective and its key result."""
    from mingji.rules.goal_terms import GoalTerms

    weights = (Decimal(30), Decimal(20), Decimal(10))
    kpis = [
        GoalTerms(key=metric, metric=metric, target=Decimal(100), weight=weight, theme=theme)
        for metric, weight in zip(METRICS, weights, strict=True)
    ]
    objective = GoalTerms(
        key="known", kind="objective", title="Known in the east", weight=Decimal(40)
    )
    result = GoalTerms(
        key="talks",
        kind="key_result",
        objective="known",
        title="Talks given",
        measure="manual",
        unit="count",
        baseline=Decimal(0),
        target=Decimal(4),
        weight=Decimal(100),
    )
    return [*kpis, objective, result]


def agreed_goals(marketer: Any) -> None:
    """The agreed goals of the running period, aligned upwards, discussed, some to be changed."""
    from mingji.goals.models import (
        Agreement,
        Alignment,
        ChangeRequest,
        Comment,
        ProgressUpdate,
        SupportUpdate,
        Version,
    )
    from mingji.people.models import Posting, Team
    from mingji.rules.goal_terms import as_data, digest

    themes_of_2026()
    terms = _terms("growth-2026")
    data, seal = as_data(terms), digest(terms)
    agreed = {
        "period": PERIOD,
        "status": "agreed",
        "number": 1,
        "proposed_by": "director",
        "proposed_at": NOW,
        "accepted_by": "director",
        "accepted_at": NOW,
    }
    teams = list(Team.objects.order_by("pk"))
    agreements = written(
        [
            *(Agreement(team=team, **agreed) for team in teams),
            *(Agreement(member=member, **agreed) for member in every_member()),
        ]
    )
    goals = _goal_rows(agreements, terms)
    by_team = {(goal.team_id, goal.item): goal for goal in goals if goal.team_id}
    place = dict(Posting.objects.values_list("member_id", "team_id"))
    above = {team.pk: team.parent_id for team in teams}
    links = (
        (goal, by_team.get((place.get(goal.member_id) or above[goal.team_id], goal.item)))
        for goal in goals
        if goal.kind == "kpi" and (goal.member_id or above[goal.team_id])
    )
    written(Alignment(child=child, parent=parent) for child, parent in links if parent)
    written(
        Comment(agreement=each, by="director", at=NOW, text="As spoken.")
        for each in agreements
        for _ in range(2)
    )
    wish = {
        "category": "market",
        "reason": "The fair was cancelled.",
        "evidence": "Notice 7",
        "base": 1,
        "terms": data,
        "asked_side": "own",
        "asked_at": NOW,
    }
    own = [each for each in agreements if each.member_id]
    written(
        ChangeRequest(
            agreement=each,
            status="accepted" if number % 2 else "asked",
            asked_by=each.member.code,
            **wish,
        )
        for number, each in enumerate(own)
        if number % 5 < 2 or each.member_id == marketer.pk
    )
    # From here on the goals are sealed, and requests begin as asked.
    written(
        Version(
            agreement=each, number=1, kind="agreed", by="director", at=NOW, terms=data, digest=seal
        )
        for each in agreements
    )
    written(
        ProgressUpdate(goal=goal, by="director", at=NOW, value=Decimal(1))
        for goal in goals
        if goal.kind == "key_result"
    )
    written(
        SupportUpdate(goal=goal, by="director", at=NOW, state="given")
        for goal in goals[:: len(terms) * 10]
    )


def _goal_rows(agreements: Sequence[Any], terms: Sequence[Any]) -> list[Any]:
    from mingji.goals.models import Goal, Theme

    themes = {theme.code: theme for theme in Theme.objects.all()}

    def row(agreement: Any, each: Any, objective: Any = None) -> Any:
        goal = Goal(
            agreement=agreement,
            member_id=agreement.member_id,
            team_id=agreement.team_id,
            period=agreement.period,
            objective=objective,
            theme=themes.get(each.theme),
        )
        goal.take(each)
        goal.support, goal.support_due = (
            ("A budget", TODAY) if each.key == "mql_count" else ("", None)
        )
        return goal

    *first, last = terms
    goals = written(row(agreement, each) for agreement in agreements for each in first)
    objectives = {goal.agreement_id: goal for goal in goals if goal.kind == "objective"}
    return goals + written(row(each, last, objectives[each.pk]) for each in agreements)


def next_goals() -> None:
    """The goals of the next period: a third drafted, a third proposed by each side."""
    from mingji.goals.models import Agreement, Version
    from mingji.rules.goal_terms import as_data, digest

    terms = _terms("")
    turns = ("", "own", "above")
    agreements = written(
        Agreement(
            member=member,
            period=NEXT_PERIOD,
            status="proposed" if turns[number % 3] else "draft",
            turn=turns[number % 3],
            number=1 if turns[number % 3] else 0,
            deadline=TODAY - timedelta(days=1),
            proposed_by=member.code,
            proposed_at=NOW,
        )
        for number, member in enumerate(every_member())
    )
    _goal_rows(agreements, terms)
    data, seal = as_data(terms), digest(terms)
    written(
        Version(
            agreement=each,
            number=1,
            kind="proposed",
            by="director",
            at=NOW,
            terms=data,
            digest=seal,
        )
        for each in agreements
        if each.number
    )
