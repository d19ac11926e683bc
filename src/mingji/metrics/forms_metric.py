"""One metric as a form: what the data analyst fills in instead of writing YAML."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.engine.model import Definitions, Metric
from mingji.engine.wording import AGGREGATE_WORDS
from mingji.kit.i18n import localized
from mingji.metrics.forms_steps import MOST_STEPS, steps_form, steps_words
from mingji.metrics.metric_kinds import CALLED, KINDS, WORDS
from mingji.rules.text import Text

_NONE = ("", "—")
_DIRECTIONS = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "closer": Text("越接近目标越好", "closer to the target is better"),
}
_AGAINST = {
    "previous_period": Text("上一期", "the period before"),
    "last_year": Text("去年同期", "the same period a year before"),
}
_AS = {"rate": Text("增长率", "a rate"), "difference": Text("差额", "a difference")}
_TO_DATE = {
    "year": Text("财年初", "the start of the fiscal year"),
    "half": Text("半年初", "the start of the half"),
    "quarter": Text("季初", "the start of the quarter"),
    "month": Text("月初", "the start of the month"),
}
_COHORTS = {
    "entry": Text("走第一步的那一期", "the period of the first step"),
    "event": Text("走到那一步的那一期", "the period of the step itself"),
}
_METHODS = {"nps": Text("净推荐值（0–10 分）", "NPS (0 to 10)"), "csat": Text("满意度", "CSAT")}
#: Words of a metric that are written in both languages.
_BOTH = ("name", "formula_text", "owner", "gaming_risk")
_PLAIN = ("unit", "direction", "counter_metric")
#: Every word that the form writes; what else a metric says stays as it is.
_WRITTEN = {*_BOTH, *_PLAIN, *WORDS, "type"}
#: Choices of which the first holds where nothing is said.
_FIRST_HOLDS = ("agg", "direction", "against", "told_as", "cohort", "method")
#: Fields that choose a metric.
_METRICS = ("numerator", "denominator", "metric", "of", "counter_metric")
_LENGTH = _("As 90 days, 12 weeks or 4 periods.")


class MetricForm(forms.Form):
    """A metric of one kind: the fields that every metric has, and those of the kind."""

    id = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,59}$",
        label=_("Id"),
        help_text=_("Lower-case letters, digits and _. An id of the library replaces its metric."),
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    method = forms.ChoiceField(label=_("Score"))
    table = forms.ChoiceField(label=_("Table"))
    agg = forms.ChoiceField(label=_("What is taken of its rows"))
    percentile = forms.DecimalField(
        label=_("Which percentile"),
        min_value=0,
        max_value=1,
        help_text=_("Only for a percentile: 0.9 is the value that nine of ten do not exceed."),
    )
    column = forms.CharField(
        label=_("Column or row expression"),
        max_length=400,
        help_text=_("Not needed to count rows. Example: amount - refund"),
    )
    filter = forms.CharField(
        label=_("Only rows with"),
        max_length=400,
        help_text=_("Example: stage = 'won' and amount > 0"),
    )
    time = forms.CharField(
        label=_("Date column"),
        max_length=60,
        help_text=_("The day on which a row counts. Empty: the table's usual one."),
    )
    top_box_from = forms.DecimalField(
        label=_("Satisfied from"), help_text=_("Of CSAT: the answer from which one is satisfied.")
    )
    min_answers = forms.IntegerField(
        label=_("Fewest answers"),
        min_value=1,
        help_text=_("With fewer there is no value."),
    )
    numerator = forms.ChoiceField(label=_("Above the line"))
    denominator = forms.ChoiceField(label=_("Below the line"))
    formula = forms.CharField(
        label=_("Formula"),
        max_length=400,
        help_text=_(
            "Metrics by id with + - * / and brackets. "
            "Example: (won_revenue - spend_total) / spend_total"
        ),
    )
    metric = forms.ChoiceField(label=_("Of which metric"))
    against = forms.ChoiceField(label=_("Against"))
    told_as = forms.ChoiceField(label=_("Told as"))
    grain_to_date = forms.ChoiceField(
        label=_("Since"), help_text=_("Neither this nor a window: since ever.")
    )
    window = forms.CharField(label=_("Window"), max_length=20, help_text=_LENGTH)
    offset_window = forms.CharField(label=_("How much earlier"), max_length=20, help_text=_LENGTH)
    of = forms.ChoiceField(label=_("The whole is a metric"))
    of_total = forms.BooleanField(
        label=_("Taken whole over what its table cannot be split by"),
        help_text=_("As a member's part of the whole market."),
    )
    over = forms.CharField(
        label=_("Or the parts of"),
        max_length=60,
        help_text=_("A dimension whose parts add up to 1, such as channel."),
    )
    cohort = forms.ChoiceField(label=_("A step counts in"))
    above = forms.CharField(
        label=_("Step above the line"), max_length=60, help_text=_("Its id. Empty: the last.")
    )
    below = forms.CharField(
        label=_("Step below the line"), max_length=60, help_text=_("Its id. Empty: the first.")
    )
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=20,
        help_text=_("CNY, ratio (shown as a percentage), count, day, hour, point …"),
    )
    direction = forms.ChoiceField(label=_("Better"))
    formula_text_zh = forms.CharField(label=_("Formula in words, Chinese"), max_length=200)
    formula_text_en = forms.CharField(label=_("Formula in words, English"), max_length=200)
    owner_zh = forms.CharField(label=_("Data owner, Chinese"), max_length=60)
    owner_en = forms.CharField(label=_("Data owner, English"), max_length=60)
    gaming_risk_zh = forms.CharField(
        label=_("How it could be gamed, Chinese"), required=False, max_length=200
    )
    gaming_risk_en = forms.CharField(
        label=_("How it could be gamed, English"), required=False, max_length=200
    )
    counter_metric = forms.ChoiceField(label=_("The metric that would show it"), required=False)

    def __init__(
        self, definitions: Definitions, kind: str, *args: Any, steps: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.kind, self.called = kind, KINDS[kind]
        for name in {word for each in KINDS.values() for word in each.words}:
            if name not in self.called.words:
                del self.fields[name]
            else:
                self.fields[name].required = name in self.called.needed
        for name, listed in _choices(definitions).items():
            if isinstance(field := self.fields.get(name), forms.ChoiceField):
                field.choices = listed if name in _FIRST_HOLDS else [_NONE, *listed]
        self.steps = None
        if kind == "conversion":
            self.steps = steps_form(definitions, self.data if self.is_bound else None, steps)

    @property
    def of_kind(self) -> list[forms.BoundField]:
        """The fields of the kind, in their order."""
        return [self[name] for name in self.called.words]

    def clean(self) -> dict[str, Any]:
        """Steps that are not filled in rightly belong to what has to be put right."""
        for number, errors in enumerate(self.steps.errors if self.steps else (), start=1):
            if errors:
                self.add_error(None, _("Step %(number)d is not complete.") % {"number": number})
        return self.cleaned_data

    def words(self, before: Mapping[str, object]) -> dict[str, object]:
        """The words of the metric as its YAML says them; only those that its kind knows.

        What it said `before` and the form does not ask for (`scale`, `kpi` …) is kept.
        """
        given: dict[str, Any] = self.cleaned_data
        words: dict[str, object] = {"name": _both(given, "name"), "type": self.kind}
        for name in self.called.words:
            if given[name]:
                words[CALLED.get(name, name)] = _plain(given[name])
        if self.steps is not None:
            words["steps"] = steps_words(self.steps)
        words |= {name: given[name] for name in _PLAIN if given[name]}
        for name in _BOTH[1:]:
            if both := _both(given, name):
                words[name] = both
        return words | {name: said for name, said in before.items() if name not in _WRITTEN}


def can_be_a_form(words: Mapping[str, object]) -> bool:
    """Whether the form can say everything that a metric says; otherwise it is edited as YAML."""
    steps = words.get("steps")
    return not isinstance(steps, dict) or len(steps) <= MOST_STEPS


def initial_of(metric: Metric, words: Mapping[str, object]) -> dict[str, object]:
    """The form filled with a metric, as it is understood and as it is written."""
    kind = KINDS[str(words.get("type", "simple"))]
    given = {name: words.get(CALLED.get(name, name), "") for name in kind.words}
    if "column" in given:
        given["column"] = given["column"] or words.get("expression", "")
    given |= {
        "id": metric.id,
        "unit": metric.unit,
        "direction": metric.direction,
        "counter_metric": metric.counter_metric,
    }
    for name in _BOTH:
        text: Text = getattr(metric, name)
        given |= {f"{name}_zh": text.zh, f"{name}_en": text.en}
    return given


def _choices(definitions: Definitions) -> dict[str, list[tuple[str, str]]]:
    metrics = [
        (metric.id, f"{localized(metric.name)} ({metric.id})")
        for metric in definitions.metrics.values()
    ]
    words = {
        "agg": AGGREGATE_WORDS,
        "direction": _DIRECTIONS,
        "against": _AGAINST,
        "told_as": _AS,
        "grain_to_date": _TO_DATE,
        "cohort": _COHORTS,
        "method": _METHODS,
    }
    return {
        **{
            name: [(each, localized(text)) for each, text in of.items()]
            for name, of in words.items()
        },
        **dict.fromkeys(_METRICS, metrics),
        "table": [(t.name, localized(t.label)) for t in definitions.tables.values() if not t.typed],
    }


def _plain(given: Any) -> object:
    """A value as YAML writes it: numbers bare, as they were typed in."""
    if isinstance(given, Decimal):
        return int(given) if given == given.to_integral_value() else float(given)
    return given


def _both(given: Mapping[str, str], name: str) -> dict[str, str]:
    both = {language: given[f"{name}_{language}"].strip() for language in ("zh", "en")}
    return both if all(both.values()) else {}
