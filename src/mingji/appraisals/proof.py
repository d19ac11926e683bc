"""Prove that the results of a cycle follow from what was frozen, to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingji.appraisals import queries
from mingji.appraisals.models import Appraisal, Stage
from mingji.appraisals.scored import results_of
from mingji.appraisals.snapshot import listed, result_text
from mingji.audit import queries as audit
from mingji.rules.errors import Invalid
from mingji.rules.explanation import plain
from mingji.rules.results import FormResult
from mingji.rules.text import Text
from mingji.schemes import queries as schemes

# What reading and scoring facts that somebody changed by hand may end in.
_UNREADABLE = (Invalid, KeyError, TypeError, ValueError, ArithmeticError, AttributeError)
_NOT_SCORABLE = Text(
    zh="冻结的事实已经读不出来或不能计分：被改动过。",
    en="The frozen facts can no longer be read or scored: they were changed.",
)
_DISAPPEARED = Text(
    zh="审计记录里计算过这份考核，现在它不在已算出的考核之中：被删除、挪走或退回过。",
    en="The audit trail recorded this appraisal as computed, but it is not among the computed ones "
    "any more: it was deleted, moved or put back.",
)
_SCHEME_CHANGED = Text(
    zh="这个考核周期所用的方案版本，内容与发布时的摘要不一致：被改动过。从备份中对照方案。",
    en="The scheme version of this cycle differs from its digest at publishing: it was changed. "
    "Compare the scheme with a backup.",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome for one appraisal: `problem` is empty when every byte is the same."""

    member: str
    grade: str
    total: str
    digest: str
    problem: Text | None


def prove(cycle_code: str) -> Iterator[Proof]:
    """Recompute every computed appraisal of a cycle and compare it with what is stored.

    Four comparisons: the stored result with the recomputed one, the figures in the columns with
    the stored result, its digest with the one that the audit trail recorded at computing, and the
    members that it recorded with those who are still there.

    Raises:
        NotFound: there is no such cycle.
        Invalid: the scheme version of the cycle is no longer the one that was published.
    """
    cycle = queries.cycle_for(cycle_code)
    if not schemes.is_as_published(cycle.scheme_version_id):
        raise Invalid(_SCHEME_CHANGED, code="scheme_changed")
    recorded = audit.latest_evidence("cycle", cycle.code, "compute").get("results", {})
    computed = (Stage.COMPUTED, Stage.RELEASED)
    appraisals = list(queries.for_scoring(cycle).filter(stage__in=computed))
    results, broken = _recomputed(appraisals)
    for appraisal in appraisals:
        member, result = appraisal.member.code, results.get(appraisal.pk)
        digest = hashlib.sha256(appraisal.result.encode()).hexdigest()
        yield Proof(
            member=member,
            grade=appraisal.grade,
            total="" if result is None or result.total is None else plain(result.total),
            digest=digest,
            problem=broken.get(appraisal.pk)
            or _problem(appraisal, result, digest, recorded.get(member)),
        )
    for member in sorted(recorded.keys() - {each.member.code for each in appraisals}):
        yield Proof(
            member=member, grade="", total="", digest=recorded[member], problem=_DISAPPEARED
        )


def _recomputed(
    appraisals: Sequence[Appraisal],
) -> tuple[dict[int, FormResult], dict[int, Text]]:
    """The results, or, where facts can no longer be scored, whose they are.

    A team's mean needs all of its members: with one unreadable nobody is recomputed, and the
    others are held against the audit trail alone.
    """
    try:
        return results_of(appraisals), {}
    except _UNREADABLE:
        broken = {}
        for appraisal in appraisals:
            try:
                results_of([appraisal])
            except _UNREADABLE:
                broken[appraisal.pk] = _NOT_SCORABLE
        return {}, broken


def _problem(
    appraisal: Appraisal, result: FormResult | None, digest: str, recorded: str | None
) -> Text | None:
    if result is not None and result_text(result) != appraisal.result:
        return Text(
            zh="重新计算的结果与保存的不一致：冻结的事实、评分或保存的结果被改动过。",
            en="The recomputed result differs from the stored one: frozen facts, ratings or the "
            "stored result were changed.",
        )
    if result is not None and (appraisal.total, appraisal.grade) != (
        listed(result.total),
        result.grade or "",
    ):
        return Text(
            zh="列表中的得分或等级与保存的结果不一致。",
            en="The score or grade in the lists differs from the stored result.",
        )
    if digest != recorded:
        return Text(
            zh="结果的摘要与审计记录中的不一致。",
            en="The digest of the result differs from the one in the audit trail.",
        )
    return None
