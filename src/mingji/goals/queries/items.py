"""Which items of a member's form a goal can be set for: those that a metric measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from mingji.goals.checks import FormPart
from mingji.goals.models import Agreement
from mingji.goals.standing import direction_of
from mingji.metrics.definitions import library
from mingji.people import queries as people
from mingji.rules.calendar import Period
from mingji.rules.form import Form, form_for, team_form
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.scheme import Item, Scheme
from mingji.rules.text import Text
from mingji.schemes import queries as schemes

if TYPE_CHECKING:
    from mingji.people.models import Member, Posting, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """What the scheme itself says of an item's values, where it does."""

    target: Decimal | None = None
    threshold: Decimal | None = None
    stretch: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredItem:
    """An item with its metric, the method that scores it, and what is better: more or less.

    `weight` is that of the scheme, in percent of the dimension; None beside the form. `scored` is
    the item itself, by which a goal is scored unless it agrees something else.
    """

    id: str
    name: Text
    metric: str
    method: str
    direction: str
    unit: str
    weight: Decimal | None = None
    typical: Typical = Typical()
    scored: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose goals they are: a member, or a whole team."""

    member: Member | None = None
    team: Team | None = None


def measured_items(owner: Owner, period: str) -> dict[str, MeasuredItem]:
    """The items of a form that a metric measures, by id.

    It is the form for the post held at the end of the period, and that of the scheme version
    published last; once both sides have agreed, of the one that they agreed under: a version that
    is published later moves neither method nor weight of a locked goal. Without one, or without a
    post, there are none. Nor are there for those who are
    measured by their team (`measuring_team`): their items are the team's, together with the
    team's own.
    """
    found: dict[str, MeasuredItem] = {}
    for form in forms_of(owner, period):
        for key, item in _items(form).items():
            # Where two forms of a team have the same item, the first one's stands.
            found.setdefault(key, item)
    return found


def form_parts(owner: Owner, period: str) -> list[FormPart]:
    """The dimensions that hold measured items, with the weights of all items in them."""
    return [part for form in forms_of(owner, period) for part in _parts(form)]


def items_by_member(
    members: Iterable[Member], period: str
) -> dict[int, tuple[dict[str, MeasuredItem], list[FormPart]]]:
    """The measured items and form parts of many members, by member id: one look-up of posts."""
    day, scheme = Period.parse(period).end, _scheme()
    held = people.postings_on(members, day)
    known: dict[tuple[str, str], tuple[dict[str, MeasuredItem], list[FormPart]]] = {}
    found: dict[int, tuple[dict[str, MeasuredItem], list[FormPart]]] = {}
    for member in members:
        post = held.get(member.pk)
        if post is None:
            found[member.pk] = ({}, [])
            continue
        key = (post.level, post.job_family)
        if key not in known:
            known[key] = _of_form(_form(post, scheme))
        found[member.pk] = known[key]
    return found


def family_forms() -> dict[str, tuple[dict[str, MeasuredItem], list[FormPart]]]:
    """The measured items and form parts of each job family at the scheme's first level; none
    without a scheme in force."""
    scheme = _scheme()
    families = [template.family for template in scheme.templates] if scheme else []
    return {code: _of_form(form_for(scheme, "", code)) for code in families if scheme}


def _of_form(form: Form | None) -> tuple[dict[str, MeasuredItem], list[FormPart]]:
    if form is None or form.level.measured_on == "team":
        return {}, []
    return _items(form), _parts(form)


def _items(form: Form) -> dict[str, MeasuredItem]:
    return {item.id: _measured(item) for _, item in form.items() if item.metric}


def _parts(form: Form) -> list[FormPart]:
    return [
        FormPart(
            name=part.name,
            weights={item.id: item.weight for item in part.items},
            names={item.id: item.name for item in part.items},
        )
        for part in form.dimensions
        if any(item.metric for item in part.items)
    ]


def measuring_team(member: Member, period: str) -> Team | None:
    """The team whose goals a member answers for instead of own ones (who leads it), or None."""
    posting = _posting(member, period)
    form = _form(posting, _scheme() if posting else None)
    on_team = form is not None and form.level.measured_on == "team"
    return posting.team if posting and on_team else None


def measured_by_team(posts: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these posts, as (level, job family), whose holders answer for their team's goals."""
    scheme = _scheme()
    if scheme is None:
        return set()
    forms = {post: form_for(scheme, *post) for post in posts}
    return {post for post, form in forms.items() if form and form.level.measured_on == "team"}


def item_of(goal: GoalTerms, items: Mapping[str, MeasuredItem]) -> MeasuredItem | None:
    """What a goal is measured and scored by: its item of the form, else its metric, else what it
    says itself. None for a metric that the library does not have."""
    if goal.kind == "kpi" and (item := items.get(goal.key)):
        return item
    if goal.kind != "objective" and goal.measure == "metric":
        return metric_item(goal.key, goal.metric)
    return MeasuredItem(
        id=goal.key,
        name=Text.same(goal.title),
        metric="",
        method="",
        direction=direction_of(goal.baseline, goal.target),
        unit=goal.unit,
    )


def metric_choices() -> dict[str, tuple[Text, str]]:
    """The KPIs of the library that a goal can be measured by: name and unit by metric."""
    metrics = library().definitions.metrics.values()
    return {metric.id: (metric.name, metric.unit) for metric in metrics if metric.kpi}


def metric_item(key: str, metric: str) -> MeasuredItem | None:
    """A metric that stands on no form; None if the library does not have it."""
    found = library().definitions.metrics.get(metric)
    if found is None:
        return None
    return MeasuredItem(
        id=key,
        name=found.name,
        metric=metric,
        method="",
        direction=found.direction,
        unit=found.unit,
    )


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
        weight=item.weight,
        typical=Typical(target=item.target, threshold=item.threshold, stretch=item.stretch),
        scored=item,
    )


def forms_of(owner: Owner, period: str) -> list[Form]:
    """The forms whose measured items belong to a member, or to a team, as both sides agreed under
    them; until then as the scheme has them now."""
    scheme = _scheme(_agreed_at(owner, period))
    if owner.member is not None:
        form = _form(_posting(owner.member, period), scheme)
        return [] if form is None or form.level.measured_on == "team" else [form]
    assert owner.team is not None
    day = Period.parse(period).end
    members = people.members_of_team(owner.team, day)
    held = people.postings_on(members, day).values()
    posts = {(post.level, post.job_family): post for post in held}
    forms = [form for _, post in sorted(posts.items()) if (form := _form(post, scheme))]
    own = [team_form(scheme)] if scheme and scheme.team_items else []
    return [form for form in forms if form.level.measured_on == "team"] + own


def _posting(member: Member, period: str) -> Posting | None:
    return people.posting_on(member, Period.parse(period).end)


def _agreed_at(owner: Owner, period: str) -> datetime | None:
    """When both sides agreed to the goals of a member or team in a period; None until then."""
    found = Agreement.objects.filter(member=owner.member, team=owner.team, period=period)
    signed = found.filter(status=Agreement.Status.AGREED)
    return signed.values_list("accepted_at", flat=True).first()


def _form(posting: Posting | None, scheme: Scheme | None) -> Form | None:
    return form_for(scheme, posting.level, posting.job_family) if scheme and posting else None


def _scheme(at: datetime | None = None) -> Scheme | None:
    """The scheme version published last, or last by that instant if there was one by then."""
    known = schemes.versions()
    by_then = [each for each in known if at is not None and each.created_at <= at]
    latest = max(by_then or known, key=lambda version: version.created_at, default=None)
    return schemes.scheme_of(latest.pk) if latest else None
