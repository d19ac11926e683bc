"""Changing the weights of many drafts in one go: of all those chosen, or of none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, Goal
from mingji.goals.queries import WeightRow
from mingji.goals.reweighing import WeightWish
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import shown
from mingji.rules.text import Text


@transaction.atomic
def reweigh(
    actor: Viewer,
    wish: WeightWish,
    chosen: Collection[str],
    *,
    period: str,
    seen: Mapping[str, str],
    reason: str = "",
    at: datetime,
) -> int:
    """Fulfil the wish in the drafts of these members, by code. Returns how many drafts changed.

    The weights are reckoned here once more; `seen` is what its reader looked at, by member
    (`Reweighed.written`).

    Raises:
        NotAllowed: somebody neither reports to the actor nor is served by them as HR partner.
        Invalid: nobody is chosen, a draft cannot take the wish, is no draft any more, or its
            weights are others than those seen, with the member as the place. Nothing is written.
    """
    if not chosen:
        raise Invalid(_NOBODY, code="nobody_chosen")
    policy.may_weigh(actor, chosen).require()
    locked = Agreement.objects.select_for_update(of=("self",))
    list(locked.filter(member__code__in=list(chosen), period=period).order_by("pk"))
    page = queries.weight_page(actor, period, wish, only=chosen)
    rows = {row.member.code: row for row in page.rows}
    faults = [wrong for code in sorted(chosen) if (wrong := _wrong(code, rows.get(code), seen))]
    if faults:
        raise Invalid(faults[0].message, code=faults[0].code, findings=tuple(faults))
    changing = [row for row in rows.values() if row.found and row.found.changed]
    _write(changing)
    for row in changing:
        _record(actor, wish, row, reason, at)
    return len(changing)


def _wrong(code: str, row: WeightRow | None, seen: Mapping[str, str]) -> Finding | None:
    place = Place(path=code)
    if row is None:
        return replace(_NO_DRAFT, place=place)
    if row.found is None:
        assert row.fault is not None, "a row without weights has the reason why"
        return Finding(row.fault.code, "error", row.fault.message, Text("", ""), place)
    if row.found.written != seen.get(code):
        return replace(_OTHER_WEIGHTS, place=place)
    return None


def _write(rows: list[WeightRow]) -> None:
    """Write the new weights: goals that weigh the same are left alone."""
    changed = []
    for row in rows:
        assert row.found is not None
        for goal in row.agreement.goals.all():
            if goal.kind == Goal.Kind.KPI and goal.item in row.found.changed:
                goal.weight = row.found.changed[goal.item]
                changed.append(goal)
    Goal.objects.bulk_update(changed, ["weight"], batch_size=500)


def _record(actor: Viewer, wish: WeightWish, row: WeightRow, reason: str, at: datetime) -> None:
    assert row.found is not None
    weights = {
        key: f"{shown(row.found.before[key])} → {shown(new)}"
        for key, new in row.found.changed.items()
    }
    said = {"item": wish.item, wish.how: str(wish.points), "weights": weights}
    writing.record(actor.code, "reweigh", row.agreement, at, reason=reason, evidence=said)


_NOBODY = Text(zh="没有选人。勾选要改的成员。", en="Nobody is chosen. Tick those to change.")
_NO_DRAFT = Finding(
    "no_draft",
    "error",
    Text("已经没有这一项的草稿", "there is no draft with this item any more"),
    Text("重新打开页面再看一遍", "open the page again and look at it"),
)
_OTHER_WEIGHTS = Finding(
    "weights_changed",
    "error",
    Text("权重与你刚才看的不一样", "the weights are no longer those that you looked at"),
    Text("看过下面的数再保存", "look at those below, then save"),
)
