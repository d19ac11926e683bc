"""T: it ends inside its period, the period lies ahead, and the outcome can show within it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mingji.rules.findings import Finding
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.letters import Letter, letter, note
from mingji.rules.smart.reading import Reading
from mingji.rules.text import Text


def timely(draft: Draft, read: Reading, today: date) -> Letter:
    """The deadline against the period, today, the lag of the metric, and the dates in the title."""
    if draft.period is None:
        return letter("T", (_no_period(),), Text("", ""))
    start, end = draft.period
    due = draft.due or end
    faults = (
        *_deadline(start, end, due),
        *_ahead(start, end, due, today),
        *_lag(draft, start, due),
        *_titles_dates(draft, read, start, end),
    )
    good = Text(f"{due} 截止，在期间内", f"due on {due}, inside its period")
    return letter("T", faults, good)


def _no_period() -> Finding:
    return note(
        "no_period",
        "period",
        Text("没有期间，不知道什么时候算数", "without a period nobody knows when it counts"),
        Text("选一个期间", "choose a period"),
    )


def _deadline(start: date, end: date, due: date) -> Iterator[Finding]:
    if not start <= due <= end:
        yield note(
            "due_outside_period",
            "due",
            Text(f"截止日 {due} 不在期间 {start} 至 {end} 内",
                 f"the due date {due} lies outside the period {start} to {end}"),
            Text("改截止日，或放到另一个期间", "change the date, or put it into another period"),
            "error",
        )  # fmt: skip


def _ahead(start: date, end: date, due: date, today: date) -> Iterator[Finding]:
    if end < today:
        yield note(
            "period_over",
            "period",
            Text(f"期间在 {end} 已经结束", f"the period ended on {end}"),
            Text("选还没结束的期间", "choose a period that has not ended"),
            "error",
        )
    elif due < today:
        yield note(
            "due_passed",
            "due",
            Text(f"截止日 {due} 已经过了", f"the due date {due} has passed"),
            Text("改成以后的日期", "choose a later date"),
            "error",
        )
    elif start < today:
        left = (due - today).days + 1
        yield note(
            "period_running",
            "period",
            Text(f"期间已经开始，还剩 {left} 天", f"the period runs already: {left} days are left"),
            Text("目标值按剩下的时间想一想", "think of the target with the time that is left"),
            "info",
        )


def _lag(draft: Draft, start: date, due: date) -> Iterator[Finding]:
    metric = draft.metric
    days = (due - start).days + 1
    if metric is None or metric.lag_days <= days or days < 1:
        return
    name, lag = metric.name, metric.lag_days
    yield note(
        "outcome_too_slow",
        "period",
        Text(f"“{name.zh}”要 {lag} 天才见效，{days} 天里看不到自己的努力",
             f"“{name.en}” takes {lag} days to show, longer than the {days} days here"),
        Text("用更长的期间，或改用先行指标", "use a longer period, or a leading metric"),
    )  # fmt: skip


def _titles_dates(draft: Draft, read: Reading, start: date, end: date) -> Iterator[Finding]:
    for named in read.dates:
        if named.compared or (named.first <= end and start <= named.last):
            continue
        own = draft.title[named.start : named.end].strip()
        yield note(
            "title_date_outside",
            "title",
            Text(f"标题里的“{own}”不在期间 {start} 至 {end} 内",
                 f"“{own}” in the title lies outside the period {start} to {end}"),
            Text("改标题里的日期，或换期间", "change the date in the title, or the period"),
            "error",
            named.start + 1,
        )  # fmt: skip
