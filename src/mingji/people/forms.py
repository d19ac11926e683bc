"""The shapes of what people type: signing in, and a new API token."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.kit.i18n import localized, sentences
from mingji.people.actions import LONGEST
from mingji.rules.errors import Invalid

_USUAL = timedelta(days=90)


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TokenForm(forms.Form):
    """A new API token: for what, what it may do, and until when."""

    name = forms.CharField(label=_("What is it for"), max_length=60)
    access = forms.ChoiceField(
        label=_("It may"),
        choices=[("read", _("only read")), ("write", _("read and write"))],
        widget=forms.RadioSelect,
        initial="read",
    )
    expires_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["expires_on"]
        day.initial = today + _USUAL
        day.widget.attrs |= {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}

    def refuse(self, error: Invalid) -> None:
        """Show what the action refused at the fields that it names."""
        for finding in error.findings:
            words = sentences(finding.message, finding.remedy)
            self.add_error(finding.place.path if finding.place.path in self.fields else None, words)
        if not error.findings:
            self.add_error(None, localized(error.message))
