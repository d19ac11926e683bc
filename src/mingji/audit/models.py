"""The audit trail: one row for each write, chained by hash, never changed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text


class AppendOnly(models.QuerySet["AuditRecord"]):
    """Rows can be read and added one by one; in bulk nothing can be done to them."""

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class AuditRecord(models.Model):
    """Who did what to what, when, and why. `digest` covers this row and the one before it."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80, db_index=True)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True, default="")
    evidence = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=("kind", "object_id", "number"))]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.action} {self.kind}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a row that is there cannot be saved again."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the trail only grows."""
        _refuse()


def _refuse() -> NoReturn:
    raise NotAllowed(
        Text(
            zh="审计记录只能追加，不能修改或删除。",
            en="The audit trail only grows: a record cannot be changed or deleted.",
        ),
        code="audit_append_only",
    )
