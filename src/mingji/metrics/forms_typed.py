"""The shape of a value that somebody types in. Rates are typed in percent, as people say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingji.engine.model import Metric
from mingji.kit.i18n import localized
from mingji.kit.numbers import UNITS
from mingji.metrics.forms import EvidenceField, RefusedForm, words_field
from mingji.rules.calendar import Period
from mingji.rules.text import Text

_LEVELS = {
    "company": _("the whole company"),
    "team": _("a team"),
    "member": _("a member"),
}


class TypeInForm(RefusedForm):
    """A value of one metric: for when, for whom, how much, and how one can know."""

    period = forms.ChoiceField(label=_("Period"))
    level = forms.ChoiceField(
        label=_("Whose number is it?"), choices=_LEVELS.items(), widget=forms.RadioSelect
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    member = forms.CharField(
        label=_("Member"),
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("code, name or pinyin")}
        ),
    )
    number = forms.DecimalField(
        label=_("Value"), required=False, max_digits=28, decimal_places=8, localize=False
    )
    withdraw = forms.BooleanField(label=_("Take the value back: nothing is known"), required=False)
    evidence = words_field(
        _("Evidence in words"),
        rows=2,
        required=False,
        advice=_("The report and its page, who measured, on what sample."),
    )
    evidence_link = forms.CharField(
        label=_("Address of the evidence"), required=False, max_length=500
    )
    file = EvidenceField()
    note = words_field(_("Note"), rows=2, required=False)
    dispute = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        metric: Metric,
        periods: Sequence[str],
        teams: Sequence[tuple[str, Text]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.metric = metric
        self._factor = Decimal(100) if metric.unit == "ratio" else Decimal(1)
        self.fields["number"].help_text = _unit_told(metric.unit)
        choices = {
            "period": [(each, localized(Period.parse(each).label)) for each in periods],
            "team": [("", "—"), *((code, localized(name)) for code, name in teams)],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed

    @staticmethod
    def asked(query: Mapping[str, str]) -> dict[str, str]:
        """What the form is filled with at first, as the address says."""
        level = next((each for each in ("member", "team") if query.get(each)), "company")
        names = ("period", "team", "member", "dispute")
        return {"level": level, **{name: query[name] for name in names if query.get(name)}}

    def who(self, member_code: Callable[[str], str]) -> str:
        """The code of the team or member that is meant; empty for the company.

        Raises:
            Invalid: nobody, or more than one member, is called so.
        """
        if self.cleaned_data["level"] == "member":
            return member_code(self.cleaned_data["member"])
        return str(self.cleaned_data["team"]) if self.cleaned_data["level"] == "team" else ""

    def value(self) -> str:
        """The number in the metric's unit, a rate as a fraction; empty if it is taken back."""
        number = self.cleaned_data["number"]
        if number is None or self.cleaned_data["withdraw"]:
            return ""
        return format(number / self._factor, "f")

    def field_of(self, path: str) -> str | None:
        """A value stands in the field `number`, whose it is in that of its level."""
        level = self.cleaned_data.get("level", "")
        names = {"value": "number", "who": level if level in self.fields else "level"}
        return super().field_of(names.get(path, path))


def _unit_told(unit: str) -> str:
    if unit == "ratio":
        return gettext("In percent.")
    words = localized(UNITS.get(unit, Text.same(unit)))
    return gettext("In %(unit)s.") % {"unit": words} if words else ""
