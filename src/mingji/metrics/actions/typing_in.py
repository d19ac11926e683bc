"""Type in a value that no system holds; it counts once a second person approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from mingji.engine.model import Metric
from mingji.engine.typed import LEVELS, PLACES, TYPED, VALUE
from mingji.engine.values import trimmed
from mingji.metrics import policy
from mingji.metrics.actions.corrections import check_evidence, disputed, invalid, put_forward
from mingji.metrics.evidence import EvidenceUpload
from mingji.metrics.models import Correction
from mingji.metrics.queries.typed import in_force, typed_metric, typing_periods, waiting_value
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value of a metric in a period for a member, a team or the company, and how one can know.

    `level` is `member`, `team` or `company`, `who` the code of the member or team. `value` is a
    number in the metric's unit (a rate as a fraction); empty takes the value back.
    """

    metric: str
    period: str
    level: str
    who: str
    value: str
    note: str = ""
    evidence: str = ""
    evidence_link: str = ""
    file: EvidenceUpload | None = None
    dispute_id: int | None = None


@transaction.atomic
def type_in(actor: Viewer, given: TypedValue, *, at: datetime) -> Correction:
    """Put a typed-in value before a second person; until it is approved what counted counts.

    Raises:
        NotFound: no such metric, or it is not typed in; no such dispute.
        NotAllowed: the actor keeps neither the data nor the metric, or it is their own number.
        NotAllowedNow: the dispute does not wait for an answer.
        Invalid: no such period, member or team; no number; no evidence; the same value counts or
            waits already. Each finding names its field.
    """
    metric = typed_metric(given.metric)
    policy.may_keep_metric(actor, metric.id).require()
    key, members = _subject(actor, given)
    value = _number(given.value, metric)
    check_evidence(given, required=True)
    if waiting_value(key):
        raise invalid(
            "value",
            Text(
                "这一期已经录入了一个值，正等待批准。先批准或退回它",
                "a value for this waits for approval already; approve or reject that one first",
            ),
        )
    counts = in_force(key)
    before = counts.changes.get(VALUE, "") if counts else ""
    if value == before:
        said = (
            Text("录入的就是现在生效的值", "this is the value that counts already")
            if value
            else Text("填写数值", "fill in the value")
        )
        raise invalid("value", said)
    correction = Correction(
        table=TYPED,
        kind=Correction.Kind.CHANGE if counts else Correction.Kind.ADD,
        key=list(key),
        changes={VALUE: value},
        before={VALUE: before} if counts else {},
        members=members,
        reason=given.note.strip(),
        evidence=given.evidence.strip(),
        evidence_link=given.evidence_link.strip(),
    )
    dispute = disputed(actor, given.dispute_id)
    return put_forward(actor, correction, dispute, "metrics.type_in", given.file, at=at)


def _subject(actor: Viewer, given: TypedValue) -> tuple[tuple[str, str, str, str], list[str]]:
    """The key of the value, and the codes of those whose number it is."""
    if given.period not in typing_periods(actor.on):
        raise invalid("period", Text("选一个期间", "choose a period"))
    if given.level not in LEVELS:
        raise invalid("level", Text("选这是谁的数字", "choose whose number it is"))
    members: list[str] = []
    who, team = given.who.strip(), None
    if given.level == "company":
        who = given.level
    elif given.level == "team":
        team = people.teams_by_code().get(who)
        if team is None:
            raise invalid("who", Text("选一个团队", "choose a team"))
        members = [each.code for each in people.members_of_team(team, actor.on)]
    else:
        if who not in people.members_by_code([who]):
            raise invalid("who", Text("没有这位成员", "there is no such member"))
        members = [who]
    member = who if given.level == "member" else ""
    policy.may_type_in(actor, given.metric, member, team.pk if team else None).require()
    return (given.metric, given.period, given.level, who), members


def _number(text: str, metric: Metric) -> str:
    """The value as it is kept; empty if it is taken back."""
    if not text.strip():
        return ""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value.adjusted() >= _MOST_DIGITS:
        raise invalid("value", Text("写成 1234.5 这样的数字", "write a number such as 1234.5"))
    places = min(metric.scale, PLACES)
    short = trimmed(value, 0)
    exponent = short.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise invalid(
            "value",
            Text(f"最多 {places} 位小数", f"at most {places} decimal places"),
        )
    return format(short, "f")
