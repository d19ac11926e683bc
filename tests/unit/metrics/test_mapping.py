"""Which column of a source is which column of a table, and why."""

from __future__ import annotations

import pytest

from mingji.connectors.source import Entity
from mingji.engine.model import Column, Table
from mingji.metrics.mapping import From, blanks, flaws, is_personal, suggestions
from mingji.rules.text import Text

TABLE = Table(
    "deals",
    Text("商机", "Deals"),
    {
        "deal_id": Column("deal_id", "text", headers=("商机编号",)),
        "closed_on": Column("closed_on", "date", headers=("关闭日期", "Close Date")),
        "amount": Column("amount", "decimal", headers=("金额",)),
        "stage": Column("stage", "text", headers=("阶段",), optional=True),
        "owner": Column("owner", "text", headers=("负责人",)),
    },
    key=("deal_id",),
    time="closed_on",
    owner="owner",
)


def guessed(headers, entity=None):
    found = suggestions(TABLE, headers, entity)
    return {name: (each.header, each.how) for name, each in found.items()}


def test_names_known_headers_and_likeness_each_say_so():
    assert guessed(["deal_id", "CLOSE  DATE", "金 额", "销售负责人", "备注"]) == {
        "deal_id": ("deal_id", "name"),
        "closed_on": ("CLOSE  DATE", "known"),
        "amount": ("金 额", "known"),
    }
    assert guessed(["商机编码", "负责人员"])["owner"] == ("负责人员", "alike")


def test_a_connector_knows_better():
    entity = Entity("deals", Text("", ""), ("id",), "deals", {"owner": "hubspot_owner_id"})

    assert guessed(["owner", "hubspot_owner_id"], entity)["owner"] == ("hubspot_owner_id", "source")


def test_no_column_is_suggested_twice():
    found = [header for header, _ in guessed(["金额", "金额 "]).values()]

    assert len(found) == len(set(found))


def test_key_date_and_owner_must_be_there_and_the_rest_may_be_blank():
    given = {"deal_id": From("id"), "owner": From("who")}

    assert [each.place.path for each in flaws(TABLE, given, ["id", "who"])] == ["closed_on"]
    assert [column.name for column in blanks(TABLE, given)] == ["amount"]


@pytest.mark.parametrize("header", ["手机号", "联系人邮箱", "Mobile Phone", "E-mail", "wechat_id"])
def test_what_is_personal_is_noticed(header):
    assert is_personal(header)


@pytest.mark.parametrize("header", ["金额", "owner", "渠道", "Stage"])
def test_what_is_not_personal_is_left_alone(header):
    assert not is_personal(header)
