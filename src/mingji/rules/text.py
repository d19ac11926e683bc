"""A sentence in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning, written in Simplified Chinese and in English.

    The pure layers (rules, engine, connectors) speak in `Text`, so that a message, a formula in
    words or a stored explanation is complete in itself and needs no translation catalogue.

    >>> Text(zh="得分", en="score").in_("zh-Hans")
    '得分'
    >>> Text(zh="得分", en="score").in_("en")
    'score'
    """

    zh: str
    en: str

    def in_(self, locale: str) -> str:
        """The wording for a locale: Chinese for any `zh…`, English for every other."""
        return self.zh if locale.lower().startswith("zh") else self.en

    @classmethod
    def same(cls, words: str) -> Text:
        """A name that is written alike in both languages (a person, a file, a code)."""
        return cls(zh=words, en=words)
