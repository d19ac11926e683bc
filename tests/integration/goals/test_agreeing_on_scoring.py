"""How a KPI is scored is agreed like its target: on the form, in a counter, a sheet, on paper."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
import goal_builders as build
from pdf_text import pdf_text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
NEW = "/goals/of/subject/new/?item=mql_count"
STEPS = {
    "target": "100",
    "threshold": "80",
    "stretch": "120",
    "scoring": "base_step",
    "scoring-of": "base_step",
    "scoring-base": "80",
    "scoring-step": "5",
    "scoring-unit": "4",
    "scoring-cap_up": "20",
    "scoring-cap_down": "40",
    "scoring-measure": "percent",
}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def goal(item: str = "mql_count") -> Any:
    from mingji.goals.models import Goal

    return Goal.objects.get(item=item)


def test_a_method_is_chosen_with_its_settings_and_stands_in_the_agreement(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)

    sent = manager.post(NEW, STEPS)
    page = manager.get(f"/goals/agreements/{goal().agreement_id}/").content.decode()
    again = manager.get(f"/goals/{goal().pk}/edit/").content.decode()

    assert sent.status_code == 302
    assert goal().scoring["method"] == "base_step"
    assert (goal().scoring["base"], goal().scoring["out_of"]) == ("80", "100")
    assert "基准分±步长法：基准 80 分" in page
    assert 'name="scoring-unit" value="4"' in again
    assert "它会得多少分" in again


def test_the_worked_example_follows_what_is_typed(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)
    chosen = {"target": "100", "scoring": "ratio", "scoring-of": "base_step", "scoring-base": "80"}

    fields = manager.post(NEW, chosen, headers={"HX-Request": "true", "HX-Target": "scoring"})
    typed = manager.post(NEW, STEPS, headers={"HX-Request": "true", "HX-Target": "smart"})
    plain = manager.post(NEW, chosen | {"look": "1"})

    told = fields.content.decode()
    assert 'name="scoring-cap" value="120"' in told
    assert "scoring-base" not in told
    assert "<html" not in told
    assert 'id="scoring-example" hx-swap-oob="innerHTML"' in typed.content.decode()
    assert "门槛值" in typed.content.decode()
    assert (plain.status_code, 'name="scoring-cap"' in plain.content.decode()) == (200, True)
    from mingji.goals.models import Goal

    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scoring-base": "很多"}, "不是数字"),
        ({"scoring-base": "120"}, "超过方案给这一项的上限 120%"),
        ({"scoring-cap_down": "90"}, "可能得负分"),
        ({"scoring-step": "-1"}, "不能是负数"),
        ({"scoring-step": "0"}, "步长是 0"),
        ({"scoring": "rank"}, "error-summary"),
    ],
)
def test_what_cannot_be_scored_is_refused_at_its_field(
    company: builders.Company, client_of: ClientOf, changed: dict[str, str], words: str
) -> None:
    from mingji.goals.models import Goal

    answer = client_of(company.manager).post(NEW, STEPS | changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Goal.objects.exists()


def test_where_the_scheme_keeps_its_method_there_is_nothing_to_choose(
    client_of: ClientOf,
) -> None:
    from mingji.schemes.actions import publish
    from mingji.schemes.document import find

    text = find("marketing-team").read_text(encoding="utf-8")
    kept = text.replace("aggregation: weighted_by_dimension", "scoring_from: scheme")
    publish("system", kept, at=builders.NOW)
    company = builders.a_company()
    manager = client_of(company.manager)

    form = manager.get(NEW).content.decode()
    sent = manager.post(NEW, STEPS)

    assert "方案固定了这一项的计分方法" in form
    assert 'name="scoring"' not in form
    assert (sent.status_code, goal().scoring) == (302, {})


def test_the_member_counters_with_another_method_and_sees_the_difference(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager, member = client_of(company.manager), client_of(company.subject)
    manager.post(NEW, STEPS)
    steps = f"/goals/agreements/{goal().agreement_id}"
    manager.post(f"{steps}/propose/", {})
    form = member.get(f"{steps}/counter/").content.decode()
    said = {"mql_count-target": "100", "mql_count-threshold": "80", "mql_count-stretch": "120"}
    ratio = {"mql_count-scoring": "ratio", "mql_count-scoring_settings": "cap = 110"}

    wrong = member.post(
        f"{steps}/counter/", said | ratio | {"mql_count-scoring_settings": "cap = x"}
    )
    sent = member.post(f"{steps}/counter/", said | ratio)
    page = manager.get(f"{steps}/").content.decode()

    assert "base = 80; step = 5" in form
    assert wrong.status_code == 422
    assert sent.status_code == 302
    assert "计分方法" in page
    assert "完成率法：实际值 ÷ 目标值 × 权重，最高为权重的 110%" in page
    assert "基准分±步长法" in page


def test_a_sheet_may_say_the_method_in_one_cell(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)
    head = "成员,考核项,目标值,起始值,计分方法\n"
    rows = "subject,市场合格线索数,120,,锚点插值法：80 = 60；100 = 100\n"
    bad = "subject,市场合格线索数,120,,随便\n"

    def post(text: str, **more: str) -> Any:
        sent = {"file": SimpleUploadedFile("g.csv", text.encode()), "period": build.PERIOD}
        return manager.post("/goals/upload/sheet/", sent | more)

    refused = post(head + bad)
    done = post(head + rows, commit="1")

    assert "没有计分方法“随便”" in refused.content.decode()
    assert done.status_code == 302
    assert goal().scoring["method"] == "anchors"
    assert goal().target == Decimal(120)


def test_paper_says_how_it_is_scored_and_the_digest_covers_it(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.rules.goal_terms import digest

    manager = client_of(company.manager)
    manager.post(NEW, STEPS)
    terms = goal().terms
    before = digest([terms])
    printed = manager.get(f"/goals/agreements/{goal().agreement_id}/print/?lang=zh").content

    assert "基准分±步长法：基准 80 分" in pdf_text(printed).replace("\n", "")
    goal().__class__.objects.update(scoring={**terms.scoring, "base": "70"})
    assert digest([goal().terms]) != before


def test_a_change_of_method_shows_what_it_does_to_the_score(
    company: builders.Company, client_of: ClientOf
) -> None:
    from dataclasses import replace

    from mingji.goals.queries import effect_of

    client_of(company.manager).post(NEW, STEPS)
    build.an_observation("mql_count", "80", member=company.subject)
    agreement = build.agreement_of(goal().pk)
    plain = [replace(goal().terms, scoring={})]

    effect = effect_of(agreement, plain, [goal().terms])

    assert effect is not None
    (item,) = effect.items
    # 80 % of the target by ratio; 64 of 100 by steps.
    assert item.before is not None
    assert item.after is not None
    assert item.after / item.before == Decimal("0.8")
