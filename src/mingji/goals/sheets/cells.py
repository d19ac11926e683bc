"""Cells of a sheet of goals: written so that reading them gives the same terms again. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from mingji.rules.goal_terms import MilestoneTerms
from mingji.rules.text import Text

# What a spreadsheet would take for a formula, behind any marks that keep it from doing so.
_FORMULA = re.compile(r"'*[=+\-@]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")
_STEP = re.compile(r"(.*)[;；]\s*(\d+(?:\.\d+)?)\s*[%％]?\s*(?:[;；]\s*(.*?)\s*)?")

# The words of a sheet for what a goal is, by column and code; the code itself is understood too.
WORDS: Mapping[str, Mapping[str, Text]] = {
    "kind": {
        "kpi": Text.same("KPI"),
        "objective": Text("目标", "objective"),
        "key_result": Text("关键结果", "key result"),
    },
    "measure": {
        "metric": Text("指标", "metric"),
        "manual": Text("填报数值", "reported number"),
        "milestones": Text("里程碑", "milestones"),
        "yes_no": Text("完成与否", "done or not done"),
    },
    "commitment": {
        "committed": Text("承诺型", "committed"),
        "stretch": Text("挑战型", "stretch"),
    },
}


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `unguarded` gives it back.

    >>> guarded("=cmd"), guarded("'=cmd"), guarded("-12.5"), guarded("目标")
    ("'=cmd", "''=cmd", '-12.5', '目标')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def amount_cell(value: Decimal | None, unit: str) -> str:
    """An amount with all its digits; a rate in percent, with the sign.

    >>> amount_cell(Decimal("0.2255"), "ratio"), amount_cell(Decimal("1E+3"), "CNY")
    ('22.55%', '1000')
    """
    if value is None:
        return ""
    if unit == "ratio":
        return f"{_plain(value * 100)}%"
    return _plain(value)


def day_of(cell: str) -> date | None:
    """The day in a cell, as an export or a spreadsheet writes it; None if it is none.

    >>> day_of("2026-12-31") == day_of("2026/12/31") == day_of("2026年12月31日")
    True
    """
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def steps_cell(steps: Sequence[MilestoneTerms]) -> str:
    """Milestones, one a line, as the form writes them: title; weight; date."""
    return "\n".join(
        f"{' '.join(each.title.splitlines())}; {_plain(each.weight)}; "
        f"{each.due.isoformat() if each.due else ''}".rstrip()
        for each in steps
    )


def steps_of(cell: str) -> tuple[MilestoneTerms, ...] | None:
    """The milestones in a cell; None if a line of it cannot be read.

    >>> steps_of("稿件; 定稿; 40; 2026-10-20")[0].title
    '稿件; 定稿'
    """
    steps = []
    for line in filter(str.strip, cell.splitlines()):
        found = _STEP.fullmatch(line.strip())
        due = day_of(found[3]) if found and found[3] else None
        if found is None or not found[1].strip() or (found[3] and due is None):
            return None
        steps.append(MilestoneTerms(title=found[1].strip(), weight=Decimal(found[2]), due=due))
    return tuple(steps)


def scoring_cell(scoring: Mapping[str, str]) -> str:
    """Parameters of the scoring method as JSON, or nothing."""
    return json.dumps(dict(scoring), ensure_ascii=False, sort_keys=True) if scoring else ""


def scoring_of(cell: str) -> dict[str, str] | None:
    """The parameters in a cell; None if it is not a JSON object of texts."""
    if not cell:
        return {}
    try:
        given = json.loads(cell)
    except ValueError:
        return None
    texts = isinstance(given, dict) and all(isinstance(each, str) for each in given.values())
    return given if texts else None


def word_cell(column: str, code: str, locale: str) -> str:
    """The word of a code in the reader's language."""
    return WORDS[column][code].in_(locale)


def code_of(column: str, cell: str) -> str | None:
    """The code that a cell means, in either language; None if it means none."""
    said = cell.casefold()
    for code, word in WORDS[column].items():
        if said in (code, word.zh.casefold(), word.en.casefold()):
            return code
    return None


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value()
    return format(whole if whole == value else value.normalize(), "f")
