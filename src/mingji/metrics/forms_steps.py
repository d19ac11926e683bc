"""The steps of a conversion, one row of fields each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.engine.model import Definitions
from mingji.kit.i18n import localized

MOST_STEPS = 8
_SHOWN = 4  # so many rows are shown at least
_PLAIN = ("table", "key", "time", "filter")


class StepForm(forms.Form):
    """One step; a row that is left empty is none."""

    id = forms.RegexField(r"^[a-z][a-z0-9_]{0,59}$", label=_("Id"))
    time = forms.CharField(label=_("Date on which it is taken"), required=False, max_length=60)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False, max_length=60)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=60)
    table = forms.ChoiceField(label=_("In another table"), required=False)
    key = forms.CharField(label=_("Column there that names the row"), required=False, max_length=60)
    filter = forms.CharField(label=_("Only rows with"), required=False, max_length=400)

    def __init__(self, *args: Any, tables: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field = self.fields["table"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = tables


def steps_form(
    definitions: Definitions, data: Any = None, steps: Mapping[str, object] | None = None
) -> Any:
    """The rows of steps: those that are there, and some empty ones."""
    tables = [("", "—")] + [
        (t.name, localized(t.label)) for t in definitions.tables.values() if not t.typed
    ]
    initial = [_initial(id_, said) for id_, said in (steps or {}).items()]
    rows = forms.formset_factory(
        StepForm, extra=max(_SHOWN - len(initial), 1), max_num=MOST_STEPS, absolute_max=MOST_STEPS
    )
    return rows(data, initial=initial, prefix="step", form_kwargs={"tables": tables})


def steps_words(rows: Any) -> dict[str, object]:
    """The steps as a definition says them, in their order."""
    found: dict[str, object] = {}
    for row in rows.forms:
        given = row.cleaned_data
        if not given:
            continue
        words: dict[str, object] = {word: given[word] for word in _PLAIN if given[word]}
        names = {language: given[f"name_{language}"] for language in ("zh", "en")}
        if any(names.values()):
            words["name"] = names if all(names.values()) else names["zh"] or names["en"]
        found[given["id"]] = words
    return found


def _initial(id_: str, said: object) -> dict[str, object]:
    words = said if isinstance(said, dict) else {"time": said or ""}
    name = words.get("name") or ""
    names = name if isinstance(name, dict) else {"zh": name, "en": name}
    both = {f"name_{language}": names.get(language, "") for language in ("zh", "en")}
    return {"id": id_, **both, **{word: words.get(word) or "" for word in _PLAIN}}
