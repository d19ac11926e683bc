"""What is wrong with the goals of one agreement before they go to the other side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mingji.goals.targets import Targets, findings
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.text import Text
from mingji.rules.weights import off_hundred

KEY_RESULTS = range(2, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """A dimension of the member's form: its name, and the weight of each item in it (percent),
    with what the items are called."""

    name: Text
    weights: Mapping[str, Decimal]
    names: Mapping[str, Text] = field(default_factory=dict)


def goal_findings(
    goal: GoalTerms, *, method: str = "", direction: str = "up"
) -> tuple[Finding, ...]:
    """What is wrong with one goal on its own; places name its fields.

    >>> [found.code for found in goal_findings(GoalTerms(key="o1", kind="objective"))]
    ['title_missing']
    """
    return tuple(_of_one(goal, method, direction))


def agreement_findings(
    goals: Sequence[GoalTerms], form: Sequence[FormPart] = ()
) -> tuple[Finding, ...]:
    """What keeps a set of goals from being proposed: nothing in it, weights that do not add up to
    100 within a dimension of `form`, over all objectives, or within an objective, or too few or
    too many key results.

    >>> [found.code for found in agreement_findings([])]
    ['no_goals']
    """
    return tuple(_of_all(goals, form))


def belonging_findings(goals: Sequence[GoalTerms]) -> tuple[Finding, ...]:
    """Key results that name no objective of the same set, and others that name one.

    >>> [found.place.path for found in belonging_findings([GoalTerms(key="kr", kind="key_result")])]
    ['kr.objective']
    """
    objectives = {goal.key for goal in goals if goal.kind == "objective"}
    return tuple(
        _error(
            "objective_unknown",
            f"{goal.key}.objective",
            Text(
                zh=f"“{goal.title or goal.key}”：只有关键结果有所属目标，且在同一份确认书里。",
                en=f"“{goal.title or goal.key}”: a key result belongs to an objective of the same "
                "agreement, and nothing else does.",
            ),
            Text("在“所属目标”里写那个目标的编号", "Write the key of that objective."),
        )
        for goal in goals
        if (goal.kind == "key_result" and goal.objective not in objectives)
        or (goal.kind != "key_result" and goal.objective)
    )


def _of_one(goal: GoalTerms, method: str, direction: str) -> Iterator[Finding]:
    if goal.kind != "kpi" and not goal.title.strip():
        yield _TITLE
    if goal.kind == "objective":
        return
    if goal.measure in ("metric", "manual"):
        yield from findings(_targets(goal), method=method, direction=direction)
    if goal.kind == "key_result" and goal.measure in ("metric", "manual"):
        yield from _a_way_to_go(goal)
    if goal.measure == "metric" and not goal.metric:
        yield _METRIC
    if goal.measure == "milestones":
        yield from _steps(goal)


def _targets(goal: GoalTerms) -> Targets:
    return Targets(
        target=goal.target,
        baseline=goal.baseline,
        threshold=goal.threshold,
        stretch=goal.stretch,
        weight=goal.weight,
    )


def _a_way_to_go(goal: GoalTerms) -> Iterator[Finding]:
    if goal.baseline is None:
        yield _error(
            "baseline_missing",
            "baseline",
            Text("关键结果要有起始值", "A key result needs a baseline."),
            Text(
                "填现在的数值；从零开始就填 0", "Write where it stands now; 0 if it starts at zero."
            ),
        )


def _steps(goal: GoalTerms) -> Iterator[Finding]:
    if not goal.milestones:
        yield _error(
            "milestones_missing",
            "milestones",
            Text("还没有里程碑", "There are no milestones."),
            Text("至少写一个里程碑和它的权重", "Write at least one, with its weight."),
        )
        return
    what = Text("里程碑的权重", "the milestones")
    if found := off_hundred([each.weight for each in goal.milestones], what, "milestones"):
        yield found


@exact
def _of_all(goals: Sequence[GoalTerms], form: Sequence[FormPart]) -> Iterator[Finding]:
    if not goals:
        yield _NOTHING
        return
    weighed = {goal.key: goal.weight for goal in goals if goal.kind == "kpi"}
    for part in form:
        changed = {key: weighed[key] for key in part.weights if weighed.get(key) is not None}
        if changed:
            together = {**part.weights, **changed}
            yield from _hundred([each or ZERO for each in together.values()], part.name)
    objectives = [goal for goal in goals if goal.kind == "objective"]
    yield from _shares(objectives, Text("各目标的权重", "objectives"))
    for objective in objectives:
        yield from _key_results(objective, goals)


def _key_results(objective: GoalTerms, goals: Sequence[GoalTerms]) -> Iterator[Finding]:
    own = [goal for goal in goals if goal.objective == objective.key]
    if len(own) not in KEY_RESULTS:
        yield _error(
            "key_result_count",
            objective.key,
            Text(
                zh=f"“{objective.title}”有 {len(own)} 个关键结果，应有 2 到 5 个。",
                en=f"“{objective.title}” has {len(own)} key results; it should have 2 to 5.",
            ),
            Text(
                zh="补到两个以上，或合并到五个以内",
                en="Add until there are two, or merge until five are left.",
            ),
        )
    yield from _shares(own, Text(f"“{objective.title}”的关键结果", f"“{objective.title}”"))


def _shares(goals: Sequence[GoalTerms], what: Text) -> Iterator[Finding]:
    """Weights are all empty (then equal), or all given and 100 together."""
    given = [goal for goal in goals if goal.weight is not None]
    if given and len(given) < len(goals):
        missing = next(goal for goal in goals if goal.weight is None)
        yield _error(
            "weight_missing",
            missing.key,
            Text(
                f"{what.zh}：“{missing.title}”没有权重",
                f"{what.en}: “{missing.title}” has no weight",
            ),
            Text("每一项都填，或者都留空按均分", "Give each one a weight, or none for equal ones."),
        )
    elif given:
        yield from _hundred([goal.weight or ZERO for goal in given], what)


def _hundred(weights: Sequence[Decimal], what: Text) -> Iterator[Finding]:
    total = sum(weights, ZERO)
    if total != HUNDRED:
        off = shown(abs(total - HUNDRED))
        yield _error(
            "weights_not_100",
            "weight",
            Text(
                zh=f"{what.zh}：权重合计 {shown(total)}%，应为 100%。",
                en=f"{what.en}: the weights add up to {shown(total)} %, not 100 %.",
            ),
            Text(
                zh=f"{'减去' if total > HUNDRED else '再加'} {off} 个百分点",
                en=f"{'Take away' if total > HUNDRED else 'Add'} {off} points.",
            ),
        )


def _error(code: str, path: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=path))


_TITLE = _error(
    "title_missing",
    "title",
    Text("还没有写标题", "There is no title."),
    Text("用一句话写明要达成什么", "Say in one sentence what is to be reached."),
)
_METRIC = _error(
    "metric_missing",
    "metric",
    Text("没有选指标", "No metric is chosen."),
    Text(
        "选一个指标，或改成填报、里程碑、是否完成",
        "Choose a metric, or measure it by reports, milestones, or done and not done.",
    ),
)
_NOTHING = _error(
    "no_goals",
    "",
    Text("还没有任何目标", "There are no goals yet."),
    Text("先拟定目标，再一起提出", "Draft the goals, then propose them together."),
)
