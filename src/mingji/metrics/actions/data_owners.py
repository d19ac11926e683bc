"""Say which member answers for the numbers of a metric."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mingji.audit import trail
from mingji.metrics import policy
from mingji.metrics.definitions import metric_of
from mingji.metrics.models import DataOwner
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@transaction.atomic
def assign_data_owner(actor: Actor, metric: str, member: str, *, at: datetime) -> DataOwner | None:
    """Disputes of a metric go to this member from now on; without one to the data analysts.

    Args:
        actor: Who assigns.
        metric: The metric.
        member: The member's code; empty: nobody.
        at: When.

    Raises:
        NotFound: there is no such metric.
        NotAllowed: the actor does not keep the data.
        Invalid: there is no such member, or the member has left.
    """
    policy.may_keep_data(actor).require()
    metric_of(metric)
    found = people.members_by_code([member]).get(member) if member else None
    if member and (found is None or (found.left_on and found.left_on <= at.date())):
        message = Text(
            f"没有编号为“{member}”的在职成员", f"no current member has the code “{member}”"
        )
        remedy = Text("填一位在职成员", "name a member who works here")
        finding = Finding("member", "error", message, remedy, Place(path="member"))
        raise Invalid(message, code="member", findings=(finding,))
    before = DataOwner.objects.select_for_update(of=("self",)).filter(metric=metric)
    was = before.values_list("member__code", flat=True).first() or ""
    if was == member:
        return before.first()
    before.delete()
    owner = DataOwner.objects.create(metric=metric, member=found, since=at) if found else None
    trail.record(
        actor=actor_code(actor),
        action="metrics.assign_data_owner",
        kind="metric",
        object_id=metric,
        at=at,
        evidence={"member": member, "before": was},
    )
    return owner
