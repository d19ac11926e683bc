from __future__ import annotations

from django.db import models

from mingji.rules.text import Text


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

    @property
    def known_as(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)
