"""For each address the object of the subject with which the policy matrix asks for it.

A new app adds one function here that makes its objects and names them, route by route.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from builders import NOW, Company, a_viewer
from goal_builders import LAST_PERIOD, a_draft, a_scheme, an_observation

BEFORE_THE_TRANSFER = "2026Q2"


@dataclass(frozen=True, slots=True)
class Sample:
    """What to put into an address, into its query, and into its form when it is posted to."""

    kwargs: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)


def samples(company: Company) -> dict[str, Sample]:
    """A sample for every route, `app:name`."""
    scheme = a_scheme()
    found: dict[str, Sample] = {}
    for app in (_people, _audit, _metrics, _goals, _insights, _web):
        found |= app(company)
    return found | _schemes(scheme) | _appraisals(company, scheme)


def _people(company: Company) -> dict[str, Sample]:
    return {
        "people:directory": Sample(),
        "people:sign_in": Sample(),
        "people:sign_in_as": Sample(form={"member": company.subject.code}),
        "people:sign_out": Sample(),
        "people:preferences": Sample(form={"theme": "dark"}),
        "people:member": Sample({"code": company.subject.code}),
    }


def _audit(company: Company) -> dict[str, Sample]:
    return {"audit:trail": Sample(query={"kind": "member", "object_id": company.subject.code})}


def _schemes(scheme: Any) -> dict[str, Sample]:
    return {
        "schemes:list": Sample(),
        "schemes:version": Sample({"version_id": scheme.pk}),
        "schemes:publish": Sample(form={"document": "id: [broken"}),
    }


def _metrics(company: Company) -> dict[str, Sample]:
    """A value of the subject alone; the values of teams and company are everybody's."""
    from mingji.metrics import actions

    an_observation("mql_count", "12", period=LAST_PERIOD, member=company.subject)
    kwargs = {"metric": "mql_count", "period": LAST_PERIOD}
    of_subject = Sample(kwargs, {"member": company.subject.code})
    number = actions.publish_definitions("system", "# none yet", "a first version", NOW)
    owner = {"source": "crm", "owner": "someone", "member": company.peer.code}
    return {
        "metrics:list": Sample(),
        "metrics:metric": Sample({"metric": "mql_count"}),
        "metrics:why": of_subject,
        "metrics:rows": of_subject,
        "metrics:rows_csv": of_subject,
        "metrics:definitions": Sample(),
        "metrics:definitions_version": Sample({"number": number}),
        "metrics:definitions_edit": Sample(form={"document": "metrics: [broken", "check": "1"}),
        "metrics:define": Sample(form={"id": "!"}),
        "metrics:data": Sample(),
        "metrics:refresh": Sample(),
        "metrics:map_owner": Sample(form=owner),
    }


def _goals(company: Company) -> dict[str, Sample]:
    """One goal that is still a draft, one that waits for the subject."""
    from mingji.goals import actions

    draft = a_draft(company.manager, company.subject, item="mql_count")
    proposed = a_draft(company.manager, company.subject, item="cost_per_lead")
    actions.propose(a_viewer(company.manager), proposed, at=NOW)
    subject = {"code": company.subject.code}
    return {
        "goals:mine": Sample(),
        "goals:strategy": Sample(),
        "goals:member": Sample(subject),
        "goals:new": Sample(subject, form={}),
        "goals:goal": Sample({"goal_id": draft}),
        "goals:why": Sample({"goal_id": draft}),
        "goals:edit": Sample({"goal_id": draft}, form={"target": ""}),
        "goals:propose": Sample({"goal_id": draft}),
        "goals:accept": Sample({"goal_id": proposed}),
    }


def _insights(company: Company) -> dict[str, Sample]:
    return {
        "insights:home": Sample(),
        "insights:why": Sample(),
        "insights:team": Sample(),
        "insights:team_page": Sample({"code": "growth"}),
    }


def _web(company: Company) -> dict[str, Sample]:
    return {"web:styleguide": Sample(), "web:styleguide_why": Sample()}


def _appraisals(company: Company, scheme: Any) -> dict[str, Sample]:
    """A cycle in self-review, and one computed and not released from before the transfer."""
    running = a_cycle(scheme, LAST_PERIOD)
    computed = a_cycle(scheme, BEFORE_THE_TRANSFER)
    _review_and_compute(computed, company)
    waiting = running.appraisals.get(member=company.subject)
    scored = computed.appraisals.get(member=company.subject)
    return {
        "appraisals:mine": Sample(),
        "appraisals:cycles": Sample(),
        "appraisals:cycle": Sample({"code": running.code}),
        "appraisals:open": Sample(form={"code": "x"}),
        "appraisals:end_self_review": Sample({"code": running.code}, form={"reason": "late"}),
        "appraisals:compute": Sample({"code": running.code}),
        "appraisals:release": Sample({"code": computed.code}),
        "appraisals:scorecard": Sample({"appraisal_id": scored.pk}),
        "appraisals:why": Sample({"appraisal_id": scored.pk}),
        "appraisals:review": Sample({"appraisal_id": waiting.pk}),
    }


def a_cycle(scheme: Any, period: str) -> Any:
    """An appraisal cycle that has just been opened, `cycle-2026q3`."""
    from mingji.appraisals import actions

    plan = actions.CyclePlan(
        code=f"cycle-{period.lower()}",
        period=period,
        scheme_version_id=scheme.pk,
        name_zh=period,
        name_en=period,
        self_review_due=date(2026, 12, 1),
        manager_review_due=date(2026, 12, 8),
    )
    return actions.open_cycle("system", plan, at=NOW)


def _review_and_compute(cycle: Any, company: Company) -> None:
    from mingji.appraisals import actions
    from mingji.appraisals.choices import choices
    from mingji.appraisals.forms_of import rated_items

    actions.end_self_review("system", cycle.code, reason="all in", at=NOW)
    appraisal = cycle.appraisals.get(member=company.subject)
    answers = [
        actions.Answer(item=item.id, choice=choices(item)[2].id, comment="seen in three projects")
        for item in rated_items(appraisal)
    ]
    reviewer = a_viewer(appraisal.reviewer)
    actions.save_review(reviewer, appraisal.pk, answers, submit=True, at=NOW)
    actions.compute("system", cycle.code, at=NOW)
