"""Score appraisals from what is frozen: facts, handed-in ratings, scheme version. No clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mingji.appraisals.models import Appraisal, Review
from mingji.appraisals.snapshot import member_from, team_from
from mingji.rules.explanation import Source
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.results import FormResult
from mingji.rules.scoring import score_all
from mingji.rules.text import Text
from mingji.schemes import queries as schemes


def results_of(appraisals: Sequence[Appraisal]) -> dict[int, FormResult]:
    """The results of appraisals of one cycle, by appraisal id.

    Same facts, ratings and scheme: same results, to the byte. Under a scheme whose team score is
    the mean of the members, those given here are the members. Needs what `queries.for_scoring`
    fetches.

    Raises:
        Invalid: a fact cannot be reckoned with; the message names the member and the item.
    """
    if not appraisals:
        return {}
    cycle = appraisals[0].cycle
    scheme = schemes.scheme_of(cycle.scheme_version_id)
    teams = [team_from(frozen) for frozen in cycle.team_facts.values()]
    results = score_all(scheme, [_facts(each) for each in appraisals], teams)
    return {each.pk: result for each, result in zip(appraisals, results, strict=True)}


def _facts(appraisal: Appraisal) -> MemberFacts:
    facts = member_from(appraisal.facts)
    return replace(facts, items={**facts.items, **_rated(appraisal.reviews.all())})


def _rated(reviews: Iterable[Review]) -> dict[str, ItemFacts]:
    """The manager's choices; the self-review is shown beside them and does not count."""
    manager = [review for review in reviews if review.kind == Review.Kind.MANAGER]
    return {
        rating.item: ItemFacts(
            choice=rating.choice, reason=rating.comment, sources=(_source(review),)
        )
        for review in manager
        if review.submitted_at
        for rating in review.ratings.all()
        if rating.choice
    }


def _source(review: Review) -> Source:
    return Source(
        kind="rating",
        label=Text(zh="上级评价", en="Manager review"),
        ref=f"review:{review.pk}",
        by=review.author.code,
        at=review.submitted_at.isoformat() if review.submitted_at else "",
    )
