"""The year's result from quarters and the annual review, prorated over posts (scoring.md §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from mingji.rules.calendar import Period
from mingji.rules.coefficients import YearRule
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Rule, Value
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.text import Text
from mingji.rules.weights import redistributed


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A stay in one post: from its first to its last day, and the score reached there."""

    name: Text
    start: date
    end: date
    score: Decimal | None


@exact
def prorated(posts: Sequence[Post], period: Period) -> Node:
    """The score of a period spent in several posts, weighted by calendar days in each.

    Days outside the period do not count; a post without a score gives its days to the others,
    flagged. Every post's part is an input.

    Raises:
        Invalid: two posts overlap.
    """
    days = [_days(post, period) for post in posts]
    _check_overlap(posts)
    known = [
        (post.score, n) for post, n in zip(posts, days, strict=True) if post.score is not None and n
    ]
    whole = sum(n for _, n in known)
    value = _mean([(s, Decimal(n)) for s, n in known])
    parts = tuple(
        _post_node(n, post, d) for n, (post, d) in enumerate(zip(posts, days, strict=True))
    )
    line = " + ".join(f"{shown(s)} × {n}/{whole}" for s, n in known) or "—"
    lost = any(post.score is None and n for post, n in zip(posts, days, strict=True))
    flags = ("missing_redistributed",) if lost and known else () if known else ("no_data",)
    return Node(
        key=str(period),
        label=period.label,
        value=value,
        rule="year.prorated",
        formula=Text(f"按在岗天数：{line}", f"by days in post: {line}"),
        inputs=parts,
        flags=flags,
    )


@exact
def annual(rule: YearRule, quarters: Sequence[Node], review: Node | None) -> Node:
    """The year's score: quarters together `rule.quarters` percent, the annual review the rest.

    What has no score gives its weight to what has one, flagged.

    >>> q = [Node(f"q{n}", Text.same(f"Q{n}"), Decimal(80 + n)) for n in range(1, 5)]
    >>> annual(YearRule(), q, Node("review", Text.same("review"), Decimal(90))).value
    Decimal('85.5')

    Raises:
        Invalid: the quarters' weights do not fit the quarters.
    """
    shares = list(rule.quarter_weights) or [HUNDRED / len(quarters)] * len(quarters)
    if len(shares) != len(quarters) or rule.quarters + rule.review != HUNDRED:
        raise Invalid(
            Text(
                zh="年度权重和季度个数不符，或季度与年度评价合计不是 100；改方案的 year",
                en="the year's weights do not fit the quarters, or do not add up to 100; "
                "mend `year` in the scheme",
            ),
            code="year_weights",
        )
    whole = sum(shares, ZERO)
    weights = [rule.quarters * share / whole for share in shares]
    nodes = list(quarters)
    if review is not None or rule.review:
        weights.append(rule.review)
        nodes.append(review or Node("review", Text("年度评价", "annual review"), None))
    present = [isinstance(node.value, Decimal) for node in nodes]
    terms = [
        (n.value, w) for n, w in zip(nodes, weights, strict=True) if isinstance(n.value, Decimal)
    ]
    line = " + ".join(
        f"{shown(node.value)} × {shown(w)} %"
        for node, w in zip(nodes, redistributed(weights, present), strict=True)
        if isinstance(node.value, Decimal)
    )
    flags = () if all(present) else ("weight_redistributed",) if terms else ("no_data",)
    return Node(
        key="year",
        label=Text("年度得分", "annual score"),
        value=_mean(terms),
        rule="year.annual",
        formula=Text.same(line or "—"),
        parameters={f"weight_{place}": weight for place, weight in enumerate(weights)},
        inputs=tuple(nodes),
        flags=flags,
    )


def _days(post: Post, period: Period) -> int:
    first, last = max(post.start, period.start), min(post.end, period.end)
    return max((last - first).days + 1, 0)


def _check_overlap(posts: Sequence[Post]) -> None:
    ordered = sorted(posts, key=lambda post: (post.start, post.end))
    for before, after in pairwise(ordered):
        if after.start <= before.end:
            raise Invalid(
                Text(
                    zh=f"岗位“{before.name.zh}”和“{after.name.zh}”的日期重叠；改其中一个",
                    en=f"the posts “{before.name.en}” and “{after.name.en}” overlap; "
                    "change one of the dates",
                ),
                code="posts_overlap",
            )


def _post_node(number: int, post: Post, days: int) -> Node:
    return Node(
        key=f"post{number + 1}",
        label=post.name,
        value=post.score,
        rule="part",
        formula=Text(f"在岗 {days} 天", f"{days} days in the post"),
        parameters={
            "days": Decimal(days),
            "start": post.start.isoformat(),
            "end": post.end.isoformat(),
        },
        flags=() if post.score is not None else ("no_data",),
    )


def _mean(terms: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The mean of values by weight; None when there is nothing to weigh."""
    whole = sum((weight for _, weight in terms), ZERO)
    return sum((value * weight for value, weight in terms), ZERO) / whole if whole else None


def _prorated_again(node: Node, values: tuple[Value, ...]) -> Value:
    days = [child.parameters["days"] for child in node.inputs]
    return _mean(_pairs(values, days))


def _annual_again(node: Node, values: tuple[Value, ...]) -> Value:
    weights = [node.parameters[f"weight_{place}"] for place in range(len(values))]
    return _mean(_pairs(values, weights))


def _pairs(values: Sequence[Value], weights: Sequence[object]) -> list[tuple[Decimal, Decimal]]:
    return [
        (value, weight)
        for value, weight in zip(values, weights, strict=True)
        if isinstance(value, Decimal) and isinstance(weight, Decimal)
    ]


RULES: Mapping[str, Rule] = {"year.prorated": _prorated_again, "year.annual": _annual_again}
