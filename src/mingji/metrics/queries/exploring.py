"""The KPI explorer: a metric cut by any dimension, over periods, against another period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

from mingji.engine.backends.choosing import Engine
from mingji.engine.identity import Identity
from mingji.engine.model import Metric
from mingji.engine.observation import Observation
from mingji.engine.observe import observe
from mingji.engine.periods import CALENDAR_YEAR
from mingji.engine.plan import earliest_day
from mingji.engine.warehouse import Warehouse
from mingji.metrics.computing import in_force
from mingji.metrics.definitions import library, metric_of
from mingji.metrics.exploration import MEMBER, TEAM, Exploration
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.queries.catalogue import no_data
from mingji.metrics.queries.comparing import change, moved
from mingji.metrics.queries.dimensions import PEOPLE, Dimension, check, dimensions
from mingji.metrics.queries.rows import CSV_PAGE, PAGE, Rows, csv_lines, opened_rows
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.explanation import Node
from mingji.rules.numbers import rounded
from mingji.rules.text import Text

_BLANK = Text("（未填）", "(blank)")
# One part of a cut, and a period.
Keys = tuple[str, str]
Found = Mapping[Keys, Observation]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the explorer: a value now and in the compared period, and where each opens.

    `width` is the value in percent of the largest; `narrowed` leads to this part alone.
    """

    key: str
    name: Text
    value: Decimal | None
    why: str
    before: Decimal | None
    why_before: str
    change: Decimal | None
    why_change: str
    rows: int
    width: Decimal
    narrowed: str


@dataclass(frozen=True, slots=True)
class Explored:
    """The answer to an exploration; `series` is the whole by period, `parts` a page of the cut.

    `rest` is everything that does not stand on this page, computed from its rows; None where the
    page shows all, and for people, who are counted in several teams.
    """

    metric: Metric
    ask: Exploration
    dimensions: tuple[Dimension, ...]
    whole: Part
    series: tuple[tuple[Period, Decimal | None, str], ...]
    parts: tuple[Part, ...]
    rest: Part | None
    next: str

    @property
    def by(self) -> Text:
        """What the dimension of the cut is called."""
        return self._named(self.ask.by)

    @property
    def only(self) -> Text:
        """What the dimension of the narrowing is called."""
        return self._named(self.ask.only)

    def _named(self, id_: str) -> Text:
        return next((each.name for each in self.dimensions if each.id == id_), Text.same(id_))


def explore(viewer: Viewer, ask: Exploration, after: str = "") -> Explored:
    """The value of a metric by period and by part; members only if they are in one's reach.

    Raises:
        NotFound: there is no such metric.
        Invalid: the metric cannot be cut or narrowed so.
    """
    metric = metric_of(ask.metric)
    known = dimensions(metric)
    check(ask, known)
    ground = _Ground.of(metric, {*ask.periods, *_both(ask)})
    total = ground.found(ask, "", {*ask.periods, *_both(ask)})
    series = tuple(
        (each, _value(total, "", each), ask.url("explore_why", period=each, by="", compare=""))
        for each in ask.periods
    )
    whole = _part(replace(ask, by="", key=None), metric, total, Text("合计", "Whole"))
    parts = _parts(viewer, ground, ask) if ask.by else []
    page, last = _page(parts, after)
    rest = None if ask.by in PEOPLE else _rest(ground, ask, page, len(parts), after)
    more = "" if last else ask.url(after=f"={page[-1].key}")
    return Explored(metric, ask, known, whole, series, tuple(page), rest, more)


def explored_whole(viewer: Viewer, ask: Exploration) -> Explored:
    """The same with every part of the cut on one page, for an export.

    Raises:
        NotFound: as `explore`.
        Invalid: as `explore`.
    """
    found = explore(viewer, ask)
    if not found.next:
        return found
    ground = _Ground.of(found.metric, _both(ask))
    return replace(found, parts=tuple(_parts(viewer, ground, ask)), rest=None, next="")


def explored_reasons(viewer: Viewer, ask: Exploration) -> Node:
    """Why one number of the explorer is what it is; with a comparison the change is the root.

    Raises:
        NotFound: no such metric, or a member out of the viewer's reach.
        Invalid: the metric cannot be cut or narrowed so.
    """
    metric = metric_of(ask.metric)
    check(ask, dimensions(metric))
    key = _key(viewer, ask)
    ground = _Ground.of(metric, _both(ask))
    by = ask.by if ask.key is not None else ""
    found = ground.found(ask, by, _both(ask), _beyond(viewer, ask))
    now = _node(metric, found, key, ask.period)
    if ask.base is None:
        return now
    before = _node(metric, found, key, ask.base)
    return change(replace(now, key="now"), replace(before, key="before"))


def explored_rows(viewer: Viewer, ask: Exploration, after: str = "") -> tuple[Rows, bool]:
    """A page of the rows behind a number of the explorer; whether an owner was left blank.

    Raises:
        NotFound: as `explored_reasons`, or the metric has no rows of its own.
    """
    return _rows(viewer, ask, after, PAGE)


def explored_rows_csv(viewer: Viewer, ask: Exploration) -> Iterator[str]:
    """Every row behind a number of the explorer, as lines of a CSV.

    Raises:
        NotFound: as `explored_rows`; before the first line.
    """
    first, _ = _rows(viewer, ask, "", CSV_PAGE)
    return csv_lines(first, lambda after: _rows(viewer, ask, after, CSV_PAGE)[0])


def explored_rows_url(ask: Exploration, reference: str) -> str | None:
    """The address of the rows that a source in an explanation of the explorer refers to."""
    name, _, query = reference.partition("?")
    keys, definitions = dict(parse_qsl(query)), library().definitions
    if name not in {**definitions.metrics, **definitions.parts} or "period" not in keys:
        return None
    period, days = Period.parse(keys["period"]), keys.get("days", "")
    return ask.url("explore_rows", metric=name, period=period, days=days, compare="")


def _both(ask: Exploration) -> set[Period]:
    return {ask.period, ask.base} if ask.base else {ask.period}


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every answer about some periods stands on: the rows, and who is who on their days."""

    metric: Metric
    store: Warehouse | Engine
    identity: Identity

    @classmethod
    def of(cls, metric: Metric, periods: set[Period]) -> _Ground:
        first = earliest_day(library().definitions, [metric], [*map(str, periods)], CALENDAR_YEAR)
        days = [first, *(each.start for each in periods), *(each.end for each in periods)]
        return cls(metric, in_force(), identity_between(min(days), max(days)))

    def found(
        self, ask: Exploration, by: str, periods: set[Period], beyond: str = ""
    ) -> dict[Keys, Observation]:
        """What the engine says, by (part, period); the whole is the part "".

        `beyond` is one more condition on the rows.
        """
        found: dict[Keys, Observation] = {}
        for cut in self._cuts(by):
            answer = observe(
                self.store,
                library().definitions,
                metrics=[self.metric.id],
                by=(*cut, "period"),
                grain=ask.period.kind,
                periods=sorted(map(str, periods)),
                where=_both_true(ask.where, beyond),
                identity=self.identity,
                empty=False,
                told=False,
            )
            for row in answer.rows:
                key = row.keys[cut[0]] if cut else ""
                if key or by not in PEOPLE:
                    found[key, row.keys["period"]] = row
        return found

    def _cuts(self, by: str) -> list[list[str]]:
        """Teams are cut at each depth of the tree, anything else once."""
        if by == TEAM:
            return [[name] for name in self.identity.names if is_unit(name)]
        return [[by] if by else []]


def _parts(viewer: Viewer, ground: _Ground, ask: Exploration) -> list[Part]:
    found = ground.found(ask, ask.by, _both(ask))
    names = _names(viewer, ask, {key for key, _ in found})
    values = (_value(found, key, ask.period) for key in names)
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    parts = [
        _part(replace(ask, key=key), ground.metric, found, name, largest)
        for key, name in names.items()
    ]
    return sorted(parts, key=lambda each: (each.value is None, -(each.value or 0), each.name.zh))


def _page(parts: list[Part], after: str) -> tuple[list[Part], bool]:
    """The parts of the page behind a key, told as `=key`; whether it is the last."""
    keys = [f"={part.key}" for part in parts]
    start = keys.index(after) + 1 if after in keys else 0
    return parts[start : start + PAGE], len(parts) <= start + PAGE


def _rest(
    ground: _Ground, ask: Exploration, page: list[Part], parts: int, after: str
) -> Part | None:
    """Everything that does not stand on a page, as one line."""
    others = parts - len(page)
    if not others:
        return None
    beyond = _not_among(ask.by, [part.key for part in page])
    found = ground.found(ask, "", _both(ask), beyond)
    asked = replace(ask, key=None, rest=f"{ask.metric}:{ask.period}:{after}")
    return _part(asked, ground.metric, found, Text(f"其余 {others:,} 项", f"{others:,} others"))


def _beyond(viewer: Viewer, ask: Exploration) -> str:
    """The condition of the rows that do not stand on the page that `ask.rest` names."""
    name, _, more = ask.rest.partition(":")
    period, _, after = more.partition(":")
    if not name or not ask.by or ask.by in PEOPLE:
        return ""
    asked = replace(ask, metric=name, period=Period.parse(period), compare="", rest="")
    parts = _parts(viewer, _Ground.of(metric_of(name), {asked.period}), asked)
    return _not_among(ask.by, [part.key for part in _page(parts, after)[0]])


def _not_among(by: str, keys: list[str]) -> str:
    """The condition of the rows that have none of these values; "" is no value."""
    listed = ", ".join("'" + key.replace("'", "''") + "'" for key in keys if key)
    apart = f"not {by} in ({listed})" if listed else ""
    if "" in keys:
        return _both_true(f"{by} is not null", apart)
    return f"({by} is null or {apart})"


def _both_true(*conditions: str) -> str:
    return " and ".join(f"({each})" for each in conditions if each)


def _names(viewer: Viewer, ask: Exploration, keys: set[str]) -> dict[str, Text]:
    """What each part is called; of members only those in the viewer's reach."""
    if ask.by == TEAM:
        teams = people.teams_by_code()
        return {key: Text(teams[key].name_zh, teams[key].name_en) for key in keys}
    if ask.by == MEMBER:
        if not viewer.analyst:
            seen = people.reach(viewer).filter(code__in=keys).values_list("code", flat=True)
            keys = set(seen)
        return people.names_by_code(keys)
    return {key: Text.same(key) if key else _BLANK for key in keys}


def _part(
    ask: Exploration, metric: Metric, found: Found, name: Text, largest: Decimal = Decimal(0)
) -> Part:
    """The line of one part, or of the whole if `ask` names no part."""
    key = ask.key or ""
    now = _value(found, key, ask.period)
    before = _value(found, key, ask.base) if ask.base else None
    row = found.get((key, str(ask.period)))
    narrow = key and not ask.only and ask.by not in PEOPLE
    return Part(
        key=key,
        name=name,
        value=now,
        why=ask.url("explore_why", path="now" if ask.base else ""),
        before=before,
        why_before=ask.url("explore_why", path="before"),
        change=moved(metric.unit, now, before),
        why_change=ask.url("explore_why"),
        rows=row.row_count if row else 0,
        width=rounded(abs(now) * 100 / largest) if now and largest else Decimal(0),
        narrowed=ask.url(only=ask.by, value=key, by="", key=None) if narrow else "",
    )


def _value(found: Found, key: str, period: Period) -> Decimal | None:
    row = found.get((key, str(period)))
    return row.value if row else None


def _node(metric: Metric, found: Found, key: str, period: Period) -> Node:
    row = found.get((key, str(period)))
    return row.node if row else no_data(metric, str(period))


def _key(viewer: Viewer, ask: Exploration) -> str:
    """The part that is asked for, if it is the viewer's to see."""
    if ask.key is None:
        return ""
    if ask.by == MEMBER and not viewer.analyst:
        return people.member_for(viewer, ask.key).code
    if ask.by == TEAM and ask.key not in people.teams_by_code():
        raise NotFound(Text("没有这个团队。", "There is no such team."), code="no_team")
    return ask.key


def _rows(viewer: Viewer, ask: Exploration, after: str, limit: int) -> tuple[Rows, bool]:
    metric = metric_of(ask.metric)
    check(ask, dimensions(metric))
    key = _key(viewer, ask)
    keys = {"period": str(ask.period), **({"days": ask.days} if ask.days else {})}
    if ask.key is not None and ask.by:
        name = unit(len(team_lineages()[key]) - 1) if ask.by == TEAM else ask.by
        keys[name] = key
    if where := _both_true(ask.where, _beyond(viewer, ask)):
        keys["where"] = where
    member = key if ask.by == MEMBER else ""
    reference = f"{metric.id}?{urlencode(sorted(keys.items()))}"
    when = ask.days or str(ask.period)
    return opened_rows(viewer, metric, when, reference, member, after, limit)
