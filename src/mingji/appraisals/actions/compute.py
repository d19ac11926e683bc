"""Compute the results of a cycle, and release them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from mingji.appraisals import policy, queries
from mingji.appraisals.models import Appraisal, Stage
from mingji.appraisals.scored import results_of
from mingji.appraisals.snapshot import listed, result_text
from mingji.audit import trail
from mingji.people.viewer import Actor, actor_code
from mingji.rules import lifecycle
from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text
from mingji.schemes import queries as schemes


@transaction.atomic
def compute(actor: Actor, cycle_code: str, *, at: datetime) -> int:
    """Score every appraisal whose manager review is in, and say how many that were.

    The digest of each result goes into the audit trail, where `mingji verify` finds it.

    Raises:
        NotAllowed: the actor does not run cycles.
        NotAllowedNow: no appraisal is ready, or the cycle is released.
    """
    policy.may_run_cycles(actor).require()
    cycle = queries.cycle_for(cycle_code, lock=True)
    ready = list(queries.for_scoring(cycle).filter(stage__in=(Stage.REVIEWED, Stage.COMPUTED)))
    if not ready:
        raise NotAllowedNow(
            Text(
                zh="还没有一份考核完成上级评价，暂时没有可计算的。等评价人提交后再算。",
                en="No manager review is in yet, so there is nothing to compute. Wait for one.",
            ),
            code="nothing_ready",
        )
    results = results_of(ready)
    digests = {}
    for appraisal in ready:
        result = results[appraisal.pk]
        appraisal.result = result_text(result)
        appraisal.total = listed(result.total)
        appraisal.grade = result.grade or ""
        appraisal.computed_at = at
        appraisal.stage = lifecycle.advance(appraisal.stage, "compute")
        digests[appraisal.member.code] = hashlib.sha256(appraisal.result.encode()).hexdigest()
    Appraisal.objects.bulk_update(
        ready, ["result", "total", "grade", "computed_at", "stage"], batch_size=200
    )
    trail.record(
        actor=actor_code(actor),
        action="compute",
        kind="cycle",
        object_id=cycle.code,
        at=at,
        evidence={"results": digests},
    )
    return len(ready)


@transaction.atomic
def release(actor: Actor, cycle_code: str, *, at: datetime) -> int:
    """Show every result of a cycle to the member it is about; how many were released.

    Raises:
        NotAllowed: the actor does not run cycles.
        NotAllowedNow: an appraisal is not computed yet, the cycle is released already, or a number
            of it is disputed and the scheme has the release wait for the answer.
    """
    policy.may_run_cycles(actor).require()
    cycle = queries.cycle_for(cycle_code, lock=True)
    appraisals = Appraisal.objects.filter(cycle=cycle)
    open_ones = appraisals.exclude(stage=Stage.COMPUTED).count()
    if cycle.released_at or open_ones:
        raise NotAllowedNow(
            Text(
                zh="结果已经发布过。"
                if cycle.released_at
                else f"还有 {open_ones} 份考核没有算出结果，先完成评价并计算，再统一发布。",
                en="The results are released already."
                if cycle.released_at
                else f"{open_ones} appraisals have no result yet. Finish and compute them first.",
            ),
            code="not_all_computed",
        )
    disputed = queries.open_disputes(cycle)
    if disputed and schemes.scheme_of(cycle.scheme_version_id).release.open_disputes == "block":
        raise NotAllowedNow(
            Text(
                zh=f"还有 {len(disputed)} 条数字异议没有答复，方案要求先答复再发布。",
                en=f"Disputes without an answer: {len(disputed)}. The scheme has the release wait.",
            ),
            code="open_disputes",
        )
    released = appraisals.update(stage=lifecycle.advance("computed", "release"))
    cycle.released_at, cycle.released_by = at, actor_code(actor)
    cycle.save(update_fields=["released_at", "released_by"])
    trail.record(
        actor=actor_code(actor),
        action="release",
        kind="cycle",
        object_id=cycle.code,
        at=at,
        evidence={"released": released, "open_disputes": [each.id for each in disputed]},
    )
    return released
