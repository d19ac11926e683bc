"""Checks on a member's facts as a whole: weights that must add up, items without a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.assess import assess
from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.form import Form
from mingji.rules.inputs import AGREED
from mingji.rules.methods.events import Bonus
from mingji.rules.methods.given import NAMES
from mingji.rules.numbers import HUNDRED, shown
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.facts.report import Report

_NAMED_AT_MOST = 5


def check_weights(
    who: Text,
    form: Form,
    facts: Mapping[str, ItemFacts],
    rows: Mapping[str, int],
    report: Report,
) -> None:
    """Weights given in the table must make the same 100 as those of the scheme.

    `who` is a member or a team, `rows` the row of each item that the table speaks of. A dimension
    of which the table says that nothing applies is left out, as the rules leave it out.
    """
    aggregation = form.scheme.aggregation
    if aggregation in ("weighted_by_dimension", "formula"):
        for dimension in form.dimensions:
            if dimension.weight and any(_applies(item, facts) for item in dimension.items):
                _must_be_hundred(who, dimension.items, facts, rows, report)
    elif aggregation == "weighted_total":
        _must_be_hundred(who, [item for _, item in form.items()], facts, rows, report)


def members_without_rows(
    members: Sequence[MemberFacts], forms: Mapping[tuple[str, str], Form], report: Report
) -> None:
    """Say which items have no row for some members: they count as no data, never as zero."""
    absent: dict[str, list[str]] = {}
    for facts in members:
        for _, item in forms[facts.level, facts.family].items():
            if item.id not in facts.items and not isinstance(item.scoring, Bonus):
                absent.setdefault(item.id, []).append(facts.member)
    for item_id, who in absent.items():
        named = ", ".join(who[:_NAMED_AT_MOST]) + (" …" if len(who) > _NAMED_AT_MOST else "")
        report.add(
            "no_row",
            Text(
                zh=f"考核项 {item_id}：{len(members)} 人中有 {len(who)} 人没有数据行"
                f"（{named}），按无数据处理",
                en=f"the item {item_id} has no row for {len(who)} of {len(members)} members "
                f"({named}): no data",
            ),
            Text("", ""),
            severity="info",
            count=len(who),
        )


def figures_without_reference(
    members: Sequence[MemberFacts],
    forms: Mapping[tuple[str, str], Form],
    rows: Mapping[tuple[str, str], int],
    report: Report,
) -> None:
    """Warn of actuals that cannot be scored because nobody said against what (no target …)."""
    lacking: dict[tuple[str, str], list[str]] = {}
    known: dict[object, str] = {}
    for facts in members:
        for _, item in forms[facts.level, facts.family].items():
            given = facts.items.get(item.id)
            if given is None or given.actual is None or given.weight == 0:
                continue
            there = tuple(getattr(given, name) is not None for name in AGREED)
            kind = (
                item.id,
                facts.level,
                facts.family,
                there,
                given.choice,
                *given.overrides.items(),
            )
            if kind not in known:
                known[kind] = _lack(item, given)
            if known[kind]:
                lacking.setdefault((item.id, known[kind]), []).append(facts.member)
    for (item_id, lack), who in lacking.items():
        named = ", ".join(who[:_NAMED_AT_MOST]) + (" …" if len(who) > _NAMED_AT_MOST else "")
        what = NAMES[lack]
        report.add(
            f"no_{lack}",
            Text(
                zh=f"考核项 {item_id} 有实际值、没有{what.zh}，按无数据处理：{named}",
                en=f"the item {item_id} has an actual but no {what.en}, so it counts as no data: "
                f"{named}",
            ),
            Text(
                zh=f"在数据表的 {lack} 列或方案的考核项里写上{what.zh}",
                en=f"give it in the column {lack}, or with the item in the scheme",
            ),
            row=rows[who[0], item_id],
            column=lack,
            severity="warning",
            count=len(who),
        )


def _lack(item: Item, given: ItemFacts) -> str:
    """Which agreed figure keeps an actual from being scored; empty when none does."""
    try:
        lacks = assess(item, given).lacks
    except Invalid:
        return ""  # refused, and told, when it is scored
    return lacks if lacks in AGREED else ""


def _must_be_hundred(
    who: Text,
    items: Sequence[Item],
    facts: Mapping[str, ItemFacts],
    rows: Mapping[str, int],
    report: Report,
) -> None:
    weights = {
        item.id: _weight(item, facts) for item in items if not _outside(item, facts.get(item.id))
    }
    total = sum(weights.values(), Decimal(0))
    if not weights or total == HUNDRED:
        return
    parts = " + ".join(f"{id_} {shown(weight)}" for id_, weight in weights.items())
    at = [rows[id_] for id_ in weights if id_ in rows]
    numbers = ", ".join(map(str, at))
    unnamed = ", ".join(id_ for id_ in weights if id_ not in facts)
    report.add(
        "weights_not_100",
        Text(
            zh=f"{who.zh}的权重合计 {shown(total)}，应为 100（{parts}；第 {numbers} 行）",
            en=f"the weights of {who.en} add up to {shown(total)}, not 100 "
            f"({parts}; {'row' if len(at) == 1 else 'rows'} {numbers})",
        ),
        Text(
            zh="改权重使合计为 100"
            + (f"；不适用的考核项也写一行、权重写 0：{unnamed}" if unnamed else ""),
            en="change the weights so that they make 100"
            + (f"; give items that do not apply a row of weight 0: {unnamed}" if unnamed else ""),
        ),
        row=min(at, default=None),
        column="weight",
    )


def _applies(item: Item, facts: Mapping[str, ItemFacts]) -> bool:
    """Whether an item counts inside the 100 for this member: its row may give it no weight."""
    given = facts.get(item.id)
    return not _outside(item, given) and not (given and given.weight == 0)


def _outside(item: Item, given: ItemFacts | None) -> bool:
    """Whether an item lies outside the 100, by the scheme's method or by that of its row."""
    method = given.overrides.get("method") if given else None
    return method == "bonus" if method else isinstance(item.scoring, Bonus)


def _weight(item: Item, facts: Mapping[str, ItemFacts]) -> Decimal:
    given = facts.get(item.id)
    return given.weight if given and given.weight is not None else item.weight
