"""Rows written in bulk, as the builders of a large company write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet


def written(rows: Iterable[Model]) -> list[Any]:
    rows = list(rows)
    manager: Any = QuerySet(type(rows[0]))
    made: list[Any] = manager.bulk_create(rows, batch_size=2000)
    return made


def every_member() -> list[Any]:
    """Everybody, in the order in which they came."""
    from mingji.people.models import Member

    return list(Member.objects.order_by("pk"))
