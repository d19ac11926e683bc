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
    "explore": "Every member: company and teams by any dimension; members only in one's reach.",
    "explore_csv": "As the explorer.",
    "explore_why": "As the explorer; a member's value as under `why`.",
    "explore_rows": "As the explorer; an owner is named only to those whom the member concerns.",
    "explore_rows_csv": "As the page of the rows.",
    "data": "The data analyst.",
    "refresh": "The data analyst.",
    "map_owner": "The data analyst.",
    "matches": "The data analyst.",
    "end_match": "The data analyst, not for a match to themselves.",
    "source_new": "The data analyst.",
    "source": "The data analyst.",
    "source_settings": "The data analyst.",
    "source_test": "The data analyst.",
    "source_preview": "The data analyst.",
    "source_mapping": "The data analyst.",
    "source_mapping_missing": "The data analyst.",
    "source_schedule": "The data analyst.",
    "source_upload": "The data analyst.",
    "source_run_now": "The data analyst.",
    "source_run": "The data analyst.",
    "source_rejected": "The data analyst.",
    "push": "Nobody by signing in: a system that has the source's secret and signs each body.",
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
