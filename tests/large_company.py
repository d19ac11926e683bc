"""A company of any number of members with a year of work behind it, written in bulk.

For counting what pages cost, not for rules: the rows are what the actions would have left, in the
shape of a real company. Departments of 25 teams, twelve people to a lead, one department in which
everybody reports to its head, and everything that there is of goals, values and appraisals.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

import builders
from builders import HIRED, NOW, TODAY
from goal_builders import LAST_PERIOD, PERIOD, a_scheme, an_observation, themes_of_2026

NEXT_PERIOD = "2027Q1"
REPORTS, TEAMS = 12, 25
METRICS = ("mql_count", "sql_count", "nps")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeCompany:
    """Who looks, by role, and what of it belongs to the `marketer`."""

    director: Any
    department_head: Any
    flat_head: Any
    lead: Any
    marketer: Any
    hr_partner: Any
    unit_hr_partner: Any
    analyst: Any
    department: Any
    flat: Any
    team: Any

    def personas(self) -> dict[str, Any]:
        """The members who look, by role."""
        places = {"department", "flat", "team"}
        return {name: getattr(self, name) for name in self.__slots__ if name not in places}


def a_large_company(members: int) -> LargeCompany:
    """A company of so many members, at least 60."""
    company = _people(members)
    _goals(company)
    _next_goals(company)
    _facts(company)
    _appraisals(company)
    _trail(company, members * 10)
    with connection.cursor() as cursor:
        # As autovacuum would by then: on numbers of an emptier day PostgreSQL plans for minutes.
        cursor.execute("ANALYZE")
    return company


def _write(rows: Iterable[Model]) -> list[Any]:
    rows = list(rows)
    manager: Any = QuerySet(type(rows[0]))
    made: list[Any] = manager.bulk_create(rows, batch_size=2000)
    return made


def _people(count: int) -> LargeCompany:
    from mingji.people import actions
    from mingji.people.models import Team

    company = builders.a_team("company")
    director = builders.a_member("director", "company", level="head", family="MG")
    office = {
        code: builders.a_member(code, "company", "director", family="OP")
        for code in ("hr-company", "hr-unit", "analyst")
    }
    builders.a_team("flat", "company")
    flat_count = count * 15 // 100
    in_teams = count - flat_count - len(office) - 1
    teams = max(1, in_teams // (REPORTS + 1))
    departments = -(-teams // TEAMS)
    units = _write(
        [_team(f"dep{number}", company) for number in range(departments)],
    )
    small = _write(_team(f"team{n}", units[n % departments]) for n in range(teams))
    heads = _write(_member(f"head{number}") for number in range(departments + 1))
    leads = _write(_member(f"lead{number}") for number in range(teams))
    left = in_teams - len(heads) - len(leads)
    crowd = _write(_member(f"member{number}") for number in range(left))
    flat = _write(_member(f"flat{number}") for number in range(flat_count))
    flat_team = Team.objects.get(code="flat")
    _write(
        [
            *(
                _post(head, unit, director, "head")
                for head, unit in zip(heads, [*units, flat_team], strict=True)
            ),
            *(_post(leads[n], small[n], heads[n % departments], "lead") for n in range(teams)),
            *(_post(each, small[n % teams], leads[n % teams]) for n, each in enumerate(crowd)),
            *(_post(each, flat_team, heads[-1]) for each in flat),
        ]
    )
    actions.rebuild_reporting_lines()
    for code, kind, team in (
        ("hr-company", "hr_partner", "company"),
        ("hr-unit", "hr_partner", "dep0"),
        ("analyst", "analyst", "company"),
    ):
        actions.give_duty("system", code, kind, team, starts_on=HIRED, at=NOW)
    return LargeCompany(
        director=director,
        department_head=heads[0],
        flat_head=heads[-1],
        lead=leads[0],
        marketer=crowd[0],
        hr_partner=office["hr-company"],
        unit_hr_partner=office["hr-unit"],
        analyst=office["analyst"],
        department=units[0],
        flat=flat_team,
        team=small[0],
    )


def _team(code: str, above: Any) -> Any:
    from mingji.people.models import Team

    return Team(code=code, name_zh=f"{code}组", name_en=code.title(), parent=above)


def _member(code: str) -> Any:
    from mingji.people.models import Member

    return Member(
        code=code,
        name=f"成员{code}",
        name_en=f"Member {code}",
        name_sort=f"cheng yuan {code:>12}",
        name_search=f"成员{code} chengyuan{code} member {code}",
        hired_on=HIRED,
    )


def _post(member: Any, team: Any, manager: Any, level: str = "specialist") -> Any:
    from mingji.people.models import Posting

    return Posting(
        member=member, team=team, manager=manager, job_family="DG", level=level, starts_on=HIRED
    )


def _members() -> list[Any]:
    from mingji.people.models import Member

    return list(Member.objects.order_by("pk"))


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


def _goals(company: LargeCompany) -> None:
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
    agreements = _write(
        [
            *(Agreement(team=team, **agreed) for team in teams),
            *(Agreement(member=member, **agreed) for member in _members()),
        ]
    )
    _write(
        Version(
            agreement=each, number=1, kind="agreed", by="director", at=NOW, terms=data, digest=seal
        )
        for each in agreements
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
    _write(Alignment(child=child, parent=parent) for child, parent in links if parent)
    _write(
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
    _write(
        ChangeRequest(
            agreement=each,
            status="accepted" if number % 2 else "asked",
            asked_by=each.member.code,
            **wish,
        )
        for number, each in enumerate(own)
        if number % 5 < 2 or each.member_id == company.marketer.pk
    )
    _write(
        ProgressUpdate(goal=goal, by="director", at=NOW, value=Decimal(1))
        for goal in goals
        if goal.kind == "key_result"
    )
    _write(
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
    goals = _write(row(agreement, each) for agreement in agreements for each in first)
    objectives = {goal.agreement_id: goal for goal in goals if goal.kind == "objective"}
    return goals + _write(row(each, last, objectives[each.pk]) for each in agreements)


def _next_goals(company: LargeCompany) -> None:
    """The goals of the next period: a third drafted, a third proposed by each side."""
    from mingji.goals.models import Agreement, Version
    from mingji.rules.goal_terms import as_data, digest

    terms = _terms("")
    turns = ("", "own", "above")
    agreements = _write(
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
        for number, member in enumerate(_members())
    )
    _goal_rows(agreements, terms)
    data, seal = as_data(terms), digest(terms)
    _write(
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


def _facts(company: LargeCompany) -> None:
    """Values of everybody and every team, disputes, corrections, matches, sources and findings."""
    from mingji.metrics.models import (
        Correction,
        Dispute,
        Observation,
        OwnerMapping,
        QualityFinding,
        RefreshRun,
        Source,
        SourceRun,
    )
    from mingji.people.models import Team

    company_values = [an_observation(metric, "7") for metric in METRICS]
    trees = {each.metric: each.tree for each in company_values}
    run = RefreshRun.objects.get()
    members, teams = _members(), list(Team.objects.all())
    RefreshRun.objects.filter(pk=run.pk).update(
        unmatched=[
            {
                "table": "leads",
                "source": "crm",
                "owner": f"owner-{number}",
                "rows": 3,
                "reason": "unknown",
                "values": {},
            }
            for number in range(len(members) // 4)
        ]
    )
    _write(
        Observation(
            run=run, metric=metric, period=period, value=7, rows=7, tree=trees[metric], **owner
        )
        for metric in METRICS
        for period in (LAST_PERIOD, PERIOD)
        for owner in [*({"member": each} for each in members), *({"team": each} for each in teams)]
    )
    disputes = _write(
        Dispute(
            member=member,
            metric="mql_count",
            period=LAST_PERIOD,
            ground="other",
            text="Eight, not seven.",
            raised_by=member,
            raised_at=NOW,
        )
        for member in members
    )
    _write(
        Correction(
            table="leads",
            kind="exclude",
            key=[f"L{number}"],
            members=[dispute.member.code],
            reason="Counted twice.",
            dispute=dispute,
            proposed_by=company.analyst,
            proposed_at=NOW,
        )
        for number, dispute in enumerate(disputes)
        if number % 4 == 0
    )
    _write(
        OwnerMapping(source="crm", owner=member.code, member=member, starts_on=HIRED)
        for member in members
    )
    sources = _write(
        Source(
            code=f"crm{number}",
            name_zh="客户",
            name_en="CRM",
            kind="inbox",
            settings={"pattern": "*.csv"},
            table="leads",
            created_at=NOW,
        )
        for number in range(3)
    )
    _write(
        SourceRun(source=source, started_at=NOW, ended_at=NOW, status="nothing", who="schedule")
        for source in sources
        for _ in range(len(members) // 10)
    )
    said = {"zh": "行数偏多", "en": "many rows"}
    _write(
        QualityFinding(
            code="volume",
            path=f"leads.{number}",
            severity="warning",
            message=said,
            remedy=said,
            metrics=list(METRICS),
            members=len(members),
            first_run=run,
            last_run=run,
            found_at=NOW,
        )
        for number in range(len(members) // 10)
    )


def _appraisals(company: LargeCompany) -> None:
    """A cycle in which everybody is reviewed by their manager, and one that was released."""
    from mingji.appraisals.models import Appraisal, AppraisalCycle, Review
    from mingji.people.models import Posting
    from mingji.rules.explanation import Node, as_data
    from mingji.rules.text import Text

    scheme = a_scheme()
    due = {"self_review_due": TODAY, "manager_review_due": date(2026, 12, 8)}
    opened = {"scheme_version": scheme, "opened_at": NOW, "opened_by": "system", **due}
    running = AppraisalCycle.objects.create(code="cycle-2026q3", period=LAST_PERIOD, **opened)
    released = AppraisalCycle.objects.create(
        code="cycle-2026q2", period="2026Q2", released_at=NOW, released_by="system", **opened
    )
    posts = list(Posting.objects.order_by("pk"))
    post = {"member": "somebody", "name": "", "level": "specialist", "family": "DG", "team": "flat"}
    facts = {**post, "presence": "1", "items": {}}
    tree = as_data(Node(key="total", label=Text.same("total"), value=Decimal(80), rule="total"))

    def row(cycle: Any, post: Any, **more: Any) -> Any:
        return Appraisal(
            cycle=cycle,
            member_id=post.member_id,
            reviewer_id=post.manager_id,
            team_id=post.team_id,
            job_family=post.job_family,
            level=post.level,
            facts=facts,
            **more,
        )

    stages = ("manager_review", "self_review", "reviewed")
    rows = _write(row(running, post, stage=stages[n % 3]) for n, post in enumerate(posts))
    _write(
        Review(
            appraisal=each, kind="self", author_id=each.member_id, saved_at=NOW, submitted_at=NOW
        )
        for each in rows
    )
    _write(
        row(
            released,
            post,
            stage="released",
            total=Decimal(70 + n % 30),
            grade="ABC"[n % 3],
            result=json.dumps({"tree": tree}),
        )
        for n, post in enumerate(posts)
    )


def _trail(company: LargeCompany, count: int) -> None:
    from mingji.audit.models import AuditRecord

    first = AuditRecord.objects.count() + 1
    code = company.marketer.code
    _write(
        AuditRecord(
            number=first + number,
            at=NOW,
            actor="system",
            action="change",
            kind="member",
            object_id=code if number % 2 else f"member{number}",
            reason="A long road to a decision.",
            evidence={"field": "target", "before": "100", "after": "120"},
            previous="",
            digest="",
        )
        for number in range(count)
    )
