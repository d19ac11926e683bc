"""The form by which a manager sets a goal. Rates are typed in percent, as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.goals.queries import MeasuredItem
from mingji.kit.i18n import localized, sentences
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import shown
from mingji.rules.text import Text

VALUES = ("target", "baseline", "threshold", "stretch")


def _value(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, max_digits=18, decimal_places=4
    )


class GoalForm(forms.Form):
    """The values of one goal in the unit of its metric."""

    target = _value(_("Target"), required=True, help_text=_("To be reached by the period's end."))
    baseline = _value(_("Baseline"), help_text=_("Where it stood before; leave empty if unknown."))
    threshold = _value(_("Threshold"), help_text=_("The least that still earns points."))
    stretch = _value(_("Stretch target"), help_text=_("Better than the target, hard to reach."))
    weight = forms.DecimalField(
        label=_("Weight"),
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text=_("In percent of the form; empty takes the scheme's."),
    )
    theme = forms.ChoiceField(label=_("Strategy theme"), required=False)
    support = forms.CharField(
        label=_("Support you promise"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Budget, people, tools, decisions. It becomes part of the agreement."),
    )
    support_due = forms.DateField(
        label=_("Support due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("By when it is to be there; it is followed up then."),
    )

    def __init__(
        self, item: MeasuredItem, themes: list[tuple[str, Text]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["theme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *((code, localized(name)) for code, name in themes)]
        # A rate is stored as a fraction and typed in percent.
        self._scale = Decimal(100) if item.unit == "ratio" else Decimal(1)

    def terms(self, known: GoalTerms) -> GoalTerms:
        """What was typed, over the terms known before; values in the unit of the metric."""
        given: Mapping[str, Any] = self.cleaned_data
        return replace(
            known,
            target=self._stored(given["target"]),
            baseline=self._stored(given["baseline"]),
            threshold=self._stored(given["threshold"]),
            stretch=self._stored(given["stretch"]),
            weight=given["weight"],
            theme=given["theme"],
            support=given["support"],
            support_due=given["support_due"],
        )

    def refuse(self, error: Invalid) -> None:
        """Show what the action found at the field it speaks of, with the remedy."""
        for found in error.findings:
            _goal, _dot, term = found.place.path.rpartition(".")
            field = term if term in self.fields else None
            self.add_error(field, sentences(found.message, found.remedy))
        if not error.findings:
            self.add_error(None, localized(error.message))

    def _stored(self, typed: Decimal | None) -> Decimal | None:
        return None if typed is None else typed / self._scale


def typed(value: Decimal | None, item: MeasuredItem) -> str:
    """A stored value as the form shows it: rates in percent."""
    if value is None:
        return ""
    return shown(value * 100 if item.unit == "ratio" else value)
