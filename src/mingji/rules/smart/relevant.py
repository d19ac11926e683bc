"""R: it serves something above it, it is this post's to do, and it does no harm beside it."""

from __future__ import annotations

from collections.abc import Iterator

from mingji.rules.findings import Finding
from mingji.rules.smart.draft import Draft, Measured, Post
from mingji.rules.smart.letters import Letter, letter, note
from mingji.rules.text import Text


def relevant(draft: Draft) -> Letter:
    """Aligned upward, within the duties of the post, its counter-metric at its side."""
    return letter("R", _faults(draft), _good(draft))


def _faults(draft: Draft) -> Iterator[Finding]:
    if not (draft.parent.strip() or draft.theme.strip()):
        yield note(
            "not_aligned",
            "parent",
            Text("没有对齐到上级目标或战略主题", "it hangs on no objective above and no theme"),
            Text("选一个它支撑的上级目标或主题", "choose the objective or theme that it serves"),
        )
    if draft.metric is None:
        return
    if draft.post is not None and not _is_duty(draft.metric, draft.post):
        name, post = draft.metric.name, draft.post.name
        yield note(
            "outside_post",
            "metric",
            Text(f"“{name.zh}”不在{post.zh}的职责里", f"“{name.en}” is no duty of {post.en}"),
            Text("换成这个岗位能左右的指标，或写明为什么归他",
                 "choose a metric that this post moves, or say why it is theirs"),
        )  # fmt: skip
    yield from _gaming(draft, draft.metric)


def _is_duty(metric: Measured, post: Post) -> bool:
    """Named among the post's metrics, or of its job family; what has no family is everybody's."""
    if metric.code in post.metrics or not metric.families:
        return True
    return not post.job_family or post.job_family in metric.families


def _gaming(draft: Draft, metric: Measured) -> Iterator[Finding]:
    if not metric.gaming_risk.en:
        return
    if metric.counter_metric and (draft.others is None or metric.counter_metric in draft.others):
        return
    name, risk, other = metric.name, metric.gaming_risk, metric.counter_name
    remedy = (
        Text(f"把“{other.zh}”也放到这张表上", f"put “{other.en}” on the same form")
        if metric.counter_metric and other.en
        else Text("配一个制衡指标", "pair it with a counter-metric")
    )
    yield note(
        "no_counter_metric",
        "metric",
        Text(f"“{name.zh}”容易被做数：{risk.zh}", f"“{name.en}” can be gamed: {risk.en}"),
        remedy,
    )


def _good(draft: Draft) -> Text:
    above = draft.parent.strip() or draft.theme.strip()
    if draft.post is None or draft.metric is None:
        return Text(f"支撑“{above}”", f"it serves “{above}”")
    post = draft.post.name
    return Text(
        f"支撑“{above}”，是{post.zh}的职责", f"it serves “{above}” and is a duty of {post.en}"
    )
