"""The fields by which a goal agrees how its item is scored: a method, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.goals.queries import MeasuredItem
from mingji.goals.scoring import Setting, asked, defaults, read, typed
from mingji.kit.i18n import localized, sentences
from mingji.kit.words import RULES
from mingji.rules.agreed_scoring import AGREEABLE, highest_share
from mingji.rules.errors import Invalid

if TYPE_CHECKING:
    from django.http import QueryDict

FIELD = "scoring"
# Which method the settings on the page belong to.
SHOWN = "scoring-of"
_ROWS = 5


def may_agree(item: MeasuredItem | None) -> bool:
    """Whether a goal for this item may agree a method: it stands on the form, which leaves it."""
    return item is not None and item.scored is not None and item.scored.scoring_from != "scheme"


def method_field() -> forms.ChoiceField:
    """The methods to choose from; empty takes the scheme's."""
    named = [(method, localized(RULES[f"method.{method}"])) for method in AGREEABLE]
    return forms.ChoiceField(
        label=_("Scored by"),
        required=False,
        choices=[("", _("as the scheme says")), *named],
        help_text=_("How the value reached becomes points. Both sides agree to it."),
    )


def setting_fields(method: str, item: MeasuredItem) -> dict[str, forms.Field]:
    """The fields for the settings of a method."""
    settings = asked(method, item.direction)
    return {f"{FIELD}-{each.name}": _field(each) for each in settings}


def completed(posted: QueryDict, item: MeasuredItem) -> QueryDict:
    """What was sent; the usual settings where those on the page were of another method."""
    data, method = posted.copy(), posted.get(FIELD, "")
    if posted.get(SHOWN, "") != method:
        for name in [each for each in data if each.startswith(f"{FIELD}-")]:
            del data[name]
    for name, value in usual(method, item).items():
        data.setdefault(name, value)
    return data


def usual(method: str, item: MeasuredItem) -> dict[str, str]:
    """What the settings of a method start from, by field."""
    most = highest_share(item.scored) if item.scored else None
    return _by_field(defaults(method, item.direction, most))


def scoring_initial(scoring: Mapping[str, str], unit: str) -> dict[str, str]:
    """The method and its settings as they were agreed, by field."""
    return {FIELD: scoring.get("method", ""), **_by_field(typed(scoring, unit))}


def read_scoring(
    form: forms.Form, data: Mapping[str, Any], item: MeasuredItem
) -> dict[str, str] | None:
    """The scoring that was typed, or None with what could not be read at its fields."""
    given = {
        name.removeprefix(f"{FIELD}-"): str(data.get(name) or "")
        for name in form.fields
        if name.startswith(f"{FIELD}-")
    }
    try:
        return read(data.get(FIELD) or "", given, unit=item.unit, direction=item.direction)
    except Invalid as error:
        for found in error.findings:
            form.add_error(f"{FIELD}-{found.place.path}", sentences(found.message, found.remedy))
    return None


def is_scoring(names: Iterable[str]) -> list[str]:
    """The names among these that belong to the scoring."""
    return [name for name in names if name == FIELD or name.startswith(f"{FIELD}-")]


def _by_field(settings: Mapping[str, str]) -> dict[str, str]:
    return {f"{FIELD}-{name}": value for name, value in settings.items()}


def _field(setting: Setting) -> forms.Field:
    common: dict[str, Any] = {
        "label": localized(setting.label),
        "required": False,
        "help_text": localized(setting.advice),
    }
    if setting.kind == "choice":
        named = [(code, localized(words)) for code, words in setting.choices]
        return forms.ChoiceField(choices=named, **common)
    if setting.kind in ("anchors", "bands", "lines", "formula"):
        widget = forms.Textarea({"rows": 2 if setting.kind == "formula" else _ROWS})
        return forms.CharField(max_length=500, widget=widget, **common)
    widget_for_number = forms.TextInput({"inputmode": "decimal"})
    return forms.CharField(max_length=20, widget=widget_for_number, **common)
