"""Reading values that people typed in: those that count, those that wait, and what they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from mingji.engine.model import Metric
from mingji.engine.typed import TYPED, VALUE
from mingji.kit.numbers import whole
from mingji.metrics import policy
from mingji.metrics.definitions import library
from mingji.metrics.models import Correction
from mingji.metrics.queries.disputes import KEY_DIGITS
from mingji.metrics.queries.sources import periods_to_refresh
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 30
_COMPANY = Text("全公司", "Whole company")
_NOT_TYPED = Text(
    "这个指标不是人工录入的，或者不存在。",
    "There is no such metric, or its values are not typed in.",
)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One typed-in value: what it says, who says so on what evidence, and where it stands.

    `counts` says that it is the one that counts now; `value` None takes the value back.
    """

    number: int
    period: str
    level: str
    who: str
    whose: Text
    value: Decimal | None
    status: Correction.Status
    counts: bool
    words: str
    file: str
    link: str
    by: Text
    at: datetime
    decided_by: Text | None


@dataclass(frozen=True, slots=True)
class TypedChange:
    """What a typed-in value replaces, in which unit; None is no value."""

    unit: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class TypedPage:
    """The typed-in values of a metric, the latest first; `next` is the key of the page after."""

    metric: Metric
    lines: tuple[TypedLine, ...]
    next: str
    may_type: bool


def typed_metrics(viewer: Viewer) -> list[Metric]:
    """The metrics whose typed-in values the viewer types in or approves. One query at most."""
    metrics = library().definitions.metrics.values()
    typed = [each for each in metrics if each.table == TYPED]
    if policy.may_see_inbox(viewer):
        return typed
    owned = set(policy.owned_by(viewer).values_list("metric", flat=True))
    return [each for each in typed if each.id in owned]


def typed_metric(metric_id: str) -> Metric:
    """A metric whose values are typed in.

    Raises:
        NotFound: there is no such metric, or it is computed from rows.
    """
    metric = library().definitions.metrics.get(metric_id)
    if metric is None or metric.table != TYPED:
        raise NotFound(_NOT_TYPED, code="no_typed_metric")
    return metric


def typing_periods(today: date) -> list[str]:
    """The periods that values are typed in for: those that a refresh computes, the latest first."""
    return periods_to_refresh(today)[::-1]


def teams_to_choose() -> list[tuple[str, Text]]:
    """Every team by code, with its name. One query."""
    return [(code, team.known_as) for code, team in sorted(people.teams_by_code().items())]


def typed_page(viewer: Viewer, metric_id: str, after: str = "", limit: int = PAGE) -> TypedPage:
    """The values of a metric that were typed in, whatever became of them.

    Raises:
        NotFound: as `typed_metric`.
        NotAllowed: the viewer neither types them in nor approves them.
    """
    metric = typed_metric(metric_id)
    policy.may_see_typed(viewer, metric.id).require()
    found = _of_metric(metric.id).order_by("-pk")
    if key := whole(after, 0, digits=KEY_DIGITS):
        found = found.filter(pk__lt=key)
    rows = list(found.select_related("proposed_by", "decided_by")[: limit + 1])
    shown = rows[:limit]
    return TypedPage(
        metric=metric,
        lines=tuple(_lines(shown, _counting(metric.id))),
        next=str(shown[-1].pk) if rows[limit:] else "",
        may_type=bool(policy.may_keep_metric(viewer, metric.id)),
    )


def in_force(key: Sequence[str]) -> Correction | None:
    """The typed-in value that counts; None if there is none. One query."""
    approved = _with_key(key).filter(status=Correction.Status.APPROVED)
    return approved.order_by("-pk").first()


def waiting_value(key: Sequence[str]) -> bool:
    """Whether a value for this key waits for approval. One query."""
    return _with_key(key).filter(status=Correction.Status.PROPOSED).exists()


def typed_change(correction: Correction) -> TypedChange | None:
    """The typed-in value that a correction is; None if it corrects a row."""
    if correction.table != TYPED:
        return None
    metric = library().definitions.metrics.get(correction.key[0])
    before, after = correction.before.get(VALUE), correction.changes[VALUE]
    return TypedChange(
        unit=metric.unit if metric else "",
        before=Decimal(before) if before else None,
        after=Decimal(after) if after else None,
    )


def told_keys(corrections: Iterable[Correction]) -> Mapping[int, Text]:
    """What the typed-in values among some corrections are about, by their numbers.

    `Brand survey · Q3 2026 · North`. Two queries, or none where nothing is typed in.
    """
    typed = [each for each in corrections if each.table == TYPED]
    whose = _whose(typed)
    return {each.pk: _told(each, whose) for each in typed}


def _told(correction: Correction, whose: Mapping[tuple[str, str], Text]) -> Text:
    metric, period, level, who = correction.key
    known = library().definitions.metrics.get(metric)
    name, when = known.name if known else Text.same(metric), Period.parse(period).label
    about = whose[level, who]
    return Text(f"{name.zh} · {when.zh} · {about.zh}", f"{name.en} · {when.en} · {about.en}")


def _whose(typed: Iterable[Correction]) -> dict[tuple[str, str], Text]:
    """What members, teams and the company are called, by level and code."""
    asked = {(each.key[2], each.key[3]) for each in typed}
    names = {each: Text.same(each[1]) for each in asked}
    if not asked:
        return names
    members = people.names_by_code({who for level, who in asked if level == "member"})
    teams = {code: team.known_as for code, team in people.teams_by_code().items()}
    for level, who in asked:
        known = {"member": members, "team": teams}.get(level, {who: _COMPANY})
        names[level, who] = known.get(who, Text.same(who))
    return names


def _lines(rows: Sequence[Correction], counting: set[int]) -> Iterable[TypedLine]:
    whose = _whose(rows)
    for row in rows:
        value = row.changes[VALUE]
        yield TypedLine(
            number=row.pk,
            period=row.key[1],
            level=row.key[2],
            who=row.key[3],
            whose=whose[row.key[2], row.key[3]],
            value=Decimal(value) if value else None,
            status=Correction.Status(row.status),
            counts=row.pk in counting,
            words=row.evidence,
            file=row.evidence_file,
            link=row.evidence_link,
            by=row.proposed_by.known_as,
            at=row.proposed_at,
            decided_by=row.decided_by.known_as if row.decided_by else None,
        )


def _counting(metric: str) -> set[int]:
    """The numbers of the values that count now: the last approved one of each key."""
    approved = _of_metric(metric).filter(status=Correction.Status.APPROVED)
    last = {tuple(key): pk for pk, key in approved.order_by("pk").values_list("pk", "key")}
    return set(last.values())


def _of_metric(metric: str) -> QuerySet[Correction]:
    return Correction.objects.filter(table=TYPED, key__0=metric)


def _with_key(key: Sequence[str]) -> QuerySet[Correction]:
    return Correction.objects.filter(table=TYPED, key=list(key))
