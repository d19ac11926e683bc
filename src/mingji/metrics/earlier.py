"""What a metric meant before its definition changed, kept for the goals that were signed under it.

The earlier definition stays in the company's own document as a metric of its own, `leads_v2` for
what `leads` meant up to version 2: it is computed, opened and disputed like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mingji.engine.model import Definitions, Health, Metric
from mingji.rules.text import Text

_NAMED = ("metric", "of")  # the words that name another metric, in every kind of metric
_OF_RATIOS = ("numerator", "denominator")  # of a conversion these are steps
_NO_WORDS = Text("", "")
Words = Mapping[str, object]


def changed(old: Definitions, new: Definitions, name: str) -> bool:
    """Whether a metric of `old` counts something else in `new`, by itself or through a part.

    Names, sentences and what a catalogue adds count for nothing.
    """
    return name not in new.metrics or _counted(old, name) != _counted(new, name)


def kept_as(old: Definitions, name: str, number: int) -> str:
    """The id under which the meaning of a metric is kept that was in force up to this version."""
    return name if old.metrics[name].formerly else f"{name}_v{number}"


def earlier_words(
    old: Definitions,
    new: Definitions,
    names: Iterable[str],
    number: int,
    words_of: Callable[[str], Words],
) -> dict[str, dict[str, object]]:
    """The words that keep, by id, what these metrics and their parts meant where that changes.

    Values that people typed in have no other meaning to keep.
    """
    kept: dict[str, dict[str, object]] = {}

    def keep(name: str) -> None:
        metric = old.metrics.get(name)
        if metric is None or metric.type == "typed" or not changed(old, new, name):
            return
        id_ = kept_as(old, name, number)
        if id_ in kept:
            return
        kept[id_] = {}
        for part in metric.inputs:
            keep(part)
        renamed = {
            part: kept_as(old, part, number)
            for part in metric.inputs
            if part in old.metrics and kept_as(old, part, number) in kept
        }
        kept[id_] = _words(metric, words_of(name), renamed, number)

    for name in names:
        keep(name)
    return kept


def _counted(definitions: Definitions, name: str) -> list[object]:
    """What decides the value of a metric, with all that it is made from."""
    metric = definitions.metric(name)
    table = definitions.table(metric.table) if metric.table else None
    return [
        _bare(metric),
        (table.key, table.owner, table.joins, table.journey) if table else (),
        *(_counted(definitions, below) for below in metric.inputs),
    ]


def _bare(metric: Metric) -> Metric:
    return replace(
        metric,
        id="",
        name=_NO_WORDS,
        formula_text=_NO_WORDS,
        owner=_NO_WORDS,
        gaming_risk=_NO_WORDS,
        counter_metric="",
        kpi=None,
        health=Health(),
        parts=tuple(map(_bare, metric.parts)),
        view=None,
        formerly="",
        until=0,
    )


def _words(
    metric: Metric, words: Words, renamed: Mapping[str, str], number: int
) -> dict[str, object]:
    told = {name: said for name, said in words.items() if name != "kpi"}
    for word in (*_NAMED, *(_OF_RATIOS if metric.type == "ratio" else ())):
        if told.get(word) in renamed:
            told[word] = renamed[str(told[word])]
    if renamed and "formula" in told:
        told["formula"] = re.sub(
            r"[a-z][a-z0-9_]*",
            lambda found: renamed.get(found[0], found[0]),
            str(told["formula"]),
        )
    if metric.time and metric.type == "simple":
        told["time"] = metric.time
    if metric.formerly:
        return told
    name = {
        "zh": f"{metric.name.zh}{_until(number).zh}",
        "en": f"{metric.name.en}{_until(number).en}",
    }
    return {"name": name, **{k: v for k, v in told.items() if k != "name"}} | {
        "formerly": {"metric": metric.id, "until": number}
    }


def _until(number: int) -> Text:
    if number:
        return Text(f"（第 {number} 版口径）", f" (as of version {number})")
    return Text("（随产品发布的口径）", " (as shipped)")
