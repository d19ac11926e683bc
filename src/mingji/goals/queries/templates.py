"""Goal templates by job family: those of the performance scheme, and those that were saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mingji.goals.checks import FormPart
from mingji.goals.models import Agreement, GoalTemplate
from mingji.goals.queries.items import MeasuredItem, family_forms, metric_item
from mingji.people import queries as people
from mingji.people.families import JOB_FAMILIES
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateItem:
    """An item of a template with its typical weight in percent of the dimension; None beside the
    form."""

    name: Text
    weight: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePart:
    """The items of a template in one dimension of the form, or beside it (no name)."""

    name: Text | None
    items: tuple[TemplateItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTemplate:
    """A template that was saved: what is in it, and by whom."""

    row: GoalTemplate
    parts: tuple[TemplatePart, ...]
    by: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTemplates:
    """The templates of a job family; `shipped` are the measured items of its form in the scheme."""

    name: Text
    shipped: tuple[TemplatePart, ...]
    saved: tuple[SavedTemplate, ...]


def templates_by_family() -> list[FamilyTemplates]:
    """The templates of every job family, for a caller that may keep templates. A fixed number of
    queries."""
    rows = list(GoalTemplate.objects.all())
    names = people.names_by_code({row.made_by for row in rows})
    return [
        FamilyTemplates(
            name=JOB_FAMILIES.get(code, Text.same(code)),
            shipped=_parts([(item, None) for item in items.values()], parts),
            saved=tuple(
                SavedTemplate(
                    row=row,
                    parts=_parts(columns_of(row, items), parts),
                    by=names.get(row.made_by, Text.same(row.made_by)),
                )
                for row in rows
                if row.family == code
            ),
        )
        for code, (items, parts) in family_forms().items()
    ]


def columns_of(
    template: GoalTemplate, items: Mapping[str, MeasuredItem]
) -> list[tuple[MeasuredItem, GoalTerms]]:
    """What stands in a template: those on the form in its order, then those beside it, weighed as
    the template says; weights that it leaves open are those of the form."""
    order = {key: place for place, key in enumerate(items)}
    found = []
    for goal in sorted(template.goals, key=lambda each: order.get(each.key, len(order))):
        item = items.get(goal.key) or metric_item(goal.key, goal.metric)
        if item is not None:
            name = Text.same(goal.title) if goal.title else item.name
            found.append((replace(item, name=name, weight=goal.weight or item.weight), goal))
    return found


def _parts(
    columns: Sequence[tuple[MeasuredItem, GoalTerms | None]], parts: Sequence[FormPart]
) -> tuple[TemplatePart, ...]:
    left = {item.id: TemplateItem(name=item.name, weight=item.weight) for item, _typical in columns}
    found: list[TemplatePart] = []
    for part in parts:
        own = tuple(left.pop(key) for key in part.weights if key in left)
        if own:
            found.append(TemplatePart(name=part.name, items=own))
    if left:
        found.append(TemplatePart(name=None, items=tuple(left.values())))
    return tuple(found)


def template_for(template_id: int, *, lock: bool = False) -> GoalTemplate:
    """The template with this number, for a caller that may keep templates.

    Raises:
        NotFound: no such template.
    """
    rows = GoalTemplate.objects.filter(pk=template_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(_NO_TEMPLATE, code="no_goal_template")
    return found


def family_of(agreement: Agreement) -> str:
    """The job family that the goals of an agreement are typical of: that of the member at the end
    of its period; empty for a team's, and without a post."""
    if agreement.member is None:
        return ""
    posting = people.posting_on(agreement.member, Period.parse(agreement.period).end)
    return posting.job_family if posting else ""


_NO_TEMPLATE = Text(zh="没有这个目标模板。", en="There is no such goal template.")
