"""The names behind the codes of those who act: `CC010` is Shen Ruolin, `system` the installation.

Records keep codes, which never change. Whoever knows the people (the app `people`) registers how
to look names up; without it (the pages of `mingji try`) a code stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from mingji.rules.text import Text

Namer = Callable[[Collection[str]], Mapping[str, Text]]

SYSTEM = Text("系统", "the installation")
BETWEEN = " · "
_namers: list[Namer] = []


def register(namer: Namer) -> None:
    """Look names up with this function from now on; it leaves out codes that it does not know."""
    _namers[:] = [namer]


def names_of(actors: Iterable[str]) -> dict[str, Text]:
    """The name of each actor, in one look-up. Two who acted together (`CC001 · CC003`) are one
    actor with both names."""
    wanted = set(actors)
    known = {"system": SYSTEM}
    codes = {code for actor in wanted for code in actor.split(BETWEEN) if code} - known.keys()
    for namer in _namers if codes else ():
        known |= namer(codes)
    return {actor: _joined(actor, known) for actor in wanted}


def _joined(actor: str, known: Mapping[str, Text]) -> Text:
    names = [known.get(code, Text.same(code)) for code in actor.split(BETWEEN)]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
