"""Saving the goals of an agreement as a template of a job family, and removing templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from mingji.audit import trail
from mingji.goals import policy, queries
from mingji.goals.models import GoalTemplate
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms, as_data
from mingji.rules.text import Text

LONGEST_NAME = 80


@transaction.atomic
def save_template(actor: Viewer, agreement_id: int, name: str, *, at: datetime) -> int:
    """Save the KPIs of a member's agreement as a template of their job family: items, weights and
    scoring, without targets, dates and promises. Objectives are personal and are left out.

    Returns the number of the template.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor neither leads people nor is an HR partner.
        Invalid: no name, one that the family has already, or no KPI that a metric measures.
    """
    agreement = queries.agreement_for(actor, agreement_id)
    policy.may_keep_templates(actor).require()
    family = queries.family_of(agreement)
    terms = [_typical(goal) for goal in queries.terms_of(agreement) if _is_typical(goal)]
    if not terms or not family:
        raise Invalid(_NOTHING, code="nothing_typical")
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise Invalid(_NO_NAME, code="no_name")
    try:
        with transaction.atomic():
            made = GoalTemplate.objects.create(
                family=family, name=called, terms=as_data(terms), made_by=actor.code, made_at=at
            )
    except IntegrityError as error:
        raise Invalid(_TAKEN, code="name_taken") from error
    said = {"family": family, "name": called, "items": [goal.key for goal in terms]}
    trail.record(
        actor=actor.code,
        action="save_template",
        kind="goal_template",
        object_id=made.pk,
        at=at,
        evidence=said,
    )
    return made.pk


@transaction.atomic
def remove_template(actor: Viewer, template_id: int, *, at: datetime) -> None:
    """Take a template away. Goals that were set with it stay as they are.

    Raises:
        NotFound: no such template.
        NotAllowed: somebody else saved it, and the actor is no HR partner.
    """
    policy.may_keep_templates(actor).require()
    template = queries.template_for(template_id, lock=True)
    policy.may_remove_template(actor, template).require()
    said = {"family": template.family, "name": template.name, "terms": template.terms}
    template.delete()
    trail.record(
        actor=actor.code,
        action="remove_template",
        kind="goal_template",
        object_id=template_id,
        at=at,
        evidence=said,
    )


def _is_typical(goal: GoalTerms) -> bool:
    return goal.kind == "kpi" and goal.measure == "metric" and bool(goal.metric)


def _typical(goal: GoalTerms) -> GoalTerms:
    """A goal without what belongs to one person in one period."""
    return replace(
        goal,
        baseline=None,
        threshold=None,
        target=None,
        stretch=None,
        due=None,
        theme="",
        support="",
        support_due=None,
    )


_NOTHING = Text(
    zh="这份目标确认书里没有由指标衡量的关键绩效指标，存不成模板。",
    en="There is no KPI in this agreement that a metric measures, so there is nothing to save.",
)
_NO_NAME = Text(
    zh=f"给模板起个名字，不超过 {LONGEST_NAME} 个字。",
    en=f"Give the template a name of up to {LONGEST_NAME} characters.",
)
_TAKEN = Text(
    zh="这个岗位序列已有同名模板。换个名字，或先移除旧的。",
    en="The job family has a template of this name. Choose another, or remove the old one first.",
)
