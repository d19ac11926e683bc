"""The API keeps to its own OpenAPI description, whatever is sent to it (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

import builders
from mingji.web.api import document
from mingji.web.wsgi import application
from policy_samples import samples

pytestmark = pytest.mark.django_db
DESCRIPTION = schemathesis.openapi.from_dict(document())
DESCRIPTION.app = application
OPERATIONS = {each.ok().label: each.ok() for each in DESCRIPTION.get_all_operations()}
# What these are sent may be refused by the rules of goals or of facts, which no schema can say.
BY_RULES = ("PUT /api/v1/agreements", "POST /api/v1/agreements/", "POST /api/v1/changes/")
BY_RULES += ("POST /api/v1/goals/", "POST /api/v1/disputes", "POST /api/v1/corrections")
BY_RULES += ("POST /api/v1/metrics/", "POST /api/v1/sources/")
# Bounded: the default run has to stay short. More of them find more; these found what they could.
EXAMPLES = settings(max_examples=8, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def secret(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """The token of a manager, in a company that has one of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = builders.a_company()
        samples(company)
        for signal in (signals.request_started, signals.request_finished):
            signal.disconnect(close_old_connections)
        yield builders.a_token(company.manager)
        for signal in (signals.request_started, signals.request_finished):
            signal.connect(close_old_connections)
        transaction.set_rollback(True)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_answer_is_as_described(secret, name, mode):
    excluded = [positive_data_acceptance] if name.startswith(BY_RULES) else []

    @EXAMPLES
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    def answers(case):
        with transaction.atomic():
            case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}"}, excluded_checks=excluded
            )
            transaction.set_rollback(True)

    answers()
