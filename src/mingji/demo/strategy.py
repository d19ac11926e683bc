"""The strategy of the year: themes with their metrics, and the department's plan."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.demo import words
from mingji.rules.text import Text


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
