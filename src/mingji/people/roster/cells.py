"""How the words in the cells of a roster are understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingji.people.roster.columns import DUTIES
from mingji.rules.text import Text

_CODE = re.compile(r"[-a-zA-Z0-9_]+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")


def is_code(word: str) -> bool:
    """Whether a word can be a code: it becomes part of addresses."""
    return _CODE.fullmatch(word) is not None


def meant(word: str, known: Mapping[str, Text]) -> str:
    """The code behind a code or a name in either language, or nothing."""
    folded = word.casefold()
    spellings = ((code, {code.casefold(), t.zh, t.en.casefold()}) for code, t in known.items())
    return next((code for code, names in spellings if folded in names), "")


def duties_in(cell: str) -> Iterator[tuple[str, str]]:
    """Kind and team of each duty in a cell such as `hr_partner:growth; analyst:company`."""
    for part in filter(None, (part.strip() for part in re.split(r"[;；]", cell))):
        kind, _, team = part.replace("：", ":").partition(":")
        yield meant(kind.strip(), DUTIES), team.strip()


def day_of(word: str) -> date | None:
    """The day that a cell names, or None: year first, so that no two readings are possible."""
    match = _DAY.fullmatch(word)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def is_address(word: str) -> bool:
    """Whether a word is an e-mail address."""
    try:
        validate_email(word)
    except ValidationError:
        return False
    return True
