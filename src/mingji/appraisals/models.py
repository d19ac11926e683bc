"""Appraisal cycles, the appraisal of each member, and the reviews it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingji.rules.text import Text


class Stage(models.TextChoices):
    """The stages of an appraisal; `mingji.rules.lifecycle` says which step leads where."""

    SELF_REVIEW = "self_review", _("self-review")
    MANAGER_REVIEW = "manager_review", _("manager review")
    REVIEWED = "reviewed", _("reviewed")
    COMPUTED = "computed", _("computed")
    RELEASED = "released", _("released")


class AppraisalCycle(models.Model):
    """One period appraised under one version of one scheme, on facts frozen when it opened."""

    code = models.SlugField(max_length=60, unique=True)
    period = models.CharField(max_length=10)
    scheme_version = models.ForeignKey(
        "schemes.SchemeVersion", on_delete=models.PROTECT, related_name="+"
    )
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    self_review_due = models.DateField()
    manager_review_due = models.DateField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=80, blank=True, default="")
    # The facts of the teams' own items, by team code; frozen like those of the members.
    team_facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-period", "-id")

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)


class Appraisal(models.Model):
    """The appraisal of one member in one cycle: the post as it was, frozen facts, the result."""

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="appraisals")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="appraisals")
    reviewer = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, related_name="appraisals_to_review"
    )
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    job_family = models.CharField(max_length=8)
    level = models.CharField(max_length=40)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.SELF_REVIEW)
    # The facts of the quantitative items as they stood when the cycle opened; never written again.
    facts = models.JSONField()
    # The canonical explanation tree, as text: `mingji verify` compares it byte for byte.
    result = models.TextField(blank=True, default="")
    total = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=8, blank=True, default="")
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("cycle_id", "member_id")
        constraints = [
            models.UniqueConstraint(fields=("cycle", "member"), name="one_appraisal_a_cycle")
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.member_id}"


class Review(models.Model):
    """What one person said about the rated items of an appraisal: the member or the reviewer."""

    class Kind(models.TextChoices):
        SELF = "self", _("self-review")
        MANAGER = "manager", _("manager review")

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    author = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("appraisal", "kind"), name="one_review_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.appraisal_id} {self.kind}"

    @property
    def wording(self) -> str:
        """The `wording` of what stands in it."""
        said = ((each.item, each.choice, each.comment) for each in self.ratings.all())
        return wording(self.comment, said)


def wording(comment: str, said: Iterable[tuple[str, str, str]]) -> str:
    """A digest of a review's words: `said` are item, level and comment. Same words, same digest."""
    words = [comment, *sorted(each for each in said if any(each[1:]))]
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


class Rating(models.Model):
    """The described level that a rater chose for one item, and why."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=60)
    choice = models.CharField(max_length=40, blank=True, default="")
    comment = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("review", "item"), name="one_rating_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.item} {self.choice}"
