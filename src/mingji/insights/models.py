"""What people were reminded of."""

from __future__ import annotations

from django.db import models


class Reminder(models.Model):
    """A person was told by e-mail that something waits, the last time as `stage` says.

    `need` names the thing itself. The row goes when the thing is done, so that it is told again
    should it come back.
    """

    class Stage(models.IntegerChoices):
        WAITING = 0
        SOON = 1
        OVERDUE = 2

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="reminded_of")
    need = models.CharField(max_length=400)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("user", "need"), name="reminded_once_of_a_need")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.need}"
