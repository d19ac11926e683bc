"""The shapes of what people send: a review, a new cycle, a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.appraisals.actions import Answer, CyclePlan
from mingji.kit.i18n import localized, sentences
from mingji.rules.errors import Invalid
from mingji.rules.scheme import Item

DATE = forms.DateInput(attrs={"type": "date"})


class ReviewForm(forms.Form):
    """A described level and a comment for each rated item, and a comment on the whole."""

    comment = forms.CharField(
        label=_("Summary of the period"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, items: Sequence[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rated = list(items)
        for item in self.rated:
            self.fields[f"level-{item.id}"] = forms.CharField(
                label=localized(item.name), required=False, max_length=40
            )
            self.fields[f"why-{item.id}"] = forms.CharField(
                label=_("What you saw"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def answers(self) -> list[Answer]:
        """What was chosen and written, item by item."""
        return [
            Answer(
                item=item.id,
                choice=self.cleaned_data[f"level-{item.id}"],
                comment=self.cleaned_data[f"why-{item.id}"],
            )
            for item in self.rated
        ]

    def refuse(self, error: Invalid) -> None:
        """Show what the action refused at the fields that it names."""
        for finding in error.findings:
            name = f"level-{finding.place.path}"
            words = sentences(finding.message, finding.remedy)
            self.add_error(name if name in self.fields else None, words)
        if not error.findings:
            self.add_error(None, localized(error.message))


class CycleForm(forms.Form):
    """A new appraisal cycle."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("For instance 2026q3"))
    period = forms.CharField(label=_("Period"), max_length=10, help_text=_("For instance 2026Q3"))
    scheme_version = forms.TypedChoiceField(label=_("Performance scheme"), coerce=int)
    self_review_due = forms.DateField(label=_("Self-reviews due"), widget=DATE)
    manager_review_due = forms.DateField(label=_("Manager reviews due"), widget=DATE)

    def __init__(self, versions: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["scheme_version"]
        assert isinstance(choices, forms.TypedChoiceField)
        choices.choices = list(versions)

    def plan(self) -> CyclePlan:
        """What was decided."""
        given = dict(self.cleaned_data)
        return CyclePlan(scheme_version_id=given.pop("scheme_version"), **given)


class ReviewerForm(forms.Form):
    """Who is to write the manager review instead, and why."""

    reviewer = forms.ChoiceField(label=_("New reviewer"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, people: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["reviewer"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(people)


class ReasonForm(forms.Form):
    """Why something is done that overrides the usual course."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
