"""API tokens: made, shown once, listed, revoked; and when one stops."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import builders
from builders import NOW, TODAY
from mingji.audit.models import AuditRecord
from mingji.people import actions
from mingji.people.models import ApiToken, User

pytestmark = pytest.mark.django_db
PAGE = "/people/tokens/"
ME = "/api/v1/me"
NEW = {"name": "weekly report", "access": "read", "expires_on": "2027-02-01"}


@pytest.fixture
def anna() -> object:
    builders.a_team("company")
    return builders.a_member("anna", "company", name="安娜")


@pytest.fixture
def boss(anna) -> object:
    return builders.a_member("boss", "company")


def _asking(client, secret: str, **more: str):
    return client.get(ME, headers={"authorization": f"Bearer {secret}", **more})


def _revoke(client, token: ApiToken):
    return client.post(f"{PAGE}{token.pk}/revoke/")


class TestMakingOne:
    def test_its_secret_is_shown_once_and_nowhere_kept(self, client, client_of, anna):
        page = client_of(anna).post(PAGE, NEW)

        secret = page.context["made"].secret
        assert secret in page.content.decode()
        assert page.headers["Cache-Control"].find("no-store") >= 0
        assert _asking(client, secret).json()["code"] == "anna"
        assert secret not in client_of(anna).get(PAGE).content.decode()
        token = ApiToken.objects.get()
        assert secret.rpartition("_")[2] not in str(vars(token))
        assert (token.writes, token.expires_on) == (False, date(2027, 2, 1))

    def test_it_leaves_a_record_without_the_secret(self, client_of, anna):
        page = client_of(anna).post(PAGE, NEW)

        record = AuditRecord.objects.order_by("-number")[0]
        assert (record.actor, record.action, record.object_id) == ("anna", "create_token", "anna")
        assert record.evidence["name"] == "weekly report"
        assert page.context["made"].secret not in str(record.evidence)

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("name", ""),
            ("name", "x" * 61),
            ("access", "everything"),
            ("expires_on", str(TODAY - timedelta(days=1))),
            ("expires_on", str(TODAY + timedelta(days=366))),
            ("expires_on", "soon"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, client_of, anna, field, wrong):
        page = client_of(anna).post(PAGE, NEW | {field: wrong})

        assert page.status_code == 422
        assert field in page.context["form"].errors
        assert not ApiToken.objects.exists()

    def test_a_year_ahead_is_the_longest(self, client_of, anna):
        page = client_of(anna).post(PAGE, NEW | {"expires_on": str(TODAY + timedelta(days=365))})

        assert page.status_code == 200

    def test_nobody_collects_them_without_end(self, client_of, anna):
        for _ in range(20):
            builders.a_token(anna)

        page = client_of(anna).post(PAGE, NEW)

        assert page.status_code == 422
        assert ApiToken.objects.count() == 20


class TestTheList:
    def test_tells_what_each_may_and_when_it_was_used_last(self, client, client_of, anna):
        secret = builders.a_token(anna, writes=False)
        assert "从未使用" in client_of(anna).get(PAGE).content.decode()

        _asking(client, secret)

        page = client_of(anna).get(PAGE).content.decode()
        assert "只能读取" in page
        assert "从未使用" not in page
        assert ApiToken.objects.get().last_used_on == TODAY

    def test_shows_only_ones_own(self, client_of, anna, boss):
        builders.a_token(anna)

        assert "还没有令牌" in client_of(boss).get(PAGE).content.decode()


class TestRevoking:
    def test_stops_it_at_once(self, client, client_of, anna):
        secret = builders.a_token(anna)

        answer = _revoke(client_of(anna), ApiToken.objects.get())

        assert answer.headers["Location"] == PAGE
        assert _asking(client, secret).status_code == 401
        assert AuditRecord.objects.order_by("-number")[0].action == "revoke_token"

    def test_twice_is_recorded_once(self, client_of, anna):
        builders.a_token(anna)
        token = ApiToken.objects.get()

        assert {_revoke(client_of(anna), token).status_code for _ in range(2)} == {302}

        assert AuditRecord.objects.filter(action="revoke_token").count() == 1

    def test_somebody_elses_does_not_exist(self, client, client_of, anna, boss):
        secret = builders.a_token(anna)

        assert _revoke(client_of(boss), ApiToken.objects.get()).status_code == 404

        assert _asking(client, secret).status_code == 200


class TestATokenStops:
    def test_the_day_after_its_last(self, client, settings, anna):
        secret = builders.a_token(anna, expires_on=TODAY)
        assert _asking(client, secret).status_code == 200

        settings.MINGJI_NOW = NOW + timedelta(days=1)

        assert _asking(client, secret).json()["code"] == "token_over"

    def test_when_its_person_leaves(self, client, settings, anna):
        secret = builders.a_token(anna)
        actions.leave("system", "anna", left_on=TODAY + timedelta(days=1), at=NOW)
        assert _asking(client, secret).status_code == 200

        settings.MINGJI_NOW = NOW + timedelta(days=1)

        assert _asking(client, secret).json()["code"] == "no_member"

    def test_when_its_person_loses_the_login(self, client, anna):
        secret = builders.a_token(anna)
        User.objects.update(is_active=False)

        assert _asking(client, secret).json()["code"] == "no_login"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YW5uYTphbm5h",
        "Bearer mingji__",
        "Bearer mingji_{prefix}_",
        "Bearer mingji_{prefix}_wrong",
        "Bearer {secret}x",
        "Bearer other_{prefix}_x",
        "Bearer 令牌",
        "Bearer \x00",
    ],
)
def test_a_token_that_is_none_opens_nothing(client, anna, header):
    secret = builders.a_token(anna)
    prefix = secret.split("_")[1]

    answer = client.get(ME, headers={"authorization": header.format(prefix=prefix, secret=secret)})

    assert answer.status_code == 401
    assert answer.json()["code"] in ("no_token", "unknown_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert ApiToken.objects.get().last_used_on is None


def test_a_new_password_stops_every_token_and_the_trail_names_them(client, anna, boss):
    mine, other = builders.a_token(anna), builders.a_token(boss)
    before = _asking(client, mine).status_code

    actions.set_password(builders.a_login(anna).email, "another four unrelated words", at=NOW)

    last = AuditRecord.objects.filter(action="set_password").get()
    assert (before, _asking(client, mine).json()["code"]) == (200, "token_over")
    assert _asking(client, other).status_code == 200
    assert last.evidence == {"tokens_stopped": [mine.split("_")[1]]}
