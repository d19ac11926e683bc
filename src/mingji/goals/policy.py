"""Who may see, set, negotiate and change goals."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Literal

from django.db.models import Q

from mingji.goals.models import Agreement, ChangeRequest, Goal, GoalTemplate
from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.goal_steps import Side
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member, Team

ROUTES: dict[str, str] = {
    "mine": "Every member, their own goals only.",
    "member": "The member, those above, the unit's HR partner.",
    "team": "Everyone in the team, those who lead it, its HR partner.",
    "goal": "The member, those above, the unit's HR partner.",
    "why": "The member, those above, the unit's HR partner.",
    "new": "The member, and those above in the reporting line today, until they are proposed.",
    "new_of_team": "Who leads the team, and those above, until the goals are proposed.",
    "edit": "The member, and those above in the reporting line today, while it is a draft.",
    "new_key_result": "The member, and those above, while the objective is a draft.",
    "alignment": "As `goal`; sums only for who may see every goal below.",
    "alignment_why": "As `alignment`, if all goals below are theirs to see.",
    "align": "Either side of the goal that serves, to a goal that they may see.",
    "unalign": "Either side of the goal that serves.",
    "combine": "Either side of the goal: the way, and the parts of goals below that they may see.",
    "split": "Either side of the team's goal: over those of the team who report to them.",
    "report": "The member, and those above in the reporting line today, once it is agreed.",
    "support": "The member, and those above in the reporting line today, once it is agreed.",
    "link": "The member, and those above in the reporting line today.",
    "unlink": "The member, and those above in the reporting line today.",
    "remove": "The member, and those above in the reporting line today, while it is a draft.",
    "agreement": "The member, those above, the unit's HR partner.",
    "agreement_pdf": "The member, those above, the unit's HR partner.",
    "propose": "The member, and those above in the reporting line today, while it is a draft.",
    "withdraw": "The side that proposed, until the other has answered.",
    "counter": "The side that did not propose: the member, or those above.",
    "comment": "The member, and those above in the reporting line today.",
    "deadline": "Those above the member in the reporting line today, until it is agreed.",
    "versions": "The member, those above, the unit's HR partner.",
    "ask_change": "The member, and those above, once the goals are agreed.",
    "change": "The member, those above, the unit's HR partner.",
    "effect": "The member, those above, the unit's HR partner.",
    "accept_change": "The side that was asked.",
    "approve_change": "A third person: further up, or the unit's HR partner.",
    "refuse_change": "The side that was asked; once it accepted, whoever decides.",
    "withdraw_change": "The side that asked, until it is decided.",
    "accept": "The side that did not propose: the member, or those above.",
    "copy_of_member": "The member, and those above in the reporting line today.",
    "copy_of_team": "Who leads the team, and those above.",
    "copy_many": "Who leads people: for those who report to them directly.",
    "templates": "Who leads people, and HR partners.",
    "save_template": "Who leads people, and HR partners: of agreements that they may see.",
    "remove_template": "Who made it, and HR partners.",
    "plan": "Who leads people: for those who report to them.",
    "upload": "Who leads people: for those who report to them.",
    "upload_sheet": "Who leads people: for those who report to them.",
    "weights": "Who leads people, and HR partners: drafts of those below them or served by them.",
    "export_csv": "As the list of goals: only those that the viewer may see.",
    "export_xlsx": "As the list of goals: only those that the viewer may see.",
    "strategy": "Every member: themes; goals as far as they are theirs to see, others counted.",
    "grid": "As `team`; the goals of its members as far as they are theirs to see.",
    "matrix": "As `team`; the goals of its members as far as they are theirs to see.",
    "path": "As `goal`.",
    "coverage": "Every member: themes, and the goals and members that are theirs to see.",
    "api.goals": "As the page of the member's goals, or the team's.",
    "api.goal": "As the page of the goal.",
    "api.goal_explanation": "As the page of the goal.",
    "api.agreement": "As the page of the agreement.",
    "api.draft": "Either side of the goals, while they are a draft.",
    "api.propose": "As `propose`.",
    "api.withdraw": "As `withdraw`.",
    "api.counter": "As `counter`.",
    "api.accept": "As `accept`.",
    "api.comment": "As `comment`.",
    "api.ask_change": "As `ask_change`.",
    "api.change": "As the page of the change request.",
    "api.answer_change": "As `accept_change`, `approve_change`, `refuse_change` and so on.",
    "api.progress": "As `report`.",
    "api.goal_alignment": "As `alignment`: sums only for who may see every goal below.",
    "api.alignment_explanation": "As `alignment_why`.",
    "api.align": "As `align`.",
    "api.unalign": "As `unalign`.",
    "api.combine": "As `combine`.",
}

_NOT_A_SIDE = Verdict(
    "not_a_side",
    Text(
        zh="目标由成员本人和其上级商定，别人只能查看。",
        en="Goals are settled between the member and those above; others only read them.",
    ),
)
_NOT_ABOVE = Verdict(
    "not_above",
    Text(zh="期限由上级来定。", en="The deadline is set by those above."),
)
_NOT_ABOVE_ALL = Verdict(
    "not_above_all",
    Text(
        zh="其中有人不在你的下级里；只能给自己的下级定目标。",
        en="Somebody among them does not report to you; you set goals of your own people only.",
    ),
)
_LEADS_NOBODY = Verdict(
    "leads_nobody",
    Text(
        zh="只有带人的成员和人力资源伙伴可以打开这一页。",
        en="This page is for those to whom others report, and for HR partners.",
    ),
)
_NOT_IN_CHARGE = Verdict(
    "not_in_charge",
    Text(
        zh="其中有人不是你的下级，也不在你负责的团队里。",
        en="Somebody among them neither reports to you nor works in a team that you serve.",
    ),
)
_NOT_YOUR_TEMPLATE = Verdict(
    "not_your_template",
    Text(
        zh="模板由保存它的人或人力资源伙伴移除。",
        en="A template is removed by who saved it, or by an HR partner.",
    ),
)
_NOT_AN_APPROVER = Verdict(
    "not_an_approver",
    Text(
        zh="变更由双方之外的人批准：更高一级的上级，或负责该团队的人力资源伙伴。",
        en="A change is approved by somebody else than its two sides: a manager further up, "
        "or the unit's HR partner.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """Own goals, those of everyone below today, those of the teams served as HR partner.

    Goals of a whole team are for everyone in it, those who lead it, and its HR partner. A
    condition on `Goal` and on `Agreement`.
    """
    teams = {team.pk for team in people.teams_of(viewer)}
    if viewer.team_id is not None:
        teams.add(viewer.team_id)
    return Q(member__in=people.reach(viewer)) | Q(team_id__in=teams)


def side_of(actor: Viewer, *, member: Member | None, team: Team | None) -> Side | Literal[""]:
    """On which side of an agreement somebody sits today: `own`, `above`, or on neither.

    A member speaks for themselves, and everybody above speaks for the other side. A team is
    spoken for by whoever works in it and leads others there; the other side are those above it,
    and for the topmost team the HR partner of the whole company.
    """
    if member is not None:
        if member.pk == actor.member_id:
            return "own"
        return "above" if people.is_above(actor, member.pk) else ""
    assert team is not None
    if people.leads_in(actor, team.pk):
        return "own" if actor.team_id == team.pk else "above"
    return "above" if team.parent_id is None and actor.hr_of_all else ""


def may_negotiate(actor: Viewer, *, member: Member | None, team: Team | None) -> Verdict:
    """Draft, propose, answer or ask for a change: either side of the agreement."""
    return ALLOWED if side_of(actor, member=member, team=team) else _NOT_A_SIDE


def may_decide(actor: Viewer, request: ChangeRequest, agreement: Agreement) -> Verdict:
    """Approve a change that both sides accepted: a third person who stands above the member or
    serves the unit as HR partner."""
    if actor.code in {request.asked_by, request.accepted_by}:
        return _NOT_AN_APPROVER
    if agreement.member_id == actor.member_id:
        return _NOT_AN_APPROVER
    above = side_of(actor, member=agreement.member, team=agreement.team) == "above"
    return ALLOWED if above or _serves(actor, agreement) else _NOT_AN_APPROVER


def may_set_deadline(actor: Viewer, agreement: Agreement) -> Verdict:
    """Say by when goals are to be agreed: somebody above."""
    side = side_of(actor, member=agreement.member, team=agreement.team)
    return ALLOWED if side == "above" else _NOT_ABOVE


def may_plan_for(actor: Viewer, codes: Collection[str]) -> Verdict:
    """Set goals of many members: everybody among them reports to the actor. One query."""
    return ALLOWED if people.all_below(actor, codes) else _NOT_ABOVE_ALL


def may_weigh_many(actor: Viewer) -> Verdict:
    """Change weights in the drafts of many: who leads people, or serves teams as HR partner."""
    return ALLOWED if actor.depth or actor.hr_teams else _LEADS_NOBODY


def may_weigh(actor: Viewer, codes: Collection[str]) -> Verdict:
    """Change weights in the drafts of these members: each reports to the actor, or works in a
    team that they serve as HR partner. A draft binds nobody until both sides agree to it."""
    mine = people.in_charge_of(actor).filter(code__in=list(codes)).count()
    return ALLOWED if mine == len(set(codes)) > 0 else _NOT_IN_CHARGE


def may_keep_templates(actor: Viewer) -> Verdict:
    """See goal templates and save new ones: who leads people, or serves teams as HR partner."""
    return ALLOWED if actor.depth or actor.hr_teams else _LEADS_NOBODY


def may_remove_template(actor: Viewer, template: GoalTemplate) -> Verdict:
    """Take a goal template away: who made it, or an HR partner."""
    return ALLOWED if actor.code == template.made_by or actor.hr_teams else _NOT_YOUR_TEMPLATE


def may_report(actor: Viewer, goal: Goal) -> Verdict:
    """Report progress, or follow up the support: either side."""
    return may_negotiate(actor, member=goal.member, team=goal.team)


def _serves(actor: Viewer, agreement: Agreement) -> bool:
    if agreement.team_id is not None:
        return agreement.team_id in actor.hr_teams
    return people.serves_as_hr(actor, agreement.member_id or 0)
