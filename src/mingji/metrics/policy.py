"""Who may see which value, and who looks after the data behind it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingji.engine.typed import TYPED
from mingji.kit.verdict import ALLOWED, Verdict
from mingji.metrics.models import Correction, DataOwner, Dispute
from mingji.people import queries as people
from mingji.people.viewer import Actor, Viewer
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "list": "Every member: the definitions and the values of the whole company.",
    "metric": "Every member: values of company and teams; members' values only in one's reach.",
    "why": "Every member for company and teams; a member's value for the member, those above, "
    "the unit's HR partner and the data analyst.",
    "rows": "As the value itself; an owner is named only to those whom the member concerns.",
    "rows_csv": "As the page of the rows.",
    "explore": "Every member: company and teams by any dimension; members only in one's reach.",
    "explore_csv": "As the explorer.",
    "explore_xlsx": "As the explorer.",
    "explore_why": "As the explorer; a member's value as under `why`.",
    "explore_rows": "As the explorer; an owner is named only to those whom the member concerns.",
    "explore_rows_csv": "As the page of the rows.",
    "definitions": "Every member: how people are measured is no secret.",
    "definitions_version": "Every member.",
    "definitions_edit": "The data analyst.",
    "define": "The data analyst.",
    "data_owner": "The data analyst.",
    "typed": "The data analyst and the metric's data owner, who type values in; the company's HR "
    "partner, who approves them.",
    "type_in": "The data analyst and the metric's data owner, not a value of their own.",
    "data": "The data analyst.",
    "refresh": "The data analyst.",
    "map_owner": "The data analyst.",
    "matches": "The data analyst.",
    "end_match": "The data analyst, not for a match to themselves.",
    "source_new": "The data analyst.",
    "source": "The data analyst.",
    "source_settings": "The data analyst.",
    "source_test": "The data analyst.",
    "source_preview": "The data analyst.",
    "source_mapping": "The data analyst.",
    "source_mapping_missing": "The data analyst.",
    "source_schedule": "The data analyst.",
    "source_upload": "The data analyst.",
    "source_run_now": "The data analyst.",
    "source_run": "The data analyst.",
    "source_rejected": "The data analyst.",
    "source_waiting": "The data analyst.",
    "source_waiting_csv": "The data analyst.",
    "source_mend": "The data analyst.",
    "push": "Nobody by signing in: a system that has the source's secret and signs each body.",
    "dispute": "The member, and those above for the member; of a team's value, its lead.",
    "disputes": "Every member: disputes of those in one's reach; peers never.",
    "dispute_page": "The member, those above, the unit's HR partner, the metric's data owner, the "
    "data analyst.",
    "dispute_file": "As the page of the dispute.",
    "dispute_reason": "The metric's data owner and the data analyst, not about their own number.",
    "dispute_follow_up": "The member, and who raised it for them.",
    "inbox": "Data analysts, data owners, and HR partners of the whole company.",
    "correct": "The data analyst; the data owner for a dispute of their metric, in its tables.",
    "correction": "Data analysts, HR partners of the whole company, who may see its dispute, and "
    "those in whose reach somebody is whose number it moves.",
    "correction_file": "As the page of the correction.",
    "quality": "The data analyst.",
    "acknowledge": "The data analyst.",
    "decide": "A second analyst or the company's HR partner; nobody whose number it moves.",
    "api.metrics": "Every member: how people are measured is no secret.",
    "api.metric": "Every member.",
    "api.periods": "Every member.",
    "api.observations": "Company and teams: every member; a member's value as under `why`.",
    "api.explanation": "As under `why`.",
    "api.observation_rows": "As under `rows`.",
    "api.observation_basis": "As under `why`.",
    "api.dependence": "Every member: how people are measured is no secret.",
    "api.metric_history": "Every member.",
    "api.definition_versions": "Every member.",
    "api.definition_version": "Every member.",
    "api.check_definitions": "The data analyst.",
    "api.publish_definitions": "The data analyst.",
    "api.disputes": "Every member: as under `disputes`.",
    "api.dispute": "As under `dispute_page`.",
    "api.dispute_file": "As under `dispute_page`.",
    "api.raise_dispute": "As under `dispute`.",
    "api.answer_dispute": "As under `dispute_reason`.",
    "api.follow_up": "As under `dispute_follow_up`.",
    "api.corrections": "Every member: one's own; all for data analysts and HR partners of the "
    "whole company.",
    "api.correction": "As under `correction`.",
    "api.correction_file": "As under `correction`.",
    "api.propose_correction": "As under `correct`.",
    "api.decide_correction": "As under `decide`.",
    "api.typed_values": "As under `typed`.",
    "api.type_in": "As under `type_in`.",
    "api.sources": "The data analyst.",
    "api.source": "The data analyst.",
    "api.source_runs": "The data analyst.",
    "api.source_run": "The data analyst.",
    "api.start_run": "The data analyst.",
    "api.rejected_rows": "The data analyst.",
    "api.mend_rows": "The data analyst.",
    "api.quality_findings": "The data analyst.",
}

_NOT_ANALYST = Verdict(
    "not_analyst",
    Text(
        zh="只有数据分析师可以查看和维护数据来源。",
        en="Only the data analyst looks after the data sources.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """Which observations a viewer may see; a condition on `Observation`.

    Values of teams and of the company are everybody's. A member's values belong to those whom
    the member's record concerns (`people.queries.reach`), and to the analyst who answers for
    every number.
    """
    if viewer.analyst:
        return Q()
    return Q(member__isnull=True) | Q(member__in=people.reach(viewer))


def may_keep_data(actor: Actor) -> Verdict:
    """Load tables, refresh values, match owners to members: the data analyst, and set-up."""
    return ALLOWED if isinstance(actor, str) or actor.analyst else _NOT_ANALYST


_NOT_OWNER = Verdict(
    "not_data_owner",
    Text(
        zh="只有数据分析师和这个指标的数据负责人可以这样做。",
        en="Only the data analyst and the metric's data owner may do this.",
    ),
)
_OWN_VALUE = Verdict(
    "own_value",
    Text(
        zh="不能录入自己的数字，也不能录入自己团队的数字。由另一个人来录入。",
        en="Nobody types in their own number or that of their own team. Somebody else has to.",
    ),
)


def owned_by(viewer: Viewer) -> QuerySet[DataOwner, Any]:
    """The ids of the metrics whose data owner the viewer is, for `metric__in=owned_by(viewer)`."""
    return DataOwner.objects.filter(member_id=viewer.member_id).order_by().values("metric")


def may_keep_metric(actor: Viewer, metric: str) -> Verdict:
    """Answer for the numbers of a metric: the data analyst, and the metric's data owner."""
    if actor.analyst or owned_by(actor).filter(metric=metric).exists():
        return ALLOWED
    return _NOT_OWNER


def may_type_in(actor: Viewer, metric: str, member: str, team: int | None) -> Verdict:
    """Type in a value of a metric for a member (by code), a team (by id) or, neither, the company.

    Who keeps the metric; never for oneself, for the team one stands in, or, at the top of the
    company, for the company.
    """
    may_keep_metric(actor, metric).require()
    company = not member and team is None
    own = actor.code == member or (team is not None and actor.team_id == team)
    return _OWN_VALUE if own or (company and actor.top and actor.depth) else ALLOWED


def may_see_typed(viewer: Viewer, metric: str) -> Verdict:
    """The list of typed-in values of a metric: who types them in, and who approves them."""
    return ALLOWED if may_see_inbox(viewer) else may_keep_metric(viewer, metric)


_NOT_YOURS_TO_DISPUTE = Verdict(
    "not_yours_to_dispute",
    Text(
        zh="一个数字由本人提出异议，或由其上级代为提出。",
        en="A number is disputed by the member it is about, or by somebody above them.",
    ),
)
_OWN_NUMBER = Verdict(
    "own_number",
    Text(
        zh="不能处理自己的数字。由另一个人来做。",
        en="Nobody decides about their own numbers. Somebody else has to do it.",
    ),
)
_OWN_CORRECTION = Verdict(
    "own_correction",
    Text(
        zh="不能批准自己提出的更正。由另一个人来批准。",
        en="Nobody approves their own correction. A second person has to.",
    ),
)
_NOT_APPROVER = Verdict(
    "not_approver",
    Text(
        zh="更正由另一位数据分析师，或负责全公司的人力资源伙伴批准。",
        en="Corrections are approved by another data analyst or the company's HR partner.",
    ),
)
_NOT_RAISER = Verdict(
    "not_the_raiser",
    Text(
        zh="只有提出异议的人或本人可以这样做。",
        en="Only the member, or who raised the dispute for them, may do this.",
    ),
)


def disputes_visible_to(viewer: Viewer) -> Q:
    """Which disputes a viewer may know of; a condition on `Dispute`.

    The member, those above in the reporting line, the unit's HR partner, and the analyst and the
    metric's data owner who answer. Nobody else: that somebody disputes a number is no peer's
    business.
    """
    if viewer.analyst:
        return Q()
    return Q(member__in=people.reach(viewer)) | Q(metric__in=owned_by(viewer))


def disputes_to_answer(viewer: Viewer) -> Q:
    """Which disputes go to the viewer for an answer; a condition on `Dispute`.

    They go to the metric's data owner; to the data analysts where there is none, where the owner
    has left, or where it is about the owner's own number. Nobody answers their own.
    """
    own = Q(member_id=viewer.member_id) | Q(raised_by_id=viewer.member_id)
    mine = Q(metric__in=owned_by(viewer))
    if viewer.analyst:
        owners = DataOwner.objects.filter(metric=OuterRef("metric"))
        answering = owners.filter(people.still_here(viewer.on, "member__"))
        others = answering.exclude(member=OuterRef("member")).exclude(member=OuterRef("raised_by"))
        mine |= Q(~Exists(others))
    return mine & ~own


def answers_for(viewer: Viewer, metrics: Collection[str], period: str, member: str) -> bool:
    """Whether the viewer, as data owner, has a dispute of one of these metrics of a member."""
    about = Dispute.objects.filter(metric__in=metrics, period=period, member__code=member)
    return about.filter(metric__in=owned_by(viewer)).exists()


def may_dispute(actor: Viewer, member_id: int) -> Verdict:
    """Dispute a number of this member: the member, or somebody above them today."""
    if actor.member_id == member_id or people.is_above(actor, member_id):
        return ALLOWED
    return _NOT_YOURS_TO_DISPUTE


def may_dispute_team(actor: Viewer, team_id: int) -> Verdict:
    """Dispute a number of a whole team: who leads it from within."""
    leads = actor.team_id == team_id and actor.depth > 0
    return ALLOWED if leads else _NOT_YOURS_TO_DISPUTE


def may_answer(actor: Viewer, dispute: Dispute) -> Verdict:
    """Answer a dispute: the data analyst and the metric's data owner, unless it is about or by
    themselves."""
    may_keep_metric(actor, dispute.metric).require()
    own = actor.member_id in (dispute.member_id, dispute.raised_by_id)
    return _OWN_NUMBER if own else ALLOWED


def may_follow_up(actor: Viewer, dispute: Dispute) -> Verdict:
    """Accept an answer, reopen or withdraw: the member, or who raised it for them."""
    mine = actor.member_id in (dispute.member_id, dispute.raised_by_id)
    return ALLOWED if mine else _NOT_RAISER


def may_see_inbox(viewer: Viewer) -> Verdict:
    """Every correction, to approve it: data analysts, and the company's HR partners."""
    return ALLOWED if viewer.analyst or viewer.hr_of_all else _NOT_APPROVER


def may_open_inbox(viewer: Viewer) -> Verdict:
    """The inbox of disputes and corrections: who approves, and data owners for their disputes."""
    return ALLOWED if owned_by(viewer).exists() else may_see_inbox(viewer)


def may_correct(actor: Viewer, dispute: Dispute | None) -> Verdict:
    """Propose a correction: the data analyst; the data owner to answer a dispute of the metric."""
    if dispute is None or actor.analyst:
        return may_keep_data(actor)
    return may_answer(actor, dispute)


def may_decide(actor: Viewer, correction: Correction) -> Verdict:
    """Approve or reject a correction: a second person whose numbers it does not touch."""
    may_see_inbox(actor).require()
    dispute = correction.dispute
    if actor.code in correction.members or (
        dispute and actor.member_id in (dispute.member_id, dispute.raised_by_id)
    ):
        return _OWN_NUMBER
    return _OWN_CORRECTION if correction.proposed_by_id == actor.member_id else ALLOWED


def may_read_correction(viewer: Viewer, correction: Correction) -> bool:
    """Who decides on corrections, who may know of its dispute, and those whose numbers it moves.

    The last see what was changed and why, and not whether somebody disputed a number. Typed-in
    values are also for who keeps the metric; approved ones of teams and the company for all.
    """
    if may_see_inbox(viewer) or correction.proposed_by_id == viewer.member_id:
        return True
    if correction.table == TYPED:
        metric, _, level, _ = correction.key
        everybodys = level != "member" and correction.status == Correction.Status.APPROVED
        if everybodys or may_keep_metric(viewer, metric):
            return True
    dispute = correction.dispute
    if dispute and may_keep_metric(viewer, dispute.metric):
        return True
    reach = people.reach(viewer)
    concerned = reach.filter(code__in=correction.members)
    if dispute and reach.filter(pk=dispute.member_id).exists():
        return True
    return concerned.exists()
