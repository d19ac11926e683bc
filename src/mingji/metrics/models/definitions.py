"""The company's own definitions of metrics, version by version."""

from __future__ import annotations

from django.db import models


class DefinitionsVersion(models.Model):
    """One immutable text of the company's own definitions; the highest number is in force."""

    number = models.PositiveIntegerField(unique=True)
    document = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"definitions v{self.number}"
