"""The API keeps to its own OpenAPI description, whatever is sent to it (schemathesis)."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

import builders
from mingji.web.wsgi import application
from policy_samples import samples

DESCRIPTION = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
pytestmark = pytest.mark.django_db


@pytest.fixture
def x(): ...


@DESCRIPTION.parametrize()
@settings(max_examples=10)
def test_x(case):
    case.call_and_validate()
