"""Reading what the checks of the data found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from mingji.engine.step_rows import WARNED
from mingji.kit.numbers import whole
from mingji.metrics import policy
from mingji.metrics.definitions import library
from mingji.metrics.models import QualityFinding
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50
SETTLED_SHOWN = 10
_KEY_DIGITS = 18
CODES = {
    "stale": Text("新鲜度", "Freshness"),
    "volume": Text("行数", "Volume"),
    "blanks": Text("空值", "Blanks"),
    "duplicates": Text("重复", "Duplicates"),
    "unknown_reference": Text("对不上", "References"),
    "impossible_date": Text("不可能的日期", "Impossible dates"),
    "date_order": Text("日期先后", "Order of dates"),
    "jump": Text("突变", "Jump"),
    **dict.fromkeys(WARNED, Text("转化步骤", "Steps of conversions")),
}


@dataclass(frozen=True, slots=True)
class MetricLink:
    """A metric that a finding concerns."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class QualityLine:
    """A finding with whom it concerns and who answers for the data."""

    id: int
    kind: Text
    severity: str
    message: Text
    remedy: Text
    found_at: datetime
    metrics: tuple[MetricLink, ...]
    members: int
    owners: tuple[Text, ...]
    acknowledged_by: Text | None
    acknowledged_at: datetime | None
    reason: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class QualityPage:
    """What stands out now, the grave first; what was acknowledged; what is gone of late."""

    open: tuple[QualityLine, ...]
    acknowledged: tuple[QualityLine, ...]
    settled: tuple[QualityLine, ...]


def quality_page(viewer: Viewer) -> QualityPage:
    """What the checks found. Three queries.

    Raises:
        NotAllowed: the viewer is not the data analyst.
    """
    policy.may_keep_data(viewer).require()
    rows, standing = QualityFinding.objects.select_related("acknowledged_by"), _standing()
    return QualityPage(
        open=tuple(map(_line, standing.filter(acknowledged_at__isnull=True)[:PAGE])),
        acknowledged=tuple(map(_line, standing.filter(acknowledged_at__isnull=False)[:PAGE])),
        settled=tuple(
            map(
                _line, rows.filter(settled_at__isnull=False).order_by("-settled_at")[:SETTLED_SHOWN]
            )
        ),
    )


def quality_of(table: str) -> tuple[QualityLine, ...]:
    """What stands out in the rows of a table now, the grave first. One query.

    For callers that have asked `policy.may_keep_data`.
    """
    about = Q(path=table) | Q(path__startswith=f"{table}.")
    return tuple(map(_line, _standing().filter(about)[:PAGE]))


def standing_findings(viewer: Viewer, after: str, limit: int) -> tuple[list[QualityLine], str]:
    """What stands out now, also what was acknowledged, the latest first, and the key of the page
    after or empty. One query.

    Raises:
        NotAllowed: the viewer is not the data analyst.
    """
    policy.may_keep_data(viewer).require()
    found = QualityFinding.objects.filter(settled_at__isnull=True)
    if key := whole(after, 0, digits=_KEY_DIGITS):
        found = found.filter(pk__lt=key)
    rows = list(found.select_related("acknowledged_by")[: limit + 1])
    return list(map(_line, rows[:limit])), str(rows[limit - 1].pk) if rows[limit:] else ""


def count_quality_findings() -> int:
    """How many findings are neither settled nor acknowledged. One query.

    For callers that have asked `policy.may_keep_data`.
    """
    standing = QualityFinding.objects.filter(settled_at__isnull=True, acknowledged_at__isnull=True)
    return standing.count()


def finding_for(viewer: Viewer, finding_id: int, *, lock: bool = False) -> QualityFinding:
    """A finding, for the data analyst.

    Raises:
        NotAllowed: the viewer is not the data analyst.
        NotFound: there is none.
    """
    policy.may_keep_data(viewer).require()
    found = QualityFinding.objects.filter(pk=finding_id)
    row = (found.select_for_update() if lock else found).first()
    if row is None:
        raise NotFound(Text("没有这个问题。", "There is no such finding."), code="no_finding")
    return row


def _standing() -> QuerySet[QualityFinding]:
    grave = Case(
        When(severity="error", then=Value(0)),
        When(severity="warning", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = QualityFinding.objects.select_related("acknowledged_by")
    return rows.filter(settled_at__isnull=True).order_by(grave, "-members", "id")


def _line(row: QualityFinding) -> QualityLine:
    metrics = library().definitions.metrics
    used = [metrics[name] for name in row.metrics if name in metrics]
    return QualityLine(
        id=row.pk,
        kind=CODES.get(row.code, Text.same(row.code)),
        severity=row.severity,
        message=Text(**row.message),
        remedy=Text(**row.remedy),
        found_at=row.found_at,
        metrics=tuple(MetricLink(each.id, each.name) for each in used),
        members=row.members,
        owners=tuple(dict.fromkeys(each.owner for each in used if each.owner.en)),
        acknowledged_by=row.acknowledged_by.known_as if row.acknowledged_by else None,
        acknowledged_at=row.acknowledged_at,
        reason=row.reason,
        settled_at=row.settled_at,
    )
