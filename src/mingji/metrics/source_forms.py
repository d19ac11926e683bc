"""What the data analyst types in to set up a source: one form a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mingji.connectors.kinds import Kind
from mingji.connectors.settings import Setting
from mingji.engine.model import Column
from mingji.kit.i18n import localized
from mingji.metrics.mapping import UNITS, From
from mingji.rules.errors import Invalid, MingjiError

UNIT_WORDS = {
    "1000": _("thousands (千)"),
    "10000": _("ten thousands (万)"),
    "1000000": _("millions (百万)"),
    "100000000": _("hundred millions (亿)"),
}


class StepForm(forms.Form):
    """A form of one step: it takes what an action refused beside the fields concerned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def refuse(self, error: MingjiError) -> None:
        """Put each finding beside its field; where none has one, the sentence above the form."""
        findings = error.findings if isinstance(error, Invalid) else ()
        placed = [finding for finding in findings if finding.place.path in self.fields]
        for finding in placed:
            words = (localized(finding.message), localized(finding.remedy))
            self.add_error(finding.place.path, " → ".join(filter(None, words)))
        if not placed:
            remedy = localized(findings[0].remedy) if findings else ""
            self.add_error(None, " → ".join(filter(None, (localized(error.message), remedy))))


class NewSourceForm(StepForm):
    """Step 1: what kind of source it is and what it is called."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens, such as crm-leads. It does not change."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, kinds: Sequence[Kind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(kind.name, localized(kind.label)) for kind in kinds]


class SettingsForm(StepForm):
    """Step 2: what the kind of source wants to be told; its checks are the connector's own."""

    def __init__(self, asked: Sequence[Setting], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in asked:
            self.fields[each.name] = _field_for(each)

    def given(self) -> dict[str, str]:
        """The settings that were filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class UploadForm(StepForm):
    """A file to be read by an upload source."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.xlsm,.parquet"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _now("CSV, TSV, Excel or Parquet, %(most)d MB at most.")
        self.fields["file"].help_text = told % {"most": settings.MINGJI_UPLOAD_MB}


class ScheduleForm(StepForm):
    """The last step: when the source is read and who answers for it."""

    schedule = forms.ChoiceField(
        label=_("When"),
        widget=forms.RadioSelect,
        choices=[
            ("manual", _("by hand")),
            ("hourly", _("every hour")),
            ("daily", _("every day")),
            ("weekdays", _("Monday to Friday")),
        ],
    )
    at = forms.TimeField(
        label=_("At"),
        required=False,
        help_text=_("For every day and Monday to Friday; 06:00 if left out."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    owner = forms.CharField(
        label=_("Data owner"),
        required=False,
        max_length=80,
        help_text=_("Who answers for the numbers: code, name or pinyin."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    enabled = forms.BooleanField(label=_("Switched on"), required=False, initial=True)


class EndMatchForm(StepForm):
    """The first day on which a match no longer holds."""

    ends_on = forms.DateField(
        label=_("Up to before"), widget=forms.DateInput(attrs={"type": "date"})
    )


def mapping_from(data: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, From]:
    """The mapping that the fields of the screen say; a column without a choice is left out."""
    found = {}
    for column in columns:
        name = column.name
        header = str(data.get(f"from:{name}", ""))
        if header:
            dates, unit = data.get(f"dates:{name}", ""), data.get(f"unit:{name}", "")
            numbers = data.get(f"numbers:{name}", "")
            found[name] = From(
                header,
                dates=dates if dates in ("dmy", "mdy", "ymd") else "",
                numbers=numbers if numbers in ("comma", "point") else "",
                unit=unit if unit in UNITS else "",
            )
    return found


def _field_for(asked: Setting) -> forms.Field:
    """A form field for a setting; what may stand in it the connector says."""
    common: dict[str, Any] = {
        "label": localized(asked.label),
        "help_text": localized(asked.help),
        "required": asked.required,
        "initial": asked.default,
    }
    if asked.kind == "choice":
        choices = [(value, localized(words)) for value, words in asked.choices.items()]
        return forms.ChoiceField(choices=choices, **common)
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if asked.kind == "long_text":
        widget = forms.Textarea(attrs={**attrs, "rows": 6})
    return forms.CharField(max_length=4000, widget=widget, **common)
