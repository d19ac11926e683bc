"""What a cell names (an item, a level, a family, a red line), by its id or by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mingji.rules.scheme import Item, Scheme
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by what people write: the id itself, or the name in either language.

    A name that two different things share stands for neither.
    """

    ids: tuple[str, ...]
    by_word: Mapping[str, str]

    def find(self, written: str) -> str:
        """The id meant, or nothing."""
        return self.by_word.get(_key(written), "")


@dataclass(frozen=True, slots=True)
class SchemeNames:
    """The names of a scheme that a table of facts may use."""

    items: Names
    team_items: Names
    levels: Names
    families: Names
    red_lines: Names

    def knows_item(self, written: str) -> bool:
        """Whether the scheme has such an item, of members or of teams."""
        return bool(self.items.find(written) or self.team_items.find(written))


def names_of(scheme: Scheme) -> SchemeNames:
    """All names of a scheme."""
    return SchemeNames(
        items=_names((item.id, item.name) for item in all_items(scheme)),
        team_items=_names((item.id, item.name) for item in scheme.team_items),
        levels=_names((level.id, level.name) for level in scheme.levels),
        families=_names((each.family, each.name) for each in scheme.templates),
        red_lines=_names((line.id, line.name) for line in scheme.red_lines),
    )


def all_items(scheme: Scheme) -> Iterable[Item]:
    """Every item of every form of a scheme, the common ones first."""
    for dimension in scheme.dimensions:
        yield from dimension.items
    for template in scheme.templates:
        for change in template.items:
            yield from change.items


def _names(things: Iterable[tuple[str, Text]]) -> Names:
    pairs = list(things)
    meant: dict[str, set[str]] = {}
    for id_, name in pairs:
        for word in (name.zh, name.en):
            meant.setdefault(_key(word), set()).add(id_)
    by_word = {word: next(iter(ids)) for word, ids in meant.items() if len(ids) == 1 and word}
    by_word |= {_key(id_): id_ for id_, _ in pairs}
    return Names(tuple(dict.fromkeys(id_ for id_, _ in pairs)), by_word)


def _key(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
