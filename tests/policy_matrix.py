"""The permission model on one screen: every address of the product × every relation to a subject.

Each address is asked for as it would be for the objects of one member, the subject, by everybody
else (`builders.Company`). What the product answers is written down in
`docs/reference/policy-matrix.md`; the test compares.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from builders import Company
from policy_sample import Sample
from policy_samples import samples

DOCUMENT = Path(__file__).parents[1] / "docs/reference/policy-matrix.md"
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Route:
    """One named address of an app; `api.members` for the operation `members` of its API."""

    app: str
    name: str
    is_api: bool = False

    def __str__(self) -> str:
        return f"{self.app}:{self.name}"

    @property
    def rule(self) -> str:
        """The one line of the app's `policy.ROUTES`; KeyError when nobody wrote it."""
        policy = importlib.import_module(f"mingji.{self.app}.policy")
        rules: dict[str, str] = policy.ROUTES
        return rules[self.name]

    @property
    def methods(self) -> tuple[str, ...]:
        """With which it may be asked for."""
        return (_methods()[f"{self.app}.{self.operation}"],) if self.is_api else ("GET", "POST")

    @property
    def operation(self) -> str:
        """What the API calls it within its app."""
        return self.name.removeprefix("api.")

    def address(self, sample: Sample) -> str:
        """Where it lies for the objects of a sample."""
        view = f"api:{self.app}.{self.operation}" if self.is_api else str(self)
        return reverse(view, kwargs=sample.kwargs)


def routes() -> list[Route]:
    """Every address that the URL configuration knows, by app and name."""
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=str)


def _walk(patterns: list[Any], app: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.app_name or app)
        elif app == "api":
            owner, _, name = str(pattern.name).partition(".")
            yield Route(owner, f"api.{name}", is_api=True)
        elif isinstance(pattern, URLPattern):
            yield Route(app, pattern.name or f"an address without a name: {pattern.pattern}")


@cache
def _methods() -> dict[str, str]:
    """The method of each operation of the API."""
    from mingji.web.api import document

    return {
        told["operationId"]: method.upper()
        for methods in document()["paths"].values()
        for method, told in methods.items()
    }


def ask(client: Client, route: Route, sample: Sample, method: str) -> HttpResponse:
    """Ask for an address and take back whatever it wrote, also in the browser's cookies.

    Raises:
        AssertionError: a GET wrote something.
    """
    address = route.address(sample)
    before = deepcopy(client.cookies)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        if method == "GET":
            answer = client.get(address, sample.query)
        elif route.is_api:
            answer = client.generic(
                method,
                address,
                json.dumps(sample.form),
                content_type="application/json",
                query_params=sample.query,
            )
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
    everybody = company.roles().items()
    browsers = {ANONYMOUS: Client()} | {role: _signed_in(member) for role, member in everybody}
    programs = {ANONYMOUS: Client()} | {role: _with_token(member) for role, member in everybody}
    found = samples(company)
    lines = [_HEAD, _row("page", "", *(role.replace("_", " ") for role in browsers), "rule")]
    lines.append("|" + "---|" * (len(browsers) + 3))
    for route in routes():
        clients = (programs if route.is_api else browsers).values()
        for method in route.methods:
            answers = [_told(ask(c, route, found[str(route)], method)) for c in clients]
            if any(answer != "405" for answer in answers[1:]):
                lines.append(_row(f"`{route}`", method, *answers, route.rule))
    return "\n".join(lines) + "\n"


def _signed_in(member: Any) -> Client:
    from builders import a_login

    client = Client()
    client.force_login(a_login(member))
    return client


def _with_token(member: Any) -> Client:
    """A program that has called today already: what it calls next writes nothing."""
    from builders import a_program

    client: Client = a_program(member)
    client.get(reverse("api:people.me"))
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

What begins with `api.` is an operation of the API, asked for with a token of the same person that
may write. Without a token it answers 401, also to the cookie of a browser that is signed in.

200 shows · 204 done · 302 done, goes on to the next page · *sign in* sends to the sign-in page ·
401 only with a token, or signed by a system that has the secret · 403 not theirs to do · 404 as if
it did not exist · 409 theirs, but not at this stage · 422 theirs, and the form that the test sends
is refused · 405 only for reading, or only for writing.
"""
