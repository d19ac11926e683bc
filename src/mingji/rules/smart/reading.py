"""A title read once: its words, amounts and dates, and what is left of it as the object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mingji.rules.smart.dates import Named, dates
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.quantities import Quantity, quantities
from mingji.rules.smart.words import Found, Words, fold

_BREAK = re.compile(r"[，,；;。、]")
_NEAR = 6  # characters between a metric and its amount
LONGEST = 500  # characters that are read; a goal is a sentence
_THING = re.compile(r"[\u3400-\u9fff]{2,}|[a-z][a-z0-9.+-]+")
_FILLERS = re.compile(
    r"(?<![a-z])(?:the|an?|to|of|in|on|by|for|and|or|with|our|my|we|will|be|at|least|most|from|per|"
    r"this|that|it|is|as|things?|work|stuff|end|before|until)(?![a-z])"
    r"|的|了|和|与|及|并|在|从|到|至|把|将|让|使|对|为|做|工作|内容|事情|方面|月内|月|天内|本季度|本期|全年|每月|每周|以内|以上|以下|之前|前|后|个|家|场|次|条"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a title; every place counts characters from 0."""

    text: str
    words: tuple[Found, ...]
    amounts: tuple[Quantity, ...]
    dates: tuple[Named, ...]
    metric_at: tuple[tuple[int, int], ...]

    @property
    def names_metric(self) -> bool:
        """Whether the title names the metric of the goal."""
        return bool(self.metric_at)

    def near_metric(self, amount: Quantity) -> bool:
        """Whether an amount stands right beside the name of the metric, in the same clause."""
        return any(
            amount.start - end <= _NEAR
            and start - amount.end <= _NEAR
            and not _BREAK.search(self.text[min(end, amount.end) : max(start, amount.start)])
            for start, end in self.metric_at
        )

    @property
    def has_object(self) -> bool:
        """Whether anything is left beside verbs, vague words, amounts and dates."""
        if self.names_metric:
            return True
        signs = list(self.text)
        spans = [(word.start, word.end) for word in self.words]
        spans += [(amount.start, amount.end) for amount in self.amounts]
        spans += [(day.start, day.end) for day in self.dates]
        for start, end in spans:
            signs[start:end] = " " * (end - start)
        return _THING.search(_FILLERS.sub(" ", "".join(signs))) is not None

    def of(self, *kinds: str) -> tuple[Found, ...]:
        """The words of these kinds."""
        return tuple(word for word in self.words if word.kind in kinds)


def read(draft: Draft, words: Words) -> Reading:
    """Read the title of a draft."""
    text = fold(draft.title[:LONGEST])
    named = dates(text, draft.period[1].year) if draft.period else dates(text, 2000)
    closed = tuple((each.start, each.end) for each in named)
    return Reading(
        text=text,
        words=words.find(text),
        amounts=quantities(text, words, closed),
        dates=named,
        metric_at=_metric_at(draft, text),
    )


def _metric_at(draft: Draft, text: str) -> tuple[tuple[int, int], ...]:
    """Where the name of the metric stands, or another way to write it."""
    if draft.metric is None:
        return ()
    names = (draft.metric.name.zh, draft.metric.name.en, *draft.metric.aliases)
    plain = {fold(name).strip().removesuffix("数").strip().removesuffix("s") for name in names}
    wanted = "|".join(re.escape(name) for name in sorted(plain, key=len)[::-1] if len(name) > 1)
    return tuple(match.span() for match in re.finditer(wanted, text)) if wanted else ()
