"""The page of the data analyst: what was loaded, what was found, whose rows are nobody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mingji.engine.model import Definitions, Metric
from mingji.engine.warehouse import Batch
from mingji.metrics import policy
from mingji.metrics.definitions import library, warehouse
from mingji.metrics.following import periods_followed
from mingji.metrics.models import Observation, RefreshRun
from mingji.metrics.queries.facts import observed_periods
from mingji.metrics.queries.naming import ToldFinding, told_findings
from mingji.metrics.stored import finding_of
from mingji.people import directory
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_NEAR = 5
_QUARTERS = 6


@dataclass(frozen=True, slots=True)
class Worth:
    """What unmatched rows come to in a metric."""

    name: Text
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class OwnerRows:
    """The rows of one unmatched owner in one table."""

    name: Text
    rows: int
    values: tuple[Worth, ...]


@dataclass(frozen=True, slots=True)
class UnmatchedOwner:
    """An owner in a source that is no member (`no_member`) or a member in no team then."""

    source: str
    owner: str
    reason: str
    tables: tuple[OwnerRows, ...]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A batch in the list of loaded files."""

    table: Text
    file: str
    read: int
    loaded: int
    rejected: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LastRefresh:
    """When values were last computed, over what, and how many of them changed."""

    run_id: int
    at: datetime
    periods: tuple[str, ...]
    observations: int


@dataclass(frozen=True, slots=True)
class DataPage:
    """Everything the data analyst keeps an eye on."""

    last: LastRefresh | None
    batches: tuple[LoadedFile, ...]
    findings: tuple[ToldFinding, ...]
    unmatched: tuple[UnmatchedOwner, ...]


def data_page(viewer: Viewer) -> DataPage:
    """Loaded batches with their findings, unmatched owners, and the last refresh.

    Raises:
        NotAllowed: the viewer is not the data analyst.
    """
    policy.may_keep_data(viewer).require()
    run = RefreshRun.objects.first()
    batches = loaded_batches()
    found = [each for batch in batches for each in told_findings(batch.findings, batch.table)]
    found += told_findings(map(finding_of, run.findings)) if run else ()
    return DataPage(
        last=_last(run) if run else None,
        batches=tuple(sorted(map(_loaded_file, batches), key=lambda each: each.at, reverse=True)),
        findings=tuple(dict.fromkeys(found)),
        unmatched=_unmatched(run.unmatched) if run else (),
    )


def unmatched_owners() -> tuple[UnmatchedOwner, ...]:
    """The owners whose rows counted for nobody in the last refresh.

    For callers that have asked `policy.may_keep_data`.
    """
    run = RefreshRun.objects.only("unmatched").first()
    return _unmatched(run.unmatched) if run else ()


def source_health() -> tuple[LastRefresh | None, int, int]:
    """For the analyst's home page: last refresh, unmatched owners, warnings and errors found.

    For callers that have asked `policy.may_keep_data`.
    """
    run = RefreshRun.objects.first()
    if run is None:
        return None, 0, 0
    grave = [entry for entry in run.findings if entry["severity"] != "info"]
    return _last(run), len(_unmatched(run.unmatched)), len(grave)


def loaded_batches() -> tuple[Batch, ...]:
    """Every batch in the warehouse, table by table in the order of loading."""
    store = warehouse()
    return tuple(
        batch for table in sorted(library().definitions.tables) for batch in store.batches(table)
    )


def periods_to_refresh(today: date) -> list[str]:
    """What "refresh now" computes: this quarter, the five before it, all computed before, and
    those that goals are agreed for: a year, a half-year, a month."""
    quarters = [Period.of(today, "quarter")]
    while len(quarters) < _QUARTERS:
        quarters.append(quarters[-1].previous)
    return sorted({*map(str, quarters), *observed_periods(), *periods_followed(today)})


def member_code(viewer: Viewer, words: str) -> str:
    """The code of the one member meant by a code, a name, pinyin or initials.

    Raises:
        Invalid: nobody, or more than one, is called so; the near ones are named.
    """
    words = words.strip()
    if words in people.members_by_code([words]):
        return words
    entries = directory.directory(viewer, words).entries if words else ()
    if len(entries) == 1:
        return entries[0].code
    if entries:
        near = "、".join(f"{each.name.zh}（{each.code}）" for each in entries[:_NEAR])
        near_en = ", ".join(f"{each.name.en} ({each.code})" for each in entries[:_NEAR])
        raise Invalid(
            Text(
                zh=f"“{words}”可能是好几位成员：{near}。填其中一位的编号",
                en=f"“{words}” may be several members: {near_en}. Give the code of one",
            ),
            code="several_members",
        )
    raise Invalid(
        Text(
            zh=f"没有成员叫“{words}”。填编号、姓名或拼音；已离职的填编号",
            en=f"No member is called “{words}”. Give a code, a name or pinyin; "
            "for somebody who has left, the code",
        ),
        code="no_member",
    )


def _loaded_file(batch: Batch) -> LoadedFile:
    return LoadedFile(
        table=library().definitions.tables[batch.table].label,
        file=batch.file,
        read=batch.read,
        loaded=batch.loaded,
        rejected=batch.read - batch.loaded,
        at=datetime.fromisoformat(batch.loaded_at),
    )


def _last(run: RefreshRun) -> LastRefresh:
    changed = Observation.objects.filter(run=run).count()
    return LastRefresh(run.pk, run.at, tuple(run.periods), changed)


def _unmatched(entries: Sequence[Mapping[str, Any]]) -> tuple[UnmatchedOwner, ...]:
    definitions = library().definitions
    owners: dict[tuple[str, str, str], list[OwnerRows]] = {}
    for entry in entries:
        key = (entry["source"], entry["owner"], entry["reason"])
        table = definitions.tables.get(entry["table"])
        name = table.label if table else Text.same(entry["table"])
        values = tuple(_worth(definitions, entry["table"], entry["values"]))
        owners.setdefault(key, []).append(OwnerRows(name, entry["rows"], values))
    return tuple(UnmatchedOwner(*key, tuple(tables)) for key, tables in sorted(owners.items()))


def _worth(definitions: Definitions, table: str, values: Mapping[str, str | None]) -> list[Worth]:
    """Money first of all: what the company counts and nobody is credited with."""
    known = [(definitions.metrics[name], value) for name, value in values.items() if value]
    return [
        Worth(metric.name, Decimal(str(value)), metric.unit)
        for metric, value in known
        if metric.table == table and _is_money_sum(metric) and Decimal(str(value))
    ]


def _is_money_sum(metric: Metric) -> bool:
    return metric.agg == "sum" and metric.unit.isupper()
