"""How the API is called: with a token, in a language, by pages; and how it refuses."""

from __future__ import annotations

import json

import pytest
from django.test import Client

import builders
from mingji.audit.models import AuditRecord
from mingji.people.models import ApiToken, User

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
PREFERENCES = f"{BASE}/me/preferences"


@pytest.fixture
def anna() -> object:
    builders.a_team("company")
    return builders.a_member("anna", "company", name="安娜")


def _change(program, body, **more):
    given = body if isinstance(body, str | bytes) else json.dumps(body)
    return program.patch(PREFERENCES, given, content_type="application/json", **more)


class TestWriting:
    def test_does_what_the_page_does_and_is_recorded_as_it(self, anna):
        answer = _change(builders.a_program(anna), {"theme": "dark"})

        assert answer.json() == {
            "language": "",
            "theme": "dark",
            "density": "",
            "reminders": "",
        }
        assert User.objects.get(member=anna).theme == "dark"
        record = AuditRecord.objects.order_by("-number")[0]
        assert (record.actor, record.action) == ("anna", "set_preferences")

    def test_needs_a_token_that_may(self, anna):
        answer = _change(builders.a_program(anna, writes=False), {"theme": "dark"})

        assert (answer.status_code, answer.json()["code"]) == (403, "token_only_reads")
        assert User.objects.get(member=anna).theme == ""

    def test_is_not_for_the_cookie_of_a_browser_even_with_the_token_of_a_page(self, anna):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(builders.a_login(anna))
        browser.get("/people/")

        answer = _change(
            browser, {"theme": "dark"}, headers={"X-CSRFToken": browser.cookies["csrftoken"].value}
        )

        assert answer.status_code == 401
        assert User.objects.get(member=anna).theme == ""

    def test_needs_no_token_of_a_page(self, anna):
        secret = builders.a_token(anna)
        program = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {secret}"})

        assert _change(program, {"theme": "dark"}).status_code == 200

    def test_a_program_can_stop_its_own_token(self, anna):
        program = builders.a_program(anna)

        assert program.delete(f"{BASE}/me/token").status_code == 204

        assert program.get(f"{BASE}/me").json()["code"] == "token_over"
        assert AuditRecord.objects.order_by("-number")[0].action == "revoke_token"


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "status", "place"),
        [
            ({"theme": "purple"}, 422, "body.theme"),
            ({"theme": 7}, 422, "body.theme"),
            ({"colour": "dark"}, 422, "body.colour"),
            ([1], 422, "body"),
            ("", 422, "body"),
            ("{", 400, None),
            (b"\xff\xfe", 400, None),
            (b" " * 3_000_000, 413, None),
        ],
    )
    def test_a_body_that_cannot_be_used_is_told_by_place(self, anna, body, status, place):
        answer = _change(builders.a_program(anna), body)

        assert answer.status_code == status
        assert [each["place"] for each in answer.json()["findings"]] == ([place] if place else [])

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("limit=0", "query.limit"),
            ("limit=201", "query.limit"),
            ("limit=99999999999999999999999", "query.limit"),
            ("limit=many", "query.limit"),
            ("q=%00", "query.q"),
            ("after=%00", "query.after"),
            ("team=growth", "query.team"),
        ],
    )
    def test_a_query_that_cannot_be_used_is_told_by_place(self, anna, query, place):
        answer = builders.a_program(anna).get(f"{BASE}/members?{query}")

        assert answer.status_code == 422
        assert [each["place"] for each in answer.json()["findings"]] == [place]

    @pytest.mark.parametrize(
        "address",
        [
            "goals/99999999999999999999",
            "goals/9223372036854775808/explanation",
            "goals/0",
            "goals/-1",
            "appraisals/99999999999999999999",
        ],
    )
    def test_a_number_beyond_every_database_is_no_fault(self, anna, address):
        assert builders.a_program(anna).get(f"{BASE}/{address}").status_code == 422

    def test_a_number_that_is_nobodys_is_not_found(self, anna):
        program = builders.a_program(anna)

        assert program.get(f"{BASE}/goals/9223372036854775807").status_code == 404

    @pytest.mark.parametrize("key", ["~", "x~y~z", "~~~", "张~99999999999999999999", "'", "%25"])
    @pytest.mark.parametrize(
        "address", ["members", "directory", "teams", "metrics", "metrics/mql_count/observations"]
    )
    def test_a_key_that_somebody_made_up_is_no_fault(self, anna, address, key):
        answer = builders.a_program(anna).get(f"{BASE}/{address}?after={key}")

        assert answer.status_code == 200

    def test_each_is_told_in_the_language_that_was_asked_for(self, anna):
        for language, words in (("en", "There is no such member"), ("zh-CN", "没有这位成员")):
            answer = builders.a_program(anna, language=language).get(f"{BASE}/members/nobody")

            assert (answer.status_code, answer.json()["code"]) == (404, "no_member")
            assert words in answer.json()["message"]

    def test_without_a_wish_it_speaks_the_language_of_the_person(self, anna):
        secret = builders.a_token(anna)
        User.objects.update(language="en")

        answer = Client().get(
            f"{BASE}/members/nobody", headers={"authorization": f"Bearer {secret}"}
        )

        assert "There is no such member" in answer.json()["message"]

    def test_an_address_that_is_none_is_json_too(self, client):
        answer = client.get(f"{BASE}/nothing", headers={"accept-language": "en"})

        assert (answer.status_code, answer.json()["code"]) == (404, "no_address")

    def test_a_method_that_is_none_is_told_with_those_that_are(self, anna):
        answer = builders.a_program(anna).post(PREFERENCES)

        assert (answer.status_code, answer.json()["code"]) == (405, "no_method")
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "PATCH"}

    def test_a_fault_tells_nothing_of_its_cause(self, anna, monkeypatch):
        secret = builders.a_token(anna)
        program = Client(raise_request_exception=False)

        with monkeypatch.context() as broken:
            broken.setattr(ApiToken, "works_on", property(lambda token: 1 / 0))
            answer = program.get(f"{BASE}/me", headers={"authorization": f"Bearer {secret}"})

        assert (answer.status_code, answer.json()["code"]) == (500, "fault")
        assert "ZeroDivision" not in answer.content.decode()


class TestPages:
    @pytest.mark.parametrize("address", ["members", "directory", "teams", "metrics"])
    def test_lead_through_everything_once(self, anna, address):
        builders.a_team("growth", "company")
        for number in range(6):
            builders.a_member(f"member-{number}", "growth", "anna")
        program = builders.a_program(anna)
        whole = [
            each["id" if address == "metrics" else "code"]
            for each in program.get(f"{BASE}/{address}?limit=200").json()["items"]
        ]

        seen, after = [], ""
        while True:
            page = program.get(f"{BASE}/{address}", {"limit": 3, "after": after}).json()
            seen += [each["id" if address == "metrics" else "code"] for each in page["items"]]
            after = page["next"]
            if not after or len(seen) > 60:
                break

        assert seen == whole[: len(seen)]
        assert len(seen) == len(set(seen)) >= min(len(whole), 60)

    def test_are_kept_by_nobody_on_the_way(self, anna):
        program = builders.a_program(anna)

        for address in ("me", "members/nobody"):
            assert program.get(f"{BASE}/{address}").headers["Cache-Control"] == "no-store"
