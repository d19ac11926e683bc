"""Reading who answers for the numbers of a metric."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.metrics.models import DataOwner
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class OwnerOfData:
    """The member to whom disputes of a metric go. One who has left answers no more."""

    code: str
    name: Text


def data_owner(metric: str) -> OwnerOfData | None:
    """The data owner of a metric; None: the data analysts answer. One query."""
    found = DataOwner.objects.filter(metric=metric, member__left_on=None)
    row = found.select_related("member").first()
    return OwnerOfData(row.member.code, row.member.known_as) if row else None
