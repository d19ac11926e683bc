"""The levels that a rater chooses from, whatever the item's method calls them."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.rules.methods.rated import BehaviourAnchor, GradeScale
from mingji.rules.scheme import Item
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A level to choose: its id in the facts, its name, and what it looks like."""

    id: str
    name: Text
    description: Text


def choices(item: Item) -> tuple[Choice, ...]:
    """The described levels of a rated item, in the order of the scheme; empty for others."""
    scoring = item.scoring
    if isinstance(scoring, GradeScale):
        return tuple(Choice(each.id, each.name, each.description) for each in scoring.levels)
    if isinstance(scoring, BehaviourAnchor):
        return tuple(
            Choice(str(each.level), Text(f"{each.level} 级", f"Level {each.level}"), each.behaviour)
            for each in scoring.levels
        )
    return ()


def choice_of(item: Item, chosen: str) -> Choice | None:
    """The level with this id, None if the item has no such level."""
    return next((each for each in choices(item) if each.id == chosen), None)
