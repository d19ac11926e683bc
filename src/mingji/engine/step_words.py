"""What is said of rows that no step of a conversion counts, reason by reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingji.engine.model import Table
from mingji.engine.plausible import is_personal
from mingji.engine.shapes import Step
from mingji.rules.text import Text

_KEYS, _METRICS = 5, 5
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence is made of.

    `rows` of `table` took `step`, which follows `before` in a conversion that sets out from `base`
    with `first`. `alone`: there is no conversion, only this date. `empty`: `base` has no row yet.
    `counting` of the rows count all the same. Days are held against `today` and the window of
    `days`.
    """

    table: Table
    base: Table
    step: Step
    first: Step
    before: Step
    rows: int
    counting: int
    keys: Sequence[str]
    metrics: Sequence[Text]
    alone: bool
    empty: bool
    today: dt.date | None
    days: int | None

    @property
    def day(self) -> Text:
        """What people call the day of the step."""
        return self.table.columns[self.step.time].label

    @property
    def has(self) -> str:
        """The verb after so many rows."""
        return "has" if self.rows == 1 else "have"

    @property
    def end(self) -> Text:
        """What follows from any reason but a day to come."""
        one = self.rows == 1
        if self.alone:
            return Text("，不属于任何期间", f" and {'belongs' if one else 'belong'} to no period")
        if self.step != self.first and not self.step.table:  # the row itself counts as set out
            return Text("，这一步不计入转化", " and that step counts in no conversion")
        return Text("，不计入转化", f" and {'counts' if one else 'count'} in no conversion")

    @property
    def key(self) -> str:
        """The column by which the rows are told apart."""
        return self.step.key if self.step.table else self.table.key[0]


def sentence(reason: str, told: Told) -> Text:
    """How many rows it is, why they do not count, their first keys and the metrics concerned."""
    name, what = told.table.label, _WORDS[reason](told)
    rows = "1 row" if told.rows == 1 else f"{told.rows:,} rows"
    keys, metrics = _listed(told), _concerned(told.metrics)
    return Text(
        f"{name.zh} 有 {told.rows:,} 行{what.zh}{keys.zh}{metrics.zh}",
        f"{name.en}: {rows} {what.en}{keys.en}{metrics.en}",
    )


def remedy(reason: str, told: Told) -> Text:
    """What to do about rows that do not count for a reason."""
    base = told.base.label
    if reason != "step_without_start":
        return _REMEDIES.get(reason, _NOTHING)
    if told.empty:
        return Text(f"载入{base.zh}后会重新核对", f"load {base.en}: it is looked up again then")
    return Text(
        f"核对这些编号，或补上{base.zh}里缺的行",
        f"check these keys, or load the rows that {base.en} lacks",
    )


def _without_key(told: Told) -> Text:
    cell = told.table.columns[told.key].label
    return Text(f"没有填“{cell.zh}”{told.end.zh}", f"{told.has} no {cell.en}{told.end.en}")


def _undated(told: Told) -> Text:
    day, end = told.day, told.end
    return Text(f"没有填“{day.zh}”{end.zh}", f"{told.has} no {day.en}{end.en}")


def _without_start(told: Told) -> Text:
    cell, base = told.table.columns[told.key].label, told.base.label
    if told.empty:
        return Text(
            f"的“{cell.zh}”还无从核对：{base.zh}一行也没有{told.end.zh}",
            f"{told.has} a {cell.en} that cannot be looked up: {base.en} has no row "
            f"yet,{told.end.en}",
        )
    return Text(
        f"的“{cell.zh}”在{base.zh}里找不到{told.end.zh}",
        f"{told.has} a {cell.en} that is in no row of {base.en}{told.end.en}",
    )


def _start_not_taken(told: Told) -> Text:
    first, base = told.first, told.base
    day = base.columns[first.time].label
    also = (
        Text("，或不符合它的条件", ", or what does not meet its condition")
        if first.filter
        else _NOTHING
    )
    return Text(
        f"没有走过第一步“{first.name.zh}”（{base.label.zh}里没有填“{day.zh}”{also.zh}）"
        f"{told.end.zh}",
        f"never took the first step, “{first.name.en}” (no {day.en} in {base.label.en}{also.en})"
        f"{told.end.en}",
    )


def _before_start(told: Told) -> Text:
    return Text(
        f"的“{told.day.zh}”早于第一步“{told.first.name.zh}”{told.end.zh}",
        f"{told.has} a {told.day.en} before the first step, “{told.first.name.en}”,{told.end.en}",
    )


def _skipped(told: Told) -> Text:
    return Text(
        f"没有按顺序走过前一步“{told.before.name.zh}”{told.end.zh}",
        f"did not take the step before, “{told.before.name.en}”, in order{told.end.en}",
    )


def _out_of_order(told: Told) -> Text:
    return Text(
        f"的“{told.day.zh}”早于前一步“{told.before.name.zh}”{told.end.zh}",
        f"{told.has} a {told.day.en} before the step before, “{told.before.name.en}”,{told.end.en}",
    )


def _after_window(told: Told) -> Text:
    return Text(
        f"的“{told.day.zh}”在第一步“{told.first.name.zh}”的 {told.days} 天以后{told.end.zh}",
        f"{told.has} a {told.day.en} more than {told.days} days after the first step, "
        f"“{told.first.name.en}”,{told.end.en}",
    )


def _in_future(told: Told) -> Text:
    count = told.counting
    if count == told.rows:
        zh, en = "照原样计入", "they count as they stand"
    elif count:
        zh, en = f"其中 {count:,} 行照原样计入", f"{count:,} of them count as they stand"
    else:
        zh, en = "它们都不计入转化", "none of them counts in a conversion"
    return Text(
        f"的“{told.day.zh}”在今天（{told.today}）以后，{zh}",
        f"{told.has} a {told.day.en} after today ({told.today}); {en}",
    )


_WORDS: dict[str, Callable[[Told], Text]] = {
    "step_without_key": _without_key,
    "step_undated": _undated,
    "step_without_start": _without_start,
    "step_start_not_taken": _start_not_taken,
    "step_before_start": _before_start,
    "step_skipped": _skipped,
    "step_out_of_order": _out_of_order,
    "step_after_window": _after_window,
    "step_in_future": _in_future,
}
_CHECK_DATES = Text("核对这两个日期", "check both dates")
_REMEDIES = {
    "step_undated": Text("在来源里补上日期", "fill in the dates in the source"),
    "step_start_not_taken": Text("在来源里补上第一步的日期", "fill in the day of the first step"),
    "step_before_start": _CHECK_DATES,
    "step_out_of_order": _CHECK_DATES,
    "step_in_future": Text(
        "在来源里改正日期，或提出更正", "mend the dates, or propose corrections"
    ),
}


def _listed(told: Told) -> Text:
    """The first keys, unless they are names or addresses of persons."""
    shown, more = told.keys[:_KEYS], len(told.keys) > _KEYS
    if not shown:
        return _NOTHING
    if told.key == told.table.owner or any(map(is_personal, shown)):
        return Text(
            "（编号是个人信息，不列出）", " (their keys are personal data and are not listed)"
        )
    cell = told.table.columns[told.key].label
    zh, en = "、".join(shown) + (" 等" if more else ""), ", ".join(shown) + (", …" if more else "")
    return Text(f"：{cell.zh} {zh}", f": {cell.en} {en}")


def _concerned(metrics: Sequence[Text]) -> Text:
    shown, more = metrics[:_METRICS], len(metrics) - _METRICS
    zh, en = "、".join(each.zh for each in shown), ", ".join(each.en for each in shown)
    if more > 0:
        zh, en = f"{zh} 等 {len(metrics)} 个", f"{en} and {more} more"
    return Text(f"；涉及指标：{zh}", f"; metrics concerned: {en}")
