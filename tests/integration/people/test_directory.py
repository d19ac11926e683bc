"""The directory and the page of a member: who finds whom, and how much they see."""

from __future__ import annotations

import re

import pytest

import builders
from mingji.people.directory import PAGE, directory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("search", ["曾", "zengxiaoman", "zxm", "zeng", "Subject", "xiaoman"])
def test_a_person_is_found_by_name_pinyin_and_initials(search):
    viewer = builders.a_viewer(builders.a_company().analyst)

    assert [entry.code for entry in directory(viewer, search).entries] == ["subject"]


def test_a_team_name_finds_the_people_who_are_in_it_today():
    viewer = builders.a_viewer(builders.a_company().analyst)

    found = {entry.code for entry in directory(viewer, "growth").entries}

    assert {"subject", "peer", "manager"} <= found
    assert "ex-manager" not in found


def test_names_sort_by_pinyin_with_the_readings_of_surnames():
    viewer = builders.a_viewer(builders.a_company().director)

    names = [entry.name.zh for entry in directory(viewer).entries]

    assert names.index("林岚") < names.index("单飞") < names.index("曾小曼") < names.index("张伟")


def test_the_pages_show_everybody_once_also_when_somebody_is_hired_in_between():
    company = builders.a_company()
    builders.many_members(PAGE * 2)
    viewer = builders.a_viewer(company.director)

    first = directory(viewer)
    builders.a_member("newcomer", "growth", name="阿安")
    second = directory(viewer, after=first.next)
    third = directory(viewer, after=second.next)

    codes = [entry.code for page in (first, second, third) for entry in page.entries]
    assert len(codes) == len(set(codes)) == PAGE * 2 + 10
    assert third.next == ""


@pytest.mark.parametrize("key", ["~", "nonsense", "a~b", "a~99999999999999999999", "~1"])
def test_a_made_up_page_key_is_no_fault(client_of, key):
    client = client_of(builders.a_company().peer)

    assert client.get("/people/", {"after": key}).status_code == 200


def test_team_mates_see_name_and_post_but_no_history(client_of):
    company = builders.a_company()

    page = client_of(company.peer).get("/people/members/subject/").content.decode()

    assert "曾小曼" in page
    assert "subject@example.com" not in page
    assert "brand组" not in page


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner"])
def test_those_whom_it_concerns_see_the_history(client_of, role):
    company = builders.a_company()

    page = client_of(company.roles()[role]).get("/people/members/subject/").content.decode()

    assert "brand组" in page


@pytest.mark.parametrize("role", ["other_manager", "ex_manager", "other_hr_partner", "analyst"])
def test_for_everybody_else_there_is_no_such_page_and_no_link_to_it(client_of, role):
    client = client_of(builders.a_company().roles()[role])

    assert client.get("/people/members/subject/").status_code == 404
    assert client.get("/people/members/nobody/").status_code == 404
    assert not re.search(r"members/subject/", client.get("/people/").content.decode())
