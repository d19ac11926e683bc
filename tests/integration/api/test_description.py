"""The description of the API: as OpenAPI, and as a page for people, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mingji.web.api import document
from mingji.web.reference import reference

LANGUAGES = ("zh-CN", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _said(part: Any) -> list[str]:
    """Every summary and description, without those of the HTTP statuses."""
    if isinstance(part, dict):
        own = [part[name] for name in ("summary", "description") if isinstance(part.get(name), str)]
        inner = (_said(value) for name, value in part.items() if name != "responses")
        return own + [words for each in inner for words in each]
    return [words for each in part for words in _said(each)] if isinstance(part, list) else []


def _fetched(client, address: str, language: str) -> Any:
    return client.get(address, headers={"accept-language": language})


def test_it_is_openapi_and_names_every_operation(client):
    told = _fetched(client, "/api/v1/openapi.json", "en").json()

    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == set(document()["paths"])
    assert "/api/v1/metrics/{metric}/observations" in told["paths"]
    operations = [each for methods in told["paths"].values() for each in methods.values()]
    assert all(each["security"] and "401" in each["responses"] for each in operations)


def test_its_words_are_in_the_language_of_the_reader(client):
    chinese, english = (
        _said(_fetched(client, "/api/v1/openapi.json", language).json()) for language in LANGUAGES
    )

    assert len(chinese) == len(english) > 150
    assert [words for words in chinese if not CHINESE.search(words)] == []
    assert [words for words in english if CHINESE.search(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_each_operation_and_each_object_it_speaks_of(client, language):
    page = _fetched(client, "/api/v1/", language).content.decode()

    told = reference(document())
    operations = [each for section in told.sections for each in section.operations]
    assert len(operations) == sum(map(len, document()["paths"].values()))
    for operation in operations:
        assert f'id="{operation.id}"' in page
        assert f"{operation.method} {operation.path}" in page
    targets = set(re.findall(r'href="#([^"]+)"', page)) - {"main"}
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_every_amount_travels_as_text():
    schemas = document()["components"]["schemas"]
    numbers = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
        if "'type': 'number'" in str(told)
    }

    assert numbers == set()
