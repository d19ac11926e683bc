"""Prove that goals are what both sides signed: by the kept versions and by the audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch

from mingji.audit import queries as audit
from mingji.goals.models import Agreement, Goal, Milestone, Version
from mingji.goals.queries import owner_name
from mingji.goals.scoring import one_line
from mingji.rules.errors import MingjiError
from mingji.rules.explanation import plain
from mingji.rules.goal_terms import TERMS, Difference, differences, digest
from mingji.rules.text import Text

_AT_ONCE = 500
_SHOWN = 3
_SIGNING = ("propose", "counter", "plan", "accept", "approve_change", "import")
_SIGNED = (Version.Kind.AGREED, Version.Kind.CHANGED, Version.Kind.IMPORTED)
# What reading terms that somebody changed by hand may end in.
_UNREADABLE = (MingjiError, KeyError, TypeError, ValueError, ArithmeticError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementProof:
    """The outcome for one agreement: `problem` is empty when everything is as it was signed."""

    owner: Text
    period: str
    version: int
    digest: str
    problem: Text | None


@dataclass(slots=True)
class _Recorded:
    """What the audit trail says of one agreement; an empty digest was not written down."""

    period: str = ""
    digest: str = ""
    proposed: tuple[str, datetime] | None = None
    accepted: tuple[str, datetime] | None = None
    accepts: int = 0
    signed: bool = False


def prove() -> Iterator[AgreementProof]:
    """Compare every agreement that was ever proposed with its versions and the audit trail.

    The goals as they stand must be those of the last version, each version must match its own
    digest, and the last one the digest that was recorded when it was signed; who signed and when
    must be as recorded; and what was signed must still be there and still be agreed.
    Reads 500 agreements at a time.
    """
    recorded = _from_the_trail()
    for agreement in _agreements():
        known = recorded.pop(str(agreement.pk), _Recorded())
        if agreement.number or known.signed:
            yield AgreementProof(
                owner=owner_name(agreement),
                period=agreement.period,
                version=agreement.number,
                digest=next((each.digest for each in reversed(agreement.versions.all())), ""),
                problem=_problem(agreement, known),
            )
    for known in recorded.values():
        if known.signed:
            yield AgreementProof(
                owner=Text.same("–"),
                period=known.period,
                version=0,
                digest=known.digest,
                problem=_DISAPPEARED,
            )


def _agreements() -> Iterator[Agreement]:
    steps = Prefetch("milestones", Milestone.objects.order_by("position"))
    goals = Goal.objects.select_related("theme", "objective").prefetch_related(steps)
    return (
        Agreement.objects.select_related("member", "team")
        .prefetch_related(
            Prefetch("goals", goals.order_by("id")),
            Prefetch("versions", Version.objects.order_by("number")),
        )
        .order_by("id")
        .iterator(chunk_size=_AT_ONCE)
    )


def _from_the_trail() -> dict[str, _Recorded]:
    found: dict[str, _Recorded] = {}
    for step in audit.steps(("agreement", "goals"), _SIGNING):
        if step.action == "import":
            for agreement, signed in step.evidence.get("digests", {}).items():
                found[agreement] = _Recorded(period=step.object_id, digest=signed, signed=True)
            continue
        if step.action == "plan":
            for agreement in step.evidence["agreements"] if step.evidence["proposed"] else ():
                found.setdefault(str(agreement), _Recorded()).proposed = (step.who, step.at)
            continue
        known = found.setdefault(step.object_id, _Recorded())
        known.period = str(step.evidence.get("period", ""))
        if step.action in ("propose", "counter"):
            known.proposed = (step.who, step.at)
            continue
        known.signed = True
        known.digest = str(step.evidence.get("digest", ""))
        if step.action == "accept":
            known.accepted = (step.who, step.at)
            known.accepts += 1
    return found


def _problem(agreement: Agreement, known: _Recorded) -> Text | None:
    versions = list(agreement.versions.all())
    last = versions[-1] if versions else None
    signed = known.signed or any(each.kind in _SIGNED for each in versions)
    agreed = agreement.status == Agreement.Status.AGREED
    if known.accepts > 1 or (signed and not agreed):
        return _REOPENED
    if last is None or [each.number for each in versions] != [*range(1, agreement.number + 1)]:
        return _VERSIONS
    if not all(map(_is_whole, versions)) or (agreed and known.digest not in ("", last.digest)):
        return _VERSION_CHANGED
    if agreed and not _signatures_hold(agreement, known):
        return _SIGNATURES
    if agreement.status == Agreement.Status.DRAFT:
        return None
    return _goals_changed(agreement, last)


def _is_whole(version: Version) -> bool:
    try:
        return digest(version.goals) == version.digest
    except _UNREADABLE:
        return False


def _signatures_hold(agreement: Agreement, known: _Recorded) -> bool:
    proposed = (agreement.proposed_by, agreement.proposed_at)
    accepted = (agreement.accepted_by, agreement.accepted_at)
    return (known.proposed or proposed, known.accepted or accepted) == (proposed, accepted)


def _goals_changed(agreement: Agreement, last: Version) -> Text | None:
    """What the rows say otherwise than the signed version."""
    rows = list(agreement.goals.all())
    own = (agreement.member_id, agreement.team_id, agreement.period)
    if any((row.member_id, row.team_id, row.period) != own for row in rows):
        return _MOVED
    terms = [row.terms for row in rows]
    if digest(terms) == last.digest:
        return None
    changed = differences(last.goals, terms)
    told = [_told(each) for each in changed[:_SHOWN]]
    if len(changed) > _SHOWN:
        told.append(Text.same("…"))
    return Text(
        zh="目标与签过的版本不一致：" + "；".join(each.zh for each in told),
        en="The goals differ from the version that was signed: "
        + "; ".join(each.en for each in told),
    )


def _told(found: Difference) -> Text:
    key = found.goal.key
    if not found.term:
        added = found.change == "added"
        return Text(
            zh=f"{'多出' if added else '少了'} {key}",
            en=f"{key} was {'added' if added else 'removed'}",
        )
    term, was, now = TERMS[found.term], _value(found.before), _value(found.after)
    return Text(f"{key} 的{term.zh} {was} → {now}", f"{key}, {term.en.lower()} {was} → {now}")


def _value(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case str():
            return f"“{value}”"
        case Decimal():
            return plain(value)
        case Mapping():
            return one_line(value) or "–"
        case tuple():
            return ", ".join(f"“{step.title}” {plain(step.weight)} {step.due}" for step in value)
    return str(value)


_REOPENED = Text(
    zh="双方签过，后来又被退回成未同意的状态，或重新签过：审计记录里没有这样的变更申请。",
    en="Both sides had signed, and it was put back or signed once more: no change request in the "
    "audit trail says so.",
)
_VERSIONS = Text(
    zh="保存的版本缺了或多了：有版本被删除或插入过。",
    en="The kept versions are not the ones that were written: some were removed or put in.",
)
_VERSION_CHANGED = Text(
    zh="保存的版本与签署时的摘要不一致：版本被改动过。",
    en="A kept version differs from the digest it was signed under: it was changed.",
)
_SIGNATURES = Text(
    zh="签署人或签署时间与审计记录不一致。",
    en="Who signed, or when, differs from the audit trail.",
)
_MOVED = Text(
    zh="有目标的所属成员、团队或期间与目标确认书不一致：被挪动过。",
    en="A goal belongs to another member, team or period than its agreement: it was moved.",
)
_DISAPPEARED = Text(
    zh="审计记录里签过这份目标确认书，现在找不到了：被删除过。",
    en="The audit trail recorded this agreement as signed, and it is gone: it was deleted.",
)
