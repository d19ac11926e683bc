"""For each address the object of the subject with which the policy matrix asks for it.

A new app adds one function here that makes its objects and names them, route by route.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from builders import NOW, Company, a_token, a_viewer
from goal_builders import (
    LAST_PERIOD,
    a_scheme,
    an_observation,
)
from goal_samples import goals
from policy_sample import Sample

BEFORE_THE_TRANSFER = "2026Q2"


def samples(company: Company) -> dict[str, Sample]:
    """A sample for every route, `app:name`."""
    scheme = a_scheme()
    found: dict[str, Sample] = {}
    for app in (_people, _audit, _metrics, goals, _insights, _web):
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
        "people:tokens": Sample(form={"name": ""}),
        "people:token_revoke": Sample({"token_id": _a_token_of(company.subject)}),
        "people:api.me": Sample(),
        "people:api.preferences": Sample(),
        "people:api.change_preferences": Sample(form={"theme": "dark"}),
        "people:api.revoke_this_token": Sample(),
        "people:api.members": Sample(),
        "people:api.member": Sample({"code": company.subject.code}),
        "people:api.directory_list": Sample(),
        "people:api.teams": Sample(),
    }


def _a_token_of(member: Any) -> int:
    from mingji.people.models import ApiToken

    a_token(member)
    return ApiToken.objects.filter(user__member=member)[0].pk


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
    explored = {"period": LAST_PERIOD, "by": "member", "key": company.subject.code}
    version = {"number": actions.publish_definitions("system", "# none yet", "a first one", NOW)}
    owner = {"source": "crm", "owner": "someone", "member": company.peer.code}
    dispute, correction = _disputed(company)
    one, number = {"dispute_id": dispute}, {"number": correction}
    return {
        "metrics:api.metrics": Sample(),
        "metrics:api.metric": Sample({"metric": "mql_count"}),
        "metrics:api.periods": Sample(),
        "metrics:api.observations": Sample({"metric": "mql_count"}, of_subject.query),
        "metrics:api.explanation": of_subject,
        "metrics:api.observation_rows": of_subject,
        "metrics:api.observation_basis": of_subject,
        "metrics:api.dependence": Sample({"metric": "mql_count"}),
        "metrics:api.metric_history": Sample({"metric": "mql_count"}),
        "metrics:api.definition_versions": Sample(),
        "metrics:api.definition_version": Sample(version),
        "metrics:api.check_definitions": Sample(form={"document": "metrics: [broken"}),
        "metrics:api.publish_definitions": Sample(form={"document": "a: [", "reason": "A try."}),
        **_disputes_of_the_api(company, one, number),
        "metrics:dispute": of_subject,
        "metrics:disputes": Sample(),
        "metrics:dispute_page": Sample(one),
        "metrics:dispute_file": Sample(one),
        "metrics:dispute_reason": Sample(one, form={"reason": "As agreed."}),
        "metrics:dispute_follow_up": Sample(one, form={"step": "withdraw"}),
        "metrics:quality": Sample(),
        "metrics:acknowledge": Sample({"finding_id": _found()}, form={"reason": "A fair."}),
        "metrics:inbox": Sample(),
        "metrics:correct": Sample(),
        "metrics:correction": Sample(number),
        "metrics:correction_file": Sample(number),
        "metrics:decide": Sample(number, form={"decision": "approve"}),
        "metrics:list": Sample(),
        "metrics:data_owner": Sample({"metric": "mql_count"}, form={"member": company.peer.code}),
        "metrics:typed": Sample({"metric": "brand_index"}),
        "metrics:type_in": Sample({"metric": "brand_index"}, form={"level": "company"}),
        "metrics:metric": Sample({"metric": "mql_count"}),
        "metrics:why": of_subject,
        "metrics:rows": of_subject,
        "metrics:rows_csv": of_subject,
        "metrics:explore": Sample({"metric": "mql_count"}, {"period": LAST_PERIOD}),
        "metrics:explore_csv": Sample({"metric": "mql_count"}, {"period": LAST_PERIOD}),
        "metrics:explore_xlsx": Sample({"metric": "mql_count"}, {"period": LAST_PERIOD}),
        "metrics:explore_why": Sample({"metric": "mql_count"}, explored),
        "metrics:explore_rows": Sample({"metric": "mql_count"}, explored),
        "metrics:explore_rows_csv": Sample({"metric": "mql_count"}, explored),
        "metrics:definitions": Sample(),
        "metrics:definitions_version": Sample(version),
        "metrics:definitions_edit": Sample(form={"document": "metrics: [broken", "check": "1"}),
        "metrics:define": Sample(form={"id": "!"}),
        "metrics:data": Sample(),
        "metrics:refresh": Sample(),
        "metrics:map_owner": Sample(form=owner),
        **_sources(company),
    }


def _disputes_of_the_api(
    company: Company, dispute: dict[str, Any], correction: dict[str, Any]
) -> dict[str, Sample]:
    about = {"metric": "mql_count", "period": LAST_PERIOD, "member": company.subject.code}
    complaint = {**about, "ground": "other", "text": "L9.", "table": "leads", "row": ["L9"]}
    changed = {"table": "leads", "kind": "exclude", "key": ["L1"], "reason": "Counted twice."}
    typed = {"period": LAST_PERIOD, "value": "0.5", "evidence": "A report."}
    return {
        "metrics:api.disputes": Sample(),
        "metrics:api.dispute": Sample(dispute),
        "metrics:api.dispute_file": Sample(dispute),
        "metrics:api.raise_dispute": Sample(form=complaint),
        "metrics:api.answer_dispute": Sample(dispute, form={"reason": "As agreed."}),
        "metrics:api.follow_up": Sample(dispute, form={"step": "withdraw"}),
        "metrics:api.corrections": Sample(),
        "metrics:api.correction": Sample(correction),
        "metrics:api.correction_file": Sample(correction),
        "metrics:api.propose_correction": Sample(
            form={**changed, "dispute": dispute["dispute_id"]}
        ),
        "metrics:api.decide_correction": Sample(correction, form={"decision": "approve"}),
        "metrics:api.typed_values": Sample({"metric": "brand_index"}),
        "metrics:api.type_in": Sample({"metric": "brand_index"}, form=typed),
    }


def _sources(company: Company) -> dict[str, Sample]:
    """A source of the company that has been read once, and a match of the peer."""
    from mingji.metrics.models import OwnerMapping, Source, SourceRun

    source = Source.objects.create(
        code="crm",
        name_zh="客户",
        name_en="CRM",
        kind="inbox",
        settings={"pattern": "*.csv"},
        table="leads",
        created_at=NOW,
    )
    done = SourceRun.objects.create(
        source=source, started_at=NOW, ended_at=NOW, status="nothing", who="schedule"
    )
    match = OwnerMapping.objects.create(source="crm", owner="someone-else", member=company.peer)
    one, run = {"code": source.code}, {"code": source.code, "run_id": done.pk}
    new = {"kind": "upload", "name_zh": "表", "name_en": "Sheet", "code": "sheet"}
    return {
        "metrics:matches": Sample(),
        "metrics:end_match": Sample({"match_id": match.pk}, form={"ends_on": "2026-09-01"}),
        "metrics:api.sources": Sample(),
        "metrics:api.source": Sample(one),
        "metrics:api.source_runs": Sample(one),
        "metrics:api.source_run": Sample(run),
        "metrics:api.start_run": Sample(one),
        "metrics:api.rejected_rows": Sample(one),
        "metrics:api.mend_rows": Sample(
            one, form={"batch": "0", "rows": [{"row": 1, "cells": {}}]}
        ),
        "metrics:api.quality_findings": Sample(),
        "metrics:source_new": Sample(form=new),
        "metrics:source": Sample(one),
        "metrics:source_settings": Sample(one, form={"pattern": "crm/*.csv"}),
        "metrics:source_test": Sample(one),
        "metrics:source_preview": Sample(one),
        "metrics:source_mapping": Sample(one, form={"table": "leads"}),
        "metrics:source_mapping_missing": Sample(one, {"table": "leads"}),
        "metrics:source_schedule": Sample(one, form={"schedule": "daily"}),
        "metrics:source_upload": Sample(one),
        "metrics:source_run_now": Sample(one),
        "metrics:source_run": Sample(run),
        "metrics:source_rejected": Sample(run),
        "metrics:source_waiting": Sample(one),
        "metrics:source_waiting_csv": Sample(one),
        "metrics:source_mend": Sample(one),
        "metrics:push": Sample(one),
    }


def _found() -> int:
    """Something that the checks of the data found."""
    from mingji.metrics.models import QualityFinding, RefreshRun

    run, said = RefreshRun.objects.get(), {"zh": "行数偏多", "en": "many rows"}
    found = QualityFinding.objects.create(
        code="volume",
        path="leads",
        severity="warning",
        message=said,
        remedy=said,
        first_run=run,
        last_run=run,
        found_at=NOW,
    )
    return found.pk


def _disputed(company: Company) -> tuple[int, int]:
    """An open dispute of the subject, and a correction of a row of theirs that waits, each with a
    file."""
    from mingji.metrics.evidence import EvidenceUpload, keep
    from mingji.metrics.models import Correction, Dispute, EvidenceFile

    dispute = Dispute.objects.create(
        member=company.subject,
        metric="mql_count",
        period=LAST_PERIOD,
        ground="other",
        text="Eleven, not twelve.",
        raised_by=company.subject,
        raised_at=NOW,
    )
    correction = Correction.objects.create(
        table="leads",
        kind="exclude",
        key=["L1"],
        members=[company.subject.code],
        reason="Counted twice.",
        proposed_by=company.analyst,
        proposed_at=NOW,
    )
    upload = EvidenceUpload("why.txt", b"Eleven.")
    keep(upload)
    for proved in ({"dispute": dispute}, {"correction": correction}):
        EvidenceFile.objects.create(
            name=upload.name,
            sha256=upload.sha256,
            size=len(upload.content),
            added_by=company.subject,
            added_at=NOW,
            **proved,
        )
    return dispute.pk, correction.pk


def _insights(company: Company) -> dict[str, Sample]:
    return {
        "insights:home": Sample(),
        "insights:why": Sample(),
        "insights:team": Sample(),
        "insights:team_page": Sample({"code": "growth"}),
    }


def _web(company: Company) -> dict[str, Sample]:
    names = ("api", "openapi", "styleguide", "styleguide_why")
    return {f"web:{name}": Sample() for name in names}


def _appraisals(company: Company, scheme: Any) -> dict[str, Sample]:
    """A cycle in self-review, and one computed and not released from before the transfer."""
    running = a_cycle(scheme, LAST_PERIOD)
    computed = a_cycle(scheme, BEFORE_THE_TRANSFER)
    _review_and_compute(computed, company)
    waiting = running.appraisals.get(member=company.subject)
    scored = computed.appraisals.get(member=company.subject)
    return {
        "appraisals:api.cycles": Sample(),
        "appraisals:api.cycle_appraisals": Sample({"code": computed.code}),
        "appraisals:api.own_appraisals": Sample(),
        "appraisals:api.appraisal": Sample({"appraisal_id": scored.pk}),
        "appraisals:api.appraisal_explanation": Sample({"appraisal_id": scored.pk}),
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
        "appraisals:reviewer": Sample(
            {"appraisal_id": waiting.pk}, form={"reviewer": "director", "reason": "left"}
        ),
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
