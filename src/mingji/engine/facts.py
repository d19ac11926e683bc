"""What was counted, found again for any slice, any days and any whole that a metric looks at."""

from __future__ import annotations

from collections.abc import Mapping

from mingji.engine.compile import Slice
from mingji.engine.counting import NO_ROW, Counted, Found, Keys
from mingji.engine.meanings import TOTAL, At
from mingji.engine.slices import Question


class Facts:
    """The counted slices of every simple metric."""

    def __init__(self, question: Question, found: Found, slices: Mapping[str, Slice]) -> None:
        self.question, self.found, self.slices = question, found, slices
        self.place = question.by.index(question.time) if question.time else -1
        self._cut = {name: self._places(slice_) for name, slice_ in slices.items()}
        self._dropped: dict[tuple[str, str], frozenset[str]] = {}
        self._wholes: dict[tuple[str, str], dict[Keys, Counted]] = {}

    def _places(self, slice_: Slice) -> frozenset[int]:
        """The places of the keys that a slice does not have."""
        have = {key.name for key in slice_.keys}
        return frozenset(n for n, name in enumerate(self.question.by) if name not in have)

    def of(self, at: At, keys: Keys) -> Counted:
        """What was counted for a leaf, for the slice of these keys."""
        if at.when is None:
            return NO_ROW
        if self.place >= 0 and keys[self.place] != at.when:
            keys = (*keys[: self.place], at.when, *keys[self.place + 1 :])
        lacks = self._cut[at.metric]
        if lacks:
            keys = tuple(key for n, key in enumerate(keys) if n not in lacks)
        if at.whole in ("", TOTAL):
            return self.found[at.metric].get(keys, NO_ROW)
        places = self._over(at)
        return self._rolled(at, places).get(_without(keys, places), NO_ROW)

    def dropped(self, at: At) -> frozenset[str]:
        """The keys of the question that a leaf is not cut by here."""
        if (at.metric, at.whole) not in self._dropped:
            places = self._cut[at.metric]
            if at.whole not in ("", TOTAL):
                places |= self._over(at)
            names = frozenset(self.question.by[n] for n in places)
            self._dropped[at.metric, at.whole] = names
        return self._dropped[at.metric, at.whole]

    def _over(self, at: At) -> frozenset[int]:
        """The places of the keys that the whole of a leaf is taken over."""
        by, personal = self.question.by, self.question.personal
        if at.whole == "member":
            return frozenset(n for n, name in enumerate(by) if name in personal)
        slice_ = self.slices[at.metric]
        over = self.question.column(at.whole, slice_.table)
        return frozenset(n for n, key in enumerate(slice_.keys) if (key.alias, key.column) == over)

    def _rolled(self, at: At, places: frozenset[int]) -> dict[Keys, Counted]:
        """The slices of a leaf added up over some keys."""
        if (at.metric, at.whole) not in self._wholes:
            rolled: dict[Keys, Counted] = {}
            for keys, counted in self.found[at.metric].items():
                whole = _without(keys, places)
                rolled[whole] = rolled.get(whole, NO_ROW) + counted
            self._wholes[at.metric, at.whole] = rolled
        return self._wholes[at.metric, at.whole]


def _without(keys: Keys, places: frozenset[int]) -> Keys:
    return tuple(key for n, key in enumerate(keys) if n not in places)
