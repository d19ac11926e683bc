"""The SMART check of a goal as it is written, against the metric's own history."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.analysis.forecast import Aim, Forecast, Pace, forecast
from mingji.analysis.scales import kind_for
from mingji.engine.model import ADDITIVE, Metric
from mingji.goals.queries.items import MeasuredItem, Owner, item_of
from mingji.metrics import queries as metrics
from mingji.metrics.definitions import library
from mingji.people import queries as people
from mingji.people.families import JOB_FAMILIES
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms, Measure
from mingji.rules.numbers import ZERO, shown
from mingji.rules.progress import expected_by
from mingji.rules.smart.check import check
from mingji.rules.smart.draft import Draft, Measured, Outlook, Post
from mingji.rules.smart.draft import Measure as CheckedMeasure
from mingji.rules.smart.letters import Letter
from mingji.rules.text import Text

# So many periods before this one say what can be expected.
_LOOKED_BACK = 8
_MEASURES: dict[Measure, CheckedMeasure] = {
    "metric": "metric",
    "manual": "metric",
    "milestones": "milestone",
    "yes_no": "yes_no",
}
_ALIASES = {"mql": "MQL", "sql": "SQL", "cpl": "CPL", "roi": "ROI", "roas": "ROAS", "nps": "NPS"}
# How far "closer" may lie from its target and still count as reached.
_CLOSE = Decimal("0.05")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a goal that is being written: the other goals of the agreement, and the
    name of a goal above that it serves already."""

    goals: tuple[GoalTerms, ...]
    items: dict[str, MeasuredItem]
    serves: str = ""


def letters_for(
    viewer: Viewer, owner: Owner, period: str, goal: GoalTerms, around: Around
) -> tuple[Letter, ...]:
    """The five letters of a goal, with the chance to reach it from the metric's own history.

    The caller may set the owner's goals. A fixed number of queries.
    """
    item = item_of(goal, around.items)
    metric = library().definitions.metrics.get(item.metric) if item else None
    past, so_far = _values(owner, metric, period, viewer) if metric else ((), None)
    outlook, no_outlook = _outlook(goal, metric, past, so_far, period, viewer)
    others = {each.metric for each in around.goals if each.key != goal.key and each.metric}
    below = [each for each in around.goals if each.objective == goal.key]
    dates = Period.parse(period)
    objective = next((g.title for g in around.goals if g.key == goal.objective), "")
    draft = Draft(
        title=goal.title or _as_sentence(goal, item),
        kind=goal.kind,
        measure=_MEASURES[goal.measure],
        metric=_measured(goal, metric),
        baseline=goal.baseline,
        target=goal.target,
        stretch=goal.stretch,
        threshold=goal.threshold,
        committed=goal.commitment == "committed",
        period=(dates.start, dates.end),
        due=goal.due,
        parent=objective or around.serves,
        theme=goal.theme or _on_the_form(goal, around),
        post=_post(owner, around.items, period),
        history=tuple(value for value in past if value is not None),
        outlook=outlook,
        no_outlook=no_outlook,
        others=frozenset(others),
        key_results=len(below) if goal.kind == "objective" and below else None,
        evidence="; ".join(step.title for step in goal.milestones),
    )
    return check(draft, today=viewer.on)


def _as_sentence(goal: GoalTerms, item: MeasuredItem | None) -> str:
    """What a KPI says that has no title of its own: its item, and the target to be reached."""
    if item is None or goal.target is None:
        return item.name.zh if item else ""
    rate = item.unit == "ratio"
    target = f"{shown(goal.target * 100)}%" if rate else shown(goal.target)
    return f"{item.name.zh}{'降到' if item.direction == 'down' else '达到'} {target}"


def _values(
    owner: Owner, metric: Metric, period: str, viewer: Viewer
) -> tuple[tuple[Decimal | None, ...], Decimal | None]:
    """The values of the periods before, oldest first, and that of the period itself so far."""
    periods = [Period.parse(period)]
    while len(periods) <= _LOOKED_BACK:
        periods.insert(0, periods[0].previous)
    found = metrics.trend(
        metric.id,
        [str(each) for each in periods],
        member=owner.member.pk if owner.member else None,
        team=owner.team.pk if owner.team else None,
    )
    # A period that is not over yet says nothing of what a whole one brings.
    over = [value for each, (_, value) in zip(periods, found, strict=True) if each.end < viewer.on]
    running = periods[-1].start <= viewer.on <= periods[-1].end
    return tuple(over), found[-1][1] if running else None


def _outlook(
    goal: GoalTerms,
    metric: Metric | None,
    past: tuple[Decimal | None, ...],
    so_far: Decimal | None,
    period: str,
    viewer: Viewer,
) -> tuple[Outlook | None, Text]:
    if metric is None or goal.target is None:
        return None, Text("", "")
    known = [value for value in past if value is not None]
    dates = Period.parse(period)
    pace = None
    if so_far is not None and metric.agg in ADDITIVE:
        elapsed = expected_by(viewer.on, dates.start, dates.end)
        pace = Pace(elapsed=elapsed, so_far=so_far) if ZERO < elapsed < 1 else None
    tolerance = abs(goal.target) * _CLOSE if metric.direction == "closer" else ZERO
    try:
        said = forecast(
            known,
            scale=kind_for(known, metric.unit),
            aim=Aim(target=goal.target, direction=metric.direction, tolerance=tolerance),
            pace=pace,
        )
    except Invalid:
        return None, Text("", "")
    if not isinstance(said, Forecast):
        return None, said.reason
    return Outlook(
        median=said.median, low=said.low, high=said.high, chance=said.chance, note=said.note
    ), Text("", "")


def _measured(goal: GoalTerms, metric: Metric | None) -> Measured | None:
    if goal.kind == "objective" or goal.measure in ("milestones", "yes_no"):
        return None
    if metric is None:
        if goal.measure != "manual":
            return None
        said = Text("填报，附依据", "reported with evidence")
        return Measured(code=goal.key, name=Text.same(goal.title), unit=goal.unit, source=said)
    kpi = metric.kpi
    counter = library().definitions.metrics.get(metric.counter_metric)
    return Measured(
        code=metric.id,
        name=metric.name,
        unit=metric.unit,
        direction=metric.direction,
        source=kpi.source if kpi else Text.same(metric.table),
        owner=metric.owner,
        aliases=tuple(word for part, word in _ALIASES.items() if part in metric.id.split("_")),
        lag_days=kpi.lag_days if kpi else 0,
        families=kpi.families if kpi else (),
        gaming_risk=metric.gaming_risk,
        counter_metric=metric.counter_metric,
        counter_name=counter.name if counter else Text("", ""),
    )


def _on_the_form(goal: GoalTerms, around: Around) -> str:
    """An item of the appraisal form is aligned by being on it: the scheme says what counts."""
    return around.items[goal.key].name.zh if goal.key in around.items else ""


def _post(owner: Owner, items: dict[str, MeasuredItem], period: str) -> Post | None:
    if owner.member is None:
        return None
    held = people.posting_on(owner.member, Period.parse(period).end)
    if held is None:
        return None
    return Post(
        name=JOB_FAMILIES.get(held.job_family, Text.same(held.job_family)),
        job_family=held.job_family,
        metrics=frozenset(item.metric for item in items.values()),
    )
