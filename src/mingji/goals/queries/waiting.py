"""Agreements that wait for the viewer: to be answered, or drafted and not yet proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from mingji.goals.models import Agreement, ChangeRequest
from mingji.people import queries as people
from mingji.people.viewer import Viewer, current
from mingji.rules.calendar import Period
from mingji.rules.text import Text

WaitingKind = Literal["answer_own_goals", "answer_goals", "propose_goals"]
ChangeKind = Literal["answer_change", "decide_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAgreement:
    """One agreement that the viewer should do something about, and until when (None: no date);
    `version` is the one that waits."""

    kind: WaitingKind
    agreement_id: int
    owner: Text
    period: Period
    due: date | None
    version: int


def waiting_agreements(viewer: Viewer) -> list[WaitingAgreement]:
    """What waits for the viewer's own answer or proposal, in any period; due first.

    Only those whose direct manager the viewer is: somebody further up can act and is not asked.
    """
    status = Agreement.Status
    mine = Q(member_id=viewer.member_id) & Q(turn="own")
    lines = Q(member__lines_up__manager_id=viewer.member_id, member__lines_up__depth=1)
    below = lines & current(viewer.on, "member__lines_up__")
    asked = Q(status__in=(status.PROPOSED, status.COUNTERED), turn="above")
    teams = _teams(viewer, asked)
    wanted = mine | (below & (asked | Q(status=status.DRAFT))) | teams
    rows = Agreement.objects.filter(wanted).select_related("member", "team").distinct()
    found = [_waiting(viewer, row) for row in rows]
    return sorted(found, key=lambda each: (each.due or date.max, each.period.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingChange:
    """One change request that the viewer should answer, or decide."""

    kind: ChangeKind
    request_id: int
    owner: Text
    period: Period


def waiting_changes(viewer: Viewer) -> list[WaitingChange]:
    """Change requests that wait for the viewer: to be answered by the side that was asked, to be
    decided by the manager's manager or the unit's HR partner. One query and that of the teams."""
    status = ChangeRequest.Status
    own = Q(agreement__member_id=viewer.member_id, asked_side="above")
    answer = Q(status=status.ASKED) & (own | (_line(viewer, 1) & Q(asked_side="own")))
    mine = Q(asked_by=viewer.code) | Q(accepted_by=viewer.code)
    served = Q(agreement__team_id__in=viewer.hr_teams) | (
        Q(agreement__member__postings__team_id__in=viewer.hr_teams)
        & current(viewer.on, "agreement__member__postings__")
    )
    about_me = Q(agreement__member_id=viewer.member_id)
    third = (_line(viewer, 2) | served) & ~mine & ~about_me
    wanted = answer | (Q(status=status.ACCEPTED) & third)
    rows = ChangeRequest.objects.filter(wanted).distinct()
    return [
        WaitingChange(
            kind="answer_change" if row.status == status.ASKED else "decide_change",
            request_id=row.pk,
            owner=owner_name(row.agreement),
            period=Period.parse(row.agreement.period),
        )
        for row in rows.select_related("agreement__member", "agreement__team").defer("terms")
    ]


def _line(viewer: Viewer, depth: int) -> Q:
    """Requests of those who report to the viewer over so many steps today."""
    lines = Q(
        agreement__member__lines_up__manager_id=viewer.member_id,
        agreement__member__lines_up__depth=depth,
    )
    return lines & current(viewer.on, "agreement__member__lines_up__")


def _teams(viewer: Viewer, asked: Q) -> Q:
    """Team agreements of the viewer's own team that wait for its side, and of teams below."""
    led = {team.pk for team in people.teams_of(viewer)}
    own = {viewer.team_id} & led if viewer.depth else set()
    above = led - own if viewer.depth else set()
    return Q(team_id__in=own, turn="own") | (Q(team_id__in=above) & asked)


def _waiting(viewer: Viewer, row: Agreement) -> WaitingAgreement:
    kind: WaitingKind = "answer_goals"
    if row.status == Agreement.Status.DRAFT:
        kind = "propose_goals"
    elif row.turn == "own":
        kind = "answer_own_goals"
    return WaitingAgreement(
        kind=kind,
        agreement_id=row.pk,
        owner=owner_name(row),
        period=Period.parse(row.period),
        due=row.deadline,
        version=row.number,
    )


def owner_name(row: Agreement) -> Text:
    """Whose agreement it is, in both languages."""
    owner = row.member or row.team
    assert owner is not None, "a member or a team, by constraint"
    return owner.known_as
