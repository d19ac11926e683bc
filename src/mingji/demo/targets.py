"""Targets of members, teams and the department: last results, the season, some growth, rounded.

A member's target starts from the mean of the last quarter and all quarters before it, with the
season taken out; somebody new starts from the family's mean. A team's count or sum is what its
members' targets add up to; a rate starts from the team's own results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from statistics import fmean

from mingji.demo import stories, words
from mingji.demo.actuals import Actuals
from mingji.demo.ambition import around, as_people_round, grown, is_volume, season_of
from mingji.demo.quarters import quarters_between
from mingji.demo.strategy import themes
from mingji.demo.world import HISTORY, Stint

#: Where a newcomer's first targets lie against the family's mean.
NEWCOMER_SHARE = 0.8
DEPARTMENT = "marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a member, a team or the department is to reach in a quarter.

    `unit` is the member's or team's code, `scope` which of the two. `baseline` is last quarter's
    result (None: none). `parent` is the unit whose target this one serves: for a member the team
    of the quarter's last posting, for a team the department.
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
        return own * season_of(metric, quarter) * (stint.share(quarter) if is_volume(metric) else 1)

    def _history(self, stint: Stint, quarter: str, metric: str) -> float | None:
        """A full quarter without its season: half the last one, half the mean of all so far."""
        postings = [x for x in self.stints if x.member.code == stint.member.code]
        past = []
        for before in quarters_between(HISTORY, quarter)[:-1]:
            share = stint.share(before)
            alone = all(x is stint or not x.days(before) for x in postings)
            value = self.actuals.exact(stint.member.code, before, metric)
            if value is not None and share >= 0.5 and alone:
                past.append(
                    float(value) / season_of(metric, before) / (share if is_volume(metric) else 1)
                )
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
            if total and unit == DEPARTMENT and metric == stories.UNCOVERED_METRIC:
                total = _above(Decimal(total))
            if total:
                found.append(self._target((unit, "team", parent), quarter, metric, total))
        return found

    def _rate(self, unit: str, quarter: str, metric: str) -> float | None:
        past = [
            float(value) / season_of(metric, before)
            for before in quarters_between(HISTORY, quarter)[:-1]
            if (value := self.actuals.exact(unit, before, metric)) is not None
        ]
        return (past[-1] + fmean(past)) / 2 * season_of(metric, quarter) if past else None

    def _target(
        self, who: tuple[str, str, str], quarter: str, metric: str, value: Decimal | float
    ) -> Target:
        unit, scope, parent = who
        before = quarters_between(HISTORY, quarter)[-2]
        goal = (
            value if isinstance(value, Decimal) else as_people_round(grown(value, metric), metric)
        )
        threshold, stretch = around(goal, metric)
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


def _above(total: Decimal) -> Decimal:
    """What the director promised: more than the teams' targets add up to."""
    step = Decimal(500_000)
    return (total * Decimal("1.03") / step).to_integral_value(ROUND_CEILING) * step


def _together(parts: Sequence[tuple[Stint, float]], quarter: str, metric: str) -> float:
    if is_volume(metric):
        return sum(value for _, value in parts)
    weights = [stint.share(quarter) for stint, _ in parts]
    return sum(w * value for w, (_, value) in zip(weights, parts, strict=True)) / sum(weights)
