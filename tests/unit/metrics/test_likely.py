"""Whom an owner of a source system probably means, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from mingji.metrics.likely import Matcher
from mingji.people.names import sort_key
from mingji.rules.text import Text


@dataclass
class Somebody:
    code: str
    name: str
    name_en: str
    email: str = ""
    left_on: date | None = None

    @property
    def name_sort(self) -> str:
        return sort_key(self.name)

    @property
    def known_as(self) -> Text:
        return Text(self.name, self.name_en)


PEOPLE = [
    Somebody("M1", "张伟", "Zhang Wei", "wei.zhang@example.com"),
    Somebody("M2", "曾小曼", "Zeng Xiaoman", "zeng.xiaoman@example.com"),
    Somebody("M3", "单飞", "Shan Fei", "feishan@example.com"),
    Somebody("M4", "Anna Snelling", "Anna Snelling", "anna@example.com"),
    Somebody("M5", "章薇", "Zhang Wei", "w.zhang@example.com", date(2026, 1, 1)),
]


def likely(owner):
    return [(each.code, each.reason.en) for each in Matcher(PEOPLE).likely(owner)]


@pytest.mark.parametrize(
    ("owner", "code", "reason"),
    [
        ("wei.zhang@example.com", "M1", "same e-mail"),
        ("m2", "M2", "spelt like the code"),
        ("zeng.xiaoman@other.example.org", "M2", "same name before the @"),
        ("曾小曼", "M2", "same name"),
        ("曾小曼（华东）", "M2", "same name"),
        ("单飞-渠道", "M3", "same name"),
        ("Snelling, Anna", "M4", "same English name"),
        ("Anna Snelling", "M4", "same name"),
        ("zengxiaoman", "M2", "same English name"),
        ("xiaoman.zeng", "M2", "same English name"),
        ("shanfei01", "M3", "same English name"),
        ("zxm", "M2", "same initials"),
        ("zeng.xm", "M2", "same initials"),
        ("zhnag.wei@example.com", "M1", "spelt almost alike: check it"),
    ],
)
def test_a_spelling_leads_to_the_member_with_a_reason(owner, code, reason):
    assert likely(owner)[0] == (code, reason)


def test_two_of_one_name_are_both_named_and_who_has_left_comes_last():
    assert [code for code, _ in likely("Zhang Wei")] == ["M1", "M5"]


@pytest.mark.parametrize(
    "owner", ["", "agency-x", "销售公共邮箱", "---", "@", "(", "sales@example.com"]
)
def test_what_is_nobody_leads_to_nobody(owner):
    assert likely(owner) == []


def test_initials_that_fit_many_say_nothing():
    crowd = [Somebody(f"C{n}", "张伟", f"Zhang Wei{n}") for n in range(9)]

    assert Matcher(crowd).likely("zw") == ()
    assert len(Matcher(crowd).likely("张伟")) == 3


@pytest.mark.parametrize("owner", ["张 伟", "张　伟", " 张 伟（华东）"])
def test_blanks_within_a_name_part_no_names(owner: str) -> None:
    first, *_ = Matcher(PEOPLE).likely(owner)

    assert (first.code, first.reason.en) == ("M1", "same name")
