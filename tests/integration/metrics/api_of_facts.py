"""The API of facts as a program calls it, for its tests."""

from __future__ import annotations

from typing import Any

import builders

BASE = "/api/v1"


def get(who: Any, address: str, **query: object) -> Any:
    """The answer to a program of this member."""
    return builders.a_program(who).get(f"{BASE}/{address}", query)


def post(who: Any, address: str, body: object = None) -> Any:
    """The same, sending JSON."""
    program = builders.a_program(who)
    return program.post(f"{BASE}/{address}", body or {}, content_type="application/json")


def pages(who: Any, address: str, **query: object) -> list[Any]:
    """Everything on a list, fetched two at a time; no page comes twice."""
    program = builders.a_program(who)
    found, after, seen = [], "", set()
    while True:
        asked = {"limit": 2, "after": after, **query}
        page = program.get(f"{BASE}/{address}", asked).json()
        found += page["items"]
        after = page["next"]
        if not after:
            return found
        assert after not in seen
        seen.add(after)
