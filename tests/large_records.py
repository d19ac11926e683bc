"""The facts, appraisals and audit trail of a large company."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from builders import HIRED, NOW, TODAY
from goal_builders import LAST_PERIOD, PERIOD, a_scheme, an_observation
from large_goals import METRICS
from large_rows import every_member, written


def facts(analyst: Any) -> None:
    """Values of everybody and every team, disputes, corrections, matches, sources and findings."""
    from mingji.metrics.models import (
        Correction,
        Dispute,
        Observation,
        OwnerMapping,
        QualityFinding,
        RefreshRun,
        Source,
        SourceRun,
    )
    from mingji.people.models import Team

    company_values = [an_observation(metric, "7") for metric in METRICS]
    trees = {each.metric: each.tree for each in company_values}
    run = RefreshRun.objects.get()
    members, teams = every_member(), list(Team.objects.all())
    RefreshRun.objects.filter(pk=run.pk).update(
        unmatched=[
            {
                "table": "leads",
                "source": "crm",
                "owner": f"owner-{number}",
                "rows": 3,
                "reason": "unknown",
                "values": {},
            }
            for number in range(len(members) // 4)
        ]
    )
    written(
        Observation(
            run=run, metric=metric, period=period, value=7, rows=7, tree=trees[metric], **owner
        )
        for metric in METRICS
        for period in (LAST_PERIOD, PERIOD)
        for owner in [*({"member": each} for each in members), *({"team": each} for each in teams)]
    )
    disputes = written(
        Dispute(
            member=member,
            metric="mql_count",
            period=LAST_PERIOD,
            ground="other",
            text="Eight, not seven.",
            raised_by=member,
            raised_at=NOW,
        )
        for member in members
    )
    written(
        Correction(
            table="leads",
            kind="exclude",
            key=[f"L{number}"],
            members=[dispute.member.code],
            reason="Counted twice.",
            dispute=dispute,
            proposed_by=analyst,
            proposed_at=NOW,
        )
        for number, dispute in enumerate(disputes)
        if number % 4 == 0
    )
    written(
        OwnerMapping(source="crm", owner=member.code, member=member, starts_on=HIRED)
        for member in members
    )
    sources = written(
        Source(
            code=f"crm{number}",
            name_zh="客户",
            name_en="CRM",
            kind="inbox",
            settings={"pattern": "*.csv"},
            table="leads",
            created_at=NOW,
        )
        for number in range(3)
    )
    written(
        SourceRun(source=source, started_at=NOW, ended_at=NOW, status="nothing", who="schedule")
        for source in sources
        for _ in range(len(members) // 10)
    )
    said = {"zh": "行数偏多", "en": "many rows"}
    written(
        QualityFinding(
            code="volume",
            path=f"leads.{number}",
            severity="warning",
            message=said,
            remedy=said,
            metrics=list(METRICS),
            members=len(members),
            first_run=run,
            last_run=run,
            found_at=NOW,
        )
        for number in range(len(members) // 10)
    )


def appraisals() -> None:
    """A cycle in which everybody is reviewed by their manager, and one that was released."""
    from mingji.appraisals.models import Appraisal, AppraisalCycle, Review
    from mingji.people.models import Posting
    from mingji.rules.explanation import Node, as_data
    from mingji.rules.text import Text

    scheme = a_scheme()
    due = {"self_review_due": TODAY, "manager_review_due": date(2026, 12, 8)}
    opened = {"scheme_version": scheme, "opened_at": NOW, "opened_by": "system", **due}
    running = AppraisalCycle.objects.create(code="cycle-2026q3", period=LAST_PERIOD, **opened)
    released = AppraisalCycle.objects.create(
        code="cycle-2026q2", period="2026Q2", released_at=NOW, released_by="system", **opened
    )
    posts = list(Posting.objects.order_by("pk"))
    post = {"member": "somebody", "name": "", "level": "specialist", "family": "DG", "team": "flat"}
    frozen = {**post, "presence": "1", "items": {}}
    tree = as_data(Node(key="total", label=Text.same("total"), value=Decimal(80), rule="total"))

    def row(cycle: Any, post: Any, **more: Any) -> Any:
        return Appraisal(
            cycle=cycle,
            member_id=post.member_id,
            reviewer_id=post.manager_id,
            team_id=post.team_id,
            job_family=post.job_family,
            level=post.level,
            facts=frozen,
            **more,
        )

    stages = ("manager_review", "self_review", "reviewed")
    rows = written(row(running, post, stage=stages[n % 3]) for n, post in enumerate(posts))
    written(
        Review(
            appraisal=each, kind="self", author_id=each.member_id, saved_at=NOW, submitted_at=NOW
        )
        for each in rows
    )
    written(
        row(
            released,
            post,
            stage="released",
            total=Decimal(70 + n % 30),
            grade="ABC"[n % 3],
            result=json.dumps({"tree": tree}),
        )
        for n, post in enumerate(posts)
    )


def trail(marketer: Any, count: int) -> None:
    """So many audit records, half of them about the marketer."""
    from mingji.audit.models import AuditRecord

    first = AuditRecord.objects.count() + 1
    code = marketer.code
    written(
        AuditRecord(
            number=first + number,
            at=NOW,
            actor="system",
            action="change",
            kind="member",
            object_id=code if number % 2 else f"member{number}",
            reason="A long road to a decision.",
            evidence={"field": "target", "before": "100", "after": "120"},
            previous="",
            digest="",
        )
        for number in range(count)
    )
