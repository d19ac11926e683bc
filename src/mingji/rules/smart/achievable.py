"""A: neither a gift nor a dream, held against the metric's own past and its forecast."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingji.rules.findings import Finding
from mingji.rules.numbers import exact, rounded, shown
from mingji.rules.smart.draft import Direction, Draft, Outlook
from mingji.rules.smart.figures import figure
from mingji.rules.smart.letters import Letter, letter, note
from mingji.rules.text import Text

FANTASY = Decimal("0.01")  # beyond the 99th percentile of the forecast
HARD = Decimal("0.10")  # beyond the interval of 80 %
EASY = Decimal("0.90")
_HUNDRED = Decimal(100)


def achievable(draft: Draft) -> Letter:
    """Sandbagging below the own past, fantasy beyond what it can grow to; honest without a past."""
    if draft.target is None or draft.kind == "objective" or draft.measure != "metric":
        return letter("A", (), Text("", ""), _nothing_to_hold_against(draft))
    direction = draft.metric.direction if draft.metric else "up"
    faults = (
        *_sandbagging(draft, draft.target, direction),
        *_reach(draft, draft.target, direction),
        *_best_ever(draft, draft.target, direction),
    )
    if draft.outlook is None or draft.outlook.chance is None:
        return letter("A", faults, Text("", ""), _no_outlook(draft))
    return letter("A", faults, _good(draft.outlook, draft.outlook.chance, draft.unit))


@exact
def own_baseline(history: tuple[Decimal, ...], direction: Direction = "up") -> Decimal | None:
    """The lower of the last value and the mean of all; the higher where less is better.

    What the anti-sandbagging cap of the score compares with (`docs/explanation/scoring.md`).

    >>> str(own_baseline((Decimal(200), Decimal(260), Decimal(290))))
    '250'
    >>> str(own_baseline((Decimal(90), Decimal(80)), "down"))
    '85'
    """
    if not history:
        return None
    mean = sum(history, Decimal(0)) / len(history)
    return max(history[-1], mean) if direction == "down" else min(history[-1], mean)


def _sandbagging(draft: Draft, target: Decimal, direction: Direction) -> Iterator[Finding]:
    if direction == "closer":
        return
    base = own_baseline(draft.history, direction)
    measured = base is not None
    if base is None:
        base = draft.baseline
    if base is None or not (target > base if direction == "down" else target < base):
        return
    t, b = figure(target, draft.unit), figure(base, draft.unit)
    worse = Text("高于", "above") if direction == "down" else Text("低于", "below")
    yield note(
        "sandbagging",
        "target",
        Text(
            f"目标值 {t.zh} {worse.zh}自己的历史水平 {b.zh}（上期实际与多期平均取较宽松的一个）",
            f"the target {t.en} is {worse.en} its own past, {b.en} (last period or the mean of "
            "all, whichever is easier)",
        )
        if measured
        else Text(
            f"目标值 {t.zh} {worse.zh}起始值 {b.zh}，等于计划退步",
            f"the target {t.en} is {worse.en} the baseline {b.en}: it plans to get worse",
        ),
        Text("提高目标，或写明为什么会变差", "set it higher, or say why it will get worse")
        if direction == "up"
        else Text("压低目标，或写明为什么会变差", "set it lower, or say why it will get worse"),
    )


def _reach(draft: Draft, target: Decimal, direction: Direction) -> Iterator[Finding]:
    outlook = draft.outlook
    if outlook is None or outlook.chance is None:
        return
    chance, said = outlook.chance, _said(outlook, draft.unit)
    wanted = figure(target, draft.unit)
    if chance < FANTASY and direction != "closer":
        yield note(
            "fantasy",
            "target",
            Text(
                f"目标值 {wanted.zh} 超出预测的第 99 百分位，达到的机会不到 1%；{said.zh}",
                f"the target {wanted.en} lies beyond the 99th percentile of the forecast, a "
                f"chance below 1%; {said.en}",
            ),
            Text(
                "降到够得着的值，或写明要多投入什么", "bring it within reach, or say what is added"
            ),
        )
    elif chance < HARD:
        yield note(
            "hard",
            "target",
            Text(
                f"达到 {wanted.zh} 的机会约 {_percent(chance)}；{said.zh}",
                f"the chance to reach {wanted.en} is about {_percent(chance)}; {said.en}",
            ),
            Text("当作挑战值，或写明要什么支持", "make it the stretch target, or name the support"),
            "warning" if draft.committed else "info",
        )
    elif chance > EASY:
        yield note(
            "nearly_sure",
            "target",
            Text(f"照现在的走势，有 {_percent(chance)} 的机会达到",
                 f"as things go it is reached with a chance of {_percent(chance)}"),
            Text("想想还能不能再高一点", "think whether it can ask for more"),
            "info",
        )  # fmt: skip


@exact
def _best_ever(draft: Draft, target: Decimal, direction: Direction) -> Iterator[Finding]:
    history = draft.history
    if not history or direction == "closer":
        return
    best = min(history) if direction == "down" else max(history)
    if not (target < best if direction == "down" else target > best):
        return
    further = shown(abs(target - best) / abs(best) * _HUNDRED if best else None)
    record = figure(best, draft.unit)
    by = Text(f"，多走 {further}%", f", by {further}%") if best else Text("", "")
    yield note(
        "beyond_best",
        "target",
        Text(f"比历史最好的 {record.zh} 还要好{by.zh}",
             f"better than the best ever, {record.en}{by.en}"),
        Text("不用改；评的时候记得这一点", "nothing to mend; remember it when it is judged"),
        "info",
    )  # fmt: skip


def _good(outlook: Outlook, chance: Decimal, unit: str) -> Text:
    said = _said(outlook, unit)
    return Text(
        f"达到的机会约 {_percent(chance)}；{said.zh}",
        f"the chance to reach it is about {_percent(chance)}; {said.en}",
    )


def _said(outlook: Outlook, unit: str) -> Text:
    low, median, high = (figure(each, unit) for each in (outlook.low, outlook.median, outlook.high))
    note_zh = f"（{outlook.note.zh}）" if outlook.note.zh else ""
    note_en = f" ({outlook.note.en})" if outlook.note.en else ""
    return Text(
        f"预测 {median.zh}，八成把握在 {low.zh} 到 {high.zh} 之间{note_zh}",
        f"the forecast is {median.en}, 8 times in 10 from {low.en} to {high.en}{note_en}",
    )


@exact
def _percent(chance: Decimal) -> str:
    return f"{rounded(chance * _HUNDRED, 0)}%"


def _no_outlook(draft: Draft) -> Text:
    if draft.no_outlook.en:
        return draft.no_outlook
    count = len(draft.history)
    return Text(
        f"历史不足：只有 {count} 个完整期间，算不出达到的机会",
        f"not enough history: {count} whole periods, so no chance can be told",
    )


def _nothing_to_hold_against(draft: Draft) -> Text:
    if draft.kind == "objective":
        return Text("看它的关键结果够不够得着", "see whether its key results are within reach")
    if draft.measure != "metric":
        return Text(
            "里程碑没有数可预测，由双方判断", "a milestone has no forecast; both sides judge"
        )
    return Text("没有目标值，无从判断", "without a target there is nothing to judge")
