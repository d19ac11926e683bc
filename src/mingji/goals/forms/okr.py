"""The forms of objectives, key results, and KPIs that stand on no form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import (
    FindingForm,
    a_day,
    a_theme,
    a_weight,
    amount,
    stored,
    support,
    typed,
)
from mingji.kit.i18n import localized
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms
from mingji.rules.numbers import shown
from mingji.rules.text import Text

COMMITMENTS = (("committed", _("committed: counts for pay")), ("stretch", _("stretch: does not")))
_STEP = re.compile(r"\s*[;；|\t]\s*")


class ObjectiveForm(FindingForm):
    """What is to be achieved, in a sentence; its key results say how one sees that."""

    title = forms.CharField(
        label=_("Objective"),
        max_length=200,
        help_text=_("A sentence with a verb: what will be different at the end of the period."),
    )
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    commitment = forms.ChoiceField(label=_("Commitment"), choices=COMMITMENTS)
    weight = a_weight(_("In percent of all objectives; all empty count the same."))
    due = a_day(_("Due"), _("Empty: the end of the period."))
    theme = a_theme()
    support = support()
    support_due = a_day(_("Support due"), _("By when it is to be there; it is followed up then."))

    def __init__(self, themes: list[tuple[str, Text]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_themes(themes)

    def terms(self, known: GoalTerms) -> GoalTerms:
        """What was typed, over the terms known before."""
        return replace(known, **self.cleaned_data)

    def terms_so_far(self, known: GoalTerms) -> GoalTerms:
        """The same while it is being written: what cannot be read yet is left out."""
        given = self.readable()
        plain = {"commitment": given["commitment"] or "committed", "theme": given["theme"] or ""}
        return replace(known, **given | plain)


class MeasuredForm(FindingForm):
    """A key result, or a KPI beside the form: what it is, measured how, from where to where."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What is measured, and from where to where: “MQLs from 80 to 120”."),
    )
    measure = forms.ChoiceField(label=_("Measured by"))
    metric = forms.ChoiceField(
        label=_("Metric"), required=False, help_text=_("Progress then follows the data by itself.")
    )
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=20, help_text=_("Of a number that is reported.")
    )
    baseline = amount(_("Baseline"), help_text=_("Where it stands now. Rates in percent."))
    target = amount(_("Target"), help_text=_("To be reached by the due date. Rates in percent."))
    stretch = amount(_("Stretch target"), help_text=_("Better than the target, hard to reach."))
    milestones = forms.CharField(
        label=_("Milestones"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line: title; weight in percent; date. Weights add up to 100."),
    )
    weight = a_weight(_("In percent of the objective; all empty count the same."))
    due = a_day(_("Due"), _("Empty: the end of the period."))
    theme = a_theme()
    support = support()
    support_due = a_day(_("Support due"), _("By when it is to be there; it is followed up then."))

    def __init__(
        self,
        kind: str,
        units: Mapping[str, tuple[Text, str]],
        themes: list[tuple[str, Text]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """`units` names the metrics to choose from, each with its unit."""
        super().__init__(*args, **kwargs)
        self.offer_themes(themes)
        self._units = {code: unit for code, (_name, unit) in units.items()}
        named = sorted((localized(name), code) for code, (name, _unit) in units.items())
        self._choices("metric", [("", "—"), *((code, name) for name, code in named)])
        ways = [
            ("metric", _("a metric")),
            ("manual", _("a number that is reported, with evidence")),
        ]
        if kind == "key_result":
            ways += [("milestones", _("milestones")), ("yes_no", _("done or not done"))]
            # The support is promised with the objective, and the theme is the objective's.
            for name in ("theme", "support", "support_due"):
                del self.fields[name]
        else:
            del self.fields["milestones"]
            self.fields["weight"].help_text = _("Beside the form: it is followed, not scored.")
        self._choices("measure", ways)

    def clean_milestones(self) -> tuple[MilestoneTerms, ...]:
        lines = self.cleaned_data["milestones"].splitlines()
        return tuple(
            _milestone(number, line) for number, line in enumerate(lines, start=1) if line.strip()
        )

    def terms(self, known: GoalTerms) -> GoalTerms:
        """What was typed, over the terms known before; values in the unit of the metric."""
        return self._over(known, self.cleaned_data)

    def terms_so_far(self, known: GoalTerms) -> GoalTerms:
        """The same while it is being written: what cannot be read yet is left out."""
        given = self.readable()
        plain: dict[str, Any] = {"measure": given["measure"] or "metric"}
        plain |= {name: given[name] or "" for name in ("metric", "theme") if name in given}
        plain |= {name: given[name] or () for name in ("milestones",) if name in given}
        return self._over(known, given | plain)

    def _over(self, known: GoalTerms, given: Mapping[str, Any]) -> GoalTerms:
        measure, metric = given["measure"], given["metric"]
        by_metric, numbers = measure == "metric", measure in ("metric", "manual")
        unit = self._units.get(metric, "") if by_metric else given["unit"]
        values = {
            name: stored(given[name], unit) if numbers else None
            for name in ("target", "baseline", "stretch")
        }
        return replace(
            known,
            title=given["title"],
            measure=measure,
            metric=metric if by_metric else "",
            unit=given["unit"] if measure == "manual" else "",
            target=values["target"],
            baseline=values["baseline"],
            stretch=values["stretch"],
            milestones=given.get("milestones", ()) if measure == "milestones" else (),
            weight=given["weight"],
            due=given["due"],
            theme=given.get("theme", known.theme),
            support=given.get("support", known.support),
            support_due=given.get("support_due", known.support_due),
        )

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def objective_initial(known: GoalTerms) -> dict[str, Any]:
    """The form of an objective as it was filled in."""
    return {name: getattr(known, name) for name in ObjectiveForm.base_fields}


def measured_initial(known: GoalTerms, unit: str) -> dict[str, Any]:
    """The form of a key result or KPI as it was filled in; `unit` is that of its values."""
    plain = {name: getattr(known, name) for name in MeasuredForm.base_fields}
    values = {name: typed(getattr(known, name), unit) for name in ("target", "baseline", "stretch")}
    lines = "\n".join(_line(each) for each in known.milestones)
    return plain | values | {"milestones": lines}


def _milestone(number: int, line: str) -> MilestoneTerms:
    """One line of the field: title, weight, and a date if there is one.

    Raises:
        ValidationError: with the number of the line and what it should look like.
    """
    title, *rest = _STEP.split(line.strip())
    try:
        weight = Decimal(rest[0].rstrip("%％ "))
        due = date.fromisoformat(rest[1]) if len(rest) > 1 and rest[1] else None
    except (IndexError, InvalidOperation, ValueError) as error:
        words = say("Line %(number)s is not read. Write it so: Draft approved; 40; 2026-10-20")
        raise ValidationError(words % {"number": number}) from error
    return MilestoneTerms(title=title, weight=weight, due=due)


def _line(step: MilestoneTerms) -> str:
    parts = [step.title, shown(step.weight), step.due.isoformat() if step.due else ""]
    return "; ".join(part for part in parts if part)
