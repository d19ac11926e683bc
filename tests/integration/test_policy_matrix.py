"""Every address has a rule, and answers everybody as `docs/reference/policy-matrix.md` says."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
import policy_matrix
from policy_matrix import DOCUMENT, Route
from policy_samples import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_warehouse(settings, tmp_path):
    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"


def test_every_address_has_a_rule_and_every_rule_an_address():
    import importlib

    ruled = {
        f"{app}:{name}"
        for app in {route.app for route in policy_matrix.routes()}
        for name in importlib.import_module(f"mingji.{app}.policy").ROUTES
    }

    assert {str(route) for route in policy_matrix.routes()} == ruled


def test_every_address_is_in_the_matrix():
    named = set(samples(builders.a_company()))

    assert {str(route) for route in policy_matrix.routes()} <= named


def test_everybody_is_answered_as_the_matrix_says(request):
    found = policy_matrix.matrix(builders.a_company())

    if request.config.getoption("--accept"):
        DOCUMENT.write_text(found, encoding="utf-8")
    assert found.splitlines() == DOCUMENT.read_text(encoding="utf-8").splitlines()


def test_a_post_without_the_token_of_its_page_is_refused_everywhere():
    company = builders.a_company()
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.a_login(company.subject))
    found = samples(company)

    def status(route: Route) -> int:
        sample = found[str(route)]
        return client.post(route.address(sample), sample.form).status_code

    # A push carries no cookie that could be abused, and is refused for want of a signature.
    signed = {"metrics:push": 401}
    pages = [route for route in policy_matrix.routes() if not route.is_api]
    assert {str(route): status(route) for route in pages} == {
        str(route): signed.get(str(route), 403) for route in pages
    }


def test_the_api_does_not_know_anybody_by_the_cookie_of_their_browser():
    company = builders.a_company()
    client = Client()
    client.force_login(builders.a_login(company.subject))
    found = samples(company)

    answers = {
        (str(route), method): client.generic(method, route.address(found[str(route)])).status_code
        for route in policy_matrix.routes()
        if route.is_api
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    }

    assert len(answers) > 50
    assert set(answers.values()) == {401, 405}
