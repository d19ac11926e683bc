"""Open a cycle: who is appraised, by whom, under which form, on which facts. Then all is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mingji.appraisals import frozen, policy
from mingji.appraisals.models import Appraisal, AppraisalCycle
from mingji.appraisals.snapshot import member_data, team_data
from mingji.audit import trail
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.scheme import Scheme
from mingji.rules.text import Text
from mingji.schemes import queries as schemes


@dataclass(frozen=True, slots=True)
class CyclePlan:
    """What an HR partner decides when opening a cycle; `period` is an id such as `2026Q3`."""

    code: str
    period: str
    scheme_version_id: int
    name_zh: str
    name_en: str
    self_review_due: date
    manager_review_due: date


@transaction.atomic
def open_cycle(actor: Actor, plan: CyclePlan, *, at: datetime) -> AppraisalCycle:
    """Open a cycle for everybody posted on the last day of the period, and freeze the facts.

    Left out, and named in the audit record, are members whose post has no manager (nobody could
    review them) and those of a job family that the scheme has no template for.

    Raises:
        NotAllowed: the actor does not run cycles.
        Invalid: the code is taken, the period has not ended, the dates are out of order, or nobody
            is posted.
    """
    policy.may_run_cycles(actor).require()
    period = Period.parse(plan.period)
    _check(plan, period, timezone.localtime(at).date())
    scheme = schemes.scheme_of(plan.scheme_version_id)
    posts = frozen.posts_at_end(period)
    reviewed = [post for post in posts if post.manager and _covers(scheme, post.job_family)]
    if not reviewed:
        raise _nobody(plan)
    cycle = AppraisalCycle.objects.create(**asdict(plan), opened_at=at, opened_by=actor_code(actor))
    _freeze(cycle, scheme, reviewed)
    trail.record(
        actor=actor_code(actor),
        action="open_cycle",
        kind="cycle",
        object_id=cycle.code,
        at=at,
        evidence={
            "appraisals": len(reviewed),
            "left_out": [post.member for post in posts if post not in reviewed],
            "scheme_digest": cycle.scheme_version.digest,
        },
    )
    return cycle


def _freeze(cycle: AppraisalCycle, scheme: Scheme, posts: Sequence[frozen.Post]) -> None:
    """Write an appraisal for each post, with the facts of members and teams as they stand now."""
    members = people.members_by_code([code for post in posts for code in post.people()])
    teams = people.teams_by_code()
    involved = {post.team: teams[post.team] for post in posts}
    own = frozen.facts_of_members([members[post.member].pk for post in posts], cycle.period)
    shared = frozen.facts_of_teams([team.pk for team in involved.values()], cycle.period)
    appraisals = []
    for post in posts:
        member, team = members[post.member], teams[post.team]
        facts = frozen.member_facts(scheme, post, member, team, own, shared)
        appraisals.append(
            Appraisal(
                cycle=cycle,
                member=member,
                reviewer=members[post.manager] if post.manager else None,
                team=team,
                job_family=post.job_family,
                level=post.level,
                facts=member_data(facts),
            )
        )
    Appraisal.objects.bulk_create(appraisals, batch_size=500)
    cycle.team_facts = {
        code: team_data(frozen.team_facts(scheme, team, shared)) for code, team in involved.items()
    }
    cycle.save(update_fields=["team_facts"])


def _nobody(plan: CyclePlan) -> Invalid:
    return Invalid(
        Text(
            zh=f"{plan.period} 期末没有可考核的成员。先导入成员和任职记录。",
            en=f"Nobody was posted at the end of {plan.period}. Load members and postings.",
        ),
        code="nobody_posted",
    )


def _covers(scheme: Scheme, family: str) -> bool:
    return not scheme.templates or any(each.family == family for each in scheme.templates)


def _check(plan: CyclePlan, period: Period, today: date) -> None:
    if AppraisalCycle.objects.filter(code=plan.code).exists():
        raise Invalid(
            Text(
                zh=f"周期代码 {plan.code} 已被使用。换一个代码。",
                en=f"The code {plan.code} is taken. Choose another.",
            ),
            code="cycle_code_taken",
        )
    if period.end >= today:
        raise Invalid(
            Text(
                zh=f"{period.label.zh}到 {period.end} 才结束，现在开启会把还没做完的数据冻结下来。"
                "结束之后再开启。",
                en=f"{period.label.en} ends on {period.end}: opening now would freeze figures that "
                "are not complete. Open the cycle after that day.",
            ),
            code="period_not_over",
        )
    if not period.end < plan.self_review_due <= plan.manager_review_due:
        raise Invalid(
            Text(
                zh=f"日期顺序不对：自评截止要晚于期末 {period.end}，上级评价截止不能早于自评截止。",
                en=f"The dates are out of order: self-reviews are due after the period ends on "
                f"{period.end}, manager reviews not before self-reviews.",
            ),
            code="cycle_dates",
        )
