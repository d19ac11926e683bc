"""What metrics must satisfy beyond their form: names resolve, expressions are safe, ratios are
ratios of sums, days are moved once, parts add up to their whole."""

from __future__ import annotations

import re

from mingji.engine.complaints import check_expression, check_time, known, note
from mingji.engine.document import Notes
from mingji.engine.expressions import Kind, reachable
from mingji.engine.model import ADDITIVE, Definitions, Metric, Table
from mingji.engine.shapes import Conversion, Cumulative, Lagged, Share, Step, Survey
from mingji.engine.typed import TYPED
from mingji.rules.text import Text

_ID = re.compile(r"[a-z][a-z0-9_]*")


def check_metric(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    """Notes every mistake of a metric that its form alone does not show."""
    match metric.shape:
        case Survey() as survey:
            _check_survey(metric, survey, definitions, notes)
        case Conversion() as conversion:
            _check_conversion(metric, conversion, definitions, notes)
        case _:
            _check_inputs(metric, definitions, notes)
    if metric.type == "simple":
        _check_simple(metric, definitions, notes)
    if isinstance(metric.shape, Share) and metric.shape.over and not notes.findings:
        _check_parts_of_whole(metric, metric.shape.over, definitions, notes)
    if metric.counter_metric:
        known(notes, metric, "counter_metric", metric.counter_metric, definitions.metrics)
    if metric.unit == "%":
        note(
            notes,
            metric,
            "unit",
            Text(
                "比率按小数发布（0.6315），单位不能是 %", "a ratio is published as 0.6315, not in %"
            ),
            Text(
                "写 unit: ratio，页面会显示成百分比",
                "write unit: ratio; pages show it as a percentage",
            ),
            "unit",
        )


def _check_inputs(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    for name in metric.inputs:
        found = known(notes, metric, _word(metric, name), name, definitions.metrics)
        if found and metric.type == "ratio":
            _check_additive(metric, definitions.metrics[name], notes)


def _word(metric: Metric, name: str) -> str:
    """The word that names a metric from which another one is made."""
    match metric.type:
        case "derived":
            return "formula"
        case "ratio":
            return "numerator" if name == metric.numerator else "denominator"
        case "share" if name != metric.inputs[0]:
            return "of"
    return "metric"


def _check_additive(metric: Metric, part: Metric, notes: Notes) -> None:
    if part.agg in ADDITIVE or part.table == TYPED:
        return
    note(
        notes,
        metric,
        part.id,
        Text(
            f"比率的分子分母要是合计或计数，“{part.id}”不是",
            f"a ratio divides sums or counts, “{part.id}” is neither",
        ),
        Text("改用 type: derived 写公式", "write a formula with type: derived"),
        "ratio_parts",
    )


def _check_simple(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    if not known(notes, metric, "table", metric.table, definitions.tables):
        return
    table = definitions.tables[metric.table]
    if metric.time and known(notes, metric, "time", metric.time, table.columns):
        check_time(metric, table, metric.time, notes)
    counting = metric.agg in ("count", "count_distinct")
    if not metric.expression and metric.agg != "count":
        note(
            notes,
            metric,
            "column",
            Text(f"{metric.agg} 要写 column 或 expression", f"{metric.agg} needs a column"),
            Text("补上 column: 列名", "add column: name"),
        )
    _check_percentile(metric, notes)
    _check_dated(metric, table, notes)
    kind: Kind | None = None if counting else "number"
    written = f"metrics.{metric.id}.expression" in notes.spots
    word = "expression" if written else "column"
    check_expression(metric, word, metric.expression, kind, table, definitions, notes)
    check_expression(metric, "filter", metric.filter, "boolean", table, definitions, notes)


def _check_dated(metric: Metric, table: Table, notes: Notes) -> None:
    """An amount is converted at the rate of its row's day: there must be one."""
    said = metric.expression + metric.filter
    amounts = [name for name, column in table.columns.items() if column.currency and name in said]
    if metric.time or not amounts:
        return
    note(
        notes,
        metric,
        "time",
        Text(
            f"“{amounts[0]}”按行的日期换算，指标却没有日期",
            f"“{amounts[0]}” is converted at the rate of its row's day, and the metric has none",
        ),
        Text("写 time: 日期列", "give it a time: column"),
        "rates",
    )


def _check_percentile(metric: Metric, notes: Notes) -> None:
    if metric.agg != "percentile" or (
        metric.percentile is not None and 0 <= metric.percentile <= 1
    ):
        return
    note(
        notes,
        metric,
        "percentile",
        Text("percentile 要写 0 到 1 之间的数", "percentile must lie between 0 and 1"),
        Text("例如 percentile: 0.9", "for example percentile: 0.9"),
    )


def _check_survey(metric: Metric, survey: Survey, definitions: Definitions, notes: Notes) -> None:
    answers = metric.parts[0]
    if not known(notes, metric, "table", answers.table, definitions.tables):
        return
    table = definitions.tables[answers.table]
    if answers.time and known(notes, metric, "time", answers.time, table.columns):
        check_time(metric, table, answers.time, notes)
    check_expression(metric, "column", survey.expression, "number", table, definitions, notes)
    check_expression(metric, "filter", survey.filter, "boolean", table, definitions, notes)


def _check_conversion(
    metric: Metric, conversion: Conversion, definitions: Definitions, notes: Notes
) -> None:
    name = metric.parts[0].table if metric.parts else ""
    if not metric.parts:
        known(notes, metric, "table", metric.table, definitions.tables)
        return
    base = definitions.base(name)
    for step in conversion.steps:
        _check_step(metric, step, base, definitions, notes)
    first = conversion.steps[0]
    if first.table not in ("", base.name) or not first.time:
        note(
            notes,
            metric,
            f"steps.{first.id}",
            Text(
                f"第一步“{first.id}”要在表 {base.name} 里，并且有日期",
                f"the first step “{first.id}” must lie in table {base.name} and have a date",
            ),
            Text("写 time: 日期列", "give it a time: column"),
            "steps",
        )
    if metric.view is not None and len(base.key) != 1:
        note(
            notes,
            metric,
            "table",
            Text(
                f"步骤跨表时，表 {base.name} 需要单列主键",
                f"with steps in other tables, table {base.name} needs a key of one column",
            ),
            Text("在该表写 key: 列名", "give that table a key: column"),
            "steps",
        )


def _check_step(
    metric: Metric, step: Step, base: Table, definitions: Definitions, notes: Notes
) -> None:
    word = f"steps.{step.id}"
    if not _ID.fullmatch(step.id):
        note(
            notes,
            metric,
            word,
            Text(f"步骤标识“{step.id}”不合规则", f"“{step.id}” cannot be the id of a step"),
            Text("用小写字母、数字和下划线", "use lower-case letters, digits and _"),
        )
    if step.table and not known(notes, metric, f"{word}.table", step.table, definitions.tables):
        return
    table = definitions.tables[step.table] if step.table else base
    if step.time and known(notes, metric, f"{word}.time", step.time, table.columns):
        check_time(metric, table, step.time, notes)
    target = None if metric.view is None else ""
    check_expression(
        metric, f"{word}.filter", step.filter, "boolean", table, definitions, notes, target=target
    )
    if metric.view is None:
        dated = step.time or step.filter
    else:
        dated = step.time
        if step.table:
            known(notes, metric, f"{word}.key", step.key, table.columns)
    if not dated:
        note(
            notes,
            metric,
            word,
            Text(f"步骤“{step.id}”要写 time", f"step “{step.id}” needs a time"),
            Text("写 time: 日期列", "give it a time: column"),
            "steps",
        )


def _check_parts_of_whole(
    metric: Metric, over: str, definitions: Definitions, notes: Notes
) -> None:
    """The parts of a whole add up only where each row counts in one of them."""
    part = definitions.metric(metric.inputs[0])
    if part.agg not in ("sum", "count"):
        note(
            notes,
            metric,
            "metric",
            Text(
                f"“{part.id}”不是行的合计或计数，各部分相加不等于 1",
                f"“{part.id}” is no sum or count of rows: its parts would not add up to 1",
            ),
            Text(
                "选一个合计或计数的指标，或用 of 指定整体",
                "choose a metric that is a sum or a count, or name the whole with of",
            ),
            "share_parts",
        )
        return
    columns = reachable(definitions, definitions.table(part.table))
    owned = definitions.table(part.table).owner
    known(notes, metric, "over", over, (*columns, *(("member",) if owned else ())))


def check_moved_once(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    """Days that are no period cannot be compared with those of the period before."""
    by_days = isinstance(metric.shape, Lagged) and metric.shape.offset.unit == "days"
    if not by_days and not isinstance(metric.shape, Cumulative):
        return
    below = definitions.metric(metric.inputs[0])
    if not definitions.moves(below):
        return
    note(
        notes,
        metric,
        "metric",
        Text(
            f"“{below.id}”自己就看别的期间，不能再累计或按天前移",
            f"“{below.id}” looks at other periods itself and cannot be cumulated or moved by days",
        ),
        Text(
            "直接累计它所依据的指标；增长可以建立在累计之上",
            "cumulate what it is made from; growth may be made from a cumulative metric",
        ),
        "moved_twice",
    )


_TYPED_MOVED = Text(
    "与另一期比较用 growth，或用 offset_window: 1 period",
    "compare periods with growth, or with offset_window: 1 period",
)
_TYPED_PART = Text(
    "整体写成 of: 人工录入的那个指标本身，并写 of_total: true",
    "name the typed-in metric itself as the whole (of), with of_total: true",
)


def check_typed_whole(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    """A typed-in value stands for its period as a whole: there are no days to add up or to move,
    and it is no total of parts. It may itself be the whole of a share."""
    by_days = isinstance(metric.shape, Lagged) and metric.shape.offset.unit == "days"
    parts = isinstance(metric.shape, Share)
    if not by_days and not parts and not isinstance(metric.shape, Cumulative):
        return
    for leaf in _added_up(metric, definitions):
        if leaf.table == TYPED:
            note(
                notes,
                metric,
                "metric",
                Text(
                    f"“{leaf.id}”是人工录入的，一期一个值，不能累计、按天前移，也没有各部分的合计",
                    f"“{leaf.id}” is typed in, one value a period: it cannot be cumulated or moved "
                    "by days, and is no total of parts",
                ),
                _TYPED_PART if parts else _TYPED_MOVED,
                "typed_whole",
            )


def _added_up(metric: Metric, definitions: Definitions) -> tuple[Metric, ...]:
    """The simple metrics that are summed over days or keys to make a metric."""
    if not isinstance(metric.shape, Share):
        return definitions.leaves(metric)
    whole = definitions.metric(metric.inputs[-1])
    if metric.shape.over:
        return definitions.leaves(whole)
    made = metric.shape.of_total and whole.type != "simple"
    return definitions.leaves(whole) if made else ()


def reaches(name: str, goal: str, definitions: Definitions, seen: set[str]) -> bool:
    """Whether a metric is made from another one, directly or not."""
    for below in definitions.metric(name).inputs:
        if below == goal:
            return True
        if below not in seen:
            seen.add(below)
            if reaches(below, goal, definitions, seen):
                return True
    return False
