"""The form for linking work with a goal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import FindingForm


class WorkForm(FindingForm):
    """What work it is, and where it is found."""

    title = forms.CharField(
        label=_("What work"),
        max_length=120,
        help_text=_("A campaign plan, a landing page, a task board, a report."),
    )
    address = forms.CharField(
        label=_("Web address"),
        max_length=500,
        widget=forms.URLInput(),
        help_text=_("Both sides see the link; who may open it is up to the system behind it."),
    )
