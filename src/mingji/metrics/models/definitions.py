"""The company's own definitions of metrics, version by version, and who answers for each metric."""

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


class DataOwner(models.Model):
    """The member who answers for the numbers of a metric: disputes of them go there first."""

    metric = models.CharField(max_length=60, unique=True)
    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ("metric",)

    def __str__(self) -> str:
        return f"{self.metric}: {self.member_id}"
