"""An item's points on the form: what the method's score is worth by the item's weight."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.assess import Assessed, assess, full_score
from mingji.rules.explanation import Node
from mingji.rules.facts import ItemFacts
from mingji.rules.methods.events import Bonus
from mingji.rules.numbers import exact, rounded, shown
from mingji.rules.results import ItemResult
from mingji.rules.scheme import Item, Missing, Rounding
from mingji.rules.text import Text

UNROUNDED = Rounding(at="total")


@exact
def score_item(
    item: Item,
    facts: ItemFacts,
    weight: Decimal | None = None,
    *,
    rounding: Rounding = Rounding(),  # noqa: B008 - frozen
) -> ItemResult:
    """One item alone: its points when nothing else on the form is missing (scoring.md §1).

    >>> from mingji.rules.text import Text
    >>> won = Item(id="won", name=Text("赢单额", "won value"), weight=Decimal(20))
    >>> facts = ItemFacts(actual=Decimal(92), target=Decimal(100))
    >>> score_item(won, facts).points
    Decimal('18.40')

    Raises:
        Invalid: a fact cannot be reckoned with, or the method is undefined there.
    """
    assessed = assess(item, facts, weight)
    return item_result(assessed, "", assessed.weight, missing="redistribute", rounding=rounding)


@exact
def worth(score: Decimal, weight: Decimal, effective: Decimal, out_of: Decimal | None) -> Decimal:
    """Points of a method's score: score/out_of of the weight in force.

    Without `out_of` the score is in points of the form already and only follows a weight that
    changed because others had no data.
    """
    whole = weight if out_of is None else out_of
    if effective == whole or (out_of is None and weight == 0):
        return score
    return score * effective / whole


def item_result(
    assessed: Assessed,
    dimension: str,
    effective: Decimal,
    *,
    missing: Missing,
    rounding: Rounding,
    held_at: Decimal | None = None,
) -> ItemResult:
    """The result of an assessed item at its effective weight, by the scheme's missing-data rule.

    `held_at` is the score it may not pass because another item fell under its base.
    """
    item, score = assessed.item, assessed.score
    if not assessed.applies:
        return _not_counted(assessed, dimension)
    if score is None:
        return _missing(assessed, dimension, effective, missing)
    out_of = full_score(item)
    counted = score if held_at is None else min(score, held_at)
    points = worth(counted, assessed.weight, effective, out_of)
    if rounding.at == "item":
        points = rounded(points, rounding.places, rounding.mode)
    flags = assessed.flags
    flags += ("weight_redistributed",) if effective != assessed.weight else ()
    flags += ("held_at_base",) if counted != score else ()
    node = Node(
        key=item.id,
        label=item.name,
        value=points,
        rule="item.points",
        formula=_words(counted, assessed.weight, effective, out_of),
        parameters={
            "weight": assessed.weight,
            "effective_weight": effective,
            "out_of": out_of,
            "held_at": held_at,
        },
        inputs=(assessed.node,),
        rounding=rounding_words(rounding) if rounding.at == "item" else "",
        flags=flags,
    )
    return ItemResult(
        item=item.id,
        dimension=dimension,
        weight=assessed.weight,
        effective_weight=effective,
        raw=score,
        points=points,
        state="scored",
        node=node,
        is_bonus=isinstance(item.scoring, Bonus),
    )


def rounding_words(rounding: Rounding) -> str:
    """How a node says that it was rounded, such as `0.01 half_up`.

    >>> rounding_words(Rounding())
    '0.01 half_up'
    """
    return f"{Decimal(1).scaleb(-rounding.places):f} {rounding.mode}"


def _words(score: Decimal, weight: Decimal, effective: Decimal, out_of: Decimal | None) -> Text:
    s, w, e = shown(score), shown(weight), shown(effective)
    if out_of is not None:
        full = shown(out_of)
        return Text(f"计分 {s} ÷ 满分 {full} × 权重 {e}", f"score {s} of {full} × weight {e}")
    if effective != weight and weight:
        return Text(
            f"{s} 分 × 生效权重 {e} ÷ 原权重 {w}", f"{s} points × weight in force {e} ÷ weight {w}"
        )
    return Text(f"{s} 分（权重 {w}）", f"{s} points (weight {w})")


def _missing(
    assessed: Assessed, dimension: str, effective: Decimal, missing: Missing
) -> ItemResult:
    words, state, value = {
        "redistribute": (
            Text("无数据，权重分给其他项", "no data: its weight goes to the others"),
            "redistributed",
            None,
        ),
        "zero": (Text("无数据，按 0 分计", "no data: counts 0"), "zero", Decimal(0)),
        "block": (
            Text("无数据，补齐前不出结果", "no data: there is no result until it is there"),
            "blocked",
            None,
        ),
    }[missing]
    node = Node(
        key=assessed.item.id,
        label=assessed.item.name,
        value=value,
        rule="item.missing",
        formula=words,
        parameters={"weight": assessed.weight, "missing": missing},
        inputs=(assessed.node.keyed("actual"),),
        flags=(*assessed.flags, f"missing_{state}"),
    )
    return ItemResult(
        item=assessed.item.id,
        dimension=dimension,
        weight=assessed.weight,
        effective_weight=effective if missing == "zero" else Decimal(0),
        raw=None,
        points=value,
        state=state,  # type: ignore[arg-type]
        node=node,
    )


def _not_counted(assessed: Assessed, dimension: str) -> ItemResult:
    node = Node(
        key=assessed.item.id,
        label=assessed.item.name,
        value=None,
        rule="item.not_counted",
        formula=Text("权重为 0，不适用于此人", "weight 0: does not apply to this member"),
        inputs=(assessed.node,),
        flags=("not_counted",),
    )
    return ItemResult(
        item=assessed.item.id,
        dimension=dimension,
        weight=Decimal(0),
        effective_weight=Decimal(0),
        raw=None,
        points=None,
        state="not_counted",
        node=node,
    )
