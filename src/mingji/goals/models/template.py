from __future__ import annotations

from django.db import models

from mingji.rules.goal_terms import GoalTerms, from_data


class GoalTemplate(models.Model):
    """Goals that are typical of a job family: their items and weights, nobody's targets.

    `terms` are those of `rules.goal_terms` without amounts, dates and promises.
    """

    family = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    terms = models.JSONField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("family", "name")
        constraints = [
            models.UniqueConstraint(fields=("family", "name"), name="goal_template_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.name}"

    @property
    def goals(self) -> tuple[GoalTerms, ...]:
        """The goals without targets."""
        return from_data(self.terms)
