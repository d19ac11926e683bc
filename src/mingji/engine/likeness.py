"""Whom an owner that matches nobody probably means: somebody who is spelt almost so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mingji.engine.headers import plain_letters
from mingji.engine.identity import Identity
from mingji.engine.model import Definitions
from mingji.engine.observation import Unmatched
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LISTED = 10


def likely_findings(
    unmatched: Sequence[Unmatched], identity: Identity, definitions: Definitions
) -> Iterator[Finding]:
    """By table, the owners of nobody whose names are those of members but for how they are typed:
    case, spaces, width, the order of the words, what follows an @.
    """
    nobody = [each for each in unmatched if each.owner and each.reason == "no_member"]
    for name in sorted({each.table for each in nobody}):
        table = definitions.tables[name]
        known: dict[str, set[str]] = {}
        for link in identity.links(table.source):
            for called in (link.owner, link.member):
                for key in _keys(called):
                    known.setdefault(key, set()).add(link.member)
        mine = dict.fromkeys(each.owner for each in nobody if each.table == name)
        found = {
            owner: sorted(set().union(*(known.get(key, set()) for key in _keys(owner))))
            for owner in mine
        }
        told = [f"{owner} ≈ {' / '.join(members)}" for owner, members in found.items() if members]
        if told:
            yield _likely(table.label, told, Place(path=name))


def _likely(name: Text, told: Sequence[str], place: Place) -> Finding:
    more = len(told) > _LISTED
    zh, en = "、".join(told[:_LISTED]), ", ".join(told[:_LISTED])
    return Finding(
        "likely_owners",
        "info",
        Text(
            f"{name.zh} 的负责人可能是这些成员：{zh}{' 等' if more else ''}",
            f"owners of {name.en} who may be these members: {en}{', …' if more else ''}",
        ),
        Text(
            "是同一个人就写进归属映射；不会自动对应",
            "if they are, add them to the owners file; nothing is matched by itself",
        ),
        place,
        count=len(told),
    )


def _keys(name: str) -> set[str]:
    """What is compared of a name; initials alone are none."""
    plain = plain_letters(name).casefold()
    words = re.findall(r"[^\W\d_]+", plain.partition("@")[0])
    if len("".join(words)) < 2 or (len(words) > 1 and all(len(word) == 1 for word in words)):
        return {"".join(words)} if words and not words[0].isascii() else set()
    return {"".join(words), "".join((*words[1:], *words[:1]))}
