"""What members and managers say on described levels, each rater in their own way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from mingji.demo import stories, words
from mingji.demo.people import Member

By = Literal["self", "manager"]
#: Which bank of comments belongs to a rated item of the scheme; any other takes `general`.
SUBJECTS = {
    "professional_judgement": "ability",
    "cooperation": "teamwork",
    "new_attempts": "innovation",
    "customer_focus": "customer",
    "quality": "quality",
}
#: How far a manager's levels lie from what most managers would give.
STYLES = {stories.LENIENT_MANAGER: 0.8, stories.HARSH_MANAGER: -0.8}


@dataclass(frozen=True, slots=True)
class Rating:
    """A chosen level, `1` to `5`, and the reason written beside it."""

    level: str
    comment: str


def rate(seed: int, member: Member, quarter: str, item: str, *, by: By, rater: str) -> Rating:
    """The rating of a member on an item in a quarter.

    Args:
        seed: The company's seed.
        member: Who is rated.
        quarter: Such as `2026Q3`.
        item: The id of a rated item of the scheme; any other word gives a general remark.
        by: Whose judgement it is.
        rater: The code of the one who rates (the member for a self-review).
    """
    shown = _rng(seed, "quality", member.code).gauss(3.2, 0.55)
    shown += _rng(seed, "quality", member.code, item).gauss(0, 0.4)
    shown += _rng(seed, "quality", member.code, item, quarter).gauss(0, 0.25)
    eye = _rng(seed, "eye", by, member.code, item, quarter)
    shift = 0.35 if by == "self" else STYLES.get(rater, 0.0)
    level = min(max(round(shown + shift + eye.gauss(0, 0.35)), 1), 5)
    return Rating(str(level), _comment(member, quarter, item, by, level))


def _comment(member: Member, quarter: str, item: str, by: By, level: int) -> str:
    """Neighbours and quarters get different remarks of the same tone."""
    book = words.bank("comments")
    tones = book["self"] if by == "self" else book["manager"][SUBJECTS.get(item, "general")]
    remarks: list[str] = tones["high" if level >= 4 else "middle" if level == 3 else "low"]
    turn = int(member.code[2:]) + int(quarter[:4]) * 4 + int(quarter[5]) + len(item)
    return remarks[turn % len(remarks)]


def _rng(seed: int, *purpose: str) -> Random:
    return Random("/".join((str(seed), *purpose)))  # noqa: S311 - a made-up company
