"""The shape of what somebody sends to publish a scheme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.schemes.document import MAX_CHARACTERS


class PublishForm(forms.Form):
    """A scheme document, typed into the field or sent as a file; the file wins."""

    file = forms.FileField(label=_("YAML file"), required=False, max_length=200)
    document = forms.CharField(
        label=_("Scheme document"),
        required=False,
        strip=False,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self) -> dict[str, Any]:
        """One of the two must be there; a file becomes its text."""
        given = super().clean() or {}
        if file := given.get("file"):
            if file.size > 4 * MAX_CHARACTERS:
                raise forms.ValidationError(_("The file is too large for a scheme."))
            try:
                given["document"] = file.read().decode("utf-8")
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    _("The file is not in UTF-8. Save it as UTF-8 in your editor.")
                ) from None
        if not str(given.get("document", "")).strip():
            raise forms.ValidationError(_("Choose a file, or paste the document."))
        return given
