"""The goals that a goal serves, as a cell of a sheet says them: one a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mingji.goals.naming import GoalName, Served
from mingji.rules.decomposition.parts import NAMES
from mingji.rules.text import Text

_LINE = re.compile(
    r"(?P<member>@?)(?P<owner>[^/\s]+)/(?P<period>[^/\s]+)/(?P<item>.+?)"
    r"(?:\s*[;；]\s*(?P<share>\d+(?:\.\d+)?)\s*[%％](?:\s*[;；]\s*(?P<part>[^;；\d]*?))?"
    r"(?:\s*[;；]\s*(?P<volume>\d+(?:\.\d+)?))?)?"
)
SHAPE = Text(
    "每行写：团队编号/期间/考核项; 份额%; 部分; 体量，例如 growth/2026Q4/cost_per_lead; 100%; 分子",
    "write on each line: team code/period/item; share%; part; volume, "
    "such as growth/2026Q4/cost_per_lead; 100%; numerator",
)


def serves_cell(served: Sequence[Served], locale: str) -> str:
    """The goals served, one a line; `serves_of` gives them back."""
    return "\n".join(_line(each, locale) for each in served)


def serves_of(cell: str) -> tuple[Served, ...] | None:
    """The goals that a cell names; None if a line of it cannot be read.

    >>> serves_of("growth/2026Q4/cost_per_lead; 50%; 分子")[0].share
    Decimal('0.50')
    >>> serves_of("@CC001/2026Q4/mql")[0].goal.of_member, serves_of("growth") is None
    (True, True)
    """
    found = [_read(line.strip()) for line in cell.splitlines() if line.strip()]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _line(each: Served, locale: str) -> str:
    part = NAMES[each.part].in_(locale) if each.part else ""
    said = [str(each.goal), f"{_digits(each.share * 100)}%"]
    if part or each.volume is not None:
        said.append(part)
    if each.volume is not None:
        said.append(_digits(each.volume))
    return "; ".join(said)


def _read(line: str) -> Served | None:
    found = _LINE.fullmatch(line)
    part = _part(found["part"] or "") if found else None
    if found is None or part is None:
        return None
    return Served(
        goal=GoalName(
            owner=found["owner"],
            of_member=bool(found["member"]),
            period=found["period"],
            item=found["item"],
        ),
        share=Decimal(found["share"]).scaleb(-2) if found["share"] else Decimal(1),
        part=part,
        volume=Decimal(found["volume"]) if found["volume"] else None,
    )


def _part(said: str) -> str | None:
    """The part that a word means, in either language; None if it means none."""
    folded = said.strip().casefold()
    if not folded:
        return ""
    for code, name in NAMES.items():
        if folded in (code, name.zh.casefold(), name.en.casefold()):
            return code
    return None


def _digits(value: Decimal) -> str:
    whole = value.to_integral_value()
    return format(whole if whole == value else value.normalize(), "f")
