"""Disputes, corrections, what they restated, and what is wrong with the data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingji.metrics.models.observations import RefreshRun


class Dispute(models.Model):
    """A member says that one of their numbers is wrong: a metric in a period, or a row behind it.

    `team` is set where the number is that of a team which the member leads. `value` is what stood
    there then. `row` holds the key of one source row of `table`, or is empty. It goes open →
    proposed (a correction waits for the second person) → answered → settled; from answered it may
    be reopened once.
    """

    class Ground(models.TextChoices):
        WRONG_OWNER = "wrong_owner", _("the row belongs to somebody else, or to me")
        MISSING_ROW = "missing_row", _("a row is missing")
        WRONG_AMOUNT = "wrong_amount", _("an amount is wrong")
        DUPLICATE = "duplicate", _("a row is counted twice")
        WRONG_DATE = "wrong_date", _("a date is wrong")
        OTHER = "other", _("something else")

    class Status(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        PROPOSED = "proposed", _("a correction waits for approval")
        ANSWERED = "answered", _("answered")
        SETTLED = "settled", _("settled")
        WITHDRAWN = "withdrawn", _("withdrawn")

    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(
        "people.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    metric = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    table = models.CharField(max_length=60, blank=True, default="")
    row = models.JSONField(default=list)
    ground = models.CharField(max_length=12, choices=Ground.choices)
    text = models.TextField()
    raised_by = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    raised_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=("status", "period")),
            models.Index(fields=("member", "metric", "period")),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class Correction(models.Model):
    """What is different about one row of a table, proposed by one person, decided by another.

    The primary key is its number. `key` and `changes` are as `engine.corrections.Correction` has
    them; `before` is the row as it stood when proposed. `members` are the codes of those whose
    numbers it may move: none of them decides it. Once decided it never changes.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("change values of a row")
        EXCLUDE = "exclude", _("exclude a row")
        ADD = "add", _("add a missing row")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waits for approval")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")

    table = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.JSONField()
    changes = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    members = models.JSONField(default=list)
    reason = models.TextField()
    evidence = models.TextField(blank=True, default="")
    evidence_link = models.CharField(max_length=500, blank=True, default="")
    evidence_file = models.CharField(max_length=200, blank=True, default="")
    dispute = models.ForeignKey(
        Dispute, on_delete=models.CASCADE, null=True, blank=True, related_name="corrections"
    )
    proposed_by = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PROPOSED)
    decided_by = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("status",))]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class EvidenceFile(models.Model):
    """A file that proves a correction (or typed-in value), or what a dispute says.

    `sha256` names its bytes in the folder of evidence. Never changed and never put elsewhere.
    """

    correction = models.OneToOneField(
        Correction, on_delete=models.CASCADE, null=True, blank=True, related_name="file"
    )
    dispute = models.OneToOneField(
        Dispute, on_delete=models.CASCADE, null=True, blank=True, related_name="file"
    )
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    added_by = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(correction__isnull=False, dispute__isnull=True)
                | Q(correction__isnull=True, dispute__isnull=False),
                name="evidence_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DisputeEntry(models.Model):
    """One step of a dispute, in the order of time: who did or said what."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("raised the dispute")
        REASON = "reason", _("answered with a reason")
        PROPOSED = "proposed", _("proposed a correction")
        APPROVED = "approved", _("approved the correction")
        REJECTED = "rejected", _("rejected the correction")
        REOPENED = "reopened", _("reopened the dispute")
        SETTLED = "settled", _("accepted the answer")
        WITHDRAWN = "withdrawn", _("withdrew the dispute")

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="")
    correction = models.ForeignKey(
        Correction, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.kind}"


class Restatement(models.Model):
    """A refresh found another value for a period that was over and had been computed before.

    `causes` say why, as `metrics.restated` reads them. Frozen facts stay as they are: this stands
    beside them.
    """

    run = models.ForeignKey(RefreshRun, on_delete=models.CASCADE, related_name="restatements")
    metric = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    member = models.ForeignKey(
        "people.Member", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    before = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    after = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    causes = models.JSONField(default=list)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("period", "metric", "member")),
            models.Index(fields=("period", "metric", "team")),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period}"


class QualityFinding(models.Model):
    """Something about a table or a metric that stands out, from the run that first saw it on.

    `code` and `path` (`table`, `table.column` or a metric id) say what it is; it is open until a
    check no longer finds it. `metrics` and `members` say whom it concerns: the ids of the metrics
    that are made from it (of a step: its conversions) and how many members have a value of one.
    Whoever acknowledges it gives the reason why it may stand. What a load finds belongs to no run
    until a refresh sees it.
    """

    code = models.CharField(max_length=30)
    path = models.CharField(max_length=120)
    severity = models.CharField(max_length=8)
    message = models.JSONField()
    remedy = models.JSONField()
    count = models.IntegerField(null=True)
    metrics = models.JSONField(default=list)
    members = models.PositiveIntegerField(default=0)
    first_run = models.ForeignKey(
        RefreshRun, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    last_run = models.ForeignKey(
        RefreshRun, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("code", "path"),
                condition=Q(settled_at__isnull=True),
                name="quality_finding_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.path}"
