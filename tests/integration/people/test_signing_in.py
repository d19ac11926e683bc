"""Signing in with a password or, in the demo, as a persona; signing out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

import builders
from builders import NOW, TODAY
from mingji.audit.models import AuditRecord
from mingji.people import actions

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SIGN_IN = "/people/sign-in/"


@pytest.fixture
def anna() -> object:
    builders.a_team("company")
    anna = builders.a_member("anna", "company", name="安娜")
    builders.a_login(anna, PASSWORD)
    return anna


def _try(client: Client, email: str = "anna@example.com", password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"email": email, "password": password} | more)


@pytest.mark.usefixtures("anna")
class TestWithAPassword:
    def test_the_right_one_opens_the_page_that_was_asked_for(self, client):
        asked = client.get("/people/?q=an")
        assert asked.headers["Location"] == "/people/sign-in/?next=/people/%3Fq%3Dan"

        answer = _try(client, next="/people/?q=an")

        assert answer.headers["Location"] == "/people/?q=an"
        assert client.get("/people/").status_code == 200
        assert AuditRecord.objects.order_by("-number")[0].action == "sign_in"

    def test_capitals_in_the_address_do_not_matter(self, client):
        assert _try(client, "Anna@Example.com").status_code == 302

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
    )
    def test_nobody_is_sent_to_another_site(self, client, elsewhere):
        assert _try(client, next=elsewhere).headers["Location"] == "/"

    def test_the_session_changes_its_key(self, client):
        client.get(SIGN_IN)
        client.session["before"] = True
        session = client.session
        session["before"] = True
        session.save()
        before = session.session_key

        _try(client)

        assert client.session.session_key != before

    @pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
    def test_a_wrong_password_and_an_unknown_address_look_alike(self, client, email):
        answer = _try(client, email, "wrong password")

        assert answer.status_code == 422
        assert "邮箱和密码对不上" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_after_five_wrong_ones_the_right_one_has_to_wait_a_quarter_of_an_hour(
        self, client, settings
    ):
        for _ in range(5):
            _try(client, password="wrong password")

        assert _try(client).status_code == 429
        settings.MINGJI_NOW = NOW + timedelta(minutes=15)
        assert _try(client).status_code == 302

    def test_wrong_tries_from_another_address_do_not_lock_the_account(self, client):
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        for _ in range(6):
            _try(elsewhere, password="wrong password")

        assert _try(client).status_code == 302

    def test_one_address_cannot_go_through_all_accounts(self, client):
        for number in range(30):
            _try(client, f"person{number}@example.com", "wrong password")

        assert _try(client).status_code == 429

    def test_who_has_left_is_told_so(self, client, settings):
        actions.leave("system", "anna", left_on=TODAY, at=NOW)

        answer = _try(client)

        assert answer.status_code == 422
        assert "在职成员" in answer.content.decode()

    def test_signing_out_takes_a_post_and_ends_the_session(self, client):
        _try(client)

        assert client.get("/people/sign-out/").status_code == 405
        client.post("/people/sign-out/")

        assert client.get("/people/").status_code == 302


class TestAsAPersona:
    @pytest.fixture(autouse=True)
    def company(self) -> builders.Company:
        company = builders.a_company()
        for member, persona in ((company.subject, "marketer"), (company.director, "director")):
            actions.give_login(
                "system", member.code, f"{member.code}@example.com", persona=persona, at=NOW
            )
        builders.a_login(company.peer)
        return company

    def test_the_demo_shows_a_card_each_from_the_director_down(self, client, settings):
        settings.MINGJI_DEMO = True

        page = client.get(SIGN_IN).content.decode()

        assert page.index("林岚") < page.index("曾小曼")
        assert "单飞" not in page

    def test_one_click_signs_in(self, client, settings):
        settings.MINGJI_DEMO = True

        answer = client.post("/people/sign-in/as/", {"member": "subject", "next": "/people/"})

        assert answer.headers["Location"] == "/people/"
        assert client.get("/people/members/subject/").status_code == 200

    def test_another_click_looks_through_other_eyes(self, client, settings):
        settings.MINGJI_DEMO = True
        client.post("/people/sign-in/as/", {"member": "subject"})

        client.post("/people/sign-in/as/", {"member": "director"})

        assert client.get("/people/members/manager/").status_code == 200

    def test_a_login_that_is_no_persona_stays_closed(self, client, settings):
        settings.MINGJI_DEMO = True

        assert client.post("/people/sign-in/as/", {"member": "peer"}).status_code == 404

    def test_outside_the_demo_there_is_no_such_page_and_no_cards(self, client, settings):
        settings.MINGJI_DEMO = False

        assert client.post("/people/sign-in/as/", {"member": "subject"}).status_code == 404
        assert "曾小曼" not in client.get(SIGN_IN).content.decode()


def test_what_was_typed_is_shown_again_when_the_session_ended_meanwhile(anna):
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    form = {
        "text": "谈过了：<b>预算</b> 20 万",
        "password": "secret-1",
        "csrfmiddlewaretoken": token,
    }

    came_from = {"Referer": "http://testserver/goals/agreements/1/?v=2"}
    answer = client.post("/goals/agreements/1/comment/", form, headers=came_from)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "谈过了：&lt;b&gt;预算&lt;/b&gt; 20 万" in page
    assert "next=%2Fgoals%2Fagreements%2F1%2F%3Fv%3D2" in page
    assert "secret-1" not in page
    assert token not in page.split("<main")[1]


def test_words_that_another_site_sends_are_not_shown_as_the_readers(anna):
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)

    answer = client.post("/goals/agreements/1/comment/", {"text": "call this number"})

    assert answer.status_code == 403
    assert "call this number" not in answer.content.decode()
