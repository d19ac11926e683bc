"""What people call what reasons and findings name by ids: tables, columns, metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mingji.engine.model import Metric
from mingji.engine.naming import Names
from mingji.metrics.definitions import library
from mingji.rules.explanation import Node
from mingji.rules.findings import Finding, Severity
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding as a page shows it: the place in the reader's words."""

    code: str
    severity: Severity
    message: Text
    remedy: Text
    where: Text
    count: int | None


def named_parameter(node: Node, name: str, given: str) -> Text | None:
    """What a parameter of a value says, with names in the place of ids; None: as it stands."""
    return Names(library().definitions).parameter(node, name, given)


def condition_of(metric: Metric) -> Text:
    """Which rows a metric counts, with the names of their columns."""
    return Names(library().definitions).expression(metric.filter, metric.table)


def formula_of(metric: Metric) -> Text:
    """The formula of a derived metric, with the names of its inputs."""
    return Names(library().definitions).formula(metric.formula)


def told_findings(findings: Iterable[Finding], table: str = "") -> tuple[ToldFinding, ...]:
    """Findings as pages show them; `table` is the one that their file was loaded into."""
    names = Names(library().definitions)
    return tuple(
        ToldFinding(
            each.code,
            each.severity,
            each.message,
            each.remedy,
            names.place(each.place, table),
            each.count,
        )
        for each in findings
    )
