"""What a catalogue of KPIs says of a metric beyond its arithmetic (`kpi` in a definitions file)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mingji.engine.document import Section
from mingji.rules.methods import METHODS
from mingji.rules.text import Text

#: What a target is set from, in the words of the catalogue.
BASELINES: Mapping[str, Text] = MappingProxyType(
    {
        "previous_period": Text("上一期实际值", "the period before"),
        "last_year": Text("上年同期实际值", "the same period last year"),
        "best": Text("本人历史最佳", "one's own best so far"),
        "standard": Text("约定的标准或行业基准", "an agreed standard or benchmark"),
        "plan": Text("批准的计划或预算", "the approved plan or budget"),
    }
)
FREQUENCIES: Mapping[str, Text] = MappingProxyType(
    {
        "week": Text("每周", "weekly"),
        "month": Text("每月", "monthly"),
        "quarter": Text("每季", "quarterly"),
        "half": Text("每半年", "every half-year"),
        "year": Text("每年", "yearly"),
        "incident": Text("每次发生时", "at each incident"),
    }
)
#: The job families; their names stand in `people/families.py`.
FAMILIES = ("BR", "DG", "CT", "PM", "CH", "EV", "PR", "MR", "GR", "SS", "OP", "MG")
#: Not a scoring method: the event caps or zeroes the result (docs/reference/scheme-file.md).
RED_LINE = "red_line"

_SUGGESTED = (*METHODS, RED_LINE)
_WEIGHT = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?")
_LONGEST_LAG = 730


@dataclass(frozen=True, slots=True)
class Kpi:
    """How a metric is used as a KPI.

    `number` is its place in the catalogue; two metrics may share one that has two readings. `name`
    is the catalogue's, where people call the metric something longer. `lag_days` pass after the end
    of a period until the value no longer moves. `methods` are ids of scoring methods, the usual
    first, with `parameters` worth setting. `weight` is the usual share of a whole form in percent,
    from and to; None: it is a red line and carries no weight.
    """

    number: int
    name: Text
    definition: Text
    source: Text
    baseline: str
    frequency: str
    lag_days: int
    methods: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    families: tuple[str, ...]
    weight: tuple[int, int] | None


def read_kpi(section: Section, name: Text) -> Kpi | None:
    """The `kpi` of a metric's section, or None; `name` is the metric's.

    Mistakes are noted in the section, as everywhere in a definitions file.
    """
    spot = section.get("kpi")
    if spot is None:
        return None
    words = Section(spot, section.notes)
    methods = _listed(words, "methods", _SUGGESTED)
    given = words.both("name")
    kpi = Kpi(
        number=words.whole("number", 0, 1, 999),
        name=given if given.en else name,
        definition=words.both("definition"),
        source=words.both("source"),
        baseline=words.choice("baseline", tuple(BASELINES), "previous_period"),
        frequency=words.choice("frequency", tuple(FREQUENCIES), "quarter"),
        lag_days=words.whole("lag_days", 0, 0, _LONGEST_LAG),
        methods=methods,
        parameters=tuple(words.pairs("parameters").items()),
        families=_listed(words, "families", FAMILIES),
        weight=None if methods == (RED_LINE,) else _weight(words),
    )
    words.close()
    return kpi


def _listed(section: Section, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A list of known words, at least one."""
    found = section.words(name)
    for word in found or ("",):
        if word not in allowed:
            section.complain(
                section.get(name),
                Text(f"“{name}”不能是“{word}”", f"“{name}” cannot be “{word}”"),
                Text(f"可用：{'、'.join(allowed)}", f"use {', '.join(allowed)}"),
            )
    return found


def _weight(section: Section) -> tuple[int, int]:
    """`20` or `20-40`: percent of a whole form."""
    match = _WEIGHT.fullmatch(section.text("weight"))
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if low <= high <= 100:
        return low, high
    section.complain(
        section.get("weight"),
        Text("weight 要写成百分数或范围", "weight must be a percentage or a range"),
        Text("例如 weight: 10-20", "for example weight: 10-20"),
    )
    return 0, 0
