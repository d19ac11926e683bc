"""The form by which somebody reports how a goal goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import FindingForm, amount, stored

CONFIDENCE = (
    ("", "—"),
    ("on_track", _("on track")),
    ("at_risk", _("at risk")),
    ("off_track", _("off track")),
)


class ProgressForm(FindingForm):
    """The current value where no metric gives it, how confident one is, and what it rests on."""

    value = amount(_("Current value"))
    done = forms.ChoiceField(
        label=_("Is it done?"), choices=(("0", _("not yet")), ("1", _("done"))), required=False
    )
    steps = forms.MultipleChoiceField(
        label=_("Milestones that are done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    confidence = forms.ChoiceField(label=_("Confidence"), choices=CONFIDENCE, required=False)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=500,
        help_text=_("A link, a file name, a record: where others can check it."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, measure: str, unit: str, steps: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        """`steps` are the milestones to tick, as position and title."""
        super().__init__(*args, **kwargs)
        self._unit, self._measure = unit, measure
        wanted = {"manual": "value", "yes_no": "done", "milestones": "steps"}.get(measure, "")
        for name in {"value", "done", "steps"} - {wanted}:
            del self.fields[name]
        if wanted == "steps":
            field = self.fields["steps"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = steps

    def value_given(self) -> Any:
        """The value in the unit of the goal: a number, 1 or 0 for done or not, else None."""
        if self._measure == "manual":
            return stored(self.cleaned_data["value"], self._unit)
        return self.cleaned_data.get("done") or None

    def steps_given(self) -> frozenset[int]:
        """The positions of the milestones that are done."""
        return frozenset(int(each) for each in self.cleaned_data.get("steps", ()))
