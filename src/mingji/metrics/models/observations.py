"""Observations of metrics, the runs that made them, and who an owner in a source system is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class OwnerMapping(models.Model):
    """`owner` in `source` is `member` from `starts_on` up to before `ends_on`."""

    source = models.CharField(max_length=40)
    owner = models.CharField(max_length=200)
    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("source", "owner", "starts_on")
        constraints = [
            models.UniqueConstraint(
                fields=("source", "owner", "starts_on"), name="owner_mapped_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gt=F("starts_on")),
                name="owner_mapping_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.owner}"


class RefreshRun(models.Model):
    """One computation of the metrics over the warehouse, with what it found on the way.

    `inputs_digest` covers everything the values depend on: batches, definitions, owner mapping,
    postings and periods. Two runs with the same one would say the same.
    """

    at = models.DateTimeField()
    definitions_digest = models.CharField(max_length=64)
    inputs_digest = models.CharField(max_length=64, default="")
    periods = models.JSONField(default=list)
    batches = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    unmatched = models.JSONField(default=list)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"refresh {self.pk}"


class Observation(models.Model):
    """The value of a metric for a member, a team or the whole company in a period.

    Exactly one of `member` and `team` is set, or neither for the company. `value` None is
    "no data"; a slice without a single row is not stored. `tree` is the explanation
    (`mingji.rules.explanation.as_data`) and holds the value with its own number of decimals. A
    refresh that finds another value adds a row and takes `current` from the one before: the
    rows of a slice are its history.
    """

    run = models.ForeignKey(RefreshRun, on_delete=models.CASCADE, related_name="observations")
    metric = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    member = models.ForeignKey(
        "people.Member", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    value = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    rows = models.PositiveIntegerField(default=0)
    tree = models.JSONField()
    current = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=("run", "metric", "period", "member")),
            models.Index(fields=("run", "member", "period")),
            models.Index(fields=("period", "member", "current")),
            models.Index(fields=("metric", "current", "period")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(team__isnull=True),
                name="observation_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("metric", "period", "member"),
                condition=Q(current=True, member__isnull=False),
                name="observation_current_of_member",
            ),
            models.UniqueConstraint(
                fields=("metric", "period", "team"),
                condition=Q(current=True, team__isnull=False),
                name="observation_current_of_team",
            ),
            models.UniqueConstraint(
                fields=("metric", "period"),
                condition=Q(current=True, team__isnull=True, member__isnull=True),
                name="observation_current_of_company",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period}"
