"""For each address the object of the subject with which the policy matrix asks for it.

A new app adds one function here that makes its objects and names them, route by route.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from builders import Company


@dataclass(frozen=True, slots=True)
class Sample:
    """What to put into an address, into its query, and into its form when it is posted to."""

    kwargs: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)


def samples(company: Company) -> dict[str, Sample]:
    """A sample for every route, `app:name`."""
    found: dict[str, Sample] = {}
    for app in (_people, _audit):
        found |= app(company)
    return found


def _people(company: Company) -> dict[str, Sample]:
    return {
        "people:directory": Sample(),
        "people:sign_in": Sample(),
        "people:sign_in_as": Sample(form={"member": company.subject.code}),
        "people:sign_out": Sample(),
        "people:preferences": Sample(form={"theme": "dark"}),
        "people:member": Sample({"code": company.subject.code}),
    }


def _audit(company: Company) -> dict[str, Sample]:
    return {"audit:trail": Sample(query={"kind": "member", "object_id": company.subject.code})}
