"""The verdict on one letter of SMART, and the findings that lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.text import Text

Initial = Literal["S", "M", "A", "R", "T"]
Verdict = Literal["good", "mend", "unknown"]
NAMES: dict[Initial, Text] = {
    "S": Text("具体", "specific"),
    "M": Text("可衡量", "measurable"),
    "A": Text("可达成", "achievable"),
    "R": Text("相关", "relevant"),
    "T": Text("有时限", "time-bound"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its verdict, one sentence that says why, and the findings behind it.

    `mend` as soon as one finding is an error or a warning; an `info` only tells.
    """

    initial: Initial
    verdict: Verdict
    sentence: Text
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> Text:
        """The word for the letter."""
        return NAMES[self.initial]


def note(
    code: str,
    path: str,
    message: Text,
    remedy: Text,
    severity: Severity = "warning",
    column: int | None = None,
) -> Finding:
    """A finding at a field of the goal; `column` counts from 1 in its text."""
    return Finding(code, severity, message, remedy, Place(path=path, column=column))


def letter(
    initial: Initial, findings: Iterable[Finding], good: Text, unknown: Text | None = None
) -> Letter:
    """The letter: to mend if a finding says so, else unknown if there is a reason, else good."""
    found = tuple(findings)
    wrong = [each for each in found if each.severity != "info"]
    if wrong:
        more = len(wrong) - 1
        sentence = Text(
            zh=wrong[0].message.zh + (f"；还有 {more} 处要改" if more else ""),
            en=wrong[0].message.en + (f"; {more} more to mend" if more else ""),
        )
        return Letter(initial, "mend", sentence, found)
    if unknown is not None:
        return Letter(initial, "unknown", unknown, found)
    return Letter(initial, "good", good, found)
