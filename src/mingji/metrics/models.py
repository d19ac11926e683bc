"""Observations of metrics, the runs that made them, who an owner is, and where rows come from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from mingji.rules.text import Text


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
