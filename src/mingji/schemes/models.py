"""A performance scheme and its versions; a version is a document that never changes."""

from __future__ import annotations

from django.db import models

from mingji.rules.text import Text


class Scheme(models.Model):
    """A performance scheme, known by its code (`marketing-team`)."""

    code = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.code


class SchemeVersion(models.Model):
    """One immutable text of a scheme, as YAML, with the digest that appraisals refer to."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("scheme_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=("scheme", "number"), name="scheme_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} v{self.number}"

    @property
    def title(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)
