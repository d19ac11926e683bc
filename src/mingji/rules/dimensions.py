"""From items to dimensions to the individual total, every step a node (scoring.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from mingji.rules.assess import Assessed, assess
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.form import Form
from mingji.rules.formula import parse
from mingji.rules.methods.events import Bonus
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.numbers import HUNDRED, ZERO, checked, exact, shown
from mingji.rules.points import item_result
from mingji.rules.results import DimensionResult, ItemResult
from mingji.rules.scheme import Dimension, Scheme
from mingji.rules.text import Text
from mingji.rules.weights import must_be_hundred, redistributed

NO_FACTS = ItemFacts()
TOTAL = Text("个人得分", "individual score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A form with its facts: items, bonus items, dimensions, and the individual total."""

    items: tuple[ItemResult, ...]
    dimensions: tuple[DimensionResult, ...]
    total: Node

    @property
    def bonus(self) -> tuple[ItemResult, ...]:
        """The items that lie outside the 100."""
        return tuple(item for item in self.items if item.is_bonus)


@exact
def assemble(form: Form, facts: MemberFacts, items: Mapping[str, ItemFacts]) -> Assembly:
    """Score every item, add them up by dimension, and the dimensions to the individual total.

    Raises:
        Invalid: weights do not add up to 100, a method is undefined, or a reason is missing.
    """
    groups = [
        (each, [assess(item, items.get(item.id, NO_FACTS)) for item in each.items])
        for each in form.dimensions
    ]
    _check_weights(form.scheme, groups)
    effective = _effective(form.scheme, groups)
    held = form.scheme.weakest_item_rule and any(_under_base(a) for _, g in groups for a in g)
    results: list[ItemResult] = []
    dimensions: list[DimensionResult] = []
    for (dimension, assessed), (weight, item_weights) in zip(groups, effective, strict=True):
        scored = _scored(form.scheme, dimension, assessed, item_weights, held=held)
        results += scored
        inside = [item for item in scored if not item.is_bonus]
        if inside or dimension.weight:
            dimensions.append(_dimension(form.scheme, dimension, weight, inside))
    total = _total(form.scheme, facts, dimensions, results)
    return Assembly(items=tuple(results), dimensions=tuple(dimensions), total=total)


def is_bonus(assessed: Assessed) -> bool:
    """Whether an item lies outside the 100."""
    return isinstance(assessed.item.scoring, Bonus)


def _check_weights(scheme: Scheme, groups: list[tuple[Dimension, list[Assessed]]]) -> None:
    if scheme.aggregation == "weighted_total":
        weights = [a.weight for _, group in groups for a in group if not is_bonus(a)]
        must_be_hundred(weights, Text("表上各项", "the items of the form"), "items")
    if scheme.aggregation not in ("weighted_by_dimension", "formula"):
        return
    if scheme.aggregation == "weighted_by_dimension":
        outer = [dimension.weight for dimension, _ in groups]
        must_be_hundred(outer, Text("各维度", "the dimensions"), "dimensions")
    for dimension, group in groups:
        weights = [a.weight for a in group if not is_bonus(a)]
        if dimension.weight and any(a.applies for a in group if not is_bonus(a)):
            name = dimension.name
            what = Text(f"维度“{name.zh}”各项", f"the items in “{name.en}”")
            must_be_hundred(weights, what, f"dimensions.{dimension.id}.items")


def _effective(
    scheme: Scheme, groups: list[tuple[Dimension, list[Assessed]]]
) -> list[tuple[Decimal, list[Decimal]]]:
    """For each dimension its weight in force, and those of its items."""
    weights = [[a.weight for a in group] for _, group in groups]
    here = [[_counts(scheme, a) for a in group] for _, group in groups]
    if scheme.aggregation not in ("weighted_by_dimension", "formula"):
        return _over_the_form(weights, here)
    inner = [redistributed(*each) for each in zip(weights, here, strict=True)]
    outer = redistributed([dimension.weight for dimension, _ in groups], [any(h) for h in here])
    return [(whole, list(items)) for whole, items in zip(outer, inner, strict=True)]


def _over_the_form(
    weights: list[list[Decimal]], here: list[list[bool]]
) -> list[tuple[Decimal, list[Decimal]]]:
    """Items whose weights count over the whole form share what is absent over the whole form."""
    shared = iter(redistributed(list(chain(*weights)), list(chain(*here))))
    inner = [[next(shared) for _ in group] for group in weights]
    return [(sum(items, ZERO), items) for items in inner]


def _counts(scheme: Scheme, assessed: Assessed) -> bool:
    """Whether an item keeps its weight: it has data, or the scheme says what no data is worth."""
    if is_bonus(assessed) or not assessed.applies:
        return False
    return assessed.score is not None or scheme.missing != "redistribute"


def _scored(
    scheme: Scheme,
    dimension: Dimension,
    assessed: list[Assessed],
    weights: list[Decimal],
    *,
    held: bool,
) -> list[ItemResult]:
    return [
        item_result(
            each,
            dimension.id,
            weight,
            missing=scheme.missing,
            rounding=scheme.rounding,
            held_at=_base(each) if held else None,
        )
        for each, weight in zip(assessed, weights, strict=True)
    ]


def _base(assessed: Assessed) -> Decimal | None:
    scoring = assessed.item.scoring
    return scoring.base if isinstance(scoring, BaseStep | BestHistory) else None


def _under_base(assessed: Assessed) -> bool:
    base = _base(assessed)
    return base is not None and assessed.score is not None and assessed.score < base


def _dimension(
    scheme: Scheme, dimension: Dimension, weight: Decimal, items: list[ItemResult]
) -> DimensionResult:
    known = [item.points for item in items if item.points is not None]
    score = sum(known, ZERO) if known else None
    shares = scheme.aggregation == "weighted_by_dimension"
    points = score * weight / HUNDRED if shares and score is not None else score
    added = " + ".join(shown(value) for value in known) or "—"
    words = Text(added, added)
    if shares:
        w = shown(weight)
        words = Text(f"（{added}）× 维度权重 {w} %", f"({added}) × dimension weight {w} %")
    flags: tuple[str, ...] = ("no_data",) if score is None else ()
    if shares and score is not None and weight != dimension.weight:
        flags = ("weight_redistributed",)
    node = Node(
        key=dimension.id,
        label=dimension.name,
        value=points,
        rule="dimension.weighted" if shares else "dimension.sum",
        formula=words,
        parameters={"weight": dimension.weight, "effective_weight": weight},
        inputs=tuple(item.node for item in items),
        flags=flags,
    )
    return DimensionResult(
        dimension=dimension.id,
        weight=dimension.weight,
        effective_weight=weight,
        score=score,
        points=points,
        node=node,
    )


def _total(
    scheme: Scheme,
    facts: MemberFacts,
    dimensions: list[DimensionResult],
    items: list[ItemResult],
) -> Node:
    nodes = tuple(dimension.node for dimension in dimensions)
    if scheme.aggregation == "manual":
        return _manual(facts, nodes)
    if any(item.state == "blocked" for item in items):
        words = Text("有考核项无数据，补齐前不出结果", "an item has no data: no result until then")
        return Node("individual", TOTAL, None, "total.blocked", words, inputs=nodes,
                    flags=("blocked",))  # fmt: skip
    if scheme.aggregation == "formula":
        total = _by_formula(scheme, dimensions, nodes)
    else:
        known = [each.points for each in dimensions if each.points is not None]
        added = " + ".join(shown(value) for value in known) or "—"
        value = sum(known, ZERO) if known else None
        flags = () if known else ("no_data",)
        total = Node("individual", TOTAL, value, "total.sum", Text.same(added), inputs=nodes,
                     flags=flags)  # fmt: skip
    return _harder(total, facts.difficulty_factor)


def _manual(facts: MemberFacts, nodes: tuple[Node, ...]) -> Node:
    if facts.manual_total is not None and not facts.manual_reason.strip():
        raise Invalid(
            Text(
                zh=f"{facts.member} 的总分是人工给定的，要写理由",
                en=f"the total of {facts.member} is set by hand; give the reason",
            ),
            code="reason_required",
        )
    checked(facts.manual_total, Text("人工总分", "the manual total"))
    words = Text(f"人工给定：{facts.manual_reason}", f"set by hand: {facts.manual_reason}")
    flags = () if facts.manual_total is not None else ("no_data",)
    return Node("individual", TOTAL, facts.manual_total, "total.manual", words, inputs=nodes,
                flags=flags)  # fmt: skip


def _by_formula(scheme: Scheme, dimensions: list[DimensionResult], nodes: tuple[Node, ...]) -> Node:
    expression = parse(scheme.formula, frozenset(each.dimension for each in dimensions))
    known = {d.dimension: d.points for d in dimensions if d.points is not None}
    lacking = expression.names - known.keys()
    value = None if lacking else expression.value(known)
    return Node(
        key="individual",
        label=TOTAL,
        value=value,
        rule="total.formula",
        formula=Text.same(scheme.formula),
        parameters={"expression": scheme.formula},
        inputs=nodes,
        flags=("no_data",) if lacking else (),
    )


def _harder(total: Node, factor: Decimal) -> Node:
    checked(factor, Text("难度系数", "the difficulty factor"))
    if factor == 1 or not isinstance(total.value, Decimal):
        return total
    value, f = total.value * factor, shown(factor)
    s = shown(total.value)
    return Node(
        key="individual",
        label=TOTAL,
        value=value,
        rule="total.difficulty",
        formula=Text(f"{s} × 难度系数 {f}", f"{s} × difficulty factor {f}"),
        parameters={"factor": factor},
        inputs=(total.keyed("before_difficulty"),),
    )
