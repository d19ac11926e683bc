"""What the review page shows: the questions with their described levels, and what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mingji.appraisals import queries
from mingji.appraisals.choices import Choice, choice_of, choices
from mingji.appraisals.forms import ReviewForm
from mingji.appraisals.forms_of import form_of
from mingji.appraisals.models import Appraisal, Rating, Review, Stage
from mingji.appraisals.snapshot import member_from
from mingji.people.viewer import Viewer
from mingji.rules.explanation import Node
from mingji.rules.scheme import Dimension, Item
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Question:
    """One rated item: its levels, what was chosen so far, and the member's own answer."""

    item: Item
    dimension: Text
    level: Any
    why: Any
    chosen: str
    choices: tuple[Choice, ...]
    own: Rating | None
    own_level: Choice | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured item beside the form: what the data says."""

    item: Item
    node: Node | None
    target: Any


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything the page needs; `rated` are the items that the form asks for."""

    appraisal: Appraisal
    member: Text
    is_self: bool
    rated: list[Item]
    dimensions: dict[str, Dimension]
    measured: list[Measured]
    mine: Review | None
    own: dict[str, Rating]
    initial: dict[str, str]

    @property
    def wording(self) -> str:
        """What the viewer has saved so far, as `Review.wording`; empty before the first time."""
        return self.mine.wording if self.mine else ""

    def questions(self, form: ReviewForm) -> Iterator[Question]:
        """The rated items with the fields of the form."""
        for item in self.rated:
            level = form[f"level-{item.id}"]
            own = self.own.get(item.id)
            yield Question(
                item=item,
                dimension=self.dimensions[item.id].name,
                level=level,
                why=form[f"why-{item.id}"],
                chosen=level.value() or "",
                own=own,
                own_level=choice_of(item, own.choice) if own else None,
                choices=choices(item),
            )


def review_page(viewer: Viewer, appraisal: Appraisal) -> ReviewPage:
    """The page for whoever reviews at this stage."""
    is_self = appraisal.stage == Stage.SELF_REVIEW
    reviews = queries.reviews_for(viewer, appraisal)
    mine = reviews.get(Review.Kind.SELF if is_self else Review.Kind.MANAGER)
    own = None if is_self else reviews.get(Review.Kind.SELF)
    facts = member_from(appraisal.facts)
    form = form_of(appraisal)
    pairs = list(form.items())
    rated = [item for _, item in pairs if item.source == "rated"]
    measured = [
        Measured(item, facts.items[item.id].node, facts.items[item.id].target)
        for _, item in pairs
        if item.id in facts.items
    ]
    return ReviewPage(
        appraisal=appraisal,
        member=appraisal.member.known_as,
        is_self=is_self,
        rated=rated,
        dimensions={item.id: dimension for dimension, item in pairs},
        measured=measured,
        mine=mine,
        own={rating.item: rating for rating in own.ratings.all()} if own else {},
        initial=_initial(mine),
    )


def _initial(review: Review | None) -> dict[str, str]:
    if review is None:
        return {}
    given = {"comment": review.comment}
    for rating in review.ratings.all():
        given[f"level-{rating.item}"] = rating.choice
        given[f"why-{rating.item}"] = rating.comment
    return given
