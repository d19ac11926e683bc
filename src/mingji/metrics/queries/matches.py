"""The matches of owners to members that stand, and likely members for owners without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from mingji.metrics import policy
from mingji.metrics.likely import Likely, Matcher
from mingji.metrics.models import OwnerMapping
from mingji.metrics.queries.sources import UnmatchedOwner, unmatched_owners
from mingji.people import queries as people
from mingji.people.viewer import Actor, Viewer, actor_code

PAGE = 50


@dataclass(frozen=True, slots=True)
class MatchPage:
    """Some matches in the order of source and owner; `next` is the key of the page after."""

    matches: tuple[OwnerMapping, ...]
    next: str
    search: str


def match_page(viewer: Viewer, search: str = "", after: str = "") -> MatchPage:
    """Who is who today and was before, `PAGE` at a time, found by owner, source or member.

    Raises:
        NotAllowed: the viewer does not keep the data.
    """
    policy.may_keep_data(viewer).require()
    rows = OwnerMapping.objects.select_related("member").order_by("source", "owner", "pk")
    for word in search.lower().split()[:4]:
        named = Q(member__name_search__contains=word) | Q(member__code__icontains=word)
        rows = rows.filter(Q(owner__icontains=word) | Q(source__icontains=word) | named)
    last = OwnerMapping.objects.filter(pk=int(after)).first() if _is_key(after) else None
    if last:
        behind = Q(owner__gt=last.owner) | Q(owner=last.owner, pk__gt=last.pk)
        rows = rows.filter(Q(source__gt=last.source) | Q(source=last.source) & behind)
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    return MatchPage(tuple(found[:PAGE]), str(found[PAGE - 1].pk) if more else "", search)


def _is_key(after: str) -> bool:
    return after.isdecimal() and len(after) < 19


def owners_without_member(actor: Actor) -> list[tuple[UnmatchedOwner, tuple[Likely, ...]]]:
    """The owners of the last refresh whose rows count for nobody, with the likely members.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    unmatched = unmatched_owners()
    likely = likely_members(actor, (each.owner for each in unmatched))
    return [(each, likely.get(each.owner, ())) for each in unmatched]


def likely_members(actor: Actor, owners: Iterable[str]) -> dict[str, tuple[Likely, ...]]:
    """For each owner the members who are probably meant; one query however many owners there are.

    Nobody is suggested to themselves: they could not save it.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    wanted = {owner for owner in owners if owner}
    if not wanted:
        return {}
    others = [each for each in people.members_to_match() if each.code != actor_code(actor)]
    matcher = Matcher(others)
    return {owner: matcher.likely(owner) for owner in wanted}
