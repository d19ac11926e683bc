"""What every test stands on: a home of its own, a fixed moment, and clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from hypothesis import settings as hypothesis_settings

import builders

# The same examples on every run: a red build is red for everybody, and again tomorrow.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests never touch `var/`, and the product's clock stands at `builders.NOW`."""
    place = tmp_path_factory.mktemp("home")
    names = (
        "MINGJI_WAREHOUSE",
        "MINGJI_INBOX",
        "MINGJI_UPLOADS",
        "MINGJI_EVIDENCE",
        "MINGJI_NOW",
        "MINGJI_RUNS",
    )
    kept = {name: getattr(django_settings, name) for name in names}
    django_settings.MINGJI_WAREHOUSE = place / "warehouse"
    django_settings.MINGJI_INBOX = place / "inbox"
    django_settings.MINGJI_UPLOADS = place / "uploads"
    django_settings.MINGJI_EVIDENCE = place / "evidence"
    django_settings.MINGJI_NOW = builders.NOW
    django_settings.MINGJI_RUNS = "inline"  # a process of its own would see another database
    yield place
    for name, value in kept.items():
        setattr(django_settings, name, value)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Passwords are kept as they are in the product, after one round instead of a million."""
    with pytest.MonkeyPatch.context() as rounds:
        rounds.setattr(PBKDF2PasswordHasher, "iterations", 1)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(home: Path) -> None:
    """SQLite in a file, as people run it: in memory it knows neither WAL nor waiting writers."""
    default = django_settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(home / "test.sqlite3")


@pytest.fixture
def client_of(db: None) -> Callable[[Any], Client]:
    """`client_of(member)`: a browser in which this member is signed in."""

    def signed_in(member: Any) -> Client:
        client = Client()
        client.force_login(builders.a_login(member))
        return client

    return signed_in


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="write what the product answers now as what it should answer (then read the diff)",
    )
    parser.addoption(
        "--with-database",
        action="store_true",
        help="only tests that touch the site's database: others say the same on every database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Journeys in a browser (`make e2e`) and the company of ten thousand (`make test-scale`) run
    when they are asked for, never along the way; `--with-database` leaves out more."""
    if config.option.markexpr:
        return
    left = [
        item
        for item in items
        if item.get_closest_marker("e2e")
        or item.get_closest_marker("scale")
        or (config.option.with_database and not _touches_the_database(item))
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        out = set(left)
        items[:] = [item for item in items if item not in out]


def _touches_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))
