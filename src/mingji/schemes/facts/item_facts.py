"""The rows about one item of one member (or team) → what the rules are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mingji.rules.explanation import Source, plain
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods.rated import BehaviourAnchor, Described, GradeScale, MultiRater
from mingji.rules.methods.ratio import Binary
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.facts.columns import FIGURE_COLUMNS
from mingji.schemes.facts.figures import Figure, figure, is_nothing
from mingji.schemes.facts.groups import group_of, no_group
from mingji.schemes.facts.parameters import check_settings, overrides, with_method
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row

_PERCENT_UNITS = frozenset({"%", "％", "percent", "百分比"})
_DONE = {"是": 1, "完成": 1, "yes": 1, "true": 1, "否": 0, "未完成": 0, "no": 0, "false": 0}


def item_facts(item: Item, rows: Sequence[Row], report: Report) -> ItemFacts:
    """What the rows say about an item. Faults are noted in the report and leave a gap."""
    main = [row for row in rows if not row.get("part")]
    for again in main[1:]:
        report.add(
            "duplicate_row",
            Text(
                zh=f"考核项 {item.id} 在第 {main[0].number} 行已经写过",
                en=f"the item {item.id} stands in row {main[0].number} already",
            ),
            Text(
                zh="删掉其中一行；一项有几个分项时，用 part 列写明分项",
                en="remove one of the rows; several parts of an item are named in the column part",
            ),
            row=again.number,
            column="item",
        )
    item = with_method(item, rows, report)
    first = main[0] if main else None
    if first and first.get("actual") and isinstance(item.scoring, MultiRater):
        no_group(first, report)
    known = _from_row(item, first, report) if first else {}
    settings = overrides(item, rows, report)
    if settings:
        check_settings(item, settings, rows, report)
    return ItemFacts(
        **known,
        parts=tuple(_part(item, row, report) for row in rows if row.get("part")),
        overrides=settings,
        sources=_sources(item, rows, report.file),
        reason="; ".join(dict.fromkeys(filter(None, (row.get("reason") for row in rows)))),
    )


def _from_row(item: Item, row: Row, report: Report) -> dict[str, Any]:
    """The fields of `ItemFacts` that the main row of an item gives."""
    unit = row.get("unit") or item.unit
    points = unit in _PERCENT_UNITS
    choice = row.get("choice") or _choice_in_actual(item, row)
    figures = {
        column: report.figure(row, column, percent_points=points, unit=unit)
        for column in FIGURE_COLUMNS
        if column in row.cells
        and not (column == "actual" and choice and choice == row.get("actual"))
    }
    check = _not_a_fraction if points else _one_scale
    check(item, row, figures, report)
    return {
        **{column: read.value for column, read in figures.items() if read},
        "weight": report.number(row, "weight", percent_points=True),
        "choice": _choice_id(item, choice),
    }


def _choice_in_actual(item: Item, row: Row) -> str:
    """Sheets often write the level picked where other items have their figure."""
    cell = row.get("actual")
    if isinstance(item.scoring, Binary) and cell == "无":
        return cell  # here it says no, not that nobody knows
    picks = isinstance(item.scoring, GradeScale | Described | BehaviourAnchor | Binary)
    if not picks or is_nothing(cell):
        return ""
    picks_only = isinstance(item.scoring, GradeScale)
    return cell if picks_only or not isinstance(figure(cell), Figure) else ""


def _choice_id(item: Item, choice: str) -> str:
    options = (
        item.scoring.levels
        if isinstance(item.scoring, GradeScale)
        else item.scoring.cases
        if isinstance(item.scoring, Described)
        else ()
    )
    by_name = {word: each.id for each in options for word in (each.name.zh, each.name.en, each.id)}
    return by_name.get(choice, choice)


def _one_scale(item: Item, row: Row, figures: Mapping[str, Figure | None], report: Report) -> None:
    """Refuse `92%` beside a target of 100: one is a fraction, the other counts in percent."""
    read = {name: each for name, each in figures.items() if each and name != "second"}
    percent = [name for name, each in read.items() if each.percent]
    bare = [name for name, each in read.items() if not each.percent and each.value]
    if percent and not bare:
        own = {name: getattr(item, name) for name in FIGURE_COLUMNS[2:] if name not in read}
        bare = [name for name, value in own.items() if value is not None and abs(value) > 2]
    if percent and bare:
        cell = row.get(percent[0])
        report.add(
            "mixed_percent",
            Text(
                zh=f"“{cell}”是百分数，而同一项的 {bare[0]} 不是",
                en=f"“{cell}” is a percentage, but the {bare[0]} of the same item is not",
            ),
            Text(
                zh="同一项的数值统一写法：都带 %，或都不带",
                en="write all figures of an item alike: all with %, or all without",
            ),
            row=row.number,
            column=percent[0],
        )
    elif item.unit == "ratio" and any(abs(each.value) > 10 for each in read.values()):
        report.add(
            "looks_like_percent",
            Text(
                zh=f"{item.id} 按小数计（0.85 即 85%），这一行的数值却大于 10",
                en=f"{item.id} counts as a fraction (0.85 is 85 %), but this row has more than 10",
            ),
            Text(zh="写成 0.85 或 85%", en="write 0.85 or 85%"),
            row=row.number,
            column="actual",
            severity="warning",
        )


def _not_a_fraction(
    item: Item, row: Row, figures: Mapping[str, Figure | None], report: Report
) -> None:
    """A spreadsheet shows 92% and holds 0.92; beside a target of 100 that is doubtful."""
    actual, target = figures.get("actual"), figures.get("target")
    reference = target.value if target else item.target
    if not actual or actual.percent or reference is None or reference < 10:
        return
    if 0 < abs(actual.value) <= 1:
        report.add(
            "looks_like_fraction",
            Text(
                zh=f"{item.id} 按百分数计（92 即 92%），这一行却是 {plain(actual.value)}",
                en=f"{item.id} counts in percent (92 is 92 %), but this row has "
                f"{plain(actual.value)}",
            ),
            Text(
                zh="写成 92 或文本 92%；Excel 的百分比格式存的是 0.92",
                en="write 92, or 92% as text; an Excel cell in percent format holds 0.92",
            ),
            row=row.number,
            column="actual",
            severity="warning",
        )


def _part(item: Item, row: Row, report: Report) -> Part:
    unit = row.get("unit") or item.unit
    points = unit in _PERCENT_UNITS
    target = "part_target" if row.get("part_target") else "target"
    baseline = "part_baseline" if row.get("part_baseline") else "baseline"
    done = _DONE.get(row.get("actual").lower())
    days = report.figure(row, "days_late", unit="天")
    method = item.scoring
    return Part(
        key=group_of(method, row, report) if isinstance(method, MultiRater) else row.get("part"),
        value=Decimal(done)
        if done is not None
        else report.number(row, "actual", percent_points=points),
        weight=report.number(row, "part_weight"),
        target=report.number(row, target, percent_points=points),
        baseline=report.number(row, baseline, percent_points=points),
        days_late=int(days.value) if days else 0,
    )


def _sources(item: Item, rows: Sequence[Row], file: str) -> tuple[Source, ...]:
    """Where it was typed. Where evidence is required, the row alone is no evidence."""
    evidence = tuple(
        Source(kind="typed", label=Text.same(row.get("evidence")), origin=(file,))
        for row in rows
        if row.get("evidence")
    )
    if item.evidence_required and not evidence and not any(row.get("reason") for row in rows):
        return ()
    first, last = rows[0].number, rows[-1].number
    span = f"{first}" if first == last else f"{first}–{last}"
    label = Text(zh=f"第 {span} 行", en=f"row {span}")
    return (Source("typed", label, ref=f"{file}#row={span}", origin=(file,)), *evidence)
