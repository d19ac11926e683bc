"""Compare what a refresh finds with what is kept, and write what is different.

Comparing may take minutes and must not hold up anybody who writes; writing is all or nothing. So
the differences wait in a file between the two, and memory holds a few people at a time.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.db.models import Q

from mingji.engine.model import Definitions
from mingji.metrics.actions.restating import Change, Key
from mingji.metrics.corrected import corrections_in
from mingji.metrics.models import Observation, RefreshRun
from mingji.rules.explanation import from_data

_CHUNK = 500
#: How many values are compared at once; those of one member or team stay together.
_COMPARED = 5_000
#: Whose a value is: the ids of a member or of a team, neither for the company.
Owner = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Value:
    """What a refresh found for one slice."""

    value: Decimal | None
    rows: int
    tree: dict[str, Any]


class _Kept(NamedTuple):
    """A value in force."""

    id: int
    value: Decimal | None
    rows: int
    tree: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new for some owners, which rows it retires, and which slices say another number."""

    fresh: list[tuple[Key, Value]]
    retired: list[int]
    changes: list[Change]


class Differences:
    """The differences between what was found and what is in force, in a file until written.

    Args:
        periods: Of which periods values are compared.
        definitions: What the metrics mean now.
    """

    def __init__(self, periods: Iterable[str], definitions: Definitions) -> None:
        self.periods, self.definitions = list(periods), definitions
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 closed on leaving
        self.lines = gzip.open(self.file, "wt", compresslevel=1, encoding="utf-8")  # noqa: SIM115
        self.seen: set[Owner] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.lines.close()
        self.file.close()

    def compare(
        self, found: Iterable[tuple[Key, Value]], corrected: Mapping[Key, set[int]]
    ) -> None:
        """Compare values, those of one owner next to each other, with what is in force.

        Args:
            found: The slices and what was found there.
            corrected: The numbers of the corrections behind slices, also of those without a value.
        """
        for values in _together(found):
            owners = {key[2:] for key in values}
            self.seen |= owners
            self._note(values, _in_force(self.periods, owners), corrected)

    def retire_others(self, corrected: Mapping[Key, set[int]]) -> None:
        """Retire what is in force of owners of whom nothing was found."""
        known = Observation.objects.filter(current=True, period__in=self.periods)
        owners = set(known.order_by().values_list("member_id", "team_id").distinct())
        others = sorted(owners - self.seen, key=lambda owner: (owner[0] or 0, owner[1] or 0))
        for start in range(0, len(others), _CHUNK):
            before = _in_force(self.periods, set(others[start : start + _CHUNK]))
            self._note({}, before, corrected)

    def _note(
        self,
        values: Mapping[Key, Value],
        before: Mapping[Key, _Kept],
        corrected: Mapping[Key, set[int]],
    ) -> None:
        gone = dict(before)
        fresh, changes = [], []
        for key, value in values.items():
            old = before.get(key)
            if old and (old.rows, old.tree) == (value.rows, value.tree):
                del gone[key]
                continue
            fresh.append([key, _digits(value.value), value.rows, value.tree])
            if (old.tree["value"] if old else None) != value.tree["value"]:
                changes.append(_change(key, old, value.value, corrected))
        changes += [
            _change(key, old, None, corrected)
            for key, old in sorted(gone.items(), key=lambda item: item[1].id)
            if key not in values and old.value is not None
        ]
        if fresh or gone:
            retired = sorted(old.id for old in gone.values())
            self.lines.write(json.dumps([fresh, retired, changes], ensure_ascii=False) + "\n")

    def __iter__(self) -> Iterator[Difference]:
        """The differences in the order in which they were found, once nothing more is compared."""
        self.lines.close()
        self.file.seek(0)
        with gzip.open(self.file, "rt", encoding="utf-8") as lines:
            for line in lines:
                fresh, retired, changes = json.loads(line)
                yield Difference(
                    [
                        (_key(key), Value(_number(digits), rows, tree))
                        for key, digits, rows, tree in fresh
                    ],
                    retired,
                    [self._changed(*change) for change in changes],
                )

    def _changed(
        self, key: list[Any], before: str | None, after: str | None, numbers: list[int]
    ) -> Change:
        metric = self.definitions.metrics.get(key[0])
        return Change(
            key=_key(key),
            before=_number(before),
            after=_number(after),
            tables=frozenset(self.definitions.sources(metric)) if metric else frozenset(),
            corrections=frozenset(numbers),
        )


def write(run: RefreshRun, difference: Difference) -> None:
    """Add what is new and retire what it replaces."""
    for start in range(0, len(difference.retired), _CHUNK):
        retired = difference.retired[start : start + _CHUNK]
        Observation.objects.filter(pk__in=retired).update(current=False)
    Observation.objects.bulk_create(
        [
            Observation(
                run=run,
                metric=metric,
                period=period,
                member_id=member,
                team_id=team,
                value=found.value,
                rows=found.rows,
                tree=found.tree,
            )
            for (metric, period, member, team), found in difference.fresh
        ],
        batch_size=_CHUNK,
    )


def _together(found: Iterable[tuple[Key, Value]]) -> Iterator[dict[Key, Value]]:
    """Some thousand values at a time, all those of an owner among the same."""
    values: dict[Key, Value] = {}
    owner: Owner | None = None
    for key, value in found:
        if len(values) >= _COMPARED and key[2:] != owner:
            yield values
            values = {}
        values[key] = value
        owner = key[2:]
    if values:
        yield values


def _in_force(periods: Iterable[str], owners: set[Owner]) -> dict[Key, _Kept]:
    """The values of these owners that are in force."""
    members = [member for member, _ in owners if member]
    teams = [team for _, team in owners if team]
    whose = Q(member__in=members) | Q(team__in=teams)
    if (None, None) in owners:
        whose |= Q(member=None, team=None)
    rows = Observation.objects.filter(whose, current=True, period__in=periods).values_list(
        "metric", "period", "member_id", "team_id", "pk", "value", "rows", "tree"
    )
    return {row[:4]: _Kept(*row[4:]) for row in rows.iterator(chunk_size=_CHUNK)}


def _change(
    key: Key, old: _Kept | None, after: Decimal | None, corrected: Mapping[Key, set[int]]
) -> list[object]:
    known = corrections_in(from_data(old.tree)) if old else frozenset()
    numbers = sorted(corrected.get(key, set()) - known)
    return [key, _digits(old.value if old else None), _digits(after), numbers]


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(digits: str | None) -> Decimal | None:
    return None if digits is None else Decimal(digits)


def _key(told: list[Any]) -> Key:
    metric, period, member, team = told
    return metric, period, member, team
