"""The form by which a KPI of the form is set. Rates are typed in percent, as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
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
from mingji.goals.forms.scoring import (
    FIELD,
    completed,
    is_scoring,
    may_agree,
    method_field,
    read_scoring,
    scoring_initial,
    setting_fields,
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
        self,
        item: MeasuredItem,
        themes: list[tuple[str, Text]],
        posted: QueryDict | None,
        initial: Mapping[str, Any],
    ) -> None:
        agreeable = may_agree(item)
        if posted is not None and agreeable:
            posted = completed(posted, item)
        super().__init__(posted, initial=dict(initial))
        self.offer_themes(themes)
        self.method = ""
        self._item, self._unit = item, item.unit
        self._scoring: dict[str, str] = {}
        if agreeable:
            self.method = str((initial if posted is None else posted).get(FIELD, ""))
            self.fields |= {FIELD: method_field(), **setting_fields(self.method, item)}

    @property
    def plain(self) -> list[Any]:
        """The fields before those of the scoring."""
        apart = is_scoring(self.fields)
        return [bound for bound in self if bound.name not in apart]

    @property
    def settings(self) -> list[Any]:
        """The settings of the method that is chosen."""
        return [self[name] for name in is_scoring(self.fields) if name != FIELD]

    def clean(self) -> dict[str, Any]:
        """Read the settings of the method together: what they mean depends on each other."""
        data = super().clean() or {}
        if FIELD in self.fields:
            self._scoring = read_scoring(self, data, self._item) or {}
        return data

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
            scoring=self._scoring,
        )


def kpi_initial(known: GoalTerms, item: MeasuredItem) -> dict[str, Any]:
    """The form as it was filled in."""
    return {name: typed(getattr(known, name), item.unit) for name in VALUES} | {
        "weight": known.weight,
        "theme": known.theme,
        "support": known.support,
        "support_due": known.support_due,
        **scoring_initial(known.scoring, item.unit),
    }
