"""All goals of an agreement on one form: for a counter-proposal, and for a change request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingji.goals.forms.base import FindingForm, a_day, a_weight, amount, stored, typed
from mingji.goals.forms.scoring import may_agree, method_field
from mingji.goals.queries import MeasuredItem, has_other_meaning, item_of
from mingji.goals.scoring import one_line, read_line
from mingji.goals.suggesting import kept_distance
from mingji.kit.i18n import localized, sentences
from mingji.metrics.queries import version_in_force
from mingji.rules.agreed_scoring import highest_share
from mingji.rules.errors import Invalid
from mingji.rules.goal_steps import CATEGORIES
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import shown
from mingji.rules.text import Text

_NUMBERS = ("baseline", "threshold", "target", "stretch")
_SCORING = ("scoring", "scoring_settings")
_MARKS = ("threshold", "stretch")
_KEY_RESULT = ("threshold", "support", "support_due")


class TermsForm(FindingForm):
    """The terms of one goal; its prefix is the goal's key."""

    title = forms.CharField(label=_("Title"), max_length=200)
    baseline = amount(_("Baseline"))
    threshold = amount(_("Threshold"))
    target = amount(_("Target"))
    stretch = amount(_("Stretch target"))
    weight = a_weight("")
    scoring = method_field()
    scoring_settings = forms.CharField(
        label=_("Settings of the method"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Empty: its usual ones."),
    )
    due = a_day(_("Due"))
    support = forms.CharField(
        label=_("Support promised"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    support_due = a_day(_("Support due"))
    adopt = forms.BooleanField(
        label=_("Measure it by what the metric means now"),
        required=False,
        help_text=_(
            "Its formula has changed since the goal was signed; unticked, it stays as signed."
        ),
    )
    keep = forms.BooleanField(
        label=_("Move threshold and stretch target with the target"),
        required=False,
        help_text=_("In proportion, where you leave them as they are: 80 of 100 becomes 64 of 80."),
    )
    drop = forms.BooleanField(label=_("Take this goal out"), required=False)

    def __init__(
        self,
        goal: GoalTerms,
        item: MeasuredItem | None,
        posted: QueryDict | None,
        *,
        in_force: int | None = None,
    ) -> None:
        self.in_force = in_force
        self.unit = item.unit if item else goal.unit
        self.goal = goal
        self.name = Text.same(goal.title) if goal.title or item is None else item.name
        self.item = item
        super().__init__(posted, prefix=goal.key, initial=_initial(goal, self.unit))
        unused = _unused(goal) | (set() if may_agree(item) else set(_SCORING))
        if in_force is None or not has_other_meaning(goal):
            unused.add("adopt")
        for name in unused:
            del self.fields[name]
        if item and item.weight is not None and goal.weight is None and "weight" in self.fields:
            said = gettext("Empty: %(weight)s%%, as in the scheme.")
            self.fields["weight"].help_text = said % {"weight": shown(item.weight)}

    def clean(self) -> dict[str, Any]:
        """Read the method with its settings."""
        data = super().clean() or {}
        method, settings = data.get("scoring"), data.pop("scoring_settings", "")
        if method and self.item is not None and self.item.scored is not None:
            try:
                data["scoring"] = read_line(
                    f"{method}: {settings}",
                    unit=self.unit,
                    direction=self.item.direction,
                    most=highest_share(self.item.scored),
                )
            except Invalid as error:
                found = error.findings[0]
                self.add_error("scoring_settings", sentences(found.message, found.remedy))
        elif "scoring" in data:
            data["scoring"] = {}
        return data

    def terms(self) -> GoalTerms | None:
        """What was typed, over the terms known before; None if the goal is to be taken out."""
        given = dict(self.cleaned_data)
        keep = given.pop("keep", False)
        if given.pop("adopt", False) and self.in_force is not None:
            given["definition"] = self.in_force
        if given.pop("drop", False):
            return None
        for name in _NUMBERS:
            if name in given:
                given[name] = stored(given[name], self.unit)
        terms = replace(self.goal, **given)
        return _in_proportion(self.goal, terms) if keep else terms


class NoteForm(FindingForm):
    """What the other side should know when it reads the terms."""

    note = forms.CharField(
        label=_("Note to the other side"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class GroundsForm(FindingForm):
    """Why what is agreed should change."""

    category = forms.ChoiceField(label=_("Kind of reason"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Figures, a document, a decision: what others can check."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        named = [(code, localized(words)) for code, words in CATEGORIES.items()]
        field.choices = [("", "—"), *named]


@dataclass(frozen=True, slots=True)
class AllTerms:
    """The forms of all goals of an agreement, and the one form that goes with them."""

    goals: tuple[TermsForm, ...]
    beside: FindingForm

    def is_valid(self) -> bool:
        """Whether all of them can be read; each is asked, so that all faults show at once."""
        asked = [each.is_valid() for each in (*self.goals, self.beside)]
        return all(asked)

    def terms(self) -> tuple[GoalTerms, ...]:
        """The terms as typed; key results of an objective that is taken out go with it."""
        kept = [terms for each in self.goals if (terms := each.terms())]
        keys = {goal.key for goal in kept}
        return tuple(goal for goal in kept if not goal.objective or goal.objective in keys)

    def refuse(self, error: Invalid) -> None:
        """Show each finding at its goal and field, what concerns all of them above."""
        by_key = {each.prefix: each for each in self.goals}
        for found in error.findings:
            key, _dot, term = found.place.path.rpartition(".")
            form = by_key.get(key)
            words = sentences(found.message, found.remedy)
            if form is not None:
                form.add_error(term if term in form.fields else None, words)
            else:
                field = term if term in self.beside.fields else None
                self.beside.add_error(field, words)
        if not error.findings:
            self.beside.add_error(None, localized(error.message))


def all_terms(
    terms: Sequence[GoalTerms],
    items: Mapping[str, MeasuredItem],
    beside: type[FindingForm],
    posted: QueryDict | None,
) -> AllTerms:
    """The forms, filled with what was sent or with the terms as they stand. A change of what is
    signed can also ask for what a metric means now."""
    in_force = version_in_force() if beside is GroundsForm else None
    goals = tuple(
        TermsForm(goal, item_of(goal, items), posted, in_force=in_force) for goal in terms
    )
    return AllTerms(goals, beside(posted))


def _initial(goal: GoalTerms, unit: str) -> dict[str, Any]:
    plain = ("title", "weight", "due", "support", "support_due")
    return (
        {name: getattr(goal, name) for name in plain}
        | {name: typed(getattr(goal, name), unit) for name in _NUMBERS}
        | {
            "keep": True,
            "scoring": goal.scoring.get("method", ""),
            "scoring_settings": one_line(goal.scoring, unit).partition(": ")[2],
        }
    )


def _in_proportion(before: GoalTerms, after: GoalTerms) -> GoalTerms:
    """The terms with a threshold and stretch target that were left alone as far from the target,
    in proportion, as they were."""
    if after.target is None or after.target == before.target:
        return after
    moved = {
        name: kept_distance(after.target, mark, before.target)
        for name in _MARKS
        if (mark := getattr(before, name)) is not None
        and getattr(after, name) == mark
        and before.target
    }
    return replace(after, **moved)  # type: ignore[arg-type]


def _unused(goal: GoalTerms) -> set[str]:
    """The fields that mean nothing for this kind of goal."""
    unused = set() if goal.title else {"title"}
    if all(getattr(goal, mark) is None for mark in _MARKS):
        unused.add("keep")
    if goal.kind == "objective" or goal.measure in ("milestones", "yes_no"):
        unused |= set(_NUMBERS)
    if goal.kind == "key_result":
        unused |= set(_KEY_RESULT)
    return unused if goal.kind != "kpi" or goal.title else unused | {"due"}
