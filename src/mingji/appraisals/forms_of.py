"""The form that an appraisal is filled in by, from its frozen post and scheme version."""

from __future__ import annotations

from mingji.appraisals.models import Appraisal
from mingji.rules.form import Form, form_for
from mingji.rules.scheme import Item
from mingji.schemes import queries as schemes


def form_of(appraisal: Appraisal) -> Form:
    """The dimensions, items and weights of an appraisal."""
    scheme = schemes.scheme_of(appraisal.cycle.scheme_version_id)
    return form_for(scheme, level=appraisal.level, family=appraisal.job_family)


def rated_items(appraisal: Appraisal) -> list[Item]:
    """The items that people rate, in the order of the form."""
    return [item for _, item in form_of(appraisal).items() if item.source == "rated"]
