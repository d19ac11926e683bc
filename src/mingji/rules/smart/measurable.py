"""M: a metric with unit, baseline, target, source and owner, and a title that agrees with them."""

from __future__ import annotations

from collections.abc import Iterator

from mingji.rules.findings import Finding
from mingji.rules.smart.contradictions import contradictions
from mingji.rules.smart.draft import Draft, Measured
from mingji.rules.smart.figures import figure
from mingji.rules.smart.letters import Letter, letter, note
from mingji.rules.smart.reading import Reading
from mingji.rules.text import Text

FEWEST_KEY_RESULTS, MOST_KEY_RESULTS = 2, 5


def measurable(draft: Draft, read: Reading) -> Letter:
    """Who reads the figure at the end of the period can tell, without asking, whether it is met."""
    if draft.kind == "objective":
        return _objective(draft)
    if draft.measure != "metric":
        return _done_or_not(draft)
    return letter("M", _faults(draft, read), _good(draft))


def _objective(draft: Draft) -> Letter:
    count = draft.key_results
    few = count is not None and not FEWEST_KEY_RESULTS <= count <= MOST_KEY_RESULTS
    faults = [
        note(
            "key_results_count",
            "key_results",
            Text(
                f"有 {count} 个关键结果，应是 2 到 5 个", f"it has {count} key results, not 2 to 5"
            ),
            Text("补足关键结果，或拆成两个目标", "add key results, or make it two objectives"),
        )
    ]
    return letter(
        "M",
        faults if few else (),
        Text(f"由 {count} 个关键结果衡量", f"its {count} key results measure it"),
        Text("目标靠关键结果衡量，写好关键结果再看", "key results measure it; write them first")
        if count is None
        else None,
    )


def _done_or_not(draft: Draft) -> Letter:
    faults = [
        note(
            "no_evidence",
            "evidence",
            Text("没写凭什么算完成", "it does not say what proves that it is done"),
            Text("写明交付物或验收人", "name the thing delivered or who accepts it"),
        )
    ]
    return letter(
        "M",
        () if draft.evidence.strip() else faults,
        Text("做完没做完，有凭据可查", "done or not done, and there is evidence for it"),
    )


def _faults(draft: Draft, read: Reading) -> Iterator[Finding]:
    if draft.metric is None:
        yield note(
            "no_metric",
            "metric",
            Text("标题里有数字，却没选指标", "the title has an amount, but no metric is chosen")
            if read.amounts
            else Text(
                "没有指标，到期末说不清做没做到", "without a metric nobody can tell at the end"
            ),
            Text(
                "选一个指标，或改成里程碑、是/否",
                "choose a metric, or make it a milestone or yes/no",
            ),
        )
    else:
        yield from _metric_gaps(draft.metric)
    if draft.target is None:
        yield note(
            "target_missing",
            "target",
            Text("没有目标值", "there is no target"),
            Text("填上期末要达到的数", "write the value to be reached by the end of the period"),
        )
    if draft.baseline is None:
        yield note(
            "baseline_missing",
            "baseline",
            Text("没有起始值，看不出要走多远", "without a baseline nobody sees how far it is"),
            Text("填上现在的数，没有就写 0", "write where it stands today, 0 if there is nothing"),
        )
    yield from contradictions(draft, read)


def _metric_gaps(metric: Measured) -> Iterator[Finding]:
    if not metric.unit:
        yield note(
            "unit_missing",
            "metric",
            Text("指标没有单位", "the metric has no unit"),
            Text("在指标定义里写上单位", "write the unit in the metric's definition"),
        )
    if not metric.source.en:
        yield note(
            "source_missing",
            "metric",
            Text("没写数据从哪里来", "it does not say where the figure comes from"),
            Text("在指标定义里写上数据来源", "write the source in the metric's definition"),
        )
    if not metric.owner.en:
        yield note(
            "owner_missing",
            "metric",
            Text("没人对这个数负责", "nobody answers for the figure"),
            Text("在指标定义里写上数据负责人", "name the data owner in the metric's definition"),
        )


def _good(draft: Draft) -> Text:
    if draft.metric is None:
        return Text("", "")
    name, unit, source = draft.metric.name, draft.metric.unit, draft.metric.source
    start, end = figure(draft.baseline, unit), figure(draft.target, unit)
    return Text(
        f"{name.zh}从 {start.zh} 到 {end.zh}，数据来自{source.zh}",
        f"{name.en} from {start.en} to {end.en}, taken from {source.en}",
    )
