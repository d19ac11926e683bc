"""The reference page of the API says what its description says; `--accept` writes it anew."""

from __future__ import annotations

import pytest

from api_page import PAGES, page


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_of_the_api_is_the_one_that_its_description_makes(language, request):
    made = page(language)
    if request.config.getoption("--accept"):
        PAGES[language].write_text(made, encoding="utf-8")

    mend = "run `pytest tests/docs/test_api_page.py --accept`, then read the diff"
    assert PAGES[language].read_text(encoding="utf-8") == made, mend
