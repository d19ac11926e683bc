"""What the printed goal agreement needs: the signed terms, and how each goal is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingji.goals.checks import FormPart
from mingji.goals.models import Agreement, Theme, Version
from mingji.goals.queries.items import MeasuredItem, form_parts, item_of, measured_items
from mingji.goals.queries.one import owner_of, terms_of
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAgreement:
    """An agreement as it is printed: the version that is signed or before the other side, or the
    draft as it stands (then `version` is empty).

    `items` says by key how each goal is measured, `posting` which post the member held when it
    was signed, and `names` who the codes in it are.
    """

    agreement: Agreement
    version: Version | None
    terms: tuple[GoalTerms, ...]
    items: Mapping[str, MeasuredItem]
    parts: tuple[FormPart, ...]
    posting: Posting | None
    themes: Mapping[str, Text]
    names: Mapping[str, Text]


def printed(viewer: Viewer, agreement: Agreement) -> PrintedAgreement:
    """What is printed of an agreement, which the caller got by `agreement_for`."""
    draft = agreement.status == Agreement.Status.DRAFT
    version = None if draft else agreement.versions.filter(number=agreement.number).first()
    terms = version.goals if version else terms_of(agreement)
    owner = owner_of(agreement)
    on = agreement.accepted_at.date() if agreement.accepted_at else viewer.on
    form = measured_items(owner, agreement.period)
    themes = Theme.objects.filter(code__in={goal.theme for goal in terms})
    codes = {agreement.proposed_by, agreement.accepted_by} | ({version.by} if version else set())
    return PrintedAgreement(
        agreement=agreement,
        version=version,
        terms=terms,
        items={goal.key: item for goal in terms if (item := item_of(goal, form))},
        parts=tuple(form_parts(owner, agreement.period)),
        posting=people.posting_on(owner.member, on) if owner.member else None,
        themes={theme.code: theme.known_as for theme in themes},
        names=people.names_by_code(codes - {""}),
    )
