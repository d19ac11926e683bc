"""The pages of sources: how each stands, and one with its settings, mapping and runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mingji.connectors.kinds import Kind
from mingji.connectors.settings import Setting
from mingji.engine.model import Column, Metric
from mingji.metrics import policy
from mingji.metrics.definitions import library
from mingji.metrics.doors import FILES, PUSH, UPLOAD, kind_of, source_kinds
from mingji.metrics.mapping import From, mapping_of
from mingji.metrics.models import Source, SourceRun
from mingji.metrics.queries.concerned import concerned
from mingji.metrics.queries.naming import ToldFinding, told_findings
from mingji.metrics.queries.quality import QualityLine, quality_of
from mingji.metrics.queries.runs import findings_of, last_good, latest_runs, runs_of
from mingji.metrics.schedule import Health, health, next_planned
from mingji.people.viewer import Actor, Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one source stands. `next` is when it will be read; None: by hand, pushed or paused."""

    source: Source
    kind: Text
    table: Text | None
    health: Health
    last: SourceRun | None
    next: datetime | None

    @property
    def step(self) -> str:
        """The first step of setting it up that is still to be done; empty when it is whole."""
        if not self.source.settings and self.source.kind != UPLOAD:
            return "settings"
        return "" if self.source.table else "mapping"

    @property
    def can_read_anew(self) -> bool:
        """Whether it is a system that is read by what changed, and was read already."""
        return bool(self.last and self.source.table and self.source.kind not in FILES)


@dataclass(frozen=True, slots=True)
class SourceList:
    """Some sources in the order of their codes; `next` is the key of the page after."""

    lines: tuple[SourceLine, ...]
    next: str


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the table and where it comes from; None: the source does not know it."""

    column: Column
    given: From | None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source: how it stands, its settings in words, its mapping, some of its runs.

    `metrics` are those of `people` members that are made from its table; `quality` is what stands
    out in the rows of that table, whichever source they came from.
    """

    line: SourceLine
    kind: Kind
    settings: tuple[tuple[Setting, Text | str], ...]
    mapping: tuple[MappedColumn, ...]
    runs: tuple[SourceRun, ...]
    next: str
    findings: tuple[ToldFinding, ...]
    quality: tuple[QualityLine, ...]
    metrics: tuple[Metric, ...]
    people: int


def source_list(actor: Actor, now: datetime, after: str = "", limit: int = PAGE) -> SourceList:
    """Every source with its health, `limit` at a time, in three queries.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    rows = Source.objects.select_related("owner").filter(code__gt=after)
    found = list(rows[: limit + 1])
    lines = _lines(found[:limit], now)
    return SourceList(tuple(lines), found[limit - 1].code if len(found) > limit else "")


def every_source(actor: Actor, now: datetime) -> tuple[SourceLine, ...]:
    """All sources at once, for the command line.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    return tuple(_lines(list(Source.objects.select_related("owner")), now))


def source_for(viewer: Viewer, code: str) -> Source:
    """A source by its code.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: there is no such source.
    """
    policy.may_keep_data(viewer).require()
    found = Source.objects.select_related("owner").filter(code=code).first()
    if found is None:
        message = Text(f"没有数据来源“{code}”", f"There is no source “{code}”")
        raise NotFound(message, code="no_source")
    return found


def source_page(viewer: Viewer, code: str, now: datetime, after: str = "") -> SourcePage:
    """One source with its history, the latest runs first.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: there is no such source.
    """
    source = source_for(viewer, code)
    (line,) = _lines([source], now)
    kind = kind_of(source.kind)
    runs, key = runs_of(source, after)
    table = library().definitions.tables.get(source.table)
    given = mapping_of(source.mapping)
    columns = table.columns.values() if table else ()
    metrics, people = concerned(library().definitions, table.name) if table else ([], 0)
    return SourcePage(
        line=line,
        kind=kind,
        settings=tuple(_settings(kind, source)),
        mapping=tuple(MappedColumn(column, _known(given.get(column.name))) for column in columns),
        runs=tuple(runs),
        next=key,
        findings=told_findings(findings_of(line.last), source.table) if line.last else (),
        quality=quality_of(table.name) if table else (),
        metrics=tuple(library().definitions.metrics[name] for name in metrics),
        people=people,
    )


def kinds_to_choose(viewer: Viewer) -> tuple[Kind, ...]:
    """The kinds that a new source may be of.

    Raises:
        NotAllowed: the viewer does not keep the data.
    """
    policy.may_keep_data(viewer).require()
    return source_kinds()


def _lines(sources: Sequence[Source], now: datetime) -> list[SourceLine]:
    last, good = latest_runs(sources), last_good(sources)
    tables, kinds = library().definitions.tables, {kind.name: kind for kind in source_kinds()}
    return [
        SourceLine(
            source=source,
            kind=kinds[source.kind].label if source.kind in kinds else Text.same(source.kind),
            table=tables[source.table].label if source.table in tables else None,
            health=health(source, last.get(source.pk), good.get(source.pk), now),
            last=last.get(source.pk),
            next=None if source.kind == PUSH else next_planned(source, now),
        )
        for source in sources
    ]


def _settings(kind: Kind, source: Source) -> list[tuple[Setting, Text | str]]:
    """What is set, in words: a choice by its name, anything else as it was written."""
    told = [(each, str(source.settings.get(each.name, each.default))) for each in kind.settings]
    return [(each, each.choices.get(value, value)) for each, value in told if value]


def _known(given: From | None) -> From | None:
    return given if given and given.header else None
