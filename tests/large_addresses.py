"""What is asked of a large company: every address that answers to GET, for the `marketer` in it."""

from __future__ import annotations

from typing import Any

from builders import a_token
from goal_builders import LAST_PERIOD, PERIOD
from large_company import LargeCompany
from large_goals import NEXT_PERIOD
from policy_matrix import Route, routes
from policy_sample import Sample

# Answered without looking at a member, a goal or a value: nothing of them grows.
_TELLS_OF_NOBODY = {"people:sign_in", "people:sign_in_as", "web:styleguide", "web:styleguide_why"}


def addresses(company: LargeCompany) -> dict[str, list[str]]:
    """The addresses of each route that answers to GET, `app:name`, with their filters."""
    found = {**_people(company), **_goals(company), **_metrics(company), **_appraisals(company)}
    return {
        str(route): [_address(route, sample) for sample in found.get(str(route), (Sample(),))]
        for route in routes()
        if "GET" in route.methods and str(route) not in _TELLS_OF_NOBODY
    }


def _address(route: Route, sample: Sample) -> str:
    from django.utils.http import urlencode

    return route.address(sample) + (f"?{urlencode(sample.query)}" if sample.query else "")


def _people(company: LargeCompany) -> dict[str, tuple[Sample, ...]]:
    from mingji.people.models import ApiToken

    a_token(company.marketer)
    token = ApiToken.objects.filter(user__member=company.marketer).latest("pk")
    one, places = Sample({"code": company.marketer.code}), _places(company)
    head = Sample({"code": company.department_head.code})
    return {
        "people:directory": (Sample(), Sample(query={"q": "chengyuan"})),
        "people:member": [one, head],
        "people:token_revoke": (Sample({"token_id": token.pk}),),
        "people:api.members": (Sample(), Sample(query={"limit": "200"})),
        "people:api.member": [one, head],
        "people:api.directory_list": (Sample(), Sample(query={"limit": "200"})),
        "audit:trail": (
            Sample(),
            Sample(query={"kind": "member", "object_id": one.kwargs["code"]}),
        ),
        "insights:team_page": places,
        "schemes:version": (Sample({"version_id": _latest("schemes.SchemeVersion").pk}),),
    }


def _places(company: LargeCompany) -> tuple[Sample, ...]:
    teams = ("company", company.department.code, company.flat.code, company.team.code)
    return tuple(Sample({"code": code}) for code in teams)


def _latest(model: str, **wanted: Any) -> Any:
    from django.apps import apps

    return apps.get_model(model).objects.filter(**wanted).latest("pk")


def _goals(company: LargeCompany) -> dict[str, tuple[Sample, ...]]:
    member, places = {"code": company.marketer.code}, _places(company)
    own = {"member": company.marketer, "period": PERIOD}
    goal = {"goal_id": _latest("goals.Goal", item="mql_count", **own).pk}
    objective = {"goal_id": _latest("goals.Goal", item="known", **own).pk}
    result = {"goal_id": _latest("goals.Goal", item="talks", **own).pk}
    # Only a draft has forms to edit it.
    drafted, drafted_objective = (
        {"goal_id": _latest("goals.Goal", item=item, agreement__status="draft").pk}
        for item in ("mql_count", "known")
    )
    tops = [
        {"goal_id": _latest("goals.Goal", item="mql_count", team=team, period=PERIOD).pk}
        for team in (company.flat, company.department, company.department.parent)
    ]
    agreements = [
        {"agreement_id": _latest("goals.Agreement", **own | {"period": period}).pk}
        for period in (PERIOD, NEXT_PERIOD)
    ]
    request = {"request_id": _latest("goals.ChangeRequest", agreement__member=company.marketer).pk}
    objectives = (Sample(drafted_objective),)
    every = tuple(Sample(each) for each in (goal, objective, result, *tops))
    drafts, upward = (Sample(drafted),), tuple(Sample(each) for each in (goal, *tops))
    of_goal: dict[str, tuple[Sample, ...]] = dict.fromkeys(
        ("goal", "why", "path", "report", "support", "link", "api.goal", "api.goal_explanation"),
        every,
    )
    aligning = "alignment alignment_why align split api.goal_alignment api.alignment_explanation"
    of_goal |= dict.fromkeys(aligning.split(), upward)
    of_goal |= dict.fromkeys(("edit", "remove"), drafts) | {"new_key_result": objectives}
    of_agreement = dict.fromkeys(
        ("agreement", "agreement_pdf", "versions", "ask_change", "counter", "api.agreement"),
        tuple(Sample(each) for each in agreements),
    )
    of_request = dict.fromkeys(("change", "api.change"), (Sample(request),))
    of_team = dict.fromkeys(("grid", "matrix", "team", "new_of_team", "copy_of_team"), places)
    periods = tuple(Sample(query={"period": each}) for each in (PERIOD, NEXT_PERIOD))
    named = {
        **of_goal,
        **of_agreement,
        **of_request,
        **of_team,
        "effect": tuple(Sample(request | {"when": when}) for when in ("before", "after")),
        "unalign": (Sample(goal | {"parent_id": tops[0]["goal_id"]}),),
        "unlink": (Sample(goal | {"link_id": 1}),),
        "combine": upward,
        "strategy": (
            Sample(),
            Sample(query={"as": "table"}),
            Sample(query={"theme": "growth-2026"}),
            *(Sample(query={"open": str(each["goal_id"])}) for each in tops),
        ),
        "coverage": tuple(
            Sample(query={"what": what})
            for what in ("themes", "goals", "people", "overloaded", "underloaded")
        ),
        "export_csv": (
            Sample(query=member_query(company)),
            Sample(query={"below": "", "progress": ""}),
        ),
        "export_xlsx": (Sample(query={"below": "", "progress": ""}),),
        "member": (Sample(member),),
        "new": (Sample(member), Sample(member, {"item": "mql_count", "period": NEXT_PERIOD})),
        "copy_of_member": (Sample(member, {"from": PERIOD, "period": "2027Q2"}),),
        "copy_many": (Sample(query={"from": PERIOD, "period": "2027Q2"}),),
        "plan": (*periods, Sample(query={"period": "2027Q2", "template": "1"})),
        "weights": periods,
        "upload": periods,
        "upload_sheet": periods,
        "templates": (Sample(),),
        "api.goals": (
            Sample(query={"member": company.marketer.code}),
            Sample(query={"team": company.flat.code}),
        ),
    }
    left = ("propose", "withdraw", "accept", "comment", "deadline", "save_template")
    named |= dict.fromkeys(left, (Sample(agreements[0]),))
    answers = ("accept_change", "approve_change", "refuse_change", "withdraw_change")
    named |= dict.fromkeys(answers, (Sample(request),))
    named["remove_template"] = (Sample({"template_id": 1}),)
    return {f"goals:{name}": samples for name, samples in named.items()}


def member_query(company: LargeCompany) -> dict[str, str]:
    """The query that asks for the marketer."""
    return {"member": company.marketer.code}


_API_OF_VALUES = ("api.observation_rows", "api.observation_basis")


def _metrics(company: LargeCompany) -> dict[str, tuple[Sample, ...]]:
    one = {"metric": "mql_count"}
    value = Sample(one | {"period": PERIOD}, member_query(company))
    dispute = _latest("metrics.Dispute", member=company.marketer).pk
    correction, finding = _latest("metrics.Correction"), _latest("metrics.QualityFinding")
    explored = tuple(
        Sample(one, {"period": LAST_PERIOD, "by": by}) for by in ("", "member", "team", "channel")
    )
    key = Sample(one, {"period": LAST_PERIOD, "by": "member", "key": company.marketer.code})
    source = {"code": "crm0"}
    run = source | {"run_id": _latest("metrics.SourceRun", source__code="crm0").pk}
    match = _latest("metrics.OwnerMapping", member=company.marketer).pk
    named = dict.fromkeys(
        ("why", "rows", "rows_csv", "dispute", "api.explanation", *_API_OF_VALUES),
        (value, Sample(value.kwargs, {"team": "company"})),
    )
    named |= dict.fromkeys(("explore_why", "explore_rows", "explore_rows_csv"), (key,))
    named |= dict.fromkeys(("explore", "explore_csv", "explore_xlsx"), explored)
    named |= dict.fromkeys(
        ("metric", "data_owner", "api.metric", "api.dependence", "api.metric_history"),
        (Sample(one),),
    )
    typed = ("typed", "type_in", "api.typed_values", "api.type_in")
    named |= dict.fromkeys(typed, (Sample({"metric": "brand_index"}),))
    of_source = (
        "source source_settings source_test source_preview source_mapping source_schedule"
        " source_upload source_run_now source_waiting source_waiting_csv source_mend push"
        " api.source api.source_runs api.start_run api.rejected_rows api.mend_rows"
    )
    named |= dict.fromkeys(of_source.split(), (Sample(source),))
    named |= dict.fromkeys(("source_run", "source_rejected", "api.source_run"), (Sample(run),))
    of_dispute = (
        "dispute_page dispute_reason dispute_follow_up dispute_file"
        " api.dispute api.dispute_file api.answer_dispute api.follow_up"
    )
    named |= dict.fromkeys(of_dispute.split(), (Sample({"dispute_id": dispute}),))
    of_correction = (
        "correction decide correction_file api.correction api.correction_file api.decide_correction"
    )
    named |= dict.fromkeys(of_correction.split(), (Sample({"number": correction.pk}),))
    lists = ("api.corrections", "api.sources", "api.quality_findings", "api.definition_versions")
    named |= dict.fromkeys(lists, (Sample(query={"limit": "200"}),))
    named |= {
        "source_mapping_missing": (Sample(source, {"table": "leads"}),),
        "api.observations": (Sample(one), Sample(one, {"limit": "200", "level": "member"})),
        "acknowledge": (Sample({"finding_id": finding.pk}),),
        "definitions_version": (Sample({"number": 1}),),
        "api.definition_version": (Sample({"number": 1}),),
        "api.disputes": tuple(
            Sample(query={"limit": "200", "part": part}) for part in ("mine", "answer", "reach")
        ),
        "end_match": (Sample({"match_id": match}),),
        "matches": (Sample(), Sample(query={"q": "member"})),
    }
    return {f"metrics:{name}": samples for name, samples in named.items()}


def _appraisals(company: LargeCompany) -> dict[str, tuple[Sample, ...]]:
    ids = [
        {
            "appraisal_id": _latest(
                "appraisals.Appraisal", member=company.marketer, cycle__code=code
            ).pk
        }
        for code in ("cycle-2026q3", "cycle-2026q2")
    ]
    cycles = tuple(Sample({"code": code}) for code in ("cycle-2026q3", "cycle-2026q2"))
    named: dict[str, tuple[Sample, ...]] = dict.fromkeys(
        ("scorecard", "why", "review", "reviewer", "api.appraisal", "api.appraisal_explanation"),
        tuple(Sample(each) for each in ids),
    )
    named |= dict.fromkeys(
        ("cycle", "end_self_review", "compute", "release", "api.cycle_appraisals"), cycles
    )
    return {f"appraisals:{name}": samples for name, samples in named.items()}
