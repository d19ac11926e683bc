"""Who may see which value, and who looks after the data behind it."""

from __future__ import annotations

from django.db.models import Q

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people import queries as people
from mingji.people.viewer import Actor, Viewer
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "list": "Every member: the definitions and the values of the whole company.",
    "metric": "Every member: values of company and teams; members' values only in one's reach.",
    "why": "Every member for company and teams; a member's value for the member, those above, "
    "the unit's HR partner and the data analyst.",
    "rows": "As the value itself; an owner is named only to those whom the member concerns.",
    "rows_csv": "As the page of the rows.",
    "definitions": "Every member: how people are measured is no secret.",
    "definitions_version": "Every member.",
    "definitions_edit": "The data analyst.",
    "define": "The data analyst.",
    "data": "The data analyst.",
    "refresh": "The data analyst.",
    "map_owner": "The data analyst.",
}

_NOT_ANALYST = Verdict(
    "not_analyst",
    Text(
        zh="只有数据分析师可以查看和维护数据来源。",
        en="Only the data analyst looks after the data sources.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """Which observations a viewer may see; a condition on `Observation`.

    Values of teams and of the company are everybody's. A member's values belong to those whom
    the member's record concerns (`people.queries.reach`), and to the analyst who answers for
    every number.
    """
    if viewer.analyst:
        return Q()
    return Q(member__isnull=True) | Q(member__in=people.reach(viewer))


def may_keep_data(actor: Actor) -> Verdict:
    """Load tables, refresh values, match owners to members: the data analyst, and set-up."""
    return ALLOWED if isinstance(actor, str) or actor.analyst else _NOT_ANALYST
