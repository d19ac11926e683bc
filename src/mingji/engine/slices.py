"""Which slices a question asks for: every key must exist on every fact, or the question is refused.

A number repeated over rows it does not belong to (spend by owner) is wrong in silence; so a
dimension that a table does not have is answered with a sentence.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from mingji.engine.compile import CALENDAR, PEOPLE, SPANS, Key, Slice
from mingji.engine.expressions import FACT, check, nearest, reachable
from mingji.engine.identity import ALWAYS, FOREVER, Identity
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.periods import GRAINS, Fiscal, Grain
from mingji.engine.sql import Refused
from mingji.engine.typed import PERIOD, WHO, Level, of_level
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


class Question:
    """Keys, periods and conditions, as they apply to one fact table after another."""

    def __init__(
        self,
        definitions: Definitions,
        by: tuple[str, ...],
        grain: Grain,
        periods: tuple[str, ...] | None,
        where: str,
        identity: Identity,
    ) -> None:
        self.definitions, self.by, self.where = definitions, by, where
        self.periods, self.identity = periods, identity
        times = [name for name in by if name == "period" or name in GRAINS]
        if len(times) > 1 or len(set(by)) < len(by):
            raise refused(
                Text(f"by 里有重复的键：{'、'.join(by)}", f"keys repeat: {', '.join(by)}"),
                Text("每种键只写一次，时间只选一种", "name each key once, and one kind of period"),
            )
        self.time = times[0] if times else ""
        self.grain: Grain = grain if self.time in ("", "period") else self.time  # type: ignore[assignment]
        self.personal = tuple(name for name in by if name in identity.names)

    def slice(
        self,
        metric: Metric,
        periods: tuple[str, ...] | None,
        *,
        calendar: str = CALENDAR,
        whole: bool = False,
    ) -> Slice:
        """The slice of a simple metric's table and date.

        Args:
            metric: The simple metric.
            periods: The periods that are counted, or None for all.
            calendar: Where the periods are looked up: `SPANS` for days that are none.
            whole: The keys that the table lacks are left out, not refused.

        Raises:
            Invalid: If its table lacks one of the keys, or the condition does not fit it.
        """
        table = self.definitions.table(metric.table)
        if self.where:
            try:
                rates = self.definitions.rates
                target = rates.into if rates else ""
                check(self.where, self.definitions, table, kind="boolean", target=target)
            except Refused as error:
                raise refused(error.message, error.remedy) from error
        if table.typed:
            return self._typed(metric, table, periods, whole=whole)
        dated = bool(self.time) or self.periods is not None
        if dated and not metric.time:
            raise self._lacks(metric, table, self.time or "period")
        return Slice(
            table=table,
            day=metric.time,
            keys=tuple(
                self._key(name, metric, table, calendar)
                for name in self.by
                if not whole or self._has(name, table)
            ),
            people=bool(self.personal) and not (whole and not table.owner),
            calendar=calendar,
            grain=("span" if calendar == SPANS else self.grain) if dated else "",
            periods=periods,
            where=self.where,
        )

    def _typed(
        self, metric: Metric, table: Table, periods: tuple[str, ...] | None, *, whole: bool
    ) -> Slice:
        """Typed-in values stand for one period and one level: nothing is summed or rolled up.

        As the whole of a share it is the company's, whatever the question is cut by.
        """
        personal = () if whole else self.personal[:1]
        by = tuple(name for name in self.by if name == self.time) if whole else self.by
        lacking = [name for name in by if name not in (self.time, *personal)]
        if not self.time or lacking:
            raise self._lacks(metric, table, lacking[0] if lacking else "period")
        level: Level = "company"
        codes = None
        if personal:
            level = "member" if personal == ("member",) else "team"
            codes = None if level == "member" else self.identity.values(personal[0])
        conditions = [of_level(level, codes, periods), self.where]
        return Slice(
            table=table,
            day="",
            keys=tuple(Key(name, FACT, PERIOD if name == self.time else WHO) for name in by),
            people=False,
            where=" and ".join(f"({each})" for each in conditions if each),
        )

    def column(self, name: str, table: Table) -> tuple[str, str] | None:
        """Where a table has a dimension: the alias in the query, and the column."""
        if name in self.identity.names and table.owner:
            return PEOPLE, name
        found = reachable(self.definitions, table).get(name)
        return None if found is None else (found[0], found[1].name)

    def _has(self, name: str, table: Table) -> bool:
        return name == self.time or self.column(name, table) is not None

    def expected(self, found: Iterable[tuple[str, ...]], fiscal: Fiscal) -> set[tuple[str, ...]]:
        """The slices that people would miss: every member or team, in every period, rows or not."""
        if any(name != self.time and name not in self.personal for name in self.by):
            return set()
        named = self.periods
        if named is None and self.time:
            place = self.by.index(self.time)
            named = tuple(sorted({keys[place] for keys in found}))
        slices: set[tuple[str, ...]] = set()
        for period in named or ("",):
            first, last = fiscal.days(period) if period else (ALWAYS, FOREVER)
            for people in self.identity.roster(self.personal, first, last):
                known = {**dict(zip(self.personal, people, strict=True)), self.time: period}
                slices.add(tuple(known[name] for name in self.by))
        return slices

    def address(
        self, keys: Mapping[str, str], dropped: frozenset[str] = frozenset(), days: str = ""
    ) -> str:
        """The slice as the query part of an address that `lineage.rows` opens.

        `dropped` keys are taken as a whole; `days` are those that count, if not the period's own.
        """
        parts = [
            ("period" if name == self.time else name, keys[name])
            for name in self.by
            if name not in dropped
        ]
        if days:
            parts.append(("days", days))
        if self.where:
            parts.append(("where", self.where))
        return f"?{urlencode(parts)}" if parts else ""

    def _key(self, name: str, metric: Metric, table: Table, calendar: str) -> Key:
        if name == self.time:
            return Key(name, calendar, "span" if calendar == SPANS else self.grain)
        if name in self.personal:
            if not table.owner:
                raise self._lacks(metric, table, name)
            return Key(name, PEOPLE, name)
        found = reachable(self.definitions, table).get(name)
        if found is None:
            raise self._lacks(metric, table, name)
        return Key(name, found[0], found[1].name)

    def _lacks(self, metric: Metric, table: Table, name: str) -> Invalid:
        words = [] if table.typed else [*reachable(self.definitions, table)]
        words += self.identity.names if table.personal else ()
        words += GRAINS if metric.time or table.typed else ()
        near = nearest(name, words)
        return refused(
            Text(
                f"指标 {metric.id} 来自表 {table.name}，这张表没有“{name}”，不能按它拆分",
                f"metric {metric.id} comes from table {table.name}, which has no “{name}” "
                "to be cut by",
            ),
            Text(
                f"去掉 {name} 或这个指标；可用：{'、'.join(near)}",
                f"leave out {name} or the metric; it can be cut by: {', '.join(near)}",
            ),
            code="no_such_dimension",
        )


def of_nobody(
    slices: Mapping[str, Slice], names: Iterable[str], periods: tuple[str, ...] | None
) -> dict[str, Slice]:
    """The same slices cut by owner, member and these attributes of a post: whose is nobody?

    Only the periods that were asked for; a table without owners has no such rows.
    """
    others = (name for name in names if name != "member")
    personal = tuple(Key(name, PEOPLE, name) for name in ("member", *others))
    return {
        name: replace(
            slice_,
            keys=(Key("owner", FACT, slice_.table.owner), *personal),
            people=True,
            blank=personal,
            periods=periods,
        )
        for name, slice_ in slices.items()
        if slice_.table.owner
    }


def chosen(definitions: Definitions, names: Iterable[str] | None) -> tuple[Metric, ...]:
    """The metrics asked for, all of them if none are named.

    Raises:
        Invalid: If one is not defined.
    """
    if names is None:
        return tuple(definitions.metrics.values())
    found: list[Metric] = []
    for name in names:
        if name not in definitions.metrics:
            near = difflib.get_close_matches(name, definitions.metrics, 3) or definitions.metrics
            raise refused(
                Text(f"没有指标“{name}”", f"there is no metric “{name}”"),
                Text(f"可用：{'、'.join(near)}", f"use one of: {', '.join(near)}"),
            )
        found.append(definitions.metrics[name])
    return tuple(found)


def refused(message: Text, remedy: Text, *, code: str = "question") -> Invalid:
    """A question that cannot be answered, as an error with its one finding."""
    return Invalid(message, code=code, findings=(Finding(code, "error", message, remedy, Place()),))
