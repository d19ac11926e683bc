"""Goals: what a member is to reach in a period, proposed by one side, accepted by the other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

AMOUNTS = ("target", "baseline", "threshold", "stretch", "weight")


class Theme(models.Model):
    """A strategy theme of a year; goals hang on it."""

    code = models.SlugField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        ordering = ("year", "code")

    def __str__(self) -> str:
        return self.code


class Goal(models.Model):
    """A KPI with its target, of a member or of a whole team (then `member` is empty).

    Agreed (`proposed_*` and `accepted_*` set) it is locked.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")

    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    period = models.CharField(max_length=10)
    item = models.CharField(max_length=60)
    metric = models.CharField(max_length=60)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    threshold = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    stretch = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    support = models.CharField(max_length=500, blank=True, default="")
    proposed_by = models.CharField(max_length=80, blank=True, default="")
    proposed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=80, blank=True, default="")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("member_id", "period", "id")
        constraints = [
            models.UniqueConstraint(fields=("member", "period", "item"), name="goal_once_a_period"),
            models.UniqueConstraint(
                fields=("team", "period", "item"), name="team_goal_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(team__isnull=True),
                name="goal_of_a_member_or_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.period} {self.item}"

    @property
    def terms(self) -> str:
        """A digest of what both sides agree to: it changes with every value, theme and promise."""
        said = [self.theme_id, self.support, *(getattr(self, name) for name in AMOUNTS)]
        return hashlib.sha256(repr([str(each) for each in said]).encode()).hexdigest()[:16]

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any
    ) -> Self:
        """The row, its amounts as they were written."""
        goal = super().from_db(db, field_names, values, **how)
        for name in AMOUNTS:
            if name in goal.__dict__:
                setattr(goal, name, _as_written(goal.__dict__[name]))
        return goal


def _as_written(value: Decimal | None) -> Decimal | None:
    """An amount without the zeros that a database adds: `24.0000` is `24`, `0.2250` is `0.225`."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
