"""Every member reads by which rules people are appraised."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import builders
from mingji.rules.errors import NotFound
from mingji.schemes import actions, queries
from mingji.schemes.document import find

pytestmark = pytest.mark.django_db


def publish(name: str, change: tuple[str, str] = ("", "")) -> int:
    text = find(name).read_text(encoding="utf-8").replace(*change)
    return actions.publish("system", text, at=builders.NOW).pk


def test_a_marketer_reads_the_whole_scheme(client_of):
    pk = publish("marketing-team")
    client = client_of(builders.a_company().subject)
    client.cookies["django_language"] = "zh-hans"

    page = client.get(reverse("schemes:version", args=[pk])).content.decode()

    for words in (
        "结果贡献",
        "完成率法",
        "实际值 ÷ 目标值 × 权重，最高为权重的 120%",
        "独立做出有数据依据的方案",
        "数字投放",
        "等级最高为 C",
    ):
        assert words in page
    assert reverse("schemes:publish") not in page


def test_the_list_marks_the_latest_of_each_scheme(client_of):
    publish("minimal")
    publish("minimal", ("target_growth: 5", "target_growth: 6"))
    publish("marketing-team")
    client = client_of(builders.a_company().subject)

    answer = client.get(reverse("schemes:list"))

    lines = answer.context["versions"]
    assert [(line.code, line.number, line.latest) for line in lines] == [
        ("marketing-team", 1, True),
        ("minimal", 2, True),
        ("minimal", 1, False),
    ]


def test_the_publisher_starts_from_an_older_version(client_of):
    pk = publish("minimal")
    client = client_of(builders.a_company().company_hr_partner)

    page = client.get(reverse("schemes:publish"), {"from": pk}).content.decode()

    assert "id: minimal" in page


@pytest.mark.parametrize("number", [0, 999, 10**30])
def test_a_version_that_is_not_there_is_not_found(client_of, number):
    client = client_of(builders.a_company().company_hr_partner)

    assert client.get(f"/schemes/{number}/").status_code == 404
    assert client.get(reverse("schemes:publish"), {"from": 999}).status_code == 404
    with pytest.raises(NotFound):
        queries.scheme_of(number)


def test_the_list_costs_one_query_however_many_versions_there_are():
    publish("minimal")
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.versions()
    for growth in range(6, 12):
        publish("minimal", ("target_growth: 5", f"target_growth: {growth}"))
    with CaptureQueriesContext(connection) as many:
        queries.versions()

    assert len(few) == len(many) == 1


def test_the_content_of_a_version_is_parsed_once():
    pk = publish("minimal")
    first = queries.scheme_of(pk)

    with CaptureQueriesContext(connection) as asked:
        again = queries.scheme_of(pk)

    assert again is first
    assert len(asked) == 1
