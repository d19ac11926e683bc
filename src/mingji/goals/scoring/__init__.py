"""The scoring that a goal agrees: what each method asks for, as typed, in words. Pure."""

from __future__ import annotations

from mingji.goals.scoring.settings import Setting, asked, defaults
from mingji.goals.scoring.words import scoring_words
from mingji.goals.scoring.written import one_line, read, read_line, typed

__all__ = [
    "Setting",
    "asked",
    "defaults",
    "one_line",
    "read",
    "read_line",
    "scoring_words",
    "typed",
]
