"""The form by which a KPI of the form is set. Rates are typed in percent, as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import (
    VALUES,
    FindingForm,
    a_day,
    a_theme,
    a_weight,
    amount,
    stored,
    support,
    typed,
)
from mingji.goals.queries import MeasuredItem
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text


class GoalForm(FindingForm):
    """The values of one goal in the unit of its metric."""

    target = amount(_("Target"), required=True, help_text=_("To be reached by the period's end."))
    baseline = amount(_("Baseline"), help_text=_("Where it stood before; leave empty if unknown."))
    threshold = amount(_("Threshold"), help_text=_("The least that still earns points."))
    stretch = amount(_("Stretch target"), help_text=_("Better than the target, hard to reach."))
    weight = a_weight(_("In percent of the dimension; empty takes the scheme's."))
    theme = a_theme()
    support = support()
    support_due = a_day(_("Support due"), _("By when it is to be there; it is followed up then."))

    def __init__(
        self, item: MeasuredItem, themes: list[tuple[str, Text]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_themes(themes)
        self._unit = item.unit

    def terms(self, known: GoalTerms) -> GoalTerms:
        """What was typed, over the terms known before; values in the unit of the metric."""
        return self._over(known, self.cleaned_data)

    def terms_so_far(self, known: GoalTerms) -> GoalTerms:
        """The same while it is being written: what cannot be read yet is left out."""
        return self._over(known, self.readable())

    def _over(self, known: GoalTerms, given: Mapping[str, Any]) -> GoalTerms:
        return replace(
            known,
            target=stored(given["target"], self._unit),
            baseline=stored(given["baseline"], self._unit),
            threshold=stored(given["threshold"], self._unit),
            stretch=stored(given["stretch"], self._unit),
            weight=given["weight"],
            theme=given["theme"] or "",
            support=given["support"],
            support_due=given["support_due"],
        )


def kpi_initial(known: GoalTerms, item: MeasuredItem) -> dict[str, Any]:
    """The form as it was filled in."""
    return {name: typed(getattr(known, name), item.unit) for name in VALUES} | {
        "weight": known.weight,
        "theme": known.theme,
        "support": known.support,
        "support_due": known.support_due,
    }
