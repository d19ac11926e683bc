"""Differences between two versions of an agreement, as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingji.goals.models import Theme
from mingji.goals.queries.items import MeasuredItem, item_of
from mingji.goals.scoring import scoring_words
from mingji.rules.goal_terms import (
    TERMS,
    Change,
    Difference,
    GoalTerms,
    MilestoneTerms,
    differences,
)
from mingji.rules.numbers import shown
from mingji.rules.text import Text

_AMOUNTS = ("baseline", "threshold", "target", "stretch")
_WORDS: dict[str, Text] = {
    "committed": Text("承诺型", "committed"),
    "stretch": Text("挑战型", "stretch"),
    "metric": Text("指标", "a metric"),
    "manual": Text("填报数值", "a reported number"),
    "milestones": Text("里程碑", "milestones"),
    "yes_no": Text("完成与否", "done or not done"),
}

# What stands where a goal agrees no method of its own.
AS_SCHEME = Text("按方案", "as the scheme says")
Shown = Decimal | date | Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChange:
    """One term of a goal that changed; numbers are in `unit`."""

    term: Text
    before: Shown
    after: Shown
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """What changed of one goal; of one that was added or taken out, its values are the terms."""

    name: Text
    change: Change
    terms: tuple[TermChange, ...]


def goal_changes(
    before: Sequence[GoalTerms], after: Sequence[GoalTerms], items: Mapping[str, MeasuredItem]
) -> list[GoalChange]:
    """The differences, goal by goal. `items` are the measured items of the form."""
    found = differences(before, after)
    themes = _themes(found)
    by_goal: dict[str, list[Difference]] = {}
    for each in found:
        by_goal.setdefault(each.goal.key, []).append(each)
    return [_goal(own, items, themes) for own in by_goal.values()]


def _goal(
    own: Sequence[Difference], items: Mapping[str, MeasuredItem], themes: Mapping[str, Text]
) -> GoalChange:
    goal = own[0].goal
    measured = item_of(goal, items)
    unit = measured.unit if measured else goal.unit
    if own[0].change == "changed":
        terms = [_term(d.term, d.before, d.after, unit, themes) for d in own]
    else:
        added = own[0].change == "added"
        given = [(name, getattr(goal, name)) for name in (*_AMOUNTS, "weight", "scoring")]
        terms = [
            _term(name, None if added else value, value if added else None, unit, themes)
            for name, value in given
            if value is not None and value != {}
        ]
    name = measured.name if measured and not goal.title else Text.same(goal.title or goal.key)
    return GoalChange(name=name, change=own[0].change, terms=tuple(terms))


def _term(
    term: str, before: object, after: object, unit: str, themes: Mapping[str, Text]
) -> TermChange:
    if term == "definition":
        return TermChange(term=TERMS[term], before=_meaning(before), after=_meaning(after))
    return TermChange(
        term=TERMS[term],
        before=_value(before, themes, unit),
        after=_value(after, themes, unit),
        unit=unit if term in _AMOUNTS else "%" if term == "weight" else "",
    )


def _meaning(number: object) -> Text:
    """A version of the company's own definitions."""
    if number:
        return Text(f"第 {number} 版", f"version {number}")
    return Text("随产品发布的口径", "as shipped")


def _value(value: object, themes: Mapping[str, Text], unit: str) -> Shown:
    match value:
        case None | "" | ():
            return None
        case Decimal() | date():
            return value
        case tuple():
            return Text.same("；".join(_step(each) for each in value))
        case Mapping():
            return scoring_words(value, unit) if value else AS_SCHEME
    word = str(value)
    return themes.get(word) or _WORDS.get(word) or Text.same(word)


def _step(step: MilestoneTerms) -> str:
    return f"{step.title} {shown(step.weight)}%{f' {step.due}' if step.due else ''}"


def _themes(found: Sequence[Difference]) -> dict[str, Text]:
    codes = {
        value
        for each in found
        if each.term == "theme"
        for value in (each.before, each.after)
        if value
    }
    rows = Theme.objects.filter(code__in=codes) if codes else ()
    return {theme.code: theme.known_as for theme in rows}
