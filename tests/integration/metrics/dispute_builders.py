"""Disputes and corrections as people make them, for tests of their rules and of their pages."""

from __future__ import annotations

from typing import Any

import builders

PERIOD = "2026Q3"
METRIC = "leads_created"


def a_number(member: Any = None, *, team: str = "", metric: str = METRIC) -> Any:
    from mingji.metrics.queries import Slice

    return Slice(metric, PERIOD, member=member.code if member else "", team=team)


def a_dispute(member: Any, *, by: Any = None, row: tuple[str, ...] = (), text: str = "") -> Any:
    """A dispute about the member's leads of the third quarter."""
    from mingji.metrics import actions

    return actions.raise_dispute(
        builders.a_viewer(by or member),
        a_number(member),
        actions.Complaint(
            ground="wrong_owner",
            text=text or "L5 was mine: I took it over from the agency.",
            table="leads" if row else "",
            row=row,
        ),
        at=builders.NOW,
    )


def a_proposal(**given: Any) -> Any:
    """The lead of the agency is the subject's."""
    from mingji.metrics import actions

    usual = {
        "table": "leads",
        "kind": "change",
        "key": ("L5",),
        "values": {"owner": "subject"},
        "reason": "Handed over on 6 September, see the mail.",
    }
    return actions.Proposal(**{**usual, **given})


def a_correction(by: Any, **given: Any) -> Any:
    """A correction that waits for a second person."""
    from mingji.metrics import actions

    return actions.propose_correction(builders.a_viewer(by), a_proposal(**given), at=builders.NOW)


def approved(correction: Any, by: Any) -> Any:
    """The correction, approved."""
    from mingji.metrics import actions

    return actions.decide_correction(
        builders.a_viewer(by), correction.pk, approve=True, at=builders.NOW
    )


def another_analyst() -> Any:
    """A second data analyst."""
    from mingji.people import actions

    second = builders.a_member("analyst-2", "company", "director", family="OP")
    actions.give_duty(
        "system", "analyst-2", "analyst", "company", starts_on=builders.HIRED, at=builders.NOW
    )
    return second
