"""Targets of members, teams and the department: last results, the season, some growth, rounded.

A member's target starts from the mean of the last quarter and all quarters before it, with the
season taken out; somebody new starts from the family's mean. A team's count or sum is what its
members' targets add up to; a rate starts from the team's own results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import fmean

from mingji.demo import words
from mingji.demo.actuals import Actuals, library
from mingji.demo.quarters import quarters_between
from mingji.demo.world import HISTORY, SEASONS, Curve, Stint
from mingji.rules.text import Text

#: Where a newcomer's first targets lie against the family's mean.
NEWCOMER_SHARE = 0.8
DEPARTMENT = "marketing"
#: Seasons that only the plan needs; the rows have them from when deals close and get paid.
PLANNED = {
    "pipeline_created": (0.95, 1.02, 1.12, 0.91),
    "cash_collected": (1.10, 0.86, 0.97, 1.07),
    "roas": (0.90, 0.98, 0.98, 1.12),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A strategy theme of the year and the metrics it is measured by."""

    code: str
    year: int
    name: Text
    statement: Text
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentGoal:
    """A sentence of the department's plan, its theme, and the metric that tells."""

    code: str
    theme: str
    metric: str
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a member, a team or the department is to reach in a quarter.

    `unit` is the member's or team's code, `scope` which of the two. `baseline` is last quarter's
    result (None: none). `parent` is the unit whose target this one serves.
    """

    unit: str
    scope: str
    parent: str
    quarter: str
    metric: str
    theme: str
    baseline: Decimal | None
    threshold: Decimal | None
    target: Decimal
    stretch: Decimal | None


def themes() -> tuple[Theme, ...]:
    """The themes of the year."""
    return tuple(
        Theme(
            theme["code"],
            2026,
            Text(theme["zh"], theme["en"]),
            Text(theme["statement_zh"], theme["statement_en"]),
            tuple(theme["metrics"]),
        )
        for theme in words.bank("strategy")["themes"]
    )


def department_goals() -> tuple[DepartmentGoal, ...]:
    """The department's plan for the year."""
    return tuple(
        DepartmentGoal(goal["code"], goal["theme"], goal["metric"], Text(goal["zh"], goal["en"]))
        for goal in words.bank("strategy")["objectives"]
    )


def set_targets(
    stints: Sequence[Stint], actuals: Actuals, quarters: Iterable[str]
) -> tuple[Target, ...]:
    """All targets of the quarters, members first, then teams, then the department."""
    planner = _Planner(stints, actuals)
    return tuple(target for quarter in quarters for target in planner.quarter(quarter))


class _Planner:
    def __init__(self, stints: Sequence[Stint], actuals: Actuals) -> None:
        self.stints = stints
        self.actuals = actuals
        self.families: Mapping[str, list[str]] = words.bank("strategy")["families"]
        self.theme = {metric: theme.code for theme in themes() for metric in theme.metrics}

    def quarter(self, quarter: str) -> list[Target]:
        """Everybody's targets of one quarter."""
        members: list[Target] = []
        staff = [stint for stint in self.stints if stint.family != "MG" and stint.days(quarter)]
        for code in dict.fromkeys(stint.member.code for stint in staff):
            mine = [stint for stint in staff if stint.member.code == code]
            members += self._member(mine, quarter)
        teams: list[Target] = []
        for team in dict.fromkeys(stint.posting.team for stint in staff):
            teams += self._unit(team, DEPARTMENT, members, quarter)
        return members + teams + self._unit(DEPARTMENT, "", teams, quarter)

    def _member(self, mine: Sequence[Stint], quarter: str) -> list[Target]:
        code, team = mine[-1].member.code, mine[-1].posting.team
        found = []
        for metric in self.theme:
            parts = [(stint, self._part(stint, quarter, metric)) for stint in mine]
            known = [(stint, value) for stint, value in parts if value is not None]
            if any(value for _, value in known):
                value = _together(known, quarter, metric)
                found.append(self._target((code, "member", team), quarter, metric, value))
        return found

    def _part(self, stint: Stint, quarter: str, metric: str) -> float | None:
        """The plan for one posting: own history in the family, else the family's mean."""
        own = self._history(stint, quarter, metric)
        if own is None and metric in self.families[stint.family]:
            peers = [
                value
                for peer in self.stints
                if peer.family == stint.family
                and (value := self._history(peer, quarter, metric)) is not None
            ]
            own = fmean(peers) * (NEWCOMER_SHARE if is_volume(metric) else 1) if peers else None
        if own is None:
            return None
        return own * _season(metric, quarter) * (stint.share(quarter) if is_volume(metric) else 1)

    def _history(self, stint: Stint, quarter: str, metric: str) -> float | None:
        """A full quarter without its season: half the last one, half the mean of all so far."""
        postings = [x for x in self.stints if x.member.code == stint.member.code]
        past = []
        for before in quarters_between(HISTORY, quarter)[:-1]:
            share = stint.share(before)
            alone = all(x is stint or not x.days(before) for x in postings)
            value = self.actuals.exact(stint.member.code, before, metric)
            if value is not None and share >= 0.5 and alone:
                past.append(_plain(value, metric, before) / (share if is_volume(metric) else 1))
        return (past[-1] + fmean(past)) / 2 if past else None

    def _unit(self, unit: str, parent: str, below: Sequence[Target], quarter: str) -> list[Target]:
        """A team's targets: sums add up from below, rates start from the unit's own results."""
        found = []
        for metric in self.theme:
            served = [x for x in below if x.parent == unit and x.metric == metric]
            if not served:
                continue
            total: Decimal | float | None = sum((x.target for x in served), Decimal(0))
            if not is_volume(metric):
                total = self._rate(unit, quarter, metric)
            if total:
                found.append(self._target((unit, "team", parent), quarter, metric, total))
        return found

    def _rate(self, unit: str, quarter: str, metric: str) -> float | None:
        past = [
            _plain(value, metric, before)
            for before in quarters_between(HISTORY, quarter)[:-1]
            if (value := self.actuals.exact(unit, before, metric)) is not None
        ]
        return (past[-1] + fmean(past)) / 2 * _season(metric, quarter) if past else None

    def _target(
        self, who: tuple[str, str, str], quarter: str, metric: str, value: Decimal | float
    ) -> Target:
        unit, scope, parent = who
        before = quarters_between(HISTORY, quarter)[-2]
        goal = (
            value if isinstance(value, Decimal) else as_people_round(_grown(value, metric), metric)
        )
        threshold, stretch = _around(goal, metric)
        return Target(
            unit=unit,
            scope=scope,
            parent=parent,
            quarter=quarter,
            metric=metric,
            theme=self.theme[metric],
            baseline=self.actuals.value(unit, before, metric),
            threshold=threshold,
            target=goal,
            stretch=stretch,
        )


def is_volume(metric: str) -> bool:
    """Whether a metric counts or sums, so that half a quarter is worth half."""
    return library().metrics[metric].agg in ("count", "sum")


def _together(parts: Sequence[tuple[Stint, float]], quarter: str, metric: str) -> float:
    if is_volume(metric):
        return sum(value for _, value in parts)
    weights = [stint.share(quarter) for stint, _ in parts]
    return sum(w * value for w, (_, value) in zip(weights, parts, strict=True)) / sum(weights)


def _season(metric: str, quarter: str) -> float:
    """What the planner knows of the year: deals open before they close, money comes in later."""
    spec = library().metrics[metric]
    curve = PLANNED.get(metric)
    if curve is None:
        tables: dict[str, Curve] = {"opportunities": "revenue", "leads": "leads", "events": "leads"}
        curve = SEASONS[tables.get(spec.table, "flat") if is_volume(metric) else "none"]
    return curve[int(quarter[5]) - 1]


def _plain(value: Fraction, metric: str, quarter: str) -> float:
    return float(value) / _season(metric, quarter)


def _grown(value: float, metric: str) -> float:
    """Ambition: a little more of what should rise, a little less of what should fall."""
    spec = library().metrics[metric]
    if spec.direction == "closer":
        return 1.0
    if spec.direction == "down":
        return value * 0.975
    if is_volume(metric):
        return value * 1.05
    limit = {"ratio": 0.97, "point": 4.8 if "nps" not in metric else 80}.get(spec.unit, 1e12)
    return min(value * 1.015, limit)


def _around(goal: Decimal, metric: str) -> tuple[Decimal | None, Decimal | None]:
    """The threshold and the stretch target, on the proper sides."""
    spec = library().metrics[metric]
    if spec.direction == "closer":
        return None, None
    down = spec.direction == "down"
    threshold = goal * Decimal("1.2" if down else "0.8")
    stretch = goal * Decimal("0.88" if down else "1.15")
    if spec.unit in ("ratio", "point") and not down:
        limit = Decimal(1) if spec.unit == "ratio" else Decimal(5) if goal <= 5 else Decimal(100)
        stretch = min(stretch, goal + (limit - goal) / 2)
    return as_people_round(float(threshold), metric), as_people_round(float(stretch), metric)


def as_people_round(value: float, metric: str) -> Decimal:
    """A number as somebody would write it into a plan.

    >>> as_people_round(1_234_567, "won_revenue"), as_people_round(96.4, "leads_created")
    (Decimal('1230000'), Decimal('96'))
    >>> as_people_round(0.2263, "win_rate"), as_people_round(0.0123, "click_through_rate")
    (Decimal('0.225'), Decimal('0.0125'))
    """
    unit = library().metrics[metric].unit
    small = {"count": "1", "CNY": "1", "hour": "0.1", "day": "1", "times": "0.1"}.get(unit)
    if unit == "ratio":
        step = Decimal("0.005" if value >= 0.1 else "0.0005")
    elif unit == "point":
        step = Decimal("0.05" if value <= 5 else "1")
    else:
        step = next((s for limit, s in _STEPS if value >= limit), Decimal(small or "0.1"))
    goal = (Decimal(repr(value)) / step).to_integral_value(ROUND_HALF_UP) * step
    return max(goal, step)


_STEPS = tuple(
    (limit, Decimal(step))
    for limit, step in (
        (1_000_000, 10_000),
        (200_000, 5_000),
        (20_000, 1_000),
        (2_000, 50),
        (200, 5),
    )
)
