"""An agreed scoring in a sentence that both sides can check by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mingji.kit.words import PARAMETERS, RULES, worded
from mingji.rules.assess import overridden
from mingji.rules.errors import Invalid
from mingji.rules.methods.anchors import Anchors
from mingji.rules.methods.bands import BandMethod
from mingji.rules.numbers import HUNDRED, exact
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.words import scoring_in_words

_NOTHING = Text("", "")
_PERCENT = Text("（数值为百分数）", " (values in percent)")


def scoring_words(scoring: Mapping[str, str], unit: str = "") -> Text:
    """The method by its name, and what it does with its settings; empty for the scheme's own.

    `unit` is that of the metric: rates are said in percent.

    >>> scoring_words({"method": "ratio", "cap": "1.1"}).en
    'Completion ratio: actual ÷ target × weight, at most 110 % of the weight'
    """
    if not scoring:
        return _NOTHING
    try:
        item = overridden(Item(id="goal", name=_NOTHING), scoring)
    except Invalid:
        return _as_written(scoring)
    if "method" not in scoring:
        return _as_written(scoring)
    said = scoring_in_words(_typed(item) if unit == "ratio" else item)
    name = RULES[f"method.{scoring['method']}"]
    percent = _PERCENT if unit == "ratio" and _typed(item) is not item else _NOTHING
    return Text(f"{name.zh}：{said.zh}{percent.zh}", f"{name.en}: {said.en}{percent.en}")


@exact
def _typed(item: Item) -> Item:
    """The item with its tables in percent, where they hold rates."""
    match item.scoring:
        case Anchors(measure="actual", anchors=anchors) as method:
            rows: Any = tuple(replace(each, value=each.value * HUNDRED) for each in anchors)
            return replace(item, scoring=replace(method, anchors=rows))
        case BandMethod(measure="actual", bands=bands) as method:
            rows = tuple(
                replace(
                    each,
                    low=None if each.low is None else each.low * HUNDRED,
                    high=None if each.high is None else each.high * HUNDRED,
                )
                for each in bands
            )
            return replace(item, scoring=replace(method, bands=rows))
    return item


def _as_written(scoring: Mapping[str, str]) -> Text:
    told = [(worded(PARAMETERS, name), value) for name, value in scoring.items()]
    return Text(
        "；".join(f"{word.zh} {value}" for word, value in told),
        "; ".join(f"{word.en} {value}" for word, value in told),
    )
