"""What a change of agreed goals would do to the score as it stands today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mingji.goals.models import Agreement, ChangeRequest
from mingji.goals.queries.agreed import agreement_source
from mingji.goals.queries.items import forms_of
from mingji.goals.queries.one import owner_of
from mingji.metrics import queries as metrics
from mingji.metrics.definitions import library
from mingji.metrics.queries import ObservationFact
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Source
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.form import Form
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import HUNDRED, ZERO, exact
from mingji.rules.results import FormResult
from mingji.rules.scheme import Dimension, Item
from mingji.rules.scoring import score
from mingji.rules.text import Text

TOTAL = Text("指标部分对总分的影响", "What the metrics bring to the total")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEffect:
    """An item whose points would change; None is "no data" under these terms."""

    name: Text
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The points of items before and after a change, and what they come to in the total.

    Only what metrics decide is in it, with today's values: ratings are not touched by a change of
    goals. `before` and `after` are explained; they are None where nothing has data.
    """

    items: tuple[ItemEffect, ...]
    before: Node
    after: Node

    @property
    def shift(self) -> Decimal | None:
        """By how many points of the total the change moves the score."""
        before, after = self.before.value, self.after.value
        if isinstance(before, Decimal) and isinstance(after, Decimal):
            return after - before
        return None


def effect_of(
    agreement: Agreement, before: Sequence[GoalTerms], after: Sequence[GoalTerms]
) -> Effect | None:
    """Score the measured items under both terms with today's values.

    None where no form scores them: no scheme, no post, or no goal that stands on the form. A fixed
    number of queries.
    """
    owner = owner_of(agreement)
    forms = [form for form in map(_measured, forms_of(owner, agreement.period)) if form.dimensions]
    if not forms:
        return None
    form = forms[0]
    whose = agreement.member_id or agreement.team_id or 0
    facts = metrics.facts_for if agreement.member_id else metrics.facts_for_teams
    observed = {metric: fact for (_id, metric), fact in facts([whose], agreement.period).items()}
    source = agreement_source(agreement)
    old = _scored(form, before, observed, source)
    new = _scored(form, after, observed, source)
    if old is None or new is None:
        return None
    return Effect(
        items=tuple(_items(form, old, new)),
        before=_total(form, old, "before"),
        after=_total(form, new, "after"),
    )


def effect_of_request(request: ChangeRequest) -> Effect | None:
    """The effect of a change request (the caller has it) against the version it started from."""
    base = request.agreement.versions.get(number=request.base)
    return effect_of(request.agreement, base.goals, request.goals)


def _measured(form: Form) -> Form:
    """The form with the items alone that metrics decide."""
    parts = (
        replace(part, items=tuple(item for item in part.items if item.metric))
        for part in form.dimensions
    )
    return replace(form, dimensions=tuple(part for part in parts if part.items))


def _scored(
    form: Form,
    terms: Sequence[GoalTerms],
    observed: Mapping[str, ObservationFact],
    source: Source,
) -> dict[str, FormResult] | None:
    """Each dimension as a form of its own; None if its figures cannot be reckoned with."""
    agreed = {goal.key: goal for goal in terms}
    try:
        return {part.id: _one(form, part, agreed, observed, source) for part in form.dimensions}
    except Invalid:
        return None


def _one(
    form: Form,
    part: Dimension,
    agreed: Mapping[str, GoalTerms],
    observed: Mapping[str, ObservationFact],
    source: Source,
) -> FormResult:
    alone = replace(form, dimensions=(_hundred(part, agreed),))
    facts = {item.id: _facts(item, agreed.get(item.id), observed, source) for item in part.items}
    return score(alone, MemberFacts(member="", level=form.level.id, items=facts))


def _hundred(part: Dimension, agreed: Mapping[str, GoalTerms]) -> Dimension:
    """The dimension as the whole: items that people rate have left, so weights are stretched."""
    weights = {item.id: _weight(item, agreed) for item in part.items}
    whole = sum(weights.values(), ZERO)
    items = tuple(
        replace(item, weight=weights[item.id] * HUNDRED / whole if whole else item.weight)
        for item in part.items
    )
    return replace(part, weight=HUNDRED, items=items)


def _weight(item: Item, agreed: Mapping[str, GoalTerms]) -> Decimal:
    goal = agreed.get(item.id)
    return item.weight if goal is None or goal.weight is None else goal.weight


def _facts(
    item: Item,
    goal: GoalTerms | None,
    observed: Mapping[str, ObservationFact],
    source: Source,
) -> ItemFacts:
    known = goal or GoalTerms(key=item.id)
    same = goal is not None and goal.metric == item.metric
    counted = library().definitions.as_of(item.metric, known.definition) if same else item.metric
    fact = observed.get(counted)
    return ItemFacts(
        actual=fact.value if fact else None,
        node=fact.node if fact else None,
        target=known.target,
        baseline=known.baseline,
        stretch=known.stretch,
        threshold=known.threshold,
        overrides=known.scoring,
        sources=(source,) if goal else (),
    )


def _items(
    form: Form, old: Mapping[str, FormResult], new: Mapping[str, FormResult]
) -> list[ItemEffect]:
    was = {each.item: each.points for result in old.values() for each in result.items}
    now = {each.item: each.points for result in new.values() for each in result.items}
    return [
        ItemEffect(name=item.name, before=was.get(item.id), after=now.get(item.id))
        for _, item in form.items()
        if was.get(item.id) != now.get(item.id)
    ]


@exact
def _total(form: Form, results: Mapping[str, FormResult], key: str) -> Node:
    """Σ score of each dimension × its weight ÷ 100, over the dimensions that have data."""
    parts = [
        (part, results[part.id].dimensions[0])
        for part in form.dimensions
        if results[part.id].dimensions and results[part.id].dimensions[0].score is not None
    ]
    value = sum(((r.score or ZERO) * p.weight / HUNDRED for p, r in parts), ZERO) if parts else None
    return Node(
        key=key,
        label=TOTAL,
        value=value,
        rule="goal.effect",
        formula=Text(
            zh="各维度里由指标决定的得分 × 维度权重 ÷ 100，相加",
            en="per dimension, the score that metrics decide × its weight ÷ 100, added up",
        ),
        unit="point",
        inputs=tuple(replace(r.node, key=p.id) for p, r in parts),
    )
