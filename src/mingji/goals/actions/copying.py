"""Copying goals of an earlier period into the drafts of a new one: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from mingji.goals import queries
from mingji.goals.actions import writing
from mingji.goals.actions.setting import draft_of
from mingji.goals.models import Agreement
from mingji.goals.queries import Owner
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.goal_terms import GoalTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The goals that a member or a team gets; key results stand behind their objective."""

    owner: Owner
    terms: Sequence[GoalTerms]

    @property
    def code(self) -> str:
        """The code of the member or the team."""
        whose = self.owner.member or self.owner.team
        assert whose is not None
        return whose.code


@transaction.atomic
def copy_goals(
    actor: Viewer, copies: Sequence[Copied], *, source: str, period: str, at: datetime
) -> int:
    """Draft goals that were taken from the period `source`; other goals of a draft stay.

    What a draft says already is not written again. Returns how many goals were new or differ.

    Raises:
        NotAllowed: the actor sits on neither side of one of them.
        NotAllowedNow: the goals of one of them are proposed or agreed.
        Invalid: what is wrong, with `owner.goal.field` as the place; nothing is written then.
    """
    faults: list[Finding] = []
    wanted: list[tuple[Agreement, tuple[GoalTerms, ...], int]] = []
    for each in sorted(copies, key=lambda one: one.code):
        agreement = draft_of(actor, each.owner, period)
        items = queries.measured_items(each.owner, period)
        faults += [_of(each.code, found) for found in writing.wrong_with(each.terms, items, None)]
        before = queries.terms_of(agreement)
        after = writing.merged(before, writing.as_kept(each.terms, items))
        wanted.append((agreement, after, len(_new_in(before, after))))
    if faults:
        raise Invalid(faults[0].message, code=faults[0].code, findings=tuple(faults))
    for agreement, terms, count in wanted:
        if count:
            writing.write_terms(agreement, terms)
            said = {"from": source, "goals": count}
            writing.record(actor.code, "copy", agreement, at, evidence=said)
    return sum(count for _agreement, _terms, count in wanted)


def _new_in(before: Sequence[GoalTerms], after: Sequence[GoalTerms]) -> list[GoalTerms]:
    """The goals that are new or differ."""
    return [goal for goal in after if goal not in before]


def _of(code: str, found: Finding) -> Finding:
    return replace(found, place=replace(found.place, path=f"{code}.{found.place.path}"))
