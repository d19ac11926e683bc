"""Which items of a member's form a goal can be set for: those that a metric measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingji.metrics.definitions import library
from mingji.people import queries as people
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.form import Form, form_for
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes import queries as schemes

if TYPE_CHECKING:
    from mingji.people.models import Member, Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredItem:
    """An item with its metric, the method that scores it, and what is better: more or less."""

    id: str
    name: Text
    metric: str
    method: str
    direction: str
    unit: str


def measured_items(member: Member, period: str) -> list[MeasuredItem]:
    """The items that a metric measures, of the form for the post held at the end of the period.

    The form is that of the scheme version published last; without one, or without a post, there
    are none. Nor are there for those who are measured by their team: `measuring_team`.
    """
    form = _form(_posting(member, period))
    if form is None or form.level.measured_on == "team":
        return []
    return [_measured(item) for _, item in form.items() if item.metric]


def measuring_team(member: Member, period: str) -> int | None:
    """The team whose goals a member answers for instead of own ones (who leads it), or None."""
    posting = _posting(member, period)
    form = _form(posting)
    on_team = form is not None and form.level.measured_on == "team"
    return posting.team_id if posting and on_team else None


def measured_item(member: Member, period: str, item: str) -> MeasuredItem:
    """One of `measured_items`.

    Raises:
        Invalid: the form has no such item, or no metric measures it.
    """
    items = measured_items(member, period)
    found = next((each for each in items if each.id == item), None)
    if found:
        return found
    known = ", ".join(each.id for each in items) or "—"
    message = Text(
        zh=f"考核表里没有可以定目标的考核项“{item}”。",
        en=f"The form has no item “{item}” that a goal can be set for.",
    )
    remedy = Text(zh=f"可以选：{known}", en=f"Choose one of: {known}")
    finding = Finding("unknown_item", "error", message, remedy, Place(path="item"))
    raise Invalid(message, code="unknown_item", findings=(finding,))


def _measured(item: Item) -> MeasuredItem:
    metric = library().definitions.metrics.get(item.metric)
    direction = getattr(item.scoring, "direction", "") or (metric.direction if metric else "up")
    return MeasuredItem(
        id=item.id,
        name=item.name,
        metric=item.metric,
        method=item.scoring.method,
        direction=direction,
        unit=metric.unit if metric else item.unit,
    )


def _posting(member: Member, period: str) -> Posting | None:
    return people.posting_on(member, Period.parse(period).end)


def _form(posting: Posting | None) -> Form | None:
    if posting is None:
        return None
    latest = max(schemes.versions(), key=lambda version: version.created_at, default=None)
    if latest is None:
        return None
    return form_for(schemes.scheme_of(latest.pk), posting.level, posting.job_family)
