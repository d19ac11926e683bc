"""Recompute an explanation from its leaves: does every number follow from what lies under it?

This is what `mingji verify` rests on. A leaf (`given`, `part`, a metric's own nodes) is taken as
recorded; everything else is computed again from rule, parameters and inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules import codec, commission, settlement, splitting, year
from mingji.rules.blend import team_coefficient
from mingji.rules.coefficients import Grade
from mingji.rules.decomposition import combining, moves
from mingji.rules.explanation import Node, Rule, Value
from mingji.rules.facts import Part
from mingji.rules.formula import parse
from mingji.rules.grades import grade_for
from mingji.rules.methods import METHODS
from mingji.rules.methods.given import Given
from mingji.rules.numbers import HUNDRED, ZERO, RoundingMode, exact, rounded
from mingji.rules.points import worth
from mingji.rules.scheme import TeamCoefficient
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A node whose recorded value does not follow from what lies under it."""

    path: str
    recorded: Value
    recomputed: Value


@exact
def recompute(node: Node) -> Value:
    """The value of a node, computed again from the leaves up.

    Raises:
        Invalid: a rule is undefined for the recorded inputs.
    """
    values = tuple(recompute(child) for child in node.inputs)
    return _again(node, values)


@exact
def mismatches(node: Node, path: str = "") -> tuple[Mismatch, ...]:
    """Every node under (and at) this one whose recorded value does not follow from its inputs."""
    here = f"{path}/{node.key}" if path else node.key
    found = [each for child in node.inputs for each in mismatches(child, here)]
    again = _again(node, tuple(child.value for child in node.inputs))
    if again != node.value:
        found.append(Mismatch(path=here, recorded=node.value, recomputed=again))
    return tuple(found)


def _again(node: Node, values: tuple[Value, ...]) -> Value:
    if node.rule.startswith("method."):
        return _method(node, values)
    rule = RULES.get(node.rule)
    return rule(node, values) if rule else node.value


def _method(node: Node, values: tuple[Value, ...]) -> Value:
    settings = codec.from_parameters(METHODS[node.rule.removeprefix("method.")], node.parameters)
    facts: dict[str, Value] = {}
    parts = []
    for child, value in zip(node.inputs, values, strict=True):
        if child.rule == "part":
            parts.append(_part(child, value))
        else:
            facts[child.key] = value
    given = Given(parts=tuple(parts), **facts)  # type: ignore[arg-type]
    return settings.earn(given).score


def _part(node: Node, value: Value) -> Part:
    told = node.parameters
    return Part(
        key=str(told["key"]),
        value=value if isinstance(value, Decimal) else None,
        weight=_decimal(told, "weight"),
        target=_decimal(told, "target"),
        baseline=_decimal(told, "baseline"),
        days_late=int(_decimal(told, "days_late") or 0),
    )


def _points(node: Node, values: tuple[Value, ...]) -> Value:
    told = node.parameters
    score, held = _first(values), _decimal(told, "held_at")
    counted = score if held is None else min(score, held)
    weight, effective = _number(told, "weight"), _number(told, "effective_weight")
    return _rounded(node, worth(counted, weight, effective, _decimal(told, "out_of")))


def _rounded(node: Node, value: Decimal) -> Decimal:
    if not node.rounding:
        return value
    step, mode = node.rounding.split()
    exponent = Decimal(step).as_tuple().exponent
    assert isinstance(exponent, int)
    names: dict[str, RoundingMode] = {m: m for m in ("half_up", "half_even", "down")}
    return rounded(value, -exponent, names[mode])


def _sum(values: tuple[Value, ...]) -> Decimal | None:
    known = [value for value in values if isinstance(value, Decimal)]
    return sum(known, ZERO) if known else None


def _weighted_dimension(node: Node, values: tuple[Value, ...]) -> Value:
    total = _sum(values)
    return None if total is None else total * _number(node.parameters, "effective_weight") / HUNDRED


def _formula(node: Node, values: tuple[Value, ...]) -> Value:
    known = {
        child.key: value
        for child, value in zip(node.inputs, values, strict=True)
        if isinstance(value, Decimal)
    }
    expression = parse(str(node.parameters["expression"]))
    return None if expression.names - known.keys() else expression.value(known)


def _blend(node: Node, values: tuple[Value, ...]) -> Value:
    share = _number(node.parameters, "individual_share")
    own, team = _first(values), _first(values[1:])
    return share * own + (1 - share) * team


def _coefficient(node: Node, values: tuple[Value, ...]) -> Value:
    table = codec.from_text(tuple[TeamCoefficient, ...], str(node.parameters["coefficients"]))
    return _first(values) * team_coefficient(_first(values[1:]), table)


def _mean(node: Node, _: tuple[Value, ...]) -> Value:
    count = _number(node.parameters, "count")
    return _number(node.parameters, "sum") / count if count else None


def _bonus(node: Node, values: tuple[Value, ...]) -> Value:
    added, cap = _sum(values[1:]) or ZERO, _decimal(node.parameters, "cap")
    return _first(values) + (added if cap is None else min(added, cap))


def _grade(node: Node, values: tuple[Value, ...]) -> Value:
    if not isinstance(values[0], Decimal):
        return None
    grades = [
        Grade(id=name, name=Text.same(name), at_least=bound)
        for name, bound in node.parameters.items()
        if bound is None or isinstance(bound, Decimal)
    ]
    grade = grade_for(values[0], grades)
    return grade.id if grade else None


def _cap(node: Node, values: tuple[Value, ...]) -> Value:
    order = str(node.parameters["order"]).split(",")
    return order[max(order.index(str(values[0])), order.index(str(node.parameters["grade"])))]


def _set(node: Node, _: tuple[Value, ...]) -> Value:
    return str(node.parameters["grade"])


def _rank(node: Node, _: tuple[Value, ...]) -> Value:
    told = node.parameters
    tied = _number(told, "tied") / 2 if told["ties"] == "mean" else ZERO
    return _number(told, "better") + 1 + tied


RULES: Mapping[str, Rule] = {
    "item.points": _points,
    "dimension.sum": lambda _, values: _sum(values),
    "dimension.weighted": _weighted_dimension,
    "total.sum": lambda _, values: _sum(values),
    "total.formula": _formula,
    "total.difficulty": lambda node, values: _first(values) * _number(node.parameters, "factor"),
    "target.grown": lambda node, values: (
        _first(values) * (1 + _number(node.parameters, "growth") / HUNDRED)
    ),
    "rank.among": _rank,
    "blend.weighted": _blend,
    "blend.coefficient": _coefficient,
    "team.mean": _mean,
    "bonus.add": _bonus,
    "adjustment.add": lambda _, values: _sum(values),
    "round.total": lambda node, values: _rounded(node, _first(values)),
    "grade.by_score": _grade,
    "grade.cap": _cap,
    "grade.fix": _set,
    "grade.set": _set,
    **year.RULES,
    **settlement.RULES,
    **commission.RULES,
    **splitting.RULES,
    **combining.RULES,
    **moves.RULES,
}


def _first(values: tuple[Value, ...]) -> Decimal:
    value = values[0]
    assert isinstance(value, Decimal)
    return value


def _decimal(told: Mapping[str, object], name: str) -> Decimal | None:
    value = told.get(name)
    return value if isinstance(value, Decimal) else None


def _number(told: Mapping[str, object], name: str) -> Decimal:
    value = told[name]
    assert isinstance(value, Decimal)
    return value
