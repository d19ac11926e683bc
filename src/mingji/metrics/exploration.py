"""A question to the KPI explorer as its address says it: which metric, when, and cut how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from mingji.rules.calendar import Period, PeriodKind

#: How many periods of each kind the explorer shows, the asked one last.
SHOWN: Mapping[PeriodKind, int] = {"month": 12, "quarter": 6, "half": 4, "year": 3}
MEMBER, TEAM = "member", "team"
COMPARISONS = ("", "before", "year")


@dataclass(frozen=True, slots=True)
class Exploration:
    """A metric in a period, cut `by` a dimension, against a `compare`d period, narrowed to rows
    whose `only` column holds `value`. `key` names one part of the cut; None is the whole. `days`
    are those whose rows count, where they are not the period's own (`to date`). `rest` asks for
    the parts that do not stand on one page of the cut: `metric:period:key before the page`."""

    metric: str
    period: Period
    by: str = ""
    compare: str = ""
    only: str = ""
    value: str = ""
    key: str | None = None
    days: str = ""
    rest: str = ""

    @classmethod
    def asked(cls, metric: str, given: Mapping[str, str], latest: str, today: date) -> Exploration:
        """What the query part of an address asks for; without a period, the `latest` one.

        Another `grain` than the period's own asks for its last period that has begun `today`.

        Raises:
            Invalid: the period is none.
        """
        period = Period.parse(given.get("period") or latest)
        grain = given.get("grain", "")
        if grain in SHOWN and grain != period.kind:
            period = Period.of(min(period.end, max(period.start, today)), grain)  # type: ignore[arg-type]
        compare = given.get("compare", "")
        only = given.get("only", "")
        return cls(
            metric=metric,
            period=period,
            by=given.get("by", ""),
            compare=compare if compare in COMPARISONS else "",
            only=only,
            value=given.get("value", "") if only else "",
            key=given.get("key"),
            days=given.get("days", ""),
            rest=given.get("rest", "") if given.get("by") else "",
        )

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods shown, earliest first."""
        found = [self.period]
        while len(found) < SHOWN[self.period.kind]:
            found.append(found[-1].previous)
        return tuple(reversed(found))

    @property
    def base(self) -> Period | None:
        """The period compared with."""
        if self.compare == "year":
            return Period(self.period.year - 1, self.period.kind, self.period.number)
        return self.period.previous if self.compare else None

    @property
    def where(self) -> str:
        """The narrowing as a condition of the engine's expression language."""
        if not self.only:
            return ""
        quoted = self.value.replace("'", "''")
        return f"{self.only} = '{quoted}'" if self.value else f"{self.only} is null"

    def url(self, route: str = "explore", **changed: object) -> str:
        """The address of this question, or of one that differs from it in what is given."""
        path = str(changed.pop("path", ""))
        after = str(changed.pop("after", ""))
        ask = replace(self, **changed)  # type: ignore[arg-type]
        given = {
            "period": str(ask.period),
            "by": ask.by,
            "compare": ask.compare,
            "only": ask.only,
            "value": ask.value if ask.only else "",
            "days": ask.days,
            "rest": ask.rest,
            "path": path,
            "after": after,
        }
        told = {name: each for name, each in given.items() if each}
        if ask.key is not None:
            told["key"] = ask.key
        return f"{reverse(f'metrics:{route}', args=(ask.metric,))}?{urlencode(told)}"
