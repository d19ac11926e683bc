"""Goals that both sides signed, and an attempt to change them for every route of goals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

import builders
import goal_builders as build
import policy_matrix
from policy_sample import Sample
from policy_samples import samples

ClientOf = Callable[[Any], Client]
# A period and one to copy from in which `policy_samples` sets no goals.
PERIOD, EARLIER = "2027Q4", "2026Q2"
GROUNDS = {"category": "market", "reason": "展会取消", "evidence": "主办方通知 1103"}
RESULTS = {"mql_count": "100", "cost_per_mql": "900", "roas": "4", "budget_use_rate": "0.95"}
LESS = {"item": "mql_count", "how": "less", "points": "10", "period": PERIOD}
SHEET = "工号,考核项,目标值\nsubject,mql_count,1\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """The agreements of the subject and of the team, their goals by key, and a change asked for.

    `seen` is what pages showed while all was a draft, as an open tab would send it back.
    """

    company: builders.Company
    member: Any
    team: Any
    goals: dict[str, int]
    of_team: int
    asked: int
    sources: tuple[int, int]
    seen: dict[str, str]
    found: dict[str, Sample]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A route, its objects, and what is sent there."""

    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


def own_terms() -> list[Any]:
    """Four KPIs, and an objective with a metric and with milestones as key results."""
    from mingji.rules.goal_terms import GoalTerms, MilestoneTerms

    steps = (
        MilestoneTerms(title="方案通过", weight=Decimal(40), due=date(2027, 10, 20)),
        MilestoneTerms(title="上线", weight=Decimal(60), due=date(2027, 12, 10)),
    )
    result = GoalTerms(key="", kind="key_result", objective="objective-1")
    return [
        *(GoalTerms(key=item, target=Decimal(value)) for item, value in RESULTS.items()),
        GoalTerms(key="objective-1", kind="objective", title="让新客户更快看到价值"),
        replace(
            result,
            key="kr-1",
            title="MQL 从 80 到 120",
            metric="mql_count",
            baseline=Decimal(80),
            target=Decimal(120),
            support="投放预算",
        ),
        replace(result, key="kr-2", title="上线新手引导", measure="milestones", milestones=steps),
    ]


def all_signed(client_of: ClientOf) -> Signed:
    """Drafted, looked at, proposed and accepted; the team's change is asked for, not accepted."""
    from mingji.goals import actions
    from mingji.goals.models import Goal
    from mingji.goals.queries import Owner
    from mingji.people.actions import NewPost, post
    from mingji.people.queries import teams_by_code
    from mingji.rules.goal_terms import GoalTerms

    company = builders.a_company()
    found, growth = samples(company), teams_by_code()["growth"]
    move = NewPost(team="growth", job_family="DG", level="specialist", manager="manager")
    post("system", "subject", move, starts_on=builders.TODAY, at=builders.NOW)
    manager = builders.a_viewer(company.manager)
    early = [
        build.an_agreed_goal("mql_count", "90", period=EARLIER, **owner).pk
        for owner in ({"member": company.subject}, {"team": growth})
    ]
    wanted = GoalTerms(key="mql_count", metric="mql_count", target=Decimal(300))
    of_team = actions.set_goal(
        manager, Owner(team=growth), period=PERIOD, terms=wanted, at=builders.NOW
    )
    team = agree(of_team, company.manager, company.director)
    actions.plan(manager, {"subject": own_terms()}, period=PERIOD, at=builders.NOW)
    rows = Goal.objects.filter(member=company.subject, period=PERIOD)
    goals = {row.item: row.pk for row in rows}
    seen = what_pages_showed(client_of(company.manager), of_team)
    member = agree(goals["mql_count"], company.manager, company.subject)
    why = actions.Grounds(**GROUNDS)
    less = [GoalTerms(key="mql_count", metric="mql_count", target=Decimal(9))]
    asked = actions.request_change(manager, team.pk, less, why, at=builders.NOW)
    return Signed(company, member, team, goals, of_team, asked, (early[0], early[1]), seen, found)


def agree(goal_id: int, one: Any, other: Any) -> Any:
    """The agreement of a goal, proposed by one side and accepted by the other."""
    from mingji.goals import actions

    number = build.agreement_of(goal_id).pk
    actions.propose(builders.a_viewer(one), number, at=builders.NOW)
    actions.accept(builders.a_viewer(other), number, number=1, at=builders.NOW)
    return build.agreement_of(goal_id)


def what_pages_showed(client: Client, of_team: int) -> dict[str, str]:
    """The hidden fields by which pages of many goals remember what was looked at."""
    file = SimpleUploadedFile("目标.csv", SHEET.encode())
    sheet = client.post("/goals/upload/sheet/", {"file": file, "period": PERIOD})
    parts = client.post(f"/goals/{of_team}/split/", {"who": ["peer"], "basis": "equal"})
    return {
        "sheet": sheet.context["sheet"],
        "split": parts.context["found"].written,
        "weights": client.get("/goals/weights/", LESS).context["page"].written,
    }


def state(signed: Signed) -> dict[str, list[Any]]:
    """All that was signed, as it lies in the database. `combine` says how goals below are added
    up and when a milestone was done is progress: neither belongs to the terms, nor do the links
    of alignment, which are a table of their own."""
    from mingji.goals.models import Agreement, Goal, Milestone, Version

    both = [signed.member.pk, signed.team.pk]
    goals = Goal.objects.filter(agreement__in=both).order_by("pk")
    columns = [each.attname for each in Goal._meta.concrete_fields if each.name != "combine"]
    steps = Milestone.objects.filter(goal__agreement__in=both).order_by("goal", "position")
    return {
        "goals": list(goals.values(*columns)),
        "milestones": list(steps.values("goal", "position", "title", "weight", "due")),
        "agreements": list(Agreement.objects.filter(pk__in=both).order_by("pk").values()),
        "versions": list(Version.objects.filter(agreement__in=both).order_by("pk").values()),
    }


def assert_as_signed(signed: Signed) -> None:
    """What lies in the tables has the digest under which both sides put their names."""
    from mingji.goals import queries
    from mingji.goals.models import Agreement
    from mingji.rules.goal_terms import digest

    for found in Agreement.objects.filter(pk__in=(signed.member.pk, signed.team.pk)):
        assert found.status == "agreed"
        last = found.versions.get(number=found.number)
        assert digest(queries.terms_of(found)) == last.digest == digest(last.goals)


def attempts(signed: Signed) -> Iterator[Attempt]:
    """Every route of goals on what is signed, with data that would change it."""
    tried = {name: [*several] for name, several in by_route(signed).items()}
    for route in (each for each in policy_matrix.routes() if each.app == "goals"):
        if not route.is_api:
            # A route that is new meets the lock with the arguments of the policy matrix.
            sample = signed.found[str(route)]
            yield from tried.pop(route.name, [Attempt(route.name, sample.kwargs, sample.form)])
    assert not tried, "no such routes"


def by_route(signed: Signed) -> dict[str, list[Attempt]]:
    """The attempts on goals, on agreements, on the change that is asked for, and on many."""
    return _on_goals(signed) | _on_agreements(signed) | _on_the_change(signed) | _on_many(signed)


def _on_goals(signed: Signed) -> dict[str, list[Attempt]]:
    of_each_kind = ("mql_count", "objective-1", "kr-1", "kr-2")
    every = [*(signed.goals[key] for key in of_each_kind), signed.of_team]
    objective, (early, _) = signed.goals["objective-1"], signed.sources
    new = {"title": "写六篇客户案例", "measure": "manual", "unit": "篇"}
    new |= {"baseline": "2", "target": "6"}
    forms: dict[str, list[dict[str, Any]]] = {
        "edit": [_anything()],
        "new_key_result": [new],
        "report": [
            {"value": "999", "steps": ["0"], "confidence": "on_track", "evidence": "x"}
            | _anything()
        ],
        "support": [{"state": "given", "support": "不给了"}],
        "align": [{"parent": str(signed.of_team), "share": "50", "target": "1"}],
        "combine": [{"mode": "max", "target": "1"}],
        "split": [
            {"who": ["peer"], "basis": "equal", "save": "1", "seen": signed.seen["split"]},
            {"who": ["subject", "peer"], "basis": "equal", "save": "1"},
        ],
    }
    on_one = "goal why path edit new_key_result alignment alignment_why align combine split report"
    found = {
        name: [
            Attempt(name, {"goal_id": pk}, form) for pk in every for form in forms.get(name, [{}])
        ]
        for name in (*on_one.split(), "support", "remove")
    }
    ended = {"goal_id": objective, "parent_id": early}
    return found | {"unalign": [Attempt("unalign", ended)]}


def _anything() -> dict[str, Any]:
    """A form that every kind of goal can read: other numbers, title, weight, steps."""
    return {
        "title": "另一个标题",
        "description": "另一种说法",
        "commitment": "stretch",
        "measure": "milestones",
        "milestones": "方案通过；10；2027-10-20\n上线；90；2027-12-31",
        "target": "1",
        "weight": "7",
        "due": "2027-12-30",
        "scoring": "",
        "support": "别的支持",
    }


def _on_agreements(signed: Signed) -> dict[str, list[Attempt]]:
    changed = {"mql_count-target": "1", "mql_count-keep": "on", "kr-2-title": "别的"}
    changed |= {"objective-1-title": "别的目标", "kr-1-title": "别的", "kr-1-target": "90"}
    changed |= {"kr-1-baseline": "80"}
    changed |= {f"{item}-target": value for item, value in RESULTS.items() if item != "mql_count"}
    changed["budget_use_rate-target"] = "95"
    dropped = changed | {"roas-drop": "on"}
    forms: dict[str, list[dict[str, Any]]] = {
        "propose": [{"note": "再来一次"}],
        "accept": [{"number": "1"}, {"number": "2"}],
        "counter": [changed, dropped],
        "ask_change": [changed | GROUNDS, dropped | GROUNDS],
        "comment": [{"text": "目标改成 1", "key": "mql_count"}],
        "deadline": [{"deadline": "2027-10-15"}],
        "save_template": [{"name": "新模板"}],
    }
    names = ("agreement", "agreement_pdf", "versions", "withdraw", *forms)
    return {
        name: [
            Attempt(name, {"agreement_id": each.pk}, form)
            for each in (signed.member, signed.team)
            for form in forms.get(name, [{}])
        ]
        for name in names
    }


def _on_the_change(signed: Signed) -> dict[str, list[Attempt]]:
    """No single step puts in force what the other side has not accepted."""
    one = {"request_id": signed.asked}
    names = "change accept_change approve_change refuse_change withdraw_change"
    found = {name: [Attempt(name, one, {"answer": "好"})] for name in names.split()}
    return found | {"effect": [Attempt("effect", one | {"when": "after"})]}


def _on_many(signed: Signed) -> dict[str, list[Attempt]]:
    early, early_of_team = signed.sources
    asked, into = {"period": PERIOD}, {"period": PERIOD, "from": EARLIER}
    subject, growth = {"code": "subject"}, {"code": "growth"}
    cells = {"who": ["subject"], "subject:mql_count": "1", "period": PERIOD}
    copied = {"copy": [str(early)], f"target:{early}": "1"}
    of_team = {"copy": [str(early_of_team)], f"target:{early_of_team}": "1"}
    taken = {"sheet": signed.seen["sheet"], "commit": "1", "period": PERIOD}
    less = LESS | {"who": ["subject"], "seen": signed.seen["weights"]}
    added = [
        ({"title": "新增目标", "commitment": "committed"}, asked | {"kind": "objective"}),
        (
            {"title": "新增", "measure": "manual", "unit": "次", "target": "1"},
            asked | {"kind": "kpi"},
        ),
        ({"target": "1"}, asked | {"item": "mql_count"}),
        ({"target": "0.5"}, asked | {"item": "mql_to_sql_rate"}),
    ]
    return {
        "new": [Attempt("new", subject, form, query) for form, query in added],
        "new_of_team": [Attempt("new_of_team", growth, form, query) for form, query in added],
        "copy_of_member": [Attempt("copy_of_member", subject, copied, into)],
        "copy_of_team": [Attempt("copy_of_team", growth, of_team, into)],
        "copy_many": [Attempt("copy_many", {}, copied, into)],
        "plan": [Attempt("plan", {}, form, asked) for form in (cells, cells | {"propose": "1"})],
        "upload_sheet": [
            Attempt("upload_sheet", {}, taken, asked),
            Attempt("upload_sheet", {}, taken | {"propose": "1"}, asked),
            Attempt("upload_sheet", {}, {"file": SHEET, "period": PERIOD}, asked),
        ],
        "weights": [Attempt("weights", {}, less, asked)],
        **{name: [Attempt(name, {}, {}, asked)] for name in ("mine", "strategy", "coverage")},
    }


def doors(signed: Signed, client: Client, names: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """The routes by which this browser changed what `state` holds, and those that did as they
    were asked; all is taken back."""
    before = state(signed)
    asked: set[str] = set()
    changing: set[str] = set()
    taken: set[str] = set()
    for attempt in attempts(signed):
        if names and attempt.name not in names:
            continue
        route = policy_matrix.Route("goals", attempt.name)
        address = route.address(Sample(attempt.kwargs))
        form = dict(attempt.form)
        if "file" in form:
            form["file"] = SimpleUploadedFile("目标.csv", form["file"].encode())
        with transaction.atomic():
            if attempt.name not in asked:
                client.get(address, attempt.query)
                asked.add(attempt.name)
            answer = client.post(address, form, query_params=attempt.query)
            assert answer.status_code < 500, address
            if state(signed) != before:
                changing.add(attempt.name)
            if answer.status_code == 302:
                taken.add(attempt.name)
            transaction.set_rollback(True)
    return changing, taken
