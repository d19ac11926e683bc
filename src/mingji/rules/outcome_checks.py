"""What is wrong with the part of a scheme that follows the score: blend, year, money, calendar."""

from __future__ import annotations

from collections.abc import Iterator

from mingji.rules.commission import check_tiers
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.method_checks import finding
from mingji.rules.numbers import HUNDRED, ZERO, shown
from mingji.rules.scheme import DistributionGuidance, Scheme
from mingji.rules.text import Text
from mingji.rules.weights import off_hundred


def check_outcomes(scheme: Scheme) -> Iterator[Finding]:
    """Everything wrong with blend, year, settlement, red lines, distribution and calendar."""
    yield from _grades_named(scheme)
    yield from _shares(scheme)
    yield from _settlement(scheme)
    for n, stage in enumerate(scheme.calendar.stages):
        if stage.days < 1:
            words = Text(f"阶段“{stage.name.zh}”不足一天", f"“{stage.name.en}” lasts no day")
            remedy = Text("至少一天", "give it at least one day")
            yield finding("stage_too_short", f"calendar.stages[{n}].days", words, remedy)


def _grades_named(scheme: Scheme) -> Iterator[Finding]:
    known = {grade.id for grade in scheme.grades}
    named = [
        (f"red_lines[{n}].grade", line.grade)
        for n, line in enumerate(scheme.red_lines)
        if line.effect != "zero_payout"
    ]
    if scheme.distribution != DistributionGuidance():
        named += [
            (f"distribution.shares[{n}].grades", grade)
            for n, share in enumerate(scheme.distribution.shares)
            for grade in share.grades
        ]
    if scheme.settlement.gate:
        named.append(("settlement.gate", scheme.settlement.gate))
    named += [(f"settlement.merit[{n}]", c.grade) for n, c in enumerate(scheme.settlement.merit)]
    for path, grade in named:
        if grade not in known:
            words = Text(f"没有等级“{grade}”", f"there is no grade “{grade}”")
            options = ", ".join(sorted(known)) or "—"
            remedy = Text(f"改成其中之一：{options}", f"use one of: {options}")
            yield finding("unknown_grade", path, words, remedy)


def _shares(scheme: Scheme) -> Iterator[Finding]:
    for n, level in enumerate(scheme.levels):
        if not 0 <= level.individual <= 1:
            share = shown(level.individual)
            words = Text(f"个人占比是 {share}", f"the individual share is {share}")
            remedy = Text("写 0 到 1 之间的数，如 0.7", "write a number from 0 to 1, such as 0.7")
            yield finding("share_out_of_range", f"levels[{n}].individual", words, remedy)
    year = scheme.year
    total = year.quarters + year.review
    if total != HUNDRED or (year.quarter_weights and sum(year.quarter_weights, ZERO) != HUNDRED):
        words = Text("年度权重合计不是 100", "the year's weights do not add up to 100")
        remedy = Text("季度与年度评价合计 100，各季度合计 100", "make each set add up to 100")
        yield finding("weights_not_100", "year", words, remedy)


def _settlement(scheme: Scheme) -> Iterator[Finding]:
    rule = scheme.settlement
    if rule.weights or rule.rule == "weighted_coefficient":
        what = Text("各系数", "the coefficients")
        wrong = off_hundred([w.weight for w in rule.weights], what, "settlement.weights")
        if wrong:
            yield wrong
    needed = {"tiered_pot": ("pot", rule.pot), "marginal_tiers": ("tiers", rule.tiers)}
    name, given = needed.get(rule.rule, ("", True))
    if not given:
        words = Text(f"{rule.rule} 没有写 {name}", f"{rule.rule} has no {name}")
        remedy = Text(f"补上 settlement.{name}", f"add settlement.{name}")
        yield finding("settlement_incomplete", "settlement", words, remedy)
    try:
        check_tiers(sorted(rule.tiers, key=lambda tier: tier.low))
    except Invalid as refusal:
        remedy = Text("让各区间首尾相接", "let each band begin where the last one ends")
        yield finding("tiers_not_contiguous", "settlement.tiers", refusal.message, remedy)
    for n, grade in enumerate(scheme.grades):
        if grade.coefficient < 0:
            words = Text(f"{grade.id} 的系数为负", f"the coefficient of {grade.id} is negative")
            remedy = Text("改成 0 或以上", "make it 0 or more")
            yield finding("negative_coefficient", f"grades[{n}].coefficient", words, remedy)
