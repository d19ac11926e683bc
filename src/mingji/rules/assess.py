"""One item and its facts: the method's score with the node that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mingji.rules.codec import as_parameters, override, parameter_names
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node
from mingji.rules.facts import ItemFacts
from mingji.rules.inputs import AGREED, actual_of, given_from
from mingji.rules.methods import METHODS
from mingji.rules.methods.anchors import TieredTarget
from mingji.rules.methods.bands import BandLinear
from mingji.rules.methods.events import Bonus, Okr
from mingji.rules.methods.given import NAMES, Earned, NoData
from mingji.rules.methods.rated import MultiRater
from mingji.rules.methods.ratio import Efficacy
from mingji.rules.numbers import ZERO, checked, exact
from mingji.rules.scheme import Item
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """An item with its score, or with what it lacked (`lacks`, empty when it was scored).

    `applies` is false when the member's row gives the item no weight: whatever is known of it
    does not count.
    """

    item: Item
    weight: Decimal
    score: Decimal | None
    node: Node
    lacks: str = ""
    applies: bool = True
    flags: tuple[str, ...] = ()


@exact
def assess(item: Item, facts: ItemFacts, weight: Decimal | None = None) -> Assessed:
    """Score one item by its method, in the method's own points.

    Raises:
        Invalid: a fact cannot be reckoned with, or the method is undefined there.
    """
    item, agreed = scored_as(item, facts)
    worth = next(w for w in (facts.weight, weight, item.weight) if w is not None)
    checked(worth, NAMES["weight"])
    if isinstance(item.scoring, Bonus):
        worth = ZERO  # outside the 100: whatever weight a sheet writes beside it counts nowhere
    elif facts.weight == 0:
        return _not_applying(item, facts)
    try:
        given, inputs = given_from(item, facts, worth)
        earned = item.scoring.earn(given)
    except NoData as lack:
        return _without_data(item, facts, worth, lack.what)
    except Invalid as refusal:
        raise _at(item, refusal) from refusal
    flags = (*earned.flags, *agreed)
    if item.evidence_required and not (facts.sources or facts.reason):
        flags = (*flags, "evidence_missing")
    node = _method_node(item, earned, inputs, flags)
    if "scoring_agreed" in agreed:
        node = replace(node, sources=facts.sources)
    return Assessed(item=item, weight=worth, score=earned.score, node=node, flags=flags)


def scored_as(item: Item, facts: ItemFacts) -> tuple[Item, tuple[str, ...]]:
    """The item as these facts have it scored, and a flag where an agreement speaks of its method.

    What a goal agrees counts unless the scheme keeps the method to itself; then it is left out,
    flagged, so that both sides see why.

    Raises:
        Invalid: as `overridden`.
    """
    if not facts.overrides or not _agreed(facts):
        return overridden(item, facts.overrides), ()
    if item.scoring_from == "scheme":
        return item, ("scoring_left_to_scheme",)
    return overridden(item, facts.overrides), ("scoring_agreed",)


def _agreed(facts: ItemFacts) -> bool:
    return any(source.kind == "agreement" for source in facts.sources)


def full_score(item: Item) -> Decimal | None:
    """The method's score that earns the whole weight; None when its points are the form's own."""
    if item.out_of is not None:
        return item.out_of
    if isinstance(item.scoring, BandLinear | TieredTarget | Efficacy):
        return Decimal(100)
    if isinstance(item.scoring, Okr):
        return Decimal(1)
    return item.scoring.scale if isinstance(item.scoring, MultiRater) else None


def overridden(item: Item, overrides: Mapping[str, str]) -> Item:
    """The item with the settings that a row gives it.

    Raises:
        Invalid: a method or parameter that does not exist, or a value of the wrong kind.
    """
    if not overrides:
        return item
    texts = dict(overrides)
    if method := texts.pop("method", ""):
        if method not in METHODS:
            raise _unknown("method", method, tuple(METHODS))
        item = replace(item, scoring=METHODS[method]())
    for name, text in texts.items():
        if name in parameter_names(item.scoring):
            item = replace(item, scoring=override(item.scoring, name, text))
        elif name in parameter_names(item) and name not in ("id", "scoring"):
            item = override(item, name, text)
        else:
            raise _unknown("parameter", name, parameter_names(item.scoring))
    return item


def _unknown(kind: str, name: str, known: tuple[str, ...]) -> Invalid:
    listed = ", ".join(known)
    zh = {"method": "计分方法", "parameter": "参数"}[kind]
    return Invalid(
        Text(zh=f"没有{zh} {name}，可用的有：{listed}", en=f"no {kind} {name}; known: {listed}"),
        code=f"unknown_{kind}",
    )


def _at(item: Item, refusal: Invalid) -> Invalid:
    message = Text(
        zh=f"考核项“{item.name.zh}”（{item.id}）：{refusal.message.zh}",
        en=f"item “{item.name.en}” ({item.id}): {refusal.message.en}",
    )
    return Invalid(message, code=refusal.code, findings=refusal.findings)


def _method_node(
    item: Item, earned: Earned, nodes: dict[str, Node], flags: tuple[str, ...]
) -> Node:
    names = [name for name in dict.fromkeys(earned.used) if name != "parts"]
    inputs = [nodes[name] for name in names if name in nodes and nodes[name].value is not None]
    if "parts" in earned.used:
        inputs += [node for key, node in nodes.items() if key.startswith("part")]
    method = item.scoring.method
    return Node(
        key="score",
        label=Text("计分", "score"),
        value=earned.score,
        rule=f"method.{method}",
        formula=earned.formula,
        parameters=as_parameters(item.scoring),
        inputs=tuple(inputs),
        flags=flags,
    )


def _not_applying(item: Item, facts: ItemFacts) -> Assessed:
    _, actual = actual_of(item, facts)
    return Assessed(item=item, weight=Decimal(0), score=None, node=actual, applies=False)


def _without_data(item: Item, facts: ItemFacts, weight: Decimal, lacks: str) -> Assessed:
    what = NAMES.get(lacks, Text("评分或明细", "ratings or parts"))
    _, actual = actual_of(item, facts)
    flag = f"no_{lacks}" if lacks in AGREED else "no_data"
    node = replace(
        actual,
        formula=actual.formula
        if actual.formula.en
        else Text(f"没有{what.zh}", f"there is no {what.en}"),
        flags=tuple(dict.fromkeys((*actual.flags, flag))),
    )
    return Assessed(item=item, weight=weight, score=None, node=node, lacks=lacks, flags=(flag,))
