"""Goals: a KPI with its target, an objective, or one of its key results."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Self, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingji.goals.models.agreement import Agreement
from mingji.goals.models.theme import Theme
from mingji.rules.goal_terms import Commitment, GoalKind, GoalTerms, Measure, MilestoneTerms

AMOUNTS = ("target", "baseline", "threshold", "stretch", "weight")
# Terms that stand in the table under the same name and with the same value.
_SAID = ("title", "description", "metric", "definition", "unit")
_PLAIN = (*_SAID, "due", "support", "support_due", *AMOUNTS)


class Goal(models.Model):
    """One goal of an agreement, whose owner and period it repeats so that lists need no join.

    `item` is its key within the agreement: the item of the form that a KPI stands for, or a key
    of its own for an objective and its key results. An amount is in the unit of the metric, or in
    `unit` where no metric measures it; `weight` is in percent (see `GoalTerms`).
    """

    class Kind(models.TextChoices):
        KPI = "kpi", _("KPI")
        OBJECTIVE = "objective", _("objective")
        KEY_RESULT = "key_result", _("key result")

    class Measured(models.TextChoices):
        METRIC = "metric", _("a metric")
        MANUAL = "manual", _("a number that is reported, with evidence")
        MILESTONES = "milestones", _("milestones")
        YES_NO = "yes_no", _("done or not done")

    class Promise(models.TextChoices):
        COMMITTED = "committed", _("committed")
        STRETCH = "stretch", _("stretch")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="goals")
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    period = models.CharField(max_length=10)
    item = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.KPI)
    objective = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="key_results"
    )
    title = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(max_length=2000, blank=True, default="")
    metric = models.CharField(max_length=60, blank=True, default="")
    # The version of the company's own definitions under which the metric is signed; 0: none.
    definition = models.PositiveIntegerField(default=0)
    measure = models.CharField(max_length=10, choices=Measured.choices, default=Measured.METRIC)
    unit = models.CharField(max_length=20, blank=True, default="")
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="goals"
    )
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    threshold = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    stretch = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    commitment = models.CharField(max_length=10, choices=Promise.choices, default=Promise.COMMITTED)
    due = models.DateField(null=True, blank=True)
    scoring = models.JSONField(default=dict, blank=True)
    support = models.CharField(max_length=500, blank=True, default="")
    support_due = models.DateField(null=True, blank=True)
    # How the targets of the goals below make up this one; empty takes what the metric says.
    combine = models.CharField(max_length=20, blank=True, default="")

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
            models.CheckConstraint(
                condition=Q(kind="key_result", objective__isnull=False)
                | (~Q(kind="key_result") & Q(objective__isnull=True)),
                name="key_result_has_an_objective",
            ),
        ]
        indexes = [models.Index(fields=("period", "metric"))]

    def __str__(self) -> str:
        return f"{self.member_id or self.team_id} {self.period} {self.item}"

    @property
    def status(self) -> str:
        """The status of its agreement."""
        return self.agreement.status

    @property
    def terms(self) -> GoalTerms:
        """What both sides sign. Reads `objective`, `theme` and the milestones: prefetch them."""
        return GoalTerms(
            key=self.item,
            kind=cast(GoalKind, self.kind),
            objective=self.objective.item if self.objective else "",
            measure=cast(Measure, self.measure),
            commitment=cast(Commitment, self.commitment),
            theme=self.theme.code if self.theme else "",
            scoring=dict(self.scoring),
            milestones=tuple(
                MilestoneTerms(title=each.title, weight=as_written(each.weight), due=each.due)
                for each in self.milestones.all()
            ),
            **{name: getattr(self, name) for name in _PLAIN},
        )

    def take(self, terms: GoalTerms) -> None:
        """Set the columns of these terms; objective, theme and milestones are the caller's."""
        for name in (*_PLAIN, "kind", "measure", "commitment"):
            setattr(self, name, getattr(terms, name))
        self.item, self.scoring = terms.key, dict(terms.scoring)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any
    ) -> Self:
        """The row, its amounts as they were written."""
        goal = super().from_db(db, field_names, values, **how)
        for name in AMOUNTS:
            value = goal.__dict__.get(name)
            if value is not None:
                setattr(goal, name, as_written(value))
        return goal


def as_written(value: Decimal) -> Decimal:
    """An amount without the zeros that a database adds: `24.0000` is `24`, `0.2250` is `0.225`."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
