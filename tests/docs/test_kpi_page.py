"""The reference page of the KPIs says what the library says; `--accept` writes it anew."""

from __future__ import annotations

import pytest

from kpi_page import PAGES, page
from mingji.engine.definitions import load_definitions
from mingji.metrics.definitions import LIBRARY


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_of_kpis_is_the_one_that_the_library_makes(language, request):
    made = page(load_definitions(LIBRARY), language)
    if request.config.getoption("--accept"):
        PAGES[language].write_text(made, encoding="utf-8")

    mend = "run `pytest tests/docs/test_kpi_page.py --accept`, then read the diff"
    assert PAGES[language].read_text(encoding="utf-8") == made, mend
