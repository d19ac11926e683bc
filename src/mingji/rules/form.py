"""The form that one person is appraised by: scheme, level and job family put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.methods.rated import MultiRater
from mingji.rules.scheme import Dimension, Item, Level, Scheme, Template
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The concrete dimensions, items and weights of one person, with the scheme they come from."""

    scheme: Scheme
    level: Level
    dimensions: tuple[Dimension, ...]
    family: str = ""

    def items(self) -> Iterator[tuple[Dimension, Item]]:
        """Every item with its dimension, in the order of the form."""
        for dimension in self.dimensions:
            for item in dimension.items:
                yield dimension, item


def form_for(scheme: Scheme, level: str = "", family: str = "") -> Form:
    """The form of a person at this level in this job family.

    An empty level means the scheme's first. A family without a template gets the common items.
    The template's weights win over the level's, the level's over the common ones; dimensions of
    weight 0 that hold no item are left out.

    Raises:
        Invalid: the scheme has no such level.
    """
    at = _level(scheme, level)
    template = next((each for each in scheme.templates if each.family == family), None)
    weights = {change.dimension: change.weight for change in at.weights}
    if template:
        weights |= {change.dimension: change.weight for change in template.weights}
    dimensions = (
        replace(
            dimension,
            weight=weights.get(dimension.id, dimension.weight),
            items=tuple(_concrete(item, scheme, at) for item in _items(dimension, template)),
        )
        for dimension in scheme.dimensions
    )
    kept = tuple(each for each in dimensions if each.weight or each.items)
    return Form(scheme=scheme, level=at, dimensions=kept, family=family)


def team_form(scheme: Scheme) -> Form:
    """The form of a whole team: its items in one dimension of weight 100."""
    dimension = Dimension(
        id="team",
        name=Text("团队", "Team"),
        weight=Decimal(100),
        items=tuple(_concrete(item, scheme, scheme.levels[0]) for item in scheme.team_items),
    )
    return Form(scheme=scheme, level=scheme.levels[0], dimensions=(dimension,), family="")


def _level(scheme: Scheme, level: str) -> Level:
    found = next((each for each in scheme.levels if each.id == level or not level), None)
    if found:
        return found
    known = ", ".join(each.id for each in scheme.levels)
    raise Invalid(
        Text(
            zh=f"方案 {scheme.id} 里没有层级“{level}”，可用的有：{known}",
            en=f"scheme {scheme.id} has no level “{level}”; it has: {known}",
        ),
        code="unknown_level",
    )


def _items(dimension: Dimension, template: Template | None) -> tuple[Item, ...]:
    items = dimension.items
    for change in template.items if template else ():
        if change.dimension == dimension.id:
            items = change.items if change.replace else items + change.items
    return items


def _concrete(item: Item, scheme: Scheme, level: Level) -> Item:
    """Fill what an item takes from the scheme, so that it explains itself without it."""
    method = item.scoring
    if item.scoring_from is None:
        item = replace(item, scoring_from=scheme.scoring_from)
    if not isinstance(method, MultiRater):
        return item
    groups = method.groups or level.raters or scheme.raters.groups
    minimum = scheme.raters.minimum if method.minimum is None else method.minimum
    return replace(item, scoring=replace(method, groups=groups, minimum=minimum))
