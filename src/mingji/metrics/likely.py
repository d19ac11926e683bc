"""Whom an owner of a source system probably means, and what speaks for it."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from mingji.rules.text import Text

_MOST = 3
# Names shorter than this are alike by chance.
_LONG, _ALIKE = 6, 0.85
# Initials alone fit many: beyond so many members they say nothing.
_FEW = 3


class Named(Protocol):
    """What is known of a member: code, names, the pinyin of the name, e-mail, the last day."""

    code: str
    name: str
    name_en: str
    name_sort: str
    email: str
    left_on: date | None

    @property
    def known_as(self) -> Text: ...


@dataclass(frozen=True, slots=True)
class Likely:
    """A member who may be meant, with the reason in words."""

    code: str
    name: Text
    reason: Text


class Matcher:
    """Looks owners up by everything that members are called; made once for a list of owners.

    An exact look-up for each spelling; only an owner that fits nobody is compared with the names
    that begin alike.
    """

    def __init__(self, members: Iterable[Named]) -> None:
        self._by: dict[tuple[str, str], list[Named]] = defaultdict(list)
        self._first: dict[str, set[str]] = defaultdict(set)
        for member in members:
            for kind, key in _names_of(member):
                self._by[kind, key].append(member)
                if kind in ("pinyin", "english", "local") and len(key) >= _LONG:
                    self._by["alike", key].append(member)
                    self._first[key[0]].add(key)

    def likely(self, owner: str) -> tuple[Likely, ...]:
        """The members who are probably meant, the surest first; those who left come last."""
        return self._ranked(_spellings(owner)) or self._ranked(self._alike(owner))

    def _alike(self, owner: str) -> Iterator[tuple[str, str]]:
        """Names one slip of the hand away from the owner's: zhnag.wei for zhang.wei."""
        spelt = _joined(owner.strip().casefold().partition("@")[0])
        for key in difflib.get_close_matches(
            spelt, sorted(self._first.get(spelt[:1], ())), 3, _ALIKE
        ):
            yield "alike", key

    def _ranked(self, spellings: Iterable[tuple[str, str]]) -> tuple[Likely, ...]:
        found: dict[str, tuple[int, bool, str, Likely]] = {}
        for rank, (kind, key) in enumerate(spellings):
            fitting = self._by.get((kind, key), ())
            if kind == "initials" and len(fitting) > _FEW:
                continue
            for member in fitting:
                likely = Likely(member.code, member.known_as, _REASONS[kind])
                gone = member.left_on is not None
                found.setdefault(member.code, (rank, gone, member.code, likely))
        ranked = sorted(found.values(), key=lambda each: (each[1], each[0], each[2]))
        return tuple(each[3] for each in ranked[:_MOST])


_REASONS = {
    "email": Text("邮箱相同", "same e-mail"),
    "code": Text("与编号相同", "spelt like the code"),
    "local": Text("邮箱前缀相同", "same name before the @"),
    "name": Text("姓名相同", "same name"),
    "english": Text("英文名相同", "same English name"),
    "pinyin": Text("姓名拼音相同", "same name in pinyin"),
    "initials": Text("姓名首字母相同", "same initials"),
    "alike": Text("写法只差一点，核对一下", "spelt almost alike: check it"),
}


def _names_of(member: Named) -> Iterator[tuple[str, str]]:
    """Everything a system may call a member, by kind."""
    yield "code", member.code.casefold()
    name = member.name.casefold()
    for key in dict.fromkeys((name, _joined(name))):
        yield "name", key
    english = _words(member.name_en)
    for key in {"".join(english), "".join(reversed(english))}:
        yield "english", key
    syllables = member.name_sort.split()
    for key in {"".join(syllables), "".join((*syllables[1:], *syllables[:1]))}:
        yield "pinyin", key
    if len(syllables) > 1:
        initials = [syllable[0] for syllable in syllables]
        yield "initials", "".join(initials)
        # Zhang Wei as zhang.w and w.zhang
        yield "initials", syllables[0] + "".join(initials[1:])
        yield "initials", "".join(initials[1:]) + syllables[0]
    if member.email:
        yield "email", member.email.casefold()
        yield "local", _joined(member.email.partition("@")[0])


def _spellings(owner: str) -> Iterator[tuple[str, str]]:
    """What an owner's spelling may be, the surest first."""
    text = owner.strip().casefold()
    local = _joined(text.partition("@")[0])
    # Without a team or region behind the name, such as (East) or -华东.
    bare = re.split(r"[(（@\-–/|,，_]", text)[0].strip()
    yield "email", text
    yield "code", text
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", text):
        yield "local", local
    for each in dict.fromkeys((text, bare, _joined(text), _joined(bare))):
        yield "name", each
    for each in dict.fromkeys((local, _joined(bare))):
        yield "english", each
        yield "pinyin", each
        yield "local", each
        yield "initials", each


def _joined(text: str) -> str:
    """Letters only, so that zhang.wei, Zhang Wei and zhang_wei are one; numbers at the end go."""
    return re.sub(r"[^\w]|_|\d+$", "", text)


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^\w]+", name.casefold()) if word]
