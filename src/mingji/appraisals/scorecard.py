"""The scorecard as a page shows it: the stored tree laid out by dimension and item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from mingji.appraisals import policy, queries
from mingji.appraisals.choices import choice_of
from mingji.appraisals.forms_of import form_of
from mingji.appraisals.models import Appraisal, Rating, Review, Stage
from mingji.appraisals.snapshot import member_from
from mingji.kit.charts import Bullet, Step, Waterfall, bullet, waterfall
from mingji.kit.explain import explanation_address
from mingji.kit.words import RULES, worded
from mingji.metrics import queries as metrics
from mingji.metrics.restated import Restated
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.viewer import Viewer
from mingji.rules.assess import scored_as
from mingji.rules.explanation import Node, from_data
from mingji.rules.facts import ItemFacts
from mingji.rules.form import Form
from mingji.rules.scheme import Dimension, Item, Scheme
from mingji.rules.text import Text
from mingji.rules.waterfall import waterfall as waterfall_of

_NO_FACTS = ItemFacts()
_WAITING = {
    Stage.SELF_REVIEW: Text(
        "等待自评。提交后由上级评价。", "Waits for the self-review; then the manager reviews."
    ),
    Stage.MANAGER_REVIEW: Text("等待上级评价。", "Waits for the manager's review."),
    Stage.REVIEWED: Text("评价已完成，等待计算。", "Reviewed; waits to be computed."),
    Stage.COMPUTED: Text(
        "结果已算出，发布后可见。", "Computed; shown to the member after release."
    ),
    Stage.RELEASED: Text("没有可以计算的数据。", "There was no data to compute a result from."),
}


@dataclass(frozen=True, slots=True)
class Opens:
    """A node of the result and the address at which it opens."""

    node: Node
    href: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a rater said about an item: the level's name and description, and the comment."""

    level: Text | None
    words: Text | None
    comment: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. `points` and `actual` open; both are None where the viewer may not see them yet."""

    item: Item
    method: Text
    points: Opens | None
    actual: Opens | None
    value: Decimal | None
    target: Decimal | None
    chart: Bullet | None
    own: Answered | None
    manager: Answered | None
    restated: Restated | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """What the result says about this item, such as a weight given away for lack of data."""
        return self.points.node.flags if self.points else ()


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension with its items."""

    dimension: Dimension
    points: Opens | None
    items: list[ItemRow]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The page. `grade` and `total` are None until the result is the viewer's to see."""

    post: Text
    waiting: Text
    grade_name: Text
    member: Text
    reviewer: Text | None
    released_by: Text
    is_own: bool
    grade: Opens | None
    total: Opens | None
    chart: Waterfall | None
    dimensions: list[DimensionRow]
    reviews: dict[str, Review]
    may_review: bool


def tree_of(appraisal: Appraisal) -> Node:
    """The explanation of a computed appraisal, as it was stored."""
    return from_data(json.loads(appraisal.result)["tree"])


def scorecard(viewer: Viewer, appraisal: Appraisal) -> Scorecard:
    """The scorecard of an appraisal, with what is the viewer's to see at its stage."""
    base = reverse("appraisals:why", args=[appraisal.pk])
    shown = bool(appraisal.result) and policy.may_see_result(viewer, appraisal)
    opened = _by_key(tree_of(appraisal), base) if shown else {}
    reviews = queries.reviews_for(viewer, appraisal)
    facts = member_from(appraisal.facts).items
    form = form_of(appraisal)
    ratings = {kind: _ratings(review) for kind, review in reviews.items()}
    restated = _restated(appraisal, form)
    return Scorecard(
        post=_post(appraisal),
        waiting=_WAITING[Stage(appraisal.stage)],
        member=appraisal.member.known_as,
        reviewer=appraisal.reviewer.known_as if appraisal.reviewer else None,
        released_by=queries.released_by(appraisal.cycle),
        is_own=appraisal.member_id == viewer.member_id,
        grade_name=_grade_name(form.scheme, appraisal.grade if shown else ""),
        grade=opened.get("grade"),
        total=opened.get("total"),
        chart=_chart(opened),
        dimensions=[
            DimensionRow(
                dimension,
                opened.get(dimension.id),
                [
                    _item_row(
                        item,
                        facts.get(item.id, _NO_FACTS),
                        opened.get(f"{dimension.id}/{item.id}"),
                        ratings,
                        restated,
                    )
                    for item in dimension.items
                ],
            )
            for dimension in form.dimensions
        ],
        reviews=reviews,
        may_review=_may_review(viewer, appraisal),
    )


def _post(appraisal: Appraisal) -> Text:
    """Team, job family and level as they were when the cycle opened."""
    family = JOB_FAMILIES.get(appraisal.job_family, Text.same(appraisal.job_family))
    level = LEVELS.get(appraisal.level, Text.same(appraisal.level))
    team = appraisal.team
    return Text(
        f"{team.name_zh} · {family.zh}{level.zh}", f"{team.name_en} · {family.en}, {level.en}"
    )


def _grade_name(scheme: Scheme, grade: str) -> Text:
    return next((each.name for each in scheme.grades if each.id == grade), Text("", ""))


def _may_review(viewer: Viewer, appraisal: Appraisal) -> bool:
    return any(
        appraisal.stage == stage and policy.may_review(viewer, appraisal, stage)
        for stage in ("self_review", "manager_review")
    )


def _by_key(root: Node, base: str) -> dict[str, Opens]:
    """The nodes a scorecard shows: grade, total, each dimension by id, each item by `dim/item`,
    and what lies between dimensions and total by its rule (`blend.weighted`)."""
    found: dict[str, Opens] = {"grade": Opens(root, explanation_address(base, ""))}
    for path, node in _paths(root, ()):
        opens = Opens(node, explanation_address(base, "/".join(path)))
        if node.rule.startswith("dimension."):
            found[node.key] = opens
        elif node.rule.startswith("item."):
            found[f"{path[-2]}/{node.key}"] = opens
        elif path:
            found.setdefault(path[-1], opens)
            found.setdefault(node.rule, opens)
    return found


def _paths(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every node down to the items with its path, parents first; the team's tree stays shut."""
    yield path, node
    if node.rule.startswith("item.") or (path and path[-1] == "team"):
        return
    for child in node.inputs:
        yield from _paths(child, (*path, child.key))


def _chart(opened: Mapping[str, Opens]) -> Waterfall | None:
    total = opened.get("total")
    if total is None or not isinstance(total.node.value, Decimal):
        return None
    steps = [
        Step(each.label, each.delta, opened[each.key].href if each.key in opened else "")
        for each in waterfall_of(opened["grade"].node)
    ]
    steps.append(Step(total.node.label, total.node.value, total.href, total=True))
    return waterfall(steps, caption=Text("得分是怎么来的", "How the score came about"))


def _restated(appraisal: Appraisal, form: Form) -> Mapping[str, Restated]:
    """What the frozen figures say today, by metric as it was meant then, where that is something
    else."""
    measured = {item.metric for _, item in form.items() if item.source == "metric"}
    on_team = form.level.measured_on == "team"
    meant = metrics.meant_at(measured, appraisal.cycle.opened_at)
    found = metrics.restated_facts(
        appraisal.cycle.period,
        meant.values(),
        appraisal.cycle.opened_at,
        member=None if on_team else appraisal.member_id,
        team=appraisal.team_id if on_team else None,
    )
    return {metric: found[id_] for metric, id_ in meant.items() if id_ in found}


def _item_row(
    item: Item,
    facts: ItemFacts,
    opens: Opens | None,
    ratings: Mapping[str, dict[str, Rating]],
    restated: Mapping[str, Restated],
) -> ItemRow:
    item, _ = scored_as(item, facts)
    actual = _actual(opens) if opens else None
    value = _decimal(actual.node) if actual else facts.actual
    target = facts.target if facts.target is not None else item.target
    measured = item.source == "metric"
    return ItemRow(
        item=item,
        method=worded(RULES, f"method.{item.scoring.method}"),
        points=opens,
        actual=actual,
        value=value,
        target=target,
        chart=_bullet(item, facts, value, target) if measured and target is not None else None,
        own=_answered(item, ratings.get(Review.Kind.SELF, {}).get(item.id)),
        manager=_answered(item, ratings.get(Review.Kind.MANAGER, {}).get(item.id)),
        restated=restated.get(item.metric) if measured else None,
    )


def _bullet(item: Item, facts: ItemFacts, value: Decimal | None, target: Decimal | None) -> Bullet:
    return bullet(
        value,
        target=target,
        threshold=facts.threshold if facts.threshold is not None else item.threshold,
        stretch=facts.stretch if facts.stretch is not None else item.stretch,
        direction=getattr(item.scoring, "direction", "up"),
        unit=item.unit,
        label=item.name,
    )


def _actual(opens: Opens) -> Opens | None:
    """The node of what was measured: below the method, which is below the points."""
    for method in opens.node.inputs:
        for given in method.inputs:
            if given.key == "actual":
                return Opens(given, f"{opens.href}/{method.key}/actual")
    return None


def _answered(item: Item, rating: Rating | None) -> Answered | None:
    if rating is None:
        return None
    level = choice_of(item, rating.choice)
    return Answered(
        level=level.name if level else None,
        words=level.description if level else None,
        comment=rating.comment,
    )


def _ratings(review: Review) -> dict[str, Rating]:
    return {rating.item: rating for rating in review.ratings.all()}


def _decimal(node: Node) -> Decimal | None:
    return node.value if isinstance(node.value, Decimal) else None
