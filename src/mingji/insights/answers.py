"""The director's four questions, each answered by one sentence made from the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mingji.goals.charts import ShownGoal
from mingji.insights.queries import Funnel, Money, Rate, Strayed
from mingji.insights.sentences import Number, Part, sentence
from mingji.rules.calendar import Period

# What the department answers for first; the other goals of the whole department stand beside it.
LEADING_METRIC = "won_revenue"


@dataclass(frozen=True, slots=True)
class Course:
    """Are we on course? The department's goals, and those of its teams on the leading metric."""

    words: tuple[Part, ...]
    department: tuple[ShownGoal, ...]
    teams: tuple[ShownGoal, ...]


def course(shown: Sequence[ShownGoal]) -> Course:
    """The answer from the goals of whole teams; the department is the team above all others."""
    department = tuple(one for one in shown if _is_top(one))
    leading = next(
        (one for one in department if one.line.goal.metric == LEADING_METRIC),
        department[0] if department else None,
    )
    if leading is None:
        words = sentence(_("No goals of the department are agreed for this period yet."))
        return Course(words, (), tuple(one for one in shown if not _is_top(one)))
    metric = leading.line.goal.metric
    teams = tuple(one for one in shown if not _is_top(one) and one.line.goal.metric == metric)
    count = Counter(one.line.health.status for one in teams)
    words = sentence(
        _(
            "{metric} stands at {value}, {share} of the {expected} expected by now. "
            "Teams on track: {on_track}, at risk: {at_risk}, off track: {off_track}."
        ),
        metric=leading.line.name,
        value=Number(leading.line.value, leading.line.metric.unit, leading.why_value),
        share=Number(leading.line.health.attainment, "%", leading.why),
        expected=Number(
            leading.line.health.expected, leading.line.metric.unit, leading.why_expected
        ),
        on_track=str(count["on_track"]),
        at_risk=str(count["at_risk"]),
        off_track=str(count["off_track"]),
    )
    return Course(words, department, teams)


def leak(funnel: Funnel, period: Period) -> tuple[Part, ...]:
    """Where does it leak? The step whose rate fell most against the period before."""
    step = funnel.weakest
    if step is None:
        if not any(each.rate and each.rate.value is not None for each in funnel.steps):
            return sentence(_("There are no leads or deals in this period yet."))
        return sentence(_("No step of the funnel converts worse than in the period before."))
    upper = funnel.steps[funnel.steps.index(step) - 1]
    return sentence(
        _(
            "The step that fell most is {upper} → {lower}: {rate}, against {before} in "
            "{previous} ({change})."
        ),
        upper=upper.name,
        lower=step.name,
        rate=_opened(step.rate),
        before=_opened(step.before),
        previous=period.previous.label,
        change=_opened(step.change, signed=True),
    )


def return_on(money: Money) -> tuple[Part, ...]:
    """What did the money bring? Spent, won, and the one over the other."""
    found = {
        name: Number(figure.value, figure.unit, figure.why)
        for name, figure in money.figures.items()
    }
    roas = money.figures["roas"]
    return sentence(
        _(
            "{spent} was spent and {won} won: a return of {roas} (the period before: {before}), "
            "at {cost} a lead."
        ),
        spent=found["spend_total"],
        won=found["won_revenue"],
        roas=found["roas"],
        before=Number(roas.before, roas.unit, roas.why_before),
        cost=found["cost_per_lead"],
    )


def help_wanted(needing: Sequence[Strayed]) -> tuple[Part, ...]:
    """Who needs help? How many members have left the course with a goal, or with several."""
    off = [each for each in needing if each.off_track]
    if not off:
        return sentence(_("Nobody has a goal off track."))
    several = [each for each in off if len(each.off_track) > 1]
    return sentence(
        _("Members with a goal off track: {off}; with two or more: {several}."),
        off=str(len(off)),
        several=str(len(several)),
    )


def _opened(rate: Rate | None, *, signed: bool = False) -> Number:
    return Number(rate.value, rate.unit, rate.why, signed) if rate else Number(None)


def _is_top(shown: ShownGoal) -> bool:
    team = shown.line.goal.team
    return team is not None and team.parent_id is None
