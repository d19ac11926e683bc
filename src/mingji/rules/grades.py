"""From score to grade (等级), and how grades spread over a pool (scoring.md §5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from mingji.rules.coefficients import Grade
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import exact, shown
from mingji.rules.scheme import Ceiling, DistributionGuidance, GradeShare
from mingji.rules.text import Text


def in_order(grades: Sequence[Grade]) -> tuple[Grade, ...]:
    """The grades, best first; the one without a lower bound is the last."""
    bounded = [grade for grade in grades if grade.at_least is not None]
    bounded.sort(key=lambda grade: grade.at_least or Decimal(0), reverse=True)
    return (*bounded, *(grade for grade in grades if grade.at_least is None))


def grade_for(total: Decimal, grades: Sequence[Grade]) -> Grade | None:
    """The grade of a total: the best one whose lower bound it reaches; None without grades.

    >>> from mingji.rules.coefficients import DEFAULT_GRADES
    >>> [grade_for(Decimal(t), DEFAULT_GRADES).id for t in ("95", "94.99", "70", "59.99")]
    ['S', 'A', 'B', 'D']
    """
    reached = (g for g in in_order(grades) if g.at_least is None or total >= g.at_least)
    return next(reached, None)


def check_grades(grades: Sequence[Grade], path: str = "grades") -> tuple[Finding, ...]:
    """Gaps, overlaps and repeated bounds between grades."""
    findings: list[Finding] = []
    ordered = in_order(grades)
    names = Counter(grade.id for grade in grades)
    findings += [
        _finding(
            "grade_twice",
            f"等级 {name} 出现 {count} 次",
            f"grade {name} stands {count} times",
            path,
        )
        for name, count in names.items()
        if count > 1
    ]
    if grades and sum(1 for grade in grades if grade.at_least is None) != 1:
        zh = "应恰有一个等级不设下限（最低一档）"
        en = "exactly one grade, the lowest, must have no lower bound"
        findings.append(_finding("grades_without_floor", zh, en, path))
    for better, worse in pairwise(ordered):
        edge = better.at_least
        if worse.at_least == edge and edge is not None:
            findings.append(_edge("grade_overlap", better, worse, edge, edge, path))
        elif worse.below is not None and edge is not None and worse.below != edge:
            code = "grade_gap" if worse.below < edge else "grade_overlap"
            findings.append(_edge(code, better, worse, edge, worse.below, path))
    return tuple(findings)


def _edge(
    code: str, better: Grade, worse: Grade, edge: Decimal, below: Decimal, path: str
) -> Finding:
    word = Text("空档", "a gap") if code == "grade_gap" else Text("重叠", "an overlap")
    return _finding(
        code,
        f"{better.id}（{shown(edge)} 起）和 {worse.id}（到 {shown(below)}）之间有{word.zh}",
        f"between {better.id} (from {shown(edge)}) and {worse.id} (to {shown(below)}) "
        f"there is {word.en}",
        path,
    )


def _finding(code: str, zh: str, en: str, path: str) -> Finding:
    remedy = Text(
        "让每一档的上限等于上一档的下限", "let each grade end where the better one begins"
    )
    return Finding(code, "error", Text(zh, en), remedy, Place(path=path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many of a pool have some grades, and how many may (`most`) or should (`least`)."""

    grades: tuple[str, ...]
    count: int
    pool: int
    most: int | None
    least: int | None

    @property
    def departs(self) -> bool:
        """Whether the pool departs from the guidance, which takes a written reason."""
        over = self.most is not None and self.count > self.most
        return over or (self.least is not None and self.count < self.least)


@exact
def spread(grades: Sequence[str], guidance: DistributionGuidance) -> tuple[Spread, ...]:
    """How a pool's grades lie against the guidance; silent (empty) under the minimum pool.

    Shares of people round down for "at most" and up for "at least".
    """
    pool = len(grades)
    if pool < guidance.minimum_pool:
        return ()
    count = Counter(grades)
    return tuple(
        Spread(
            grades=share.grades,
            count=sum(count[grade] for grade in share.grades),
            pool=pool,
            most=_people(share.at_most, pool, ROUND_FLOOR),
            least=_people(share.at_least, pool, ROUND_CEILING),
        )
        for share in guidance.shares
    )


def _people(percent: Decimal | None, pool: int, rounding: str) -> int | None:
    if percent is None:
        return None
    return int((percent * pool / 100).to_integral_value(rounding))


@exact
def with_quota(
    totals: Mapping[str, Decimal], grades: Sequence[Grade], guidance: DistributionGuidance
) -> dict[str, str]:
    """Each member's grade under a hard quota, by score and then by the quota, best first.

    Only upper shares of single grades are filled; whoever does not fit moves one grade down.
    People with the same total always get the same grade: at the edge the lower one, or the better
    one when the scheme says so. Under the minimum pool the quota is silent.
    """
    given = {m: grade.id for m, t in totals.items() if (grade := grade_for(t, grades))}
    if guidance.mode != "quota" or len(totals) < guidance.minimum_pool:
        return given
    order = [grade.id for grade in in_order(grades)]
    limits = {s.grades[0]: s.at_most for s in guidance.shares if len(s.grades) == 1}
    for place, name in enumerate(order[:-1]):
        most = _people(limits.get(name), len(totals), ROUND_FLOOR)
        if most is None:
            continue
        for member in _beyond(totals, [m for m in totals if given[m] == name], most, guidance.ties):
            given[member] = order[place + 1]
    return given


def _beyond(totals: Mapping[str, Decimal], holders: list[str], most: int, ties: str) -> list[str]:
    """Those of the holders who do not fit into the quota."""
    if len(holders) <= most:
        return []
    ranked = sorted((totals[member] for member in holders), reverse=True)
    if most == 0:
        return holders
    if ties == "better":
        return [member for member in holders if totals[member] < ranked[most - 1]]
    return [member for member in holders if totals[member] <= ranked[most]]


def ceiling_for(team_score: Decimal, ceilings: Sequence[Ceiling]) -> Ceiling | None:
    """The share of top grades that a team's result leaves room for (scoring.md §3).

    >>> from mingji.rules.scheme import CEILINGS
    >>> ceiling_for(Decimal("4.6"), CEILINGS).top
    Decimal('10')
    """
    reached = [each for each in ceilings if team_score >= each.at_least]
    return max(reached, key=lambda each: each.at_least, default=None)


def under_ceiling(
    grades: Sequence[str], order: Sequence[Grade], ceiling: Ceiling
) -> tuple[Spread, ...]:
    """How a team's grades lie against its ceiling, for the best grade and the second."""
    best, second = in_order(order)[:2]
    shares = (
        GradeShare(grades=(best.id,), at_most=ceiling.top),
        GradeShare(grades=(second.id,), at_most=ceiling.second),
    )
    return spread(grades, DistributionGuidance(minimum_pool=0, shares=shares))
