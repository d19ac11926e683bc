"""Goals, or links to goals, page by page in the order of the members whose they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

PAGE = 50
_LONGEST_KEY = 19


def page_of(rows: QuerySet[Any], after: str, *, goal: str = "") -> tuple[list[Any], str]:
    """A page of rows, those of teams first, then by name; and the key of the page after.

    `goal` names the column that leads to the goal, where the rows are no goals themselves. A
    made-up key begins at the beginning.
    """
    prefix, key = (f"{goal}__", f"{goal}_id") if goal else ("", "id")
    rows = rows.annotate(sort=Coalesce(f"{prefix}member__name_sort", Value("")))
    name, mark, number = after.rpartition("~")
    if mark and number.isdecimal() and len(number) < _LONGEST_KEY:
        rows = rows.filter(Q(sort__gt=name) | Q(sort=name, **{f"{key}__gt": int(number)}))
    found = list(rows.order_by("sort", key)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.sort}~{getattr(last, key)}" if last else ""
