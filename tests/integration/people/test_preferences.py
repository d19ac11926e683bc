"""Language, theme and density: kept with the login, and in cookies before signing in."""

from __future__ import annotations

import pytest

import builders
from mingji.people.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/people/preferences/"


@pytest.fixture
def anna() -> object:
    builders.a_team("company")
    return builders.a_member("anna", "company")


def test_before_signing_in_a_language_is_kept_in_a_cookie(client):
    answer = client.post(ADDRESS, {"language": "en", "next": "/people/sign-in/"})

    assert answer.headers["Location"] == "/people/sign-in/"
    page = client.get("/people/sign-in/").content.decode()
    assert '<html lang="en"' in page
    assert "Password" in page


def test_before_signing_in_a_theme_is_kept_in_a_cookie(client):
    client.post(ADDRESS, {"theme": "dark", "next": "/people/sign-in/"})

    assert 'data-theme="dark"' in client.get("/people/sign-in/").content.decode()


def test_signed_in_each_choice_is_kept_and_leaves_the_others(client_of, anna):
    client = client_of(anna)

    client.post(ADDRESS, {"density": "compact", "next": "/people/"})
    client.post(ADDRESS, {"language": "en", "next": "/people/"})

    user = User.objects.get(member=anna)
    assert (user.language, user.theme, user.density) == ("en", "", "compact")
    page = client.get("/people/").content.decode()
    assert 'data-density="compact"' in page
    assert '<html lang="en"' in page


@pytest.mark.parametrize("field", ["language", "theme", "density"])
def test_a_choice_that_does_not_exist_is_refused_with_the_ones_that_do(client_of, anna, field):
    answer = client_of(anna).post(ADDRESS, {field: "purple"})

    assert answer.status_code == 422
    assert "purple" in answer.content.decode()
    assert not User.objects.filter(**{field: "purple"}).exists()


def test_a_made_up_cookie_does_not_reach_the_page(client):
    client.cookies["theme"] = '"><script>'

    assert "<script>" not in client.get("/people/sign-in/").content.decode()
