"""The pages of metrics: the list, and one metric by quarter, team and member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from mingji.engine.metric_checks import reaches
from mingji.engine.model import Metric, Table
from mingji.metrics import policy
from mingji.metrics.definitions import library, metric_of
from mingji.metrics.models import Observation, RefreshRun
from mingji.metrics.queries.facts import (
    ObservationFact,
    company_facts,
    fact,
    observed_periods,
    published,
)
from mingji.metrics.queries.restated import RestatedLine, restated_lines
from mingji.metrics.slices import Slice
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.explanation import Node
from mingji.rules.text import Text

SHOWN_PERIODS = 6
PAGE = 50
_LONGEST_KEY = 19


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric in the list: the company's value, what came before, and how complete it is."""

    metric: Metric
    value: Decimal | None
    why: str
    trend: tuple[tuple[str, Decimal | None], ...]
    rows: int
    unmatched_rows: int

    @property
    def words(self) -> str:
        """What the metric can be found by: its id and its names, in small letters."""
        return _words(self.metric)

    @property
    def has_data(self) -> bool:
        """Whether the company has a value of it in any of the periods shown."""
        return any(value is not None for _, value in self.trend)

    @property
    def before(self) -> Decimal | None:
        """The value of the period before."""
        return self.trend[-2][1] if len(self.trend) > 1 else None

    @property
    def why_before(self) -> str:
        """Where the value of the period before opens."""
        return Slice(self.metric.id, self.trend[-2][0]).url("why") if len(self.trend) > 1 else ""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value in a table of a metric page; `why` is where it opens."""

    name: Text
    value: Decimal | None
    rows: int
    why: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class MetricPage:
    """A metric with its values by quarter, by team, and by the members in the viewer's reach.

    `people` is how many members have a value in the period, `fresh` when values were last computed.
    `earlier` are the metrics that keep what it meant before; `outdated`: the definitions have
    changed since.
    """

    metric: Metric
    parts: tuple[Metric, ...]
    period: str
    periods: tuple[str, ...]
    now: ObservationFact | None
    by_period: tuple[ValueLine, ...]
    by_team: tuple[ValueLine, ...]
    by_member: tuple[ValueLine, ...]
    next: str
    restated: tuple[RestatedLine, ...] = ()
    earlier: tuple[Metric, ...] = ()
    people: int = 0
    fresh: datetime | None = None
    outdated: bool = False

    @property
    def table(self) -> Table | None:
        """The table whose rows are counted, if it is one."""
        return library().definitions.tables.get(self.metric.table)

    @property
    def counter(self) -> Metric | None:
        """The metric that shows it when this one is gamed."""
        return library().definitions.metrics.get(self.metric.counter_metric)


@dataclass(frozen=True, slots=True)
class SliceView:
    """The explanation of one value: whose it is, the tree, and where the page stands."""

    slice: Slice
    metric: Metric
    subject: Text
    node: Node
    run_id: int | None

    @property
    def title(self) -> Text:
        """`New leads · Zhang Wei · Q3 2026`."""
        name, who, when = self.metric.name, self.subject, Period.parse(self.slice.period).label
        return Text(zh=f"{name.zh} · {who.zh} · {when.zh}", en=f"{name.en} · {who.en} · {when.en}")


def metric_lines(period: str) -> list[MetricLine]:
    """Every metric with the company's value in a period, its past, and its unmatched rows."""
    periods = _shown(observed_periods(), period)
    company = Observation.objects.filter(
        current=True, member=None, team=None, period__in=periods
    ).defer("tree")
    known = {(row.metric, row.period): row for row in company}
    unmatched, definitions = _unmatched_rows(), library().definitions
    lines = []
    for metric in definitions.metrics.values():
        now = known.get((metric.id, period))
        past = tuple((each, _published(known.get((metric.id, each)))) for each in periods)
        tables = definitions.sources(metric)
        lines.append(
            MetricLine(
                metric=metric,
                value=_published(now),
                why=Slice(metric.id, period).url("why"),
                trend=past,
                rows=now.rows if now else 0,
                unmatched_rows=sum(unmatched.get(table, 0) for table in tables),
            )
        )
    return lines


def metrics_page(search: str, after: str, limit: int) -> tuple[list[Metric], str]:
    """The metrics by id whose id or name holds the words, and the key of the page after or empty.

    How people are measured is no secret: everybody sees all of them.
    """
    known = sorted(library().definitions.metrics.values(), key=lambda metric: metric.id)
    words = search.strip().casefold()
    found = [each for each in known if each.id > after and words in _words(each)]
    return found[:limit], found[limit - 1].id if len(found) > limit else ""


def metric_page(viewer: Viewer, metric_id: str, period: str, after: str = "") -> MetricPage:
    """A metric as the viewer may see it; members `PAGE` at a time, in the order of names.

    Raises:
        NotFound: there is no such metric.
    """
    metric = metric_of(metric_id)
    every = observed_periods()
    periods = _shown(every, period)
    company = company_facts(periods, [metric_id])
    here = Observation.objects.filter(
        policy.visible_to(viewer), current=True, metric=metric_id, period=period
    ).defer("tree")
    teams = here.filter(team__isnull=False).select_related("team").order_by("team__code")
    members = _after(here, after)[: PAGE + 1]
    shown = list(members)[:PAGE]
    more = len(members) > PAGE
    definitions = library().definitions
    last = RefreshRun.objects.values_list("at", "definitions_digest").first()
    return MetricPage(
        metric=metric,
        parts=tuple(
            definitions.metrics[name] for name in metric.inputs if name in definitions.metrics
        ),
        earlier=definitions.earlier.get(metric_id, ()),
        period=period,
        periods=tuple(every),
        now=company.get((metric_id, period)),
        by_period=tuple(
            _line(Text.same(each), company.get((metric_id, each)), Slice(metric_id, each))
            for each in periods
        ),
        by_team=tuple(map(_team_line, teams)),
        by_member=tuple(map(_member_line, shown)),
        next=_key(shown[-1]) if more else "",
        restated=tuple(restated_lines(viewer, metric_id, periods)),
        people=Observation.objects.filter(
            current=True, metric=metric_id, period=period, member__isnull=False
        ).count(),
        fresh=last[0] if last else None,
        outdated=last is not None and last[1] != library().digest,
    )


def observation_for(viewer: Viewer, asked: Slice) -> SliceView:
    """One value with its reasons, if it is the viewer's to see; without any row it is "no data".

    Raises:
        NotFound: no such metric, period, team or member, or not the viewer's to see.
    """
    metric = metric_of(asked.metric)
    answers = (
        bool(asked.member)
        and not viewer.analyst
        and policy.answers_for(viewer, _made_from(metric.id), asked.period, asked.member)
    )
    subject = subject_of(viewer, asked, answers=answers)
    seen = Q() if answers else policy.visible_to(viewer)
    row = Observation.objects.filter(seen, asked.condition).first()
    if row is not None:
        return SliceView(asked, metric, subject, fact(row).node, row.run_id)
    if asked.period not in observed_periods():
        raise NotFound(
            Text(
                zh=f"{asked.period} 还没有数据。换一个期间，或等下一次数据刷新",
                en=f"There are no values for {asked.period} yet. Choose another period, "
                "or wait for the next refresh",
            ),
            code="no_period",
        )
    return SliceView(asked, metric, subject, no_data(metric, asked.period), None)


def no_data(metric: Metric, period: str) -> Node:
    """The explanation of a slice without a single row: not zero, nothing is known."""
    formula = Text(
        zh=f"{period} 内没有一行属于这里的数据，所以是“无数据”，不是 0",
        en=f"not one row of {period} belongs here, so this is “no data”, not 0",
    )
    return Node(
        key=metric.id,
        label=metric.name,
        value=None,
        rule=f"metric.{metric.agg or metric.type}",
        formula=formula,
        unit=metric.unit,
        flags=("no_data",),
    )


def _words(metric: Metric) -> str:
    return f"{metric.id} {metric.name.zh} {metric.name.en}".casefold()


def _after(here: QuerySet[Observation], after: str) -> QuerySet[Observation]:
    found = here.filter(member__isnull=False).select_related("member")
    name, _, key = after.rpartition("~")
    if name and key.isdecimal() and len(key) < _LONGEST_KEY:
        same = Q(member__name_sort=name, member_id__gt=int(key))
        found = found.filter(Q(member__name_sort__gt=name) | same)
    return found.order_by("member__name_sort", "member_id")


def _key(row: Observation) -> str:
    assert row.member is not None
    return f"{row.member.name_sort}~{row.member.pk}"


def _made_from(metric: str) -> list[str]:
    """A metric and those that are made from it."""
    definitions = library().definitions
    return [
        each.id
        for each in definitions.metrics.values()
        if each.id == metric or reaches(each.id, metric, definitions, set())
    ]


def subject_of(viewer: Viewer, asked: Slice, *, answers: bool = False) -> Text:
    """Whose value a slice is, in words. `answers`: the viewer answers for a dispute of it.

    Raises:
        NotFound: no such member or team, or a member who is not the viewer's to see.
    """
    if asked.member:
        member = (
            people.members_by_code([asked.member]).get(asked.member)
            if viewer.analyst or answers
            else people.member_for(viewer, asked.member)
        )
        if member is None:
            raise NotFound(Text("没有这位成员。", "There is no such member."), code="no_member")
        return Text(zh=member.name, en=member.name_en)
    if asked.team:
        team = people.teams_by_code().get(asked.team)
        if team is None:
            raise NotFound(Text("没有这个团队。", "There is no such team."), code="no_team")
        return Text(zh=team.name_zh, en=team.name_en)
    return Text("全公司", "Whole company")


def _unmatched_rows() -> Mapping[str, int]:
    run = RefreshRun.objects.only("unmatched").first()
    rows: dict[str, int] = {}
    for entry in run.unmatched if run else ():
        rows[entry["table"]] = rows.get(entry["table"], 0) + entry["rows"]
    return rows


def _shown(periods: Sequence[str], last: str) -> list[str]:
    return [each for each in periods if each <= last][-SHOWN_PERIODS:]


def _published(row: Observation | None) -> Decimal | None:
    return published(row) if row else None


def _line(name: Text, found: ObservationFact | None, at: Slice) -> ValueLine:
    value, rows = (found.value, found.rows) if found else (None, 0)
    return ValueLine(name, value, rows, at.url("why"))


def _team_line(row: Observation) -> ValueLine:
    assert row.team is not None
    at = Slice(row.metric, row.period, team=row.team.code)
    name = Text(zh=row.team.name_zh, en=row.team.name_en)
    return ValueLine(name, published(row), row.rows, at.url("why"), row.team.code)


def _member_line(row: Observation) -> ValueLine:
    assert row.member is not None
    at = Slice(row.metric, row.period, member=row.member.code)
    name = Text(zh=row.member.name, en=row.member.name_en)
    return ValueLine(name, published(row), row.rows, at.url("why"), row.member.code)
