"""Match an owner of a source system to a member, with dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from mingji.audit import trail
from mingji.engine.identity import ALWAYS, FOREVER, OwnerLink
from mingji.metrics import policy
from mingji.metrics.models import OwnerMapping
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid, NotAllowed, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member


@transaction.atomic
def map_owner(
    actor: Actor,
    source: str,
    owner: str,
    member: str,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> OwnerMapping:
    """Say that `owner` in `source` is this member, from `starts_on` up to before `ends_on`.

    Open ends reach back and forward without limit. Values change at the next refresh. Nobody
    matches an owner to themselves: that would be claiming results.

    Raises:
        NotAllowed: the actor does not keep the data, or would match to themselves.
        Invalid: no such member, dates that end before they start or overlap another match.
    """
    policy.may_keep_data(actor).require()
    found = _member(actor, member)
    if not source or not owner:
        raise _invalid(
            "owner",
            "no_owner",
            Text(zh="没有写明数据来源或负责人", en="the source or the owner is missing"),
            Text(
                zh="从未匹配清单里选一个负责人", en="choose one from the list of unmatched owners"
            ),
        )
    _check_dates(source, owner, starts_on, ends_on)
    mapping = OwnerMapping.objects.create(
        source=source, owner=owner, member=found, starts_on=starts_on, ends_on=ends_on
    )
    trail.record(
        actor=actor_code(actor),
        action="metrics.map_owner",
        kind="owner_mapping",
        object_id=mapping.pk,
        at=at,
        evidence={
            "source": source,
            "owner": owner,
            "member": member,
            "starts_on": starts_on.isoformat() if starts_on else None,
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )
    return mapping


def _member(actor: Actor, code: str) -> Member:
    if not isinstance(actor, str) and actor.code == code:
        raise NotAllowed(
            Text(
                zh="不能把负责人对应到自己名下。请另一位数据分析师来做。",
                en="Nobody matches an owner to themselves. Ask another data analyst.",
            ),
            code="own_mapping",
        )
    found = people.members_by_code([code]).get(code)
    if found is None:
        raise _invalid(
            "member",
            "no_member",
            Text(zh=f"没有编号为“{code}”的成员", en=f"there is no member with the code “{code}”"),
            Text(zh="在成员名录里查编号", en="look the code up in the directory"),
        )
    return found


@transaction.atomic
def map_owners(actor: Actor, links: Iterable[OwnerLink], at: datetime) -> int:
    """Take over a table of matches, all or none; how many were new.

    A match that stands already is passed over. The days of a link are both included.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: one or more do not fit; each finding names its owner.
    """
    policy.may_keep_data(actor).require()
    new, faults = 0, []
    for link in links:
        starts_on = link.starts_on if link.starts_on > ALWAYS else None
        ends_on = link.ends_on + timedelta(days=1) if link.ends_on < FOREVER else None
        same = OwnerMapping.objects.filter(
            source=link.source, owner=link.owner, member__code=link.member
        )
        if same.filter(starts_on=starts_on, ends_on=ends_on).exists():
            continue
        try:
            map_owner(actor, link.source, link.owner, link.member, at, starts_on, ends_on)
            new += 1
        except Invalid as error:
            where = f"{link.source}/{link.owner} → {link.member}"
            faults += [replace(each, place=Place(path=where)) for each in error.findings]
    if faults:
        raise Invalid(
            Text(
                zh="有的对应不能用，没有保存任何内容。",
                en="Some matches cannot be used. Nothing was saved.",
            ),
            code="owners",
            findings=tuple(faults),
        )
    return new


@transaction.atomic
def end_match(actor: Actor, mapping_id: int, ends_on: date, at: datetime) -> OwnerMapping:
    """Let a match hold only up to before a day; values change at the next refresh.

    Raises:
        NotAllowed: the actor does not keep the data, or the match is to themselves.
        NotFound: no such match.
        Invalid: the day is not after the start, or another match would be overlapped.
    """
    policy.may_keep_data(actor).require()
    mapping = OwnerMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping is None:
        raise NotFound(Text("没有这条匹配", "There is no such match"), code="no_match")
    _member(actor, mapping.member.code)
    _check_dates(mapping.source, mapping.owner, mapping.starts_on, ends_on, except_=mapping)
    before, mapping.ends_on = mapping.ends_on, ends_on
    mapping.save(update_fields=["ends_on"])
    trail.record(
        actor=actor_code(actor),
        action="metrics.end_match",
        kind="owner_mapping",
        object_id=mapping.pk,
        at=at,
        evidence={
            "source": mapping.source,
            "owner": mapping.owner,
            "member": mapping.member.code,
            "before": before.isoformat() if before else None,
            "ends_on": ends_on.isoformat(),
        },
    )
    return mapping


def _check_dates(
    source: str,
    owner: str,
    starts_on: date | None,
    ends_on: date | None,
    *,
    except_: OwnerMapping | None = None,
) -> None:
    if starts_on and ends_on and ends_on <= starts_on:
        raise _invalid(
            "ends_on",
            "dates_reversed",
            Text(zh="结束日期不晚于开始日期", en="the end is not after the start"),
            Text(zh="改一个日期，或留空表示不限", en="change one of them, or leave it open"),
        )
    others = OwnerMapping.objects.select_for_update().filter(source=source, owner=owner)
    if except_:
        others = others.exclude(pk=except_.pk)
    if ends_on:
        others = others.filter(Q(starts_on__isnull=True) | Q(starts_on__lt=ends_on))
    if starts_on:
        others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
    other = others.select_related("member").first()
    if other is None:
        return
    first, last = other.starts_on or "…", other.ends_on or "…"
    raise _invalid(
        "starts_on",
        "mapping_overlaps",
        Text(
            zh=f"“{owner}”在 {first} 到 {last} 之间已经对应 {other.member.name}",
            en=f"from {first} to {last} “{owner}” is {other.member.name_en} already",
        ),
        Text(zh="日期不能重叠：从那一天之后开始", en="dates cannot overlap: start after that"),
    )


def _invalid(field: str, code: str, message: Text, remedy: Text) -> Invalid:
    finding = Finding(code, "error", message, remedy, Place(path=field))
    return Invalid(message, code=code, findings=(finding,))
