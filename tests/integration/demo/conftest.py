"""One company for all tests of the demo: it takes seconds to make and nobody changes it."""

from __future__ import annotations

import pytest

from mingji.demo.company import Company, build


@pytest.fixture(scope="session")
def company() -> Company:
    return build()
