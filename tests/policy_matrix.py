"""The permission model on one screen: every address of the product × every relation to a subject.

Each address is asked for as it would be for the objects of one member, the subject, by everybody
else (`builders.Company`). What the product answers is written down in
`docs/reference/policy-matrix.md`; the test compares.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from builders import Company
from policy_samples import Sample, samples

DOCUMENT = Path(__file__).parents[1] / "docs/reference/policy-matrix.md"
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Route:
    """One named address of an app."""

    app: str
    name: str

    def __str__(self) -> str:
        return f"{self.app}:{self.name}"

    @property
    def rule(self) -> str:
        """The one line of the app's `policy.ROUTES`; KeyError when nobody wrote it."""
        policy = importlib.import_module(f"mingji.{self.app}.policy")
        rules: dict[str, str] = policy.ROUTES
        return rules[self.name]


def routes() -> list[Route]:
    """Every address that the URL configuration knows, by app and name."""
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=str)


def _walk(patterns: list[Any], app: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.app_name or app)
        elif isinstance(pattern, URLPattern):
            yield Route(app, pattern.name or f"an address without a name: {pattern.pattern}")


def ask(client: Client, route: Route, sample: Sample, method: str) -> HttpResponse:
    """Ask for an address and take back whatever it wrote, also in the browser's cookies.

    Raises:
        AssertionError: a GET wrote something.
    """
    address = reverse(str(route), kwargs=sample.kwargs)
    before = deepcopy(client.cookies)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        if method == "GET":
            answer = client.get(address, sample.query)
        else:
            answer = client.post(address, sample.form, query_params=sample.query)
        transaction.set_rollback(True)
    client.cookies = before
    if method == "GET":
        written = [sql for sql in (query["sql"] for query in queries) if _writes(sql)]
        assert not written, f"GET {address} writes: {written}"
    return answer


def _writes(sql: str) -> bool:
    writing = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    return writing and "django_session" not in sql


def matrix(company: Company) -> str:
    """The whole table as Markdown, from what the product answers now."""
    clients = {ANONYMOUS: Client()} | {
        role: _signed_in(member) for role, member in company.roles().items()
    }
    found = samples(company)
    lines = [_HEAD, _row("page", "", *(role.replace("_", " ") for role in clients), "rule")]
    lines.append("|" + "---|" * (len(clients) + 3))
    for route in routes():
        for method in ("GET", "POST"):
            answers = [_told(ask(c, route, found[str(route)], method)) for c in clients.values()]
            if any(answer != "405" for answer in answers[1:]):
                lines.append(_row(f"`{route}`", method, *answers, route.rule))
    return "\n".join(lines) + "\n"


def _signed_in(member: Any) -> Client:
    from builders import a_login

    client = Client()
    client.force_login(a_login(member))
    return client


def _told(answer: HttpResponse) -> str:
    to_the_door = answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
    return "sign in" if to_the_door else str(answer.status_code)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


_HEAD = """# Who may see and do what

Every page of the product, asked for by everybody who stands in some relation to one member (the
*subject*). Made by `pytest tests/integration/test_policy_matrix.py --accept` from what the product
answers; the test fails when an answer changes, when a page is missing or has no rule. The reasons
are in [permissions](../explanation/permissions.md).

The subject moved from the team *brand* (*ex manager*) to the team *growth* (*manager*, *peer*) in
mid-quarter. *hr partner* serves growth, *other hr partner* the team events (*other manager*),
*company hr partner* everybody; *director* stands above all; *analyst* is data analyst.

200 shows · 302 done, goes on to the next page · *sign in* sends to the sign-in page · 401 only
signed, by a system that has the secret · 403 not theirs to do · 404 as if it did not exist · 409
theirs, but not at this stage · 422 theirs, and the form that the test sends is refused · 405 only
for reading, or only for writing.
"""
