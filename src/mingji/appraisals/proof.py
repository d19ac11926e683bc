"""Prove that the results of a cycle follow from what was frozen, to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from mingji.appraisals import queries
from mingji.appraisals.models import Appraisal, Stage
from mingji.appraisals.scored import results_of
from mingji.appraisals.snapshot import listed, result_text
from mingji.audit import queries as audit
from mingji.rules.explanation import plain
from mingji.rules.results import FormResult
from mingji.rules.text import Text


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

    Three comparisons: the stored result with the recomputed one, the figures in the columns with
    the stored result, and its digest with the one that the audit trail recorded at computing.

    Raises:
        NotFound: there is no such cycle.
    """
    cycle = queries.cycle_for(cycle_code)
    recorded = audit.latest_evidence("cycle", cycle.code, "compute").get("results", {})
    computed = (Stage.COMPUTED, Stage.RELEASED)
    appraisals = list(queries.for_scoring(cycle).filter(stage__in=computed))
    results = results_of(appraisals)
    for appraisal in appraisals:
        result = results[appraisal.pk]
        digest = hashlib.sha256(appraisal.result.encode()).hexdigest()
        yield Proof(
            member=appraisal.member.code,
            grade=appraisal.grade,
            total="" if result.total is None else plain(result.total),
            digest=digest,
            problem=_problem(appraisal, result, digest, recorded.get(appraisal.member.code)),
        )


def _problem(
    appraisal: Appraisal, result: FormResult, digest: str, recorded: str | None
) -> Text | None:
    if result_text(result) != appraisal.result:
        return Text(
            zh="重新计算的结果与保存的不一致：冻结的事实、评分或保存的结果被改动过。",
            en="The recomputed result differs from the stored one: frozen facts, ratings or the "
            "stored result were changed.",
        )
    if (appraisal.total, appraisal.grade) != (listed(result.total), result.grade or ""):
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
