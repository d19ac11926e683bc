"""Seals: what both sides signed cannot be changed in the database either, by whatever program.

The actions ask `rules.goal_steps` before they write. These triggers stand behind them, on SQLite
and on PostgreSQL, and refuse what no action does: a row changed, moved, added or deleted after
both sides signed, a version rewritten, a change request put in force without its steps. They know
one way: a change request that was accepted and approved by a third, until its terms are written,
which makes the next version. Who owns the database can take the triggers away; then `mingji verify
--goals` says so, and names every row that differs from what was signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, transaction

from mingji.goals.models import Agreement, ChangeRequest, Goal, Milestone, Version

_MESSAGE = "signed by both sides: changed by an approved change request only"
_SIGNED = "('agreed', 'changed', 'imported')"
# What goes on once a goal is signed; every other column belongs to what was signed.
_FREE = {"id", "combine", "done_on", "evidence"}
_DECISION = {"id", "status", "accepted_by", "accepted_at", "decided_by", "decided_at", "answer"}
_OF_STEP = "(SELECT agreement_id FROM goals_goal WHERE id = {row}.goal_id)"


@dataclass(frozen=True, slots=True)
class _Seal:
    """Refuse an operation on a row of a table when `when` holds."""

    table: str
    operation: str
    when: str

    @property
    def name(self) -> str:
        return f"sealed_{self.table}_{self.operation.lower()}"


def install(using: str = "default") -> None:
    """Put the seals on, in place of those that are there. Without the tables there are none."""
    connection = connections[using]
    known = set(connection.introspection.table_names())
    if not {model._meta.db_table for model in _MODELS} <= known:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for seal in _seals(connection.vendor):
            for statement in (*_off(seal, connection.vendor), *_on(seal, connection.vendor)):
                cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the seals off, for a migration that rebuilds the tables under them."""
    connection = connections[using]
    known = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for seal in _seals(connection.vendor):
            if seal.table in known:
                for statement in _off(seal, connection.vendor):
                    cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """The tables of goals that a seal is gone from, in the order of their names."""
    connection = connections[using]
    known = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(known)
        there = {name for (name,) in cursor.fetchall()}
    return sorted({seal.table for seal in _seals(connection.vendor) if seal.name not in there})


def before_migrating(*, using: str, plan: list[Any], **_: object) -> None:
    """Take the seals off when there is something to migrate."""
    if plan:
        remove(using)


def after_migrating(*, using: str, **_: object) -> None:
    """Put the seals on, whatever was rebuilt."""
    install(using)


_MODELS: tuple[type[models.Model], ...] = (Agreement, Goal, Milestone, Version, ChangeRequest)


def _seals(vendor: str) -> Iterator[_Seal]:
    yield from _of_goals(vendor)
    yield from _of_milestones(vendor)
    yield from _of_agreements(vendor)
    yield from _of_versions()
    yield from _of_requests(vendor)
    if vendor == "postgresql":  # SQLite knows no TRUNCATE
        for model in _MODELS:
            signed = f"EXISTS (SELECT 1 FROM goals_version WHERE kind IN {_SIGNED})"  # noqa: S608
            yield _Seal(model._meta.db_table, "TRUNCATE", signed)


def _of_goals(vendor: str) -> Iterator[_Seal]:
    new, old = _shut("NEW.agreement_id"), _shut("OLD.agreement_id")
    moved = f"NEW.agreement_id <> OLD.agreement_id AND {_signed('OLD.agreement_id')}"
    changed = _differ(vendor, Goal, _FREE)
    yield _Seal("goals_goal", "INSERT", new)
    yield _Seal("goals_goal", "UPDATE", f"({changed}) AND ({old} OR {new} OR ({moved}))")
    yield _Seal("goals_goal", "DELETE", old)


def _of_milestones(vendor: str) -> Iterator[_Seal]:
    new, old = (_shut(_OF_STEP.format(row=row)) for row in ("NEW", "OLD"))
    changed = _differ(vendor, Milestone, _FREE)
    yield _Seal("goals_milestone", "INSERT", new)
    yield _Seal("goals_milestone", "UPDATE", f"({changed}) AND ({old} OR {new})")
    yield _Seal("goals_milestone", "DELETE", old)


def _of_agreements(vendor: str) -> Iterator[_Seal]:
    """Signed, only the number of the version goes up, by the change that is in force."""
    signed, changed = _signed("OLD.id"), _differ(vendor, Agreement, {"number"})
    step = f"NEW.number <> OLD.number AND (NEW.number <> OLD.number + 1 OR NOT {_opened('OLD.id')})"
    yield _Seal("goals_agreement", "UPDATE", f"{signed} AND (({changed}) OR ({step}))")
    yield _Seal("goals_agreement", "DELETE", signed)


def _of_versions() -> Iterator[_Seal]:
    """Kept as they were written; after the signing, one for each change in force."""
    by_request = (
        "NEW.kind = 'changed' AND EXISTS (SELECT 1 FROM goals_changerequest r WHERE "
        "r.agreement_id = NEW.agreement_id AND r.status = 'in_force' AND r.base = NEW.number - 1)"
    )
    signed = _signed("NEW.agreement_id")
    yield _Seal("goals_version", "INSERT", f"{signed} AND NOT ({by_request})")
    yield _Seal("goals_version", "UPDATE", "1 = 1")
    yield _Seal("goals_version", "DELETE", "1 = 1")


def _of_requests(vendor: str) -> Iterator[_Seal]:
    """What was asked stays; in force it comes by the other side's yes and a third one's."""
    asked, decided = (
        _differ(vendor, ChangeRequest, _DECISION),
        _differ(vendor, ChangeRequest, {"id"}),
    )
    steps = (
        "OLD.status = 'accepted' AND NEW.accepted_by = OLD.accepted_by AND NEW.accepted_by <> '' "
        "AND NEW.decided_by NOT IN ('', NEW.asked_by, NEW.accepted_by)"
    )
    closed = f"OLD.status IN ('in_force', 'refused', 'withdrawn') AND ({decided})"
    forced = f"NEW.status = 'in_force' AND OLD.status <> 'in_force' AND NOT ({steps})"
    ready = f"NEW.status <> 'asked' AND {_signed('NEW.agreement_id')}"
    yield _Seal("goals_changerequest", "INSERT", ready)
    yield _Seal("goals_changerequest", "UPDATE", f"({asked}) OR ({closed}) OR ({forced})")
    yield _Seal("goals_changerequest", "DELETE", "1 = 1")


def _signed(agreement: str) -> str:
    """Both sides have signed: one of the versions says so."""
    version = f"v.agreement_id = {agreement} AND v.kind IN {_SIGNED}"
    return f"EXISTS (SELECT 1 FROM goals_version v WHERE {version})"  # noqa: S608


def _opened(agreement: str) -> str:
    """A change is in force that the version it starts from has not been followed by yet."""
    both = "goals_changerequest r JOIN goals_agreement a ON a.id = r.agreement_id"
    begun = f"a.id = {agreement} AND r.status = 'in_force' AND r.base = a.number"
    return f"EXISTS (SELECT 1 FROM {both} WHERE {begun})"  # noqa: S608


def _shut(agreement: str) -> str:
    return f"({_signed(agreement)} AND NOT {_opened(agreement)})"


def _differ(vendor: str, model: type[models.Model], apart: set[str]) -> str:
    """Any column but those differs; also to and from nothing, which `<>` does not see."""
    unlike = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    columns = [each.column for each in model._meta.concrete_fields if each.name not in apart]
    return " OR ".join(f"NEW.{name} {unlike} OLD.{name}" for name in columns)


def _on(seal: _Seal, vendor: str) -> tuple[str, ...]:
    fires = f"CREATE TRIGGER {seal.name} BEFORE {seal.operation} ON {seal.table}"
    if vendor == "sqlite":
        return (f"{fires} WHEN {seal.when} BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END",)
    row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(seal.operation, "NEW")
    each = "STATEMENT" if seal.operation == "TRUNCATE" else "ROW"
    refuse = f"RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"BEGIN IF {seal.when} THEN {refuse}; END IF; RETURN {row}; END"
    return (
        f"CREATE FUNCTION {seal.name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
        f"{fires} FOR EACH {each} EXECUTE FUNCTION {seal.name}()",
    )


def _off(seal: _Seal, vendor: str) -> tuple[str, ...]:
    if vendor == "sqlite":
        return (f"DROP TRIGGER IF EXISTS {seal.name}",)
    return (
        f"DROP TRIGGER IF EXISTS {seal.name} ON {seal.table}",
        f"DROP FUNCTION IF EXISTS {seal.name}()",
    )
