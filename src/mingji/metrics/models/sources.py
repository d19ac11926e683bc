"""Where rows come from, and each time they were read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mingji.rules.text import Text


class Source(models.Model):
    """Where rows come from: a kind, its settings, the table they go to, and when they are read.

    `settings` never hold a secret, only where it stands (`connectors.settings.Secret`). `mapping`
    says, by column of the table, from which column of the source it comes and how its cells are
    meant (`metrics.mapping.From`); `headers` are the columns that the source had then, `excluded`
    those that stay outside for good. `cursor` is how far it was read.
    """

    class Schedule(models.TextChoices):
        MANUAL = "manual"
        HOURLY = "hourly"
        DAILY = "daily"
        WEEKDAYS = "weekdays"

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    entity = models.CharField(max_length=120, blank=True, default="")
    table = models.CharField(max_length=60, blank=True, default="")
    mapping = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    schedule = models.CharField(
        max_length=10, choices=Schedule.choices, default=Schedule.MANUAL, blank=True
    )
    at = models.TimeField(null=True, blank=True)
    owner = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    enabled = models.BooleanField(default=False)
    cursor = models.JSONField(null=True, default=None)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    # What the last connection test said: {"ok", "zh", "en", "account"}.
    checked = models.JSONField(default=dict)
    # When a push that was not signed was last written into the audit trail.
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def known_as(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)


class SourceRun(models.Model):
    """One reading of a source: when, by whom, how many rows, what was found.

    A run that broke off (the process ended in its midst) still says `running`; the next one finds
    nobody at work on the source and marks it `failed`. `who` is a member's code, `schedule`,
    `push` or `system`.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        NOTHING = "nothing"
        FAILED = "failed"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    read = models.PositiveBigIntegerField(default=0)
    loaded = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    batches = models.JSONField(default=list)
    cursor_before = models.JSONField(null=True, default=None)
    cursor_after = models.JSONField(null=True, default=None)
    findings = models.JSONField(default=list)
    warnings = models.PositiveIntegerField(default=0)
    error_zh = models.TextField(blank=True, default="")
    error_en = models.TextField(blank=True, default="")
    who = models.CharField(max_length=40)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("source", "-id"))]
        constraints = [
            models.UniqueConstraint(
                fields=("source",), condition=Q(status="running"), name="one_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def error(self) -> Text:
        """Why it failed, with the remedy; empty unless it did."""
        return Text(zh=self.error_zh, en=self.error_en)


class Push(models.Model):
    """A delivery that somebody sent, under the key that makes it one however often it is sent."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="pushes")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    run = models.ForeignKey(SourceRun, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="push_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.key}"
