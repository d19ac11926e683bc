"""Reading disputes: each function gives only those that the viewer may know of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from mingji.engine.model import Metric
from mingji.kit.numbers import whole
from mingji.metrics import policy
from mingji.metrics.definitions import library, metric_of
from mingji.metrics.models import Dispute, DisputeEntry, Observation, RefreshRun
from mingji.metrics.queries.facts import published
from mingji.metrics.slices import Slice
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member, Team

PAGE = 30
# As many as the number of a row can have.
KEY_DIGITS = 18
DisputeStatus = Dispute.Status
OPEN = (Dispute.Status.OPEN, Dispute.Status.PROPOSED)
_NONE = Text("没有这条异议，或者它不在你的范围内。", "There is no such dispute, or not for you.")
_COMPANY = Text(
    "全公司的数字没有谁的异议可提。打开某位成员或团队的数字再提",
    "Nobody's dispute can be about the whole company. Open the number of a member or a team",
)


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute in one line; `dispute` is what stands behind it."""

    id: int
    dispute: Dispute
    metric: Text
    unit: str
    period: str
    whose: Text
    raised_by: Text
    ground: str
    status: Dispute.Status
    raised_at: datetime
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some disputes, the latest first; `next` is the key of the page after, or empty."""

    lines: tuple[DisputeLine, ...]
    next: str


@dataclass(frozen=True, slots=True)
class DisputePage:
    """One dispute with its steps, the number then and now, and what the viewer may do."""

    dispute: Dispute
    line: DisputeLine
    metric: Metric
    slice: Slice
    entries: tuple[DisputeEntry, ...]
    now: Decimal | None
    refreshed: bool
    row: tuple[tuple[Text, str], ...]
    may_answer: bool
    may_follow_up: bool

    @property
    def why(self) -> str:
        """Where the number opens."""
        return self.slice.url("why")


def dispute_for(viewer: Viewer, dispute_id: int, *, lock: bool = False) -> Dispute:
    """The dispute, if the viewer may know of it.

    Raises:
        NotFound: there is none, or it is not the viewer's to know of.
    """
    found = Dispute.objects.filter(policy.disputes_visible_to(viewer), pk=dispute_id)
    if lock:
        found = found.select_for_update(of=("self",))
    dispute = found.select_related("member", "team", "raised_by", "file").first()
    if dispute is None:
        raise NotFound(_NONE, code="no_dispute")
    return dispute


def disputed_by(actor: Viewer, asked: Slice) -> tuple[Member, Team | None]:
    """Whose dispute it would be: the member's, or of a team's number its lead's.

    For callers that have fetched the number for the actor (`observation_for`).

    Raises:
        NotFound: it is nobody's number, but the whole company's.
        NotAllowed: the actor is not the one to dispute it.
    """
    if asked.member:
        member = people.members_by_code([asked.member])[asked.member]
        policy.may_dispute(actor, member.pk).require()
        return member, None
    team = people.teams_by_code().get(asked.team)
    if team is None:
        raise NotFound(_COMPANY, code="nobodys_number")
    policy.may_dispute_team(actor, team.pk).require()
    return people.member_for(actor, actor.code), team


def may_dispute(viewer: Viewer, asked: Slice) -> bool:
    """Whether the viewer is one to dispute this number. Two queries at most."""
    member, team = asked.member, asked.team
    if member == viewer.code:
        return True
    if member:
        found = people.members_by_code([member]).get(member)
        return bool(found and policy.may_dispute(viewer, found.pk))
    return any(
        policy.may_dispute_team(viewer, each.pk)
        for code, each in people.teams_by_code().items()
        if code == team
    )


def disputes_on(viewer: Viewer, asked: Slice) -> list[Dispute]:
    """What the viewer may know of disputes about one number, the latest first. One query."""
    found = Dispute.objects.filter(
        policy.disputes_visible_to(viewer), metric=asked.metric, period=asked.period
    )
    if asked.member:
        return list(found.filter(member__code=asked.member, team=None))
    return list(found.filter(team__code=asked.team)) if asked.team else []


def my_disputes(viewer: Viewer, after: str = "", limit: int = PAGE) -> LinePage:
    """Disputes about the viewer's numbers and those the viewer raised for others."""
    mine = Q(member_id=viewer.member_id) | Q(raised_by_id=viewer.member_id)
    found = Dispute.objects.filter(policy.disputes_visible_to(viewer)).filter(mine)
    return _page(found, after, limit)


def disputes_in_reach(viewer: Viewer, after: str = "", limit: int = PAGE) -> LinePage:
    """Every dispute that the viewer may know of."""
    return _page(Dispute.objects.filter(policy.disputes_visible_to(viewer)), after, limit)


def disputes_to_answer(viewer: Viewer, after: str = "", limit: int = PAGE) -> LinePage:
    """Those that wait for the viewer's own answer (`count_open_disputes`)."""
    waiting = Dispute.objects.filter(policy.disputes_visible_to(viewer), status=DisputeStatus.OPEN)
    return _page(waiting.filter(policy.disputes_to_answer(viewer)), after, limit)


def waiting_disputes(viewer: Viewer, after: str = "") -> LinePage:
    """For the inbox: what waits for an answer, the longest waiting first.

    Raises:
        NotAllowed: the viewer answers none.
    """
    policy.may_open_inbox(viewer).require()
    whose = Q() if policy.may_see_inbox(viewer) else Q(metric__in=policy.owned_by(viewer))
    found = Dispute.objects.filter(
        policy.disputes_visible_to(viewer), whose, status=Dispute.Status.OPEN
    )
    if key := whole(after, 0, digits=KEY_DIGITS):
        found = found.filter(pk__gt=key)
    rows = list(_fetched(found).order_by("pk")[: PAGE + 1])
    return LinePage(tuple(map(line_of, rows[:PAGE])), str(rows[PAGE - 1].pk) if rows[PAGE:] else "")


def dispute_page(viewer: Viewer, dispute_id: int) -> DisputePage:
    """A dispute with all its steps.

    Raises:
        NotFound: as `dispute_for`.
    """
    dispute = dispute_for(viewer, dispute_id)
    entries = dispute.entries.select_related(
        "author", "correction__proposed_by", "correction__decided_by"
    )
    asked = slice_of(dispute)
    now = Observation.objects.filter(asked.condition).defer("tree").first()
    run = RefreshRun.objects.only("at").first()
    return DisputePage(
        dispute=dispute,
        line=line_of(dispute),
        metric=metric_of(dispute.metric),
        slice=asked,
        entries=tuple(entries),
        now=published(now) if now else None,
        refreshed=bool(run and dispute.answered_at and run.at >= dispute.answered_at),
        row=named_key(dispute.table, dispute.row),
        may_answer=bool(
            policy.may_keep_metric(viewer, dispute.metric) and policy.may_answer(viewer, dispute)
        ),
        may_follow_up=bool(policy.may_follow_up(viewer, dispute)),
    )


def open_disputes(
    viewer: Viewer | None, period: str, member_ids: Collection[int] | QuerySet[Any, Any]
) -> list[DisputeLine]:
    """The disputes of these members about a period that are not answered. One query.

    Without a viewer all of them, for a rule that must not miss any.
    """
    found = Dispute.objects.filter(status__in=OPEN, period=period, member_id__in=member_ids)
    if viewer is not None:
        found = found.filter(policy.disputes_visible_to(viewer))
    return [line_of(row) for row in _fetched(found).order_by("pk")]


def count_open_disputes(viewer: Viewer) -> int:
    """How many disputes wait for the viewer's answer. One query."""
    waiting = Dispute.objects.filter(status=Dispute.Status.OPEN)
    return waiting.filter(policy.disputes_to_answer(viewer)).count()


def answered_for(viewer: Viewer) -> list[DisputeLine]:
    """The viewer's disputes that have an answer to be accepted or not. One query."""
    mine = Q(member_id=viewer.member_id) | Q(raised_by_id=viewer.member_id)
    found = Dispute.objects.filter(mine, status=Dispute.Status.ANSWERED)
    return [line_of(row) for row in _fetched(found).order_by("pk")]


def slice_of(dispute: Dispute) -> Slice:
    """The number that a dispute is about."""
    if dispute.team:
        return Slice(dispute.metric, dispute.period, team=dispute.team.code)
    return Slice(dispute.metric, dispute.period, member=dispute.member.code)


def line_of(dispute: Dispute) -> DisputeLine:
    """A dispute in one line; needs member, team and raiser fetched."""
    metric = library().definitions.metrics.get(dispute.metric)
    value = Decimal(dispute.value).normalize() if dispute.value is not None else None
    return DisputeLine(
        id=dispute.pk,
        dispute=dispute,
        metric=metric.name if metric else Text.same(dispute.metric),
        unit=metric.unit if metric else "",
        period=dispute.period,
        whose=dispute.team.known_as if dispute.team else dispute.member.known_as,
        raised_by=dispute.raised_by.known_as,
        ground=dispute.get_ground_display(),
        status=Dispute.Status(dispute.status),
        raised_at=dispute.raised_at,
        value=value,
    )


def named_key(table: str, key: Iterable[str]) -> tuple[tuple[Text, str], ...]:
    """The values of a row's key with the names of its columns."""
    known = library().definitions.tables.get(table)
    if known is None:
        return ()
    return tuple(
        (known.columns[name].label, value) for name, value in zip(known.key, key, strict=False)
    )


def title_of(page: DisputePage) -> Text:
    """`New leads · Zhang Wei · Q3 2026`."""
    name, who, when = page.metric.name, page.line.whose, Period.parse(page.line.period).label
    return Text(zh=f"{name.zh} · {who.zh} · {when.zh}", en=f"{name.en} · {who.en} · {when.en}")


def _page(found: QuerySet[Dispute], after: str, limit: int) -> LinePage:
    if key := whole(after, 0, digits=KEY_DIGITS):
        found = found.filter(pk__lt=key)
    rows = list(_fetched(found)[: limit + 1])
    following = str(rows[limit - 1].pk) if rows[limit:] else ""
    return LinePage(tuple(map(line_of, rows[:limit])), following)


def _fetched(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    return found.select_related("member", "team", "raised_by")
