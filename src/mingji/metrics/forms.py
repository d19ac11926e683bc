"""The shape of what the data analyst types in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MapOwnerForm(forms.Form):
    """Which member an owner of a source system is, and between which days."""

    source = forms.CharField(max_length=40, widget=forms.HiddenInput)
    owner = forms.CharField(max_length=200, widget=forms.HiddenInput)
    member = forms.CharField(
        label=_("Member code"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "suggested-members", "autocomplete": "off"}),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Up to before"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
