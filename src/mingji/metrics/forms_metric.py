"""One metric as a form: what the data analyst fills in instead of writing YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.engine.model import Definitions, Metric
from mingji.engine.typed import TYPED
from mingji.engine.wording import AGGREGATE_WORDS
from mingji.kit.i18n import localized
from mingji.rules.text import Text

_TYPES = {
    "simple": Text("从一张表的行统计", "counted from the rows of a table"),
    "ratio": Text("两个指标相除", "one metric over another"),
    "derived": Text("由指标写成的公式", "a formula over metrics"),
    "typed": Text("人工录入，经第二人批准", "typed in, approved by a second person"),
}
#: The aggregate that needs a share, for which the form has no field.
_WITH_SHARE = "percentile"
_DIRECTIONS = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "closer": Text("越接近目标越好", "closer to the target is better"),
}
#: Words of a metric that are written in both languages.
_BOTH = ("name", "formula_text", "owner", "gaming_risk")
_SIMPLE = ("table", "agg", "column", "filter", "time")
_PLAIN = ("unit", "direction", "counter_metric")
#: Every word that the form writes; what else a metric says stays as it is.
_WRITTEN = {*_BOTH, *_SIMPLE, *_PLAIN, "type", "expression", "numerator", "denominator", "formula"}


class MetricForm(forms.Form):
    """A simple, ratio or derived metric. Anything else is written as YAML."""

    id = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,59}$",
        label=_("Id"),
        help_text=_("Lower-case letters, digits and _. An id of the library replaces its metric."),
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    type = forms.ChoiceField(label=_("How it is computed"))
    table = forms.ChoiceField(label=_("Table"), required=False)
    agg = forms.ChoiceField(label=_("What is taken of its rows"), required=False)
    column = forms.CharField(
        label=_("Column or row expression"),
        required=False,
        max_length=400,
        help_text=_("Not needed to count rows. Example: amount - refund"),
    )
    filter = forms.CharField(
        label=_("Only rows with"),
        required=False,
        max_length=400,
        help_text=_("Example: stage = 'won' and amount > 0"),
    )
    time = forms.CharField(
        label=_("Date column"),
        required=False,
        max_length=60,
        help_text=_("The day on which a row counts. Empty: the table's usual one."),
    )
    numerator = forms.ChoiceField(label=_("Above the line"), required=False)
    denominator = forms.ChoiceField(label=_("Below the line"), required=False)
    formula = forms.CharField(
        label=_("Formula"),
        required=False,
        max_length=400,
        help_text=_(
            "Metrics by id with + - * / and brackets. "
            "Example: (won_revenue - spend_total) / spend_total"
        ),
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

    def __init__(self, definitions: Definitions, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        none = [("", "—")]
        metrics = [
            (metric.id, f"{localized(metric.name)} ({metric.id})")
            for metric in definitions.metrics.values()
        ]
        choices = {
            "type": _listed(_TYPES),
            "agg": [each for each in _listed(AGGREGATE_WORDS) if each[0] != _WITH_SHARE],
            "direction": _listed(_DIRECTIONS),
            "table": none
            + [(t.name, localized(t.label)) for t in definitions.tables.values() if not t.typed],
            "numerator": none + metrics,
            "denominator": none + metrics,
            "counter_metric": none + metrics,
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed

    def words(self, before: Mapping[str, object]) -> dict[str, object]:
        """The words of the metric as its YAML says them; only those that its type knows.

        What it said `before` and the form does not ask for (`scale`, `kpi` …) is kept.
        """
        given: dict[str, str] = self.cleaned_data
        type_ = given["type"]
        words: dict[str, object] = {"name": _both(given, "name"), "type": type_}
        if type_ == "simple":
            words |= {name: given[name] for name in _SIMPLE if given[name]}
        elif type_ == "ratio":
            words |= {"numerator": given["numerator"], "denominator": given["denominator"]}
        elif type_ == "derived":
            words["formula"] = given["formula"]
        words |= {name: given[name] for name in _PLAIN if given[name]}
        for name in _BOTH[1:]:
            if both := _both(given, name):
                words[name] = both
        return words | {name: said for name, said in before.items() if name not in _WRITTEN}


def can_be_a_form(metric: Metric) -> bool:
    """Whether the form can say everything that a metric says; otherwise it is edited as YAML."""
    return metric.type in _TYPES and metric.agg != _WITH_SHARE


def initial_of(metric: Metric) -> dict[str, str]:
    """The form filled with a metric."""
    typed = metric.table == TYPED
    given = {
        "id": metric.id,
        "type": "typed" if typed else metric.type,
        "table": "" if typed else metric.table,
        "agg": metric.agg or "",
        "column": "" if typed else metric.expression,
        "filter": "" if typed else metric.filter,
        "time": metric.time,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "formula": metric.formula,
        "unit": metric.unit,
        "direction": metric.direction,
        "counter_metric": metric.counter_metric,
    }
    for name in _BOTH:
        text: Text = getattr(metric, name)
        given |= {f"{name}_zh": text.zh, f"{name}_en": text.en}
    return given


def _listed(words: Mapping[str, Text]) -> list[tuple[str, str]]:
    return [(name, localized(text)) for name, text in words.items()]


def _both(given: dict[str, str], name: str) -> dict[str, str]:
    both = {language: given[f"{name}_{language}"].strip() for language in ("zh", "en")}
    return both if all(both.values()) else {}
