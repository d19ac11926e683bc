"""The shape of what people type in about the data: matches, disputes, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingji.engine.model import Column, Table
from mingji.kit.i18n import localized
from mingji.metrics.evidence import EvidenceUpload, accepted
from mingji.metrics.models import Correction, Dispute
from mingji.rules.errors import Invalid, MingjiError


class MapOwnerForm(forms.Form):
    """Which member an owner of a source system is, and between which days."""

    source = forms.CharField(max_length=40, widget=forms.HiddenInput)
    owner = forms.CharField(max_length=200, widget=forms.HiddenInput)
    member = forms.CharField(
        label=_("Member"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("code, name or pinyin")}
        ),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Up to before"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @classmethod
    def for_owner(
        cls, number: int, source: str, owner: str, refused: MapOwnerForm | None
    ) -> MapOwnerForm:
        """The form beside one owner of the list: empty, or the one that was just refused."""
        if refused and (refused["source"].value(), refused["owner"].value()) == (source, owner):
            return refused
        return cls(initial={"source": source, "owner": owner}, auto_id=f"id_{number}_%s")

    def refuse(self, error: MingjiError) -> None:
        """Put what an action refused beside the field that it speaks of."""
        findings = error.findings if isinstance(error, Invalid) else ()
        for finding in findings:
            field = finding.place.path if finding.place.path in self.fields else "member"
            words = f"{localized(finding.message)} → {localized(finding.remedy)}"
            self.add_error(field, words)
        if not findings:
            self.add_error("member", localized(error.message))


class RefusedForm(forms.Form):
    """A form that takes what an action refused beside the fields that it speaks of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def refuse(self, error: Invalid) -> None:
        """Put each finding beside its field, or above the form where it has none."""
        for found in error.findings:
            words = f"{localized(found.message)} {localized(found.remedy)}".strip()
            self.add_error(self.field_of(found.place.path), words)
        if not error.findings:
            self.add_error(None, localized(error.message))

    def field_of(self, path: str) -> str | None:
        """The field that the place of a finding names."""
        return path if path in self.fields else None


def words_field(label: Any, *, rows: int = 3, advice: Any = "", required: bool = True) -> Any:
    """Some lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=advice,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class EvidenceField(forms.Field):
    """A file that proves something; what it may be is told beside it and checked by the action."""

    def __init__(self) -> None:
        widget = forms.FileInput(attrs={"accept": accepted()})
        super().__init__(
            label=_("File that proves it"),
            required=False,
            widget=widget,
            help_text=lazy(_about_evidence, str)(),
        )

    def to_python(self, data: Any) -> EvidenceUpload | None:
        """The file in memory; one larger than may be kept is not read to its end."""
        if not data:
            return None
        return EvidenceUpload(data.name, data.read(settings.MINGJI_EVIDENCE_MB * 2**20 + 1))


def _about_evidence() -> str:
    told = gettext("PDF, picture, Office file, CSV or text, %(most)d MB at most.")
    return told % {"most": settings.MINGJI_EVIDENCE_MB}


class DisputeForm(RefusedForm):
    """What is wrong with a number."""

    ground = forms.ChoiceField(
        label=_("What is wrong?"), choices=Dispute.Ground.choices, widget=forms.RadioSelect
    )
    text = words_field(
        _("In your words"),
        rows=5,
        advice=_("What stands there, what should stand there, and how one can see it."),
    )
    file = EvidenceField()


class ReasonForm(RefusedForm):
    """Why a number is right as it is."""

    reason = words_field(_("Reason"), advice=_("The member reads this. Name rows, dates, rules."))


class ReopenForm(RefusedForm):
    """What an answer misses."""

    text = words_field(_("What does the answer miss?"))


class AcknowledgeForm(RefusedForm):
    """Why a finding about the data may stand."""

    reason = words_field(_("Why may it stand?"), rows=2)


class DataOwnerForm(RefusedForm):
    """Which member answers for the numbers of a metric."""

    member = forms.CharField(
        label=_("Data owner"),
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("code, name or pinyin")}
        ),
        help_text=_("Empty: the data analysts answer."),
    )


class DecisionForm(RefusedForm):
    """Words to go with a decision; needed to reject."""

    words = words_field(_("Note"), required=False, advice=_("Needed when you reject."))


class ChooseRowForm(RefusedForm):
    """Which row of which table is to be corrected, and how."""

    table = forms.ChoiceField(label=_("Table"))
    key = forms.CharField(
        label=_("Key of the row"),
        max_length=200,
        help_text=_("As the source system numbers it. A row that no system holds gets a new one."),
    )
    kind = forms.ChoiceField(
        label=_("What is to be done"), choices=Correction.Kind.choices, widget=forms.RadioSelect
    )
    dispute = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, tables: Mapping[str, Table], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["table"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, localized(each.label)) for name, each in tables.items()]


class CorrectionForm(RefusedForm):
    """The values of a row as they should be, why, and how one can know."""

    reason = words_field(
        _("Reason"),
        advice=_("Those whose numbers it moves can read this: write about the row, not a person."),
    )
    evidence = words_field(_("Evidence in words"), rows=2, required=False)
    evidence_link = forms.CharField(label=_("Link to evidence"), required=False, max_length=500)
    file = EvidenceField()

    def __init__(self, columns: Mapping[str, Column], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        cells = {
            _cell_name(name): forms.CharField(
                label=localized(column.label), required=False, max_length=1000
            )
            for name, column in columns.items()
        }
        self.fields = {**cells, **self.fields}

    @property
    def cells(self) -> list[Any]:
        """The fields of the row's columns, in the order of the table."""
        return [self[_cell_name(name)] for name in self._columns]

    def values(self) -> dict[str, str]:
        """What was typed for each column."""
        return {name: self.cleaned_data[_cell_name(name)].strip() for name in self._columns}

    def field_of(self, path: str) -> str | None:
        """Columns stand under a name of their own, so that none is taken for a word of the form."""
        return _cell_name(path) if path in self._columns else super().field_of(path)


def _cell_name(column: str) -> str:
    return f"cell-{column}"
