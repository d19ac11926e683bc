"""Set up a source: found it, tell its settings, test it, map it, put it on a schedule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from mingji.audit import trail
from mingji.connectors.source import Tested
from mingji.engine.sheets import ALL
from mingji.metrics import policy
from mingji.metrics.definitions import loadable_tables
from mingji.metrics.doors import INBOX, SHEETS, UPLOAD, connector_of, kind_of, opened
from mingji.metrics.mapping import From, flaws
from mingji.metrics.models import Source
from mingji.people import queries as people
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid, NotAllowedNow, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Names that stand for something else in an address.
_TAKEN = ("new",)


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """What the mapping screen says: the entity of the source, its table, where each column comes
    from, the columns that the source had then, those that never come in, and whether sheets of a
    workbook with the same columns are read `together`."""

    table: str
    columns: Mapping[str, From]
    headers: Sequence[str]
    excluded: Sequence[str] = ()
    entity: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """When a source is read, who answers for it (a member's code), and whether it is on."""

    schedule: str
    at: time | None = None
    owner: str = ""
    enabled: bool = True


@transaction.atomic
def create_source(actor: Actor, kind: str, code: str, name: Text, at: datetime) -> Source:
    """Found a source; it is off, has no settings, and reads nothing yet.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: no such kind, or the code cannot be used or is taken.
    """
    policy.may_keep_data(actor).require()
    kind_of(kind)
    if not _CODE.fullmatch(code) or code in _TAKEN or len(code) > 40:
        raise _invalid("code", _BAD_CODE, _BAD_CODE_REMEDY)
    if Source.objects.filter(code=code).exists():
        message = Text(f"编号“{code}”已经有了", f"the code “{code}” is taken")
        raise _invalid("code", message, Text("换一个编号", "choose another"))
    source = Source.objects.create(
        code=code, name_zh=name.zh, name_en=name.en, kind=kind, created_at=at
    )
    _audit(actor, source, "create_source", at, {"kind": kind})
    return source


@transaction.atomic
def set_up_source(actor: Actor, code: str, given: Mapping[str, Any], at: datetime) -> Source:
    """Tell the settings of a source; secrets are only named, never told.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        Invalid: naming each setting that does not fit the kind.
    """
    source = source_to_change(actor, code)
    opened(source.kind, source.code, given)
    if source.settings != dict(given):
        source.cursor = None
    source.settings, source.checked_at, source.checked = dict(given), None, {}
    source.save(update_fields=["settings", "cursor", "checked_at", "checked"])
    _audit(actor, source, "set_up_source", at, {"settings": sorted(given)})
    return source


def check_source(actor: Actor, code: str, at: datetime) -> Tested:
    """Ask the source whether it answers, and write down what it said.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        Invalid: the settings do not fit the kind.
    """
    policy.may_keep_data(actor).require()
    tested = connector_of(_found(code)).test()
    with transaction.atomic():
        source = source_to_change(actor, code)
        source.checked_at = at
        source.checked = {
            "ok": tested.ok,
            "zh": tested.message.zh,
            "en": tested.message.en,
            "account": tested.account,
        }
        source.save(update_fields=["checked_at", "checked"])
        _audit(actor, source, "test_source", at, {"ok": tested.ok})
    return tested


@transaction.atomic
def map_source(actor: Actor, code: str, mapping: SourceMapping, at: datetime) -> Source:
    """Say to which table the rows go and where each of its columns comes from.

    Once rows were loaded, table and key stay: rows under another key would count twice.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        NotAllowedNow: rows were loaded, and table or key would be another.
        Invalid: naming each column that is missing, gone or used twice.
    """
    source = source_to_change(actor, code)
    table = loadable_tables().get(mapping.table)
    if table is None:
        message = Text(f"没有数据表“{mapping.table}”", f"there is no table “{mapping.table}”")
        raise _invalid("table", message, Text("选一张数据表", "choose a table"))
    found = flaws(table, mapping.columns, mapping.headers)
    if found:
        raise Invalid(found[0].message, code="mapping", findings=tuple(found))
    told = {name: each.data() for name, each in mapping.columns.items() if name in table.columns}
    _keep_the_key(source, mapping.table, table.key, told)
    used = {each.header for each in mapping.columns.values()}
    source.table, source.entity, source.mapping = mapping.table, mapping.entity, told
    source.headers = list(mapping.headers)
    source.excluded = [header for header in mapping.excluded if header not in used]
    source.cursor = None
    if source.kind in (UPLOAD, INBOX):
        source.settings = {**source.settings, SHEETS: ALL if mapping.together else "one"}
    source.save()
    evidence = {"table": source.table, "columns": sorted(told)}
    _audit(actor, source, "map_source", at, {**evidence, "together": mapping.together})
    return source


@transaction.atomic
def schedule_source(actor: Actor, code: str, plan: SourcePlan, at: datetime) -> Source:
    """Say when a source is read and who answers for it, and switch it on or off.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        NotAllowedNow: it is to be switched on and has no mapping.
        Invalid: no such schedule or member.
    """
    source = source_to_change(actor, code)
    if plan.schedule not in Source.Schedule.values:
        message = Text(f"没有“{plan.schedule}”这种时间安排", f"no such schedule: {plan.schedule}")
        raise _invalid("schedule", message, Text("选一种", "choose one"))
    if plan.enabled and not source.table:
        raise NotAllowedNow(_NOT_MAPPED, code="not_mapped")
    owner = people.members_by_code([plan.owner]).get(plan.owner) if plan.owner else None
    if plan.owner and owner is None:
        message = Text(f"没有编号为“{plan.owner}”的成员", f"no member has the code “{plan.owner}”")
        raise _invalid("owner", message, Text("在成员名录里查编号", "look it up in the directory"))
    source.schedule, source.at, source.owner = plan.schedule, plan.at, owner
    source.enabled = plan.enabled
    source.save(update_fields=["schedule", "at", "owner", "enabled"])
    told = {"schedule": plan.schedule, "owner": plan.owner, "enabled": plan.enabled}
    _audit(actor, source, "schedule_source", at, told)
    return source


def source_to_change(actor: Actor, code: str) -> Source:
    """The source, locked until the transaction ends.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
    """
    policy.may_keep_data(actor).require()
    return _found(code, lock=True)


def _found(code: str, *, lock: bool = False) -> Source:
    rows = Source.objects.select_for_update() if lock else Source.objects.all()
    source = rows.filter(code=code).first()
    if source is None:
        raise NotFound(
            Text(f"没有数据来源“{code}”", f"There is no source “{code}”"), code="no_source"
        )
    return source


def _keep_the_key(source: Source, table: str, key: Sequence[str], told: Mapping[str, Any]) -> None:
    changed = source.table != table or any(source.mapping.get(n) != told.get(n) for n in key)
    if source.table and changed and source.runs.filter(loaded__gt=0).exists():
        raise NotAllowedNow(_LOADED_ALREADY, code="loaded_already")


def _audit(
    actor: Actor, source: Source, action: str, at: datetime, evidence: Mapping[str, object]
) -> None:
    trail.record(
        actor=actor_code(actor),
        action=f"metrics.{action}",
        kind="source",
        object_id=source.code,
        at=at,
        evidence=evidence,
    )


def _invalid(field: str, message: Text, remedy: Text) -> Invalid:
    finding = Finding(field, "error", message, remedy, Place(path=field))
    return Invalid(message, code=field, findings=(finding,))


_BAD_CODE = Text("编号不能这样写", "the code cannot be used")
_BAD_CODE_REMEDY = Text(
    "用小写字母、数字和连字符，如 crm-leads", "use small letters, digits and hyphens: crm-leads"
)
_NOT_MAPPED = Text(
    zh="还没有字段对应，不能启用。先完成“字段对应”。",
    en="There is no mapping yet, so it cannot be switched on. Map its columns first.",
)
_LOADED_ALREADY = Text(
    zh="已经载入过数据，不能再换数据表或主键的来源列，否则同一行会计两次。另建一个来源。",
    en="Rows were loaded already; with another table or key they would count twice. "
    "Make a new source instead.",
)
