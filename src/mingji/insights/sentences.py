"""A sentence made from the data, whose numbers open like every other number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from mingji.kit.i18n import localized
from mingji.rules.text import Text

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number inside a sentence: its value, its unit, and where it opens."""

    value: Decimal | None
    unit: str = ""
    href: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: words, or a number."""

    words: str = ""
    number: Number | None = None


def sentence(words: str, **given: Number | str | Text) -> tuple[Part, ...]:
    """Words in the reader's language with `{places}` for numbers and names, as parts in order.

    >>> [part.words or part.number.value
    ...  for part in sentence("won {n} deals", n=Number(Decimal(3)))]
    ['won ', Decimal('3'), ' deals']
    """
    parts = []
    for index, piece in enumerate(_PLACE.split(words)):
        if index % 2 == 0:
            if piece:
                parts.append(Part(words=piece))
            continue
        value = given[piece]
        if isinstance(value, Number):
            parts.append(Part(number=value))
        else:
            parts.append(Part(words=localized(value) if isinstance(value, Text) else value))
    return tuple(parts)
