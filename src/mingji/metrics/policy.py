"""Who may see which value, and who looks after the data behind it."""

from __future__ import annotations

from django.db.models import Q

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.metrics.models import Correction, Dispute
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
    "explore_why": "As the explorer; a member's value as under `why`.",
    "explore_rows": "As the explorer; an owner is named only to those whom the member concerns.",
    "explore_rows_csv": "As the page of the rows.",
    "definitions": "Every member: how people are measured is no secret.",
    "definitions_version": "Every member.",
    "definitions_edit": "The data analyst.",
    "define": "The data analyst.",
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
    "push": "Nobody by signing in: a system that has the source's secret and signs each body.",
    "dispute": "The member, and those above for the member; of a team's value, its lead.",
    "disputes": "Every member: disputes of those in one's reach; peers never.",
    "dispute_page": "The member, those above, the unit's HR partner, the data analyst.",
    "dispute_reason": "The data analyst, not about their own number.",
    "dispute_follow_up": "The member, and who raised it for them.",
    "inbox": "Data analysts and HR partners of the whole company.",
    "correct": "The data analyst.",
    "correction": "Data analysts, HR partners of the whole company, who may see its dispute, and "
    "those in whose reach somebody is whose number it moves.",
    "quality": "The data analyst.",
    "acknowledge": "The data analyst.",
    "decide": "A second analyst or the company's HR partner; nobody whose number it moves.",
    "api.metrics": "Every member: how people are measured is no secret.",
    "api.metric": "Every member.",
    "api.periods": "Every member.",
    "api.observations": "Company and teams: every member; a member's value as under `why`.",
    "api.explanation": "As under `why`.",
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

    The member, those above in the reporting line, the unit's HR partner, and the analyst who
    answers. Nobody else: that somebody disputes a number is no peer's business.
    """
    return Q() if viewer.analyst else Q(member__in=people.reach(viewer))


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
    """Answer a dispute: the data analyst, unless it is about or by themselves."""
    may_keep_data(actor).require()
    own = actor.member_id in (dispute.member_id, dispute.raised_by_id)
    return _OWN_NUMBER if own else ALLOWED


def may_follow_up(actor: Viewer, dispute: Dispute) -> Verdict:
    """Accept an answer, reopen or withdraw: the member, or who raised it for them."""
    mine = actor.member_id in (dispute.member_id, dispute.raised_by_id)
    return ALLOWED if mine else _NOT_RAISER


def may_see_inbox(viewer: Viewer) -> Verdict:
    """The inbox of disputes and corrections: data analysts, and who else approves."""
    return ALLOWED if viewer.analyst or viewer.hr_of_all else _NOT_APPROVER


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

    The last see what was changed and why, and not whether somebody disputed a number.
    """
    if may_see_inbox(viewer):
        return True
    reach = people.reach(viewer)
    concerned = reach.filter(code__in=correction.members)
    if correction.dispute and reach.filter(pk=correction.dispute.member_id).exists():
        return True
    return concerned.exists()
