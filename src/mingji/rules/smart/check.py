"""The SMART check: five letters for a goal while it is written (`docs/explanation/smart.md`)."""

from __future__ import annotations

from datetime import date

from mingji.rules.smart.achievable import achievable
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.letters import Letter
from mingji.rules.smart.measurable import measurable
from mingji.rules.smart.reading import read
from mingji.rules.smart.relevant import relevant
from mingji.rules.smart.specific import specific
from mingji.rules.smart.timely import timely
from mingji.rules.smart.words import Words, shipped


def check(draft: Draft, *, today: date, words: Words | None = None) -> tuple[Letter, ...]:
    """S, M, A, R and T, in this order, each with its verdict, its sentence and its findings.

    It never refuses: any text is read, at most 500 characters of it. `words` are the company's
    lists, the shipped ones if None.

    >>> vague = check(Draft(title="进一步加强品牌建设"), today=date(2026, 9, 20))
    >>> [(found.code, found.message.zh) for found in vague[0].findings][:1]
    [('vague_word', '“进一步”可以有各种理解')]
    """
    title = read(draft, words or shipped())
    return (
        specific(draft, title),
        measurable(draft, title),
        achievable(draft),
        relevant(draft),
        timely(draft, title, today),
    )
