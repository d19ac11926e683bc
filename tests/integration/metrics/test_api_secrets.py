"""A marked value is looked for in every answer of the API, as everybody who must not see it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

import builders
from integration.metrics.api_of_facts import post
from integration.metrics.dispute_builders import PERIOD
from integration.metrics.test_source_pages import CRM, FROM, NAMED, analyst, inbox  # noqa: F401
from mingji.web.api import document

#: What is written into each thing, found nowhere else, and who may read it.
DISPUTED, REASON, BESIDE = "Sphinx-of-the-dispute", "Griffin-of-the-answer", "Wyvern-in-the-file"
TYPED, SET_ASIDE, PERSONAL = "Dragon-of-the-survey", "Basilisk-in-the-row", "13800000002"
SECRETS = (DISPUTED, REASON, BESIDE, TYPED, SET_ASIDE, PERSONAL)
ABOUT = {"subject", "manager", "director", "hr_partner", "company_hr_partner", "analyst"}
SEEN_BY = {
    DISPUTED: ABOUT,
    REASON: ABOUT,
    BESIDE: ABOUT,
    TYPED: {"subject", "manager", "director", "hr_partner", "company_hr_partner", "analyst"},
    SET_ASIDE: {"analyst"},
    PERSONAL: set(),
}
CSV = f"""线索编号,创建日,渠道,销售手机,负责人,MQL 日期,SQL 日期,退回日期
A1,2026-07-01,search,13800000001,subject,2026-07-03,,
{SET_ASIDE},soon,events,{PERSONAL},subject,,,
"""


@pytest.fixture
def marked(refreshed, analyst, inbox, settings, tmp_path):  # noqa: F811
    """A dispute with an answer and a file, a typed-in value, and a row that was set aside."""
    settings.MINGJI_EVIDENCE = tmp_path / "evidence"
    (inbox / "leads.csv").write_text(CSV, encoding="utf-8")
    analyst.post("/metrics/data/sources/new/", NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})
    analyst.post(f"{CRM}mapping/", FROM)
    analyst.post(f"{CRM}run/")
    content = base64.b64encode(BESIDE.encode()).decode()
    complaint = {
        "metric": "leads_created",
        "period": PERIOD,
        "member": "subject",
        "ground": "other",
        "text": DISPUTED,
        "file": {"name": "why.txt", "content": content},
    }
    raised = post(refreshed.subject, "disputes", complaint).json()
    post(refreshed.analyst, f"disputes/{raised['id']}/answer", {"reason": REASON})
    value = {"period": PERIOD, "member": "subject", "value": "0.5", "evidence": TYPED}
    assert post(refreshed.analyst, "metrics/brand_index/typed", value).status_code == 200
    return refreshed


def addresses() -> Iterator[str]:
    """Every address of the API that is read, for every object that there is."""
    from mingji.metrics.models import Correction, Dispute, SourceRun

    objects: dict[str, list[Any]] = {
        "dispute_id": list(Dispute.objects.values_list("pk", flat=True)),
        "number": [*Correction.objects.values_list("pk", flat=True), 1],
        "run_id": list(SourceRun.objects.values_list("pk", flat=True)),
        "metric": ["leads_created", "brand_index", "mql_count"],
        "period": [PERIOD],
        "code": ["crm", "subject"],
    }
    for path, methods in document()["paths"].items():
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        if "get" not in methods or not set(names) <= set(objects):
            continue
        found = [path]
        for name in names:
            found = [at.replace(f"{{{name}}}", str(one)) for at in found for one in objects[name]]
        asked = {each["name"] for each in methods["get"]["parameters"] if each["in"] == "query"}
        for at in found:
            yield at
            if "member" in asked:
                yield f"{at}?member=subject"
            if "team" in asked:
                yield f"{at}?team=growth"
            if "part" in asked:
                yield f"{at}?part=reach"
                yield f"{at}?part=answer"


def test_a_marked_value_is_told_to_nobody_who_must_not_see_it(marked):
    every = list(addresses())
    seen: dict[str, set[str]] = {secret: set() for secret in SECRETS}
    everybody = {**marked.roles(), "administrator": an_administrator()}

    for role, member in everybody.items():
        program = builders.a_program(member)
        for address in every:
            answer = program.get(address).content.decode()
            told = answer + decoded(answer)
            for secret in SECRETS:
                if secret in told:
                    seen[secret].add(role)

    assert len(every) > 60
    assert seen == SEEN_BY


def test_a_data_owner_sees_what_is_disputed_of_the_metric_and_nothing_else(marked):
    from mingji.metrics import actions

    actions.assign_data_owner(
        builders.a_viewer(marked.analyst), "leads_created", "other-manager", at=builders.NOW
    )
    program = builders.a_program(marked.other_manager)
    answers = [program.get(each).content.decode() for each in addresses()]
    told = " ".join(each + decoded(each) for each in answers)

    assert {secret for secret in SECRETS if secret in told} == {DISPUTED, REASON, BESIDE}


def an_administrator() -> Any:
    """Somebody who runs the installation (with every right that Django knows), and no analyst."""
    member = builders.a_member("administrator", "company", "director", family="OP")
    login = builders.a_login(member)
    login.is_staff = login.is_superuser = True
    login.save()
    return member


def decoded(answer: str) -> str:
    """What a file in an answer holds."""
    _, mark, rest = answer.partition('"content": "')
    return base64.b64decode(rest.partition('"')[0]).decode() if mark else ""
