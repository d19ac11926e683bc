"""What follows a goal: how it serves others, what was reported, what became of the support,
where the work for it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingji.goals.models.goal import Goal


class Alignment(models.Model):
    """`child` serves `parent`; `share` (above 0, up to 1) of its target counts there.

    `part` is what it carries of the parent (`rules/decomposition/parts.py`; empty: what the metrics
    tell), `volume` how much its
    rate or mean is over: leads, deals, visits.
    """

    child = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="serves")
    parent = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="served_by")
    share = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    part = models.CharField(max_length=12, blank=True, default="")
    volume = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ("parent_id", "child_id")
        constraints = [
            models.UniqueConstraint(fields=("child", "parent"), name="aligned_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="aligned_to_another"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="share_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=Q(volume__isnull=True) | Q(volume__gt=0), name="volume_above_0"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} > {self.parent_id}"


class Milestone(models.Model):
    """A step of a key result. What, how much of the whole (percent) and when belong to its terms;
    whether it is done does not."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    due = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ("goal_id", "position")
        constraints = [
            models.UniqueConstraint(fields=("goal", "position"), name="milestone_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class ProgressUpdate(models.Model):
    """What somebody reported of a goal: the value where no metric measures it (1 and 0 for done
    and not done), how confident they are, and what it rests on. Added to, never changed."""

    class Confidence(models.TextChoices):
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        OFF_TRACK = "off_track", _("off track")

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="updates")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices, blank=True, default="")
    note = models.TextField(max_length=2000, blank=True, default="")
    evidence = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ("goal_id", "at", "id")

    def __str__(self) -> str:
        return f"{self.goal_id} {self.at}"


class SupportUpdate(models.Model):
    """What became of the support that was promised with a goal. Added to, never changed."""

    class State(models.TextChoices):
        GIVEN = "given", _("given")
        PARTLY = "partly", _("partly given")
        NOT_GIVEN = "not_given", _("not given")

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="support_updates")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ("goal_id", "at", "id")

    def __str__(self) -> str:
        return f"{self.goal_id} {self.state}"


class WorkLink(models.Model):
    """Where work for a goal is found: a plan, a board, a page. It is no part of what was agreed,
    so it comes and goes at any stage; the audit trail remembers."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="work")
    title = models.CharField(max_length=120)
    address = models.URLField(max_length=500)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ("goal_id", "id")
        constraints = [models.UniqueConstraint(fields=("goal", "address"), name="work_linked_once")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.address}"
