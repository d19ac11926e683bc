"""The score of a member, from facts to grade, in the fixed order of scoring.md §2.

item → dimension → total → team blend → bonus → red lines → adjustment → rounding → grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from mingji.rules.blend import TEAM, blended, mean_of_members
from mingji.rules.dimensions import Assembly, assemble
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Source
from mingji.rules.facts import MemberFacts, TeamFacts
from mingji.rules.form import Form, form_for, team_form
from mingji.rules.grading import grade_node
from mingji.rules.numbers import ZERO, checked, exact, rounded, shown
from mingji.rules.points import rounding_words
from mingji.rules.results import FormResult
from mingji.rules.scheme import Rounding, Scheme
from mingji.rules.text import Text

SCORE = Text("得分", "score")


@exact
def score(
    form: Form,
    facts: MemberFacts,
    *,
    team: Node | None = None,
    assembly: Assembly | None = None,
) -> FormResult:
    """A member's result on a form, with every step explained.

    `team` is the team's score as a node (see `team_scores`); without one the blend is left out
    and flagged. `assembly` is what `assemble` made of the same form and facts, where somebody
    needed it before.

    Raises:
        Invalid: weights do not add up, a fact cannot be reckoned with, a method is undefined at
            a value, or a reason is missing; the message names the member and the item.
    """
    try:
        return _finished(form, facts, assembly or assemble(form, facts, facts.items), team)
    except Invalid as refusal:
        raise _of(facts, refusal) from refusal


@exact
def score_all(
    scheme: Scheme, members: Sequence[MemberFacts], teams: Sequence[TeamFacts] = ()
) -> tuple[FormResult, ...]:
    """Everybody's results, in the order given; team scores enter as the scheme says.

    Raises:
        Invalid: as `score`; nothing is returned for anybody then.
    """
    individual: dict[str, list[Decimal]] = {}
    assembled: list[tuple[Form, MemberFacts, Assembly]] = []
    for facts in members:
        form = form_for(scheme, facts.level, facts.family)
        try:
            assembly = assemble(form, facts, facts.items)
        except Invalid as refusal:
            raise _of(facts, refusal) from refusal
        assembled.append((form, facts, assembly))
        if facts.team and (value := _number(assembly.total)) is not None:
            individual.setdefault(facts.team, []).append(value)
    team = team_scores(scheme, individual, teams)
    return tuple(_named(form, facts, all_, team.get(facts.team)) for form, facts, all_ in assembled)


@exact
def team_scores(
    scheme: Scheme,
    individual: Mapping[str, Sequence[Decimal]],
    teams: Sequence[TeamFacts] = (),
) -> dict[str, Node]:
    """The score of each team, explained: as given, from its own items, or its members' mean.

    `individual` holds the members' individual scores by team id.
    """
    nodes: dict[str, Node] = {}
    if scheme.blend.team == "mean_of_members":
        nodes = {team: mean_of_members(scores) for team, scores in individual.items()}
    for team in teams:
        if team.score is not None:
            leaf = Node("team", TEAM, checked(team.score, TEAM))
            nodes[team.team] = replace(leaf, sources=(Source("typed", Text.same(team.team)),))
        elif scheme.blend.team == "team_items":
            facts = MemberFacts(member=team.team, name=team.name)
            nodes[team.team] = assemble(team_form(scheme), facts, team.items).total
    return nodes


def unused_facts(form: Form, facts: MemberFacts) -> tuple[str, ...]:
    """The items that facts speak of and the form does not have; a caller should say so."""
    on_form = {item.id for _, item in form.items()}
    return tuple(item for item in facts.items if item not in on_form)


def _named(form: Form, facts: MemberFacts, assembly: Assembly, team: Node | None) -> FormResult:
    """Finish a result; a refusal names the member."""
    try:
        return _finished(form, facts, assembly, team)
    except Invalid as refusal:
        raise _of(facts, refusal) from refusal


def _finished(form: Form, facts: MemberFacts, assembly: Assembly, team: Node | None) -> FormResult:
    scheme = form.scheme
    unblended = _number(assembly.total)
    node = blended(scheme.blend, form.level.individual, assembly.total, team)
    node, bonus = _with_bonus(node, assembly, scheme.bonus_cap)
    unadjusted = _number(node)
    node = _adjusted(node, facts, scheme.adjustment_limit)
    node = replace(_rounded(node, scheme.rounding), key="total", label=SCORE)
    root, set_by, closed = grade_node(node, scheme, facts.red_lines)
    return FormResult(
        member=facts.member,
        individual=unblended,
        team=_number(team) if team and scheme.blend.mode != "none" else None,
        bonus=bonus,
        unadjusted=unadjusted,
        total=_number(node),
        grade=root.value if isinstance(root.value, str) else None,
        grade_set_by=set_by,
        payout_closed=closed,
        dimensions=assembly.dimensions,
        items=assembly.items,
        flags=tuple(dict.fromkeys(flag for each in root.walk() for flag in each.flags)),
        node=root,
    )


def _with_bonus(node: Node, assembly: Assembly, cap: Decimal | None) -> tuple[Node, Decimal]:
    given = [item for item in assembly.bonus if item.points]
    if not given or not isinstance(node.value, Decimal):
        return node, ZERO
    added = sum((item.points or ZERO for item in given), ZERO)
    counted = added if cap is None else min(added, cap)
    s, b = shown(node.value), shown(counted)
    return Node(
        key="with_bonus",
        label=Text("加分后得分", "score with bonus"),
        value=node.value + counted,
        rule="bonus.add",
        formula=Text(f"{s} + 加分 {b}", f"{s} + bonus {b}"),
        parameters={"cap": cap},
        inputs=(node.keyed("before_bonus"), *(item.node for item in given)),
        flags=("bonus_capped",) if counted != added else (),
    ), counted


def _adjusted(node: Node, facts: MemberFacts, limit: Decimal) -> Node:
    change = checked(facts.adjustment, Text("评分人调整", "the adjustment")) or ZERO
    if change == 0 or not isinstance(node.value, Decimal):
        return node
    if abs(change) > limit:
        raise Invalid(
            Text(
                zh=f"评分人调整 {shown(change)} 超过方案允许的 ±{shown(limit)}；改到范围内",
                en=f"the adjustment {shown(change)} is more than the ±{shown(limit)} that the "
                "scheme allows; bring it inside",
            ),
            code="adjustment_beyond_limit",
        )
    if not facts.adjustment_reason.strip():
        raise Invalid(
            Text(zh="评分人调整要写理由", en="an adjustment needs a reason"), code="reason_required"
        )
    leaf = Node(
        key="adjustment",
        label=Text("评分人调整", "adjustment"),
        value=change,
        sources=(Source("rating", Text.same(facts.adjustment_reason)),),
    )
    s, c = shown(node.value), shown(change)
    return Node(
        key="adjusted",
        label=Text("调整后得分", "adjusted score"),
        value=node.value + change,
        rule="adjustment.add",
        formula=Text(f"{s} + 调整 {c}", f"{s} + adjustment {c}"),
        inputs=(node.keyed("before_adjustment"), leaf),
        flags=("adjusted",),
    )


def _rounded(node: Node, rounding: Rounding) -> Node:
    if rounding.at != "total" or not isinstance(node.value, Decimal):
        return node
    return Node(
        key="rounded",
        label=Text("取整后得分", "rounded score"),
        value=rounded(node.value, rounding.places, rounding.mode),
        rule="round.total",
        formula=Text(f"保留 {rounding.places} 位小数", f"to {rounding.places} places"),
        inputs=(node.keyed("unrounded"),),
        rounding=rounding_words(rounding),
    )


def _number(node: Node) -> Decimal | None:
    return node.value if isinstance(node.value, Decimal) else None


def _of(facts: MemberFacts, refusal: Invalid) -> Invalid:
    who = facts.name or facts.member
    message = Text(zh=f"{who}：{refusal.message.zh}", en=f"{who}: {refusal.message.en}")
    return Invalid(message, code=refusal.code, findings=refusal.findings)
