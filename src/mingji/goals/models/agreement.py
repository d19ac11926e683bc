"""Goal agreements: what one member or team is to reach in a period, signed by both sides."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingji.rules.goal_steps import Side
from mingji.rules.goal_terms import GoalTerms, from_data


class Agreement(models.Model):
    """All goals of a member, or of a whole team (then `member` is empty), in a period.

    They are proposed, countered and accepted together, because their weights share one whole.
    `turn` is the side whose answer is awaited. Agreed, nothing in it changes but by a change
    request. `number` is that of the last version.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed")
        COUNTERED = "countered", _("counter-proposed")
        AGREED = "agreed", _("agreed")

    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    period = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    turn = models.CharField(max_length=5, blank=True, default="")
    number = models.PositiveSmallIntegerField(default=0)
    deadline = models.DateField(null=True, blank=True)
    proposed_by = models.CharField(max_length=80, blank=True, default="")
    proposed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=80, blank=True, default="")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("period", "id")
        constraints = [
            models.UniqueConstraint(fields=("member", "period"), name="agreement_once_a_period"),
            models.UniqueConstraint(fields=("team", "period"), name="team_agreement_once_a_period"),
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(team__isnull=True),
                name="agreement_of_a_member_or_a_team",
            ),
        ]
        indexes = [models.Index(fields=("period", "status"))]

    def __str__(self) -> str:
        return f"{self.member_id or self.team_id} {self.period}"

    @property
    def awaited(self) -> Side | None:
        """The side whose answer is awaited; nobody's while it is a draft or agreed."""
        return cast(Side, self.turn) if self.turn else None


class Version(models.Model):
    """The terms of an agreement as they were proposed, countered, agreed or changed. Never
    changed itself; `digest` is that of `rules.goal_terms`."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        COUNTERED = "countered", _("counter-proposed")
        AGREED = "agreed", _("agreed")
        CHANGED = "changed", _("changed on request")
        IMPORTED = "imported", _("taken over as agreed")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True, default="")
    terms = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("agreement_id", "number")
        constraints = [
            models.UniqueConstraint(fields=("agreement", "number"), name="goal_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"

    @property
    def goals(self) -> tuple[GoalTerms, ...]:
        """The terms as they were."""
        return from_data(self.terms)


class Comment(models.Model):
    """What somebody said in the discussion of an agreement, of one goal in it if `key` is set."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    key = models.CharField(max_length=60, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.by} {self.at}"


class ChangeRequest(models.Model):
    """A wish to change what is agreed: why, the terms that would hold, and who said yes.

    `terms` are those of the whole agreement after the change, `base` the number of the version
    they start from. The side that asks has accepted by asking.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for the other side")
        ACCEPTED = "accepted", _("waits for approval")
        IN_FORCE = "in_force", _("in force")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (Status.ASKED, Status.ACCEPTED)

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="requests")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    category = models.CharField(max_length=20)
    reason = models.TextField(max_length=2000)
    evidence = models.TextField(max_length=2000)
    base = models.PositiveSmallIntegerField()
    terms = models.JSONField()
    asked_by = models.CharField(max_length=80)
    asked_side = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=80, blank=True, default="")
    accepted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=2000, blank=True, default="")

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("agreement",),
                condition=Q(status__in=("asked", "accepted")),
                name="one_open_change_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.asked_at}"

    @property
    def goals(self) -> tuple[GoalTerms, ...]:
        """The terms that would hold after the change."""
        return from_data(self.terms)
