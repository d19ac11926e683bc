"""Who is who for the engine: owners to members, members to teams and the departments above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from mingji.engine.identity import ALWAYS, FOREVER, Identity, OwnerLink, Posting
from mingji.metrics.models import OwnerMapping
from mingji.people import queries as people

_UNIT = "unit_"


def unit(depth: int) -> str:
    """The engine's name for "the team at this depth of the tree" (0 is the top)."""
    return f"{_UNIT}{depth}"


def is_unit(key: str) -> bool:
    """Whether a key of the engine names a team at some depth."""
    return key.startswith(_UNIT)


def identity_between(first: date, last: date) -> Identity:
    """The dated mapping that holds between two days.

    An owner spelled exactly as a member's code is that member, unless a mapping says otherwise.
    A posting names the team at each depth: a department counts whatever any team below it counts.
    The database ends before a day, the engine on it.
    """
    postings = people.postings_overlapping(first, last)
    lineages = team_lineages()
    links = [
        OwnerLink(
            row.owner,
            row.member.code,
            row.source,
            row.starts_on or ALWAYS,
            _last_day(row.ends_on),
        )
        for row in OwnerMapping.objects.select_related("member")
    ]
    codes = sorted({posting.member for posting in postings})
    return Identity(
        owners=(*links, *(OwnerLink(code, code) for code in codes)),
        postings=tuple(
            Posting(
                posting.member,
                {unit(depth): code for depth, code in enumerate(lineages[posting.team])},
                posting.starts_on,
                _last_day(posting.ends_on),
            )
            for posting in postings
        ),
    )


def team_lineages() -> Mapping[str, tuple[str, ...]]:
    """For each team its code and those above it, from the top down."""
    teams = people.teams_by_code()
    by_id = {team.pk: team for team in teams.values()}

    def above(code: str) -> tuple[str, ...]:
        team = teams[code]
        parent = by_id.get(team.parent_id) if team.parent_id else None
        return (*above(parent.code), code) if parent else (code,)

    return {code: above(code) for code in teams}


def _last_day(before: date | None) -> date:
    return before - timedelta(days=1) if before else FOREVER
