"""The document of the company's own definitions, as it is typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST = 400_000


class DefinitionsForm(forms.Form):
    """The YAML, and why it changes; the action says what is wrong with either."""

    document = forms.CharField(
        label=_("Own definitions (YAML)"),
        required=False,
        strip=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )
    reason = forms.CharField(
        label=_("Why it changes"),
        required=False,
        max_length=400,
        help_text=_("Stands in the history for everybody who is measured by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
