"""For each address of goals the object of the subject with which the policy matrix asks for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from builders import NOW, Company, a_viewer
from goal_builders import a_draft, agreement_of, an_agreed_goal
from policy_sample import Sample


def goals(company: Company) -> dict[str, Sample]:
    """A draft of this period, and what the manager and what the subject proposed for others."""
    from mingji.goals import actions
    from mingji.goals.models import WorkLink
    from mingji.people.queries import teams_by_code

    draft = a_draft(company.manager, company.subject, item="mql_count")
    asked = _proposed(company.manager, company.subject, "2027Q1")
    own = _proposed(company.subject, company.subject, "2027Q2")
    agreed = an_agreed_goal(
        "mql_count", "120", member=company.subject, period="2026Q1", support="投放预算"
    ).pk
    spare = a_draft(company.manager, company.subject, item="nps")
    actions.align(a_viewer(company.manager), spare, agreed, at=NOW)
    other = _proposed(company.manager, company.subject, "2027Q3")
    settled = an_agreed_goal("mql_count", "120", member=company.subject, period="2025Q4")
    settled = settled.agreement_id
    wished = [_wished(company, f"2025Q{n}", accepted=n == 2) for n in (1, 2, 3)]
    wished.append(_wished(company, "2024Q4"))
    shared = an_agreed_goal("mql_count", "300", team=teams_by_code()["growth"]).pk
    template = actions.save_template(
        a_viewer(company.manager), agreement_of(draft).pk, "Growth", at=NOW
    )
    actions.link_work(
        a_viewer(company.manager), draft, title="Board", address="https://example.com/b", at=NOW
    )
    link = WorkLink.objects.get().pk
    subject, one = {"code": company.subject.code}, {"goal_id": draft}
    drafted = {"agreement_id": agreement_of(draft).pk}
    more = {"goals": [{"key": "mql_count", "metric": "mql_count", "target": "90"}]}
    why = {"category": "market", "reason": "The fair was cancelled.", "evidence": "Notice 7"}
    return {
        "goals:api.goals": Sample(query={"member": company.subject.code}),
        "goals:api.goal": Sample(one),
        "goals:api.goal_explanation": Sample(one),
        "goals:api.agreement": Sample(drafted),
        "goals:api.draft": Sample(
            form={
                "member": company.subject.code,
                "period": "2028Q1",
                "goals": [{"key": "mql_count", "target": "120"}],
            }
        ),
        "goals:api.propose": Sample(drafted, form={"note": "As spoken."}),
        "goals:api.withdraw": Sample({"agreement_id": own}),
        "goals:api.counter": Sample({"agreement_id": other}, form=more),
        "goals:api.accept": Sample({"agreement_id": asked}, form={"number": 1}),
        "goals:api.comment": Sample(drafted, form={"text": "How was this reckoned?"}),
        "goals:api.ask_change": Sample({"agreement_id": settled}, form=more | why),
        "goals:api.change": Sample(wished[0]),
        "goals:api.answer_change": Sample(wished[0], form={"step": "accept"}),
        "goals:api.progress": Sample({"goal_id": agreed}, form={"confidence": "on_track"}),
        "goals:api.goal_alignment": Sample({"goal_id": agreed}),
        "goals:api.alignment_explanation": Sample({"goal_id": agreed}),
        "goals:api.align": Sample(one | {"parent_id": agreed}, form={"share": "50"}),
        "goals:api.unalign": Sample(one | {"parent_id": agreed}),
        "goals:api.combine": Sample({"goal_id": agreed}, form={"mode": "min"}),
        "goals:mine": Sample(),
        "goals:strategy": Sample(),
        "goals:export_csv": Sample(query={"member": company.subject.code}),
        "goals:export_xlsx": Sample(query={"member": company.subject.code}),
        "goals:coverage": Sample(),
        "goals:path": Sample(one),
        "goals:grid": Sample({"code": "growth"}),
        "goals:matrix": Sample({"code": "growth"}),
        "goals:plan": Sample(form={}),
        "goals:copy_of_member": Sample(subject, form={}),
        "goals:copy_of_team": Sample({"code": "growth"}, form={}),
        "goals:copy_many": Sample(form={}),
        "goals:templates": Sample(),
        "goals:save_template": Sample(drafted, form={"name": ""}),
        "goals:remove_template": Sample({"template_id": template}),
        "goals:weights": Sample(form={}),
        "goals:upload": Sample(),
        "goals:upload_sheet": Sample(form={}),
        "goals:member": Sample(subject),
        "goals:team": Sample({"code": "growth"}),
        "goals:new": Sample(subject, form={}),
        "goals:new_of_team": Sample({"code": "growth"}, form={}),
        "goals:goal": Sample(one),
        "goals:why": Sample(one),
        "goals:edit": Sample(one, form={"target": ""}),
        "goals:link": Sample(one, form={"title": "Plan", "address": "https://example.com/plan"}),
        "goals:unlink": Sample(one | {"link_id": link}),
        "goals:remove": Sample({"goal_id": spare}),
        "goals:alignment": Sample(one),
        "goals:alignment_why": Sample({"goal_id": agreed}),
        "goals:align": Sample(one, form={"parent": str(agreed), "share": "50"}),
        "goals:unalign": Sample(one | {"parent_id": agreed}),
        "goals:combine": Sample({"goal_id": agreed}, form={"mode": "sum"}),
        "goals:split": Sample({"goal_id": shared}, form={}),
        "goals:new_key_result": Sample(one, form={}),
        "goals:report": Sample({"goal_id": agreed}, form={"confidence": "on_track"}),
        "goals:support": Sample({"goal_id": agreed}, form={"state": "given"}),
        "goals:agreement": Sample(drafted),
        "goals:agreement_pdf": Sample(drafted),
        "goals:propose": Sample(drafted),
        "goals:withdraw": Sample({"agreement_id": own}),
        "goals:accept": Sample({"agreement_id": asked}, form={"number": "1"}),
        "goals:counter": Sample({"agreement_id": other}, form={}),
        "goals:comment": Sample(drafted, form={"text": "How was this reckoned?"}),
        "goals:deadline": Sample(drafted, form={"deadline": "2026-12-01"}),
        "goals:versions": Sample(drafted),
        "goals:ask_change": Sample({"agreement_id": settled}, form={}),
        "goals:change": Sample(wished[0]),
        "goals:effect": Sample(wished[0] | {"when": "after"}),
        "goals:accept_change": Sample(wished[0]),
        "goals:approve_change": Sample(wished[1]),
        "goals:refuse_change": Sample(wished[2], form={"answer": "Not now."}),
        "goals:withdraw_change": Sample(wished[3]),
    }


def _wished(company: Company, period: str, *, accepted: bool = False) -> dict[str, int]:
    """A change request of the subject, which the manager has accepted or not."""
    from mingji.goals import actions
    from mingji.rules.goal_terms import GoalTerms

    goal = an_agreed_goal("mql_count", "120", member=company.subject, period=period)
    wanted = GoalTerms(key="mql_count", metric="mql_count", target=Decimal(90))
    why = actions.Grounds(category="market", reason="The fair was cancelled.", evidence="Notice 7")
    asked = actions.request_change(
        a_viewer(company.subject), goal.agreement_id, [wanted], why, at=NOW
    )
    if accepted:
        actions.accept_change(a_viewer(company.manager), asked, at=NOW)
    return {"request_id": asked}


def _proposed(actor: Any, member: Any, period: str) -> int:
    """An agreement that one side has proposed."""
    from mingji.goals import actions

    goal = a_draft(actor, member, item="mql_count", period=period)
    agreement: int = agreement_of(goal).pk
    actions.propose(a_viewer(actor), agreement, at=NOW)
    return agreement
