"""The shape of what the data analyst types in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.kit.i18n import localized
from mingji.rules.errors import Invalid, MingjiError


class MapOwnerForm(forms.Form):
    """Which member an owner of a source system is, and between which days."""

    source = forms.CharField(max_length=40, widget=forms.HiddenInput)
    owner = forms.CharField(max_length=200, widget=forms.HiddenInput)
    member = forms.CharField(
        label=_("Member"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("code, name or pinyin")}
        ),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Up to before"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @classmethod
    def for_owner(
        cls, number: int, source: str, owner: str, refused: MapOwnerForm | None
    ) -> MapOwnerForm:
        """The form beside one owner of the list: empty, or the one that was just refused."""
        if refused and (refused["source"].value(), refused["owner"].value()) == (source, owner):
            return refused
        return cls(initial={"source": source, "owner": owner}, auto_id=f"id_{number}_%s")

    def refuse(self, error: MingjiError) -> None:
        """Put what an action refused beside the field that it speaks of."""
        findings = error.findings if isinstance(error, Invalid) else ()
        for finding in findings:
            field = finding.place.path if finding.place.path in self.fields else "member"
            words = f"{localized(finding.message)} → {localized(finding.remedy)}"
            self.add_error(field, words)
        if not findings:
            self.add_error("member", localized(error.message))
