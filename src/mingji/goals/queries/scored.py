"""How a goal of the form is scored, in words, with what it would earn at its own values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mingji.goals.queries.items import MeasuredItem
from mingji.goals.scoring import scoring_words
from mingji.kit.words import RULES
from mingji.rules.agreed_scoring import Example, examples
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text
from mingji.schemes.words import scoring_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scoring of one goal: `words` of the method that counts, whether it was `agreed` or is
    the scheme's, whether the scheme keeps it to itself, and examples (none without a target)."""

    words: Text
    agreed: bool
    fixed: bool
    unit: str
    examples: tuple[Example, ...]


def scored(item: MeasuredItem, goal: GoalTerms) -> Scored | None:
    """How this goal would be scored; None for a goal that stands beside the form."""
    if item.scored is None:
        return None
    fixed = item.scored.scoring_from == "scheme"
    agreed = bool(goal.scoring) and not fixed
    own = scoring_in_words(item.scored)
    name = RULES[f"method.{item.method}"]
    return Scored(
        words=scoring_words(goal.scoring, item.unit)
        if agreed
        else Text(f"{name.zh}：{own.zh}", f"{name.en}: {own.en}"),
        agreed=agreed,
        fixed=fixed,
        unit=item.unit,
        examples=examples(
            item.scored, goal if agreed else replace(goal, scoring={}), item.direction
        ),
    )
