"""What the forms of goals share: amounts as people type them, and findings at their fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.kit.i18n import localized, sentences
from mingji.rules.errors import Invalid
from mingji.rules.numbers import shown
from mingji.rules.text import Text

VALUES = ("target", "baseline", "threshold", "stretch")


def amount(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DecimalField:
    """A field for an amount in the unit of the metric."""
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, max_digits=18, decimal_places=4
    )


def a_weight(help_text: Any) -> forms.DecimalField:
    """A field for a weight in percent."""
    return forms.DecimalField(
        label=_("Weight"), required=False, max_digits=5, decimal_places=2, help_text=help_text
    )


def a_day(label: Any, help_text: Any = "") -> forms.DateField:
    """A field for a date."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=help_text,
    )


def a_theme() -> forms.ChoiceField:
    """A field for the strategy theme; `offer_themes` fills it."""
    return forms.ChoiceField(label=_("Strategy theme"), required=False)


def support() -> forms.CharField:
    """A field for what is promised in return."""
    return forms.CharField(
        label=_("Support you promise"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Budget, people, tools, decisions. It becomes part of the agreement."),
    )


class FindingForm(forms.Form):
    """A form that shows what an action finds at the field it speaks of."""

    def readable(self) -> dict[str, Any]:
        """What could be read of what was sent; a field that could not is as if left empty."""
        data = dict(getattr(self, "cleaned_data", {}))
        return {
            name: data.get(name, "" if isinstance(field, forms.CharField) else None)
            for name, field in self.fields.items()
        }

    def refuse(self, error: Invalid) -> None:
        """Show what the action found, with the remedy."""
        for found in error.findings:
            _goal, _dot, term = found.place.path.rpartition(".")
            field = term if term in self.fields else None
            self.add_error(field, sentences(found.message, found.remedy))
        if not error.findings:
            self.add_error(None, localized(error.message))

    def offer_themes(self, themes: list[tuple[str, Text]]) -> None:
        """Fill the field of the strategy theme."""
        choice = self.fields["theme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *((code, localized(name)) for code, name in themes)]


def stored(typed_value: Decimal | None, unit: str) -> Decimal | None:
    """What was typed, in the unit of the metric: a rate is stored as a fraction."""
    return None if typed_value is None else typed_value / scale(unit)


def typed(value: Decimal | None, unit: str) -> str:
    """A stored value as a form shows it: rates in percent."""
    return "" if value is None else shown(value * scale(unit))


def scale(unit: str) -> Decimal:
    """How many times larger a value is typed than stored."""
    return Decimal(100) if unit == "ratio" else Decimal(1)
