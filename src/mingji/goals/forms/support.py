"""The form by which either side says what became of the promised support."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import FindingForm

STATES = (
    ("given", _("given")),
    ("partly", _("partly given")),
    ("not_given", _("not given")),
)


class SupportForm(FindingForm):
    """Whether the support came, and what is still missing."""

    state = forms.ChoiceField(
        label=_("What became of it"), choices=STATES, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What came, or what is still missing and what it holds up."),
    )
