"""The words that make a title vague or definite, and where they stand in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

WordKind = Literal["weak", "vague", "strong"]
KINDS: tuple[WordKind, ...] = ("weak", "vague", "strong")
_WIDE, _ASCII = range(0xFF01, 0xFF5F), 0xFEE0
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A word in a text: how it is written there, of which kind, and from where to where."""

    word: str
    kind: WordKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Lists of words in both languages: weak verbs, vague words, definite verbs.

    `lookalikes` only look like one of them; `names` hold digits without being amounts;
    `articles` are the measure words before which 一 means no more than `a`.
    """

    weak: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def plus(self, *, weak: Iterable[str] = (), vague: Iterable[str] = ()) -> Words:
        """The same with a company's own words.

        >>> shipped().plus(vague=["对标一流"]).find("对标一流")[0].kind
        'vague'
        """
        return Words(
            weak=(*self.weak, *weak),
            vague=(*self.vague, *vague),
            strong=self.strong,
            lookalikes=self.lookalikes,
            names=self.names,
            articles=self.articles,
        )

    def find(self, text: str) -> tuple[Found, ...]:
        """Every word of the lists in a folded text, in order; of two that overlap, the longer.

        >>> [found.word for found in shipped().find("增加强曝光，进一步加强加强针相关工作")]
        ['增加', '进一步', '加强', '相关']
        """
        hits = [
            Found(match[0], kind, match.start(), match.end())
            for kind in KINDS
            for match in _pattern(getattr(self, kind), verbs=kind != "vague").finditer(text)
        ]
        masks = spans(_pattern(self.lookalikes, verbs=False), text)
        free = [hit for hit in hits if not _inside_lookalike(hit, masks)]
        return _longest(free)


def fold(title: str) -> str:
    """A text in lower case with half-width signs, each character still at its place."""
    return "".join(_folded(sign) for sign in title)


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where a pattern matches."""
    return [match.span() for match in pattern.finditer(text)]


@lru_cache(maxsize=1)
def shipped() -> Words:
    """The lists of `words.toml`."""
    told = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    zh, en = told["zh"], told["en"]
    return Words(
        weak=(*zh["weak"], *en["weak"]),
        vague=(*zh["vague"], *en["vague"]),
        strong=(*zh["strong"], *en["strong"]),
        lookalikes=(*zh["not"], *en["not"]),
        names=tuple(told["names"]["words"]),
        articles=tuple(zh["article"]),
    )


def _folded(sign: str) -> str:
    if ord(sign) in _WIDE:
        sign = chr(ord(sign) - _ASCII)
    low = sign.lower()
    return low if len(low) == 1 else sign


def _inside_lookalike(hit: Found, masks: list[tuple[int, int]]) -> bool:
    """A strict part of what only looks like it, or one that reaches across its edge."""
    return any(
        start < hit.end and hit.start < end and hit.end - hit.start < end - start
        for start, end in masks
    )


def _longest(hits: list[Found]) -> tuple[Found, ...]:
    taken: list[Found] = []
    last = 0
    for hit in sorted(hits, key=lambda each: (each.start, each.start - each.end)):
        if hit.start >= last:
            taken.append(hit)
            last = hit.end
    return tuple(taken)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...], *, verbs: bool) -> re.Pattern[str]:
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    chinese = [re.escape(word) for word in ordered if _CHINESE.search(word)]
    english = [_english(word, verbs=verbs) for word in ordered if not _CHINESE.search(word)]
    parts = [*chinese, rf"(?<![a-z0-9])(?:{'|'.join(english)})(?![a-z0-9])" if english else ""]
    return re.compile("|".join(part for part in parts if part) or r"(?!)")


def _english(word: str, *, verbs: bool) -> str:
    """A word with the endings of a verb: launch, launches, launched, launching; cutting too."""
    first, _, rest = word.partition(" ")
    if not verbs:
        return re.escape(word)
    stem = first.removesuffix("e")
    endings = rf"(?:{re.escape(first)}(?:e?s)?|{re.escape(stem)}{first[-1]}?(?:ed|ing))"
    return endings + (r"\ " + re.escape(rest) if rest else "")
