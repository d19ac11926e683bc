"""Put the company's own definitions of metrics in force."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from mingji.audit import trail
from mingji.metrics import policy, queries
from mingji.metrics.definitions import own_file, under, warehouse
from mingji.metrics.models import DataOwner, DefinitionsVersion, Observation, Restatement
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LONGEST_REASON = 400
_CHUNK = 500


def publish_definitions(actor: Actor, document: str, reason: str, at: datetime) -> int:
    """Check the company's own definitions and keep them, unchangeable, as the next version.

    Where they change what a metric counts that goals are signed under, its earlier definition is
    kept in them for those goals (`earlier.py`), with its values, data owner and disputes' way.
    They take effect at once for what is defined and at the next refresh for the values. Frozen
    cycles keep the values they were frozen with. The number of the version is returned.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: the document has errors, would make rows unreadable that are loaded already, gives
            no reason, or is word for word the version in force.
    """
    policy.may_keep_data(actor).require()
    document = "\n".join(line.rstrip() for line in document.splitlines()).strip()
    document = f"{document}\n" if document else ""
    reason = _said(reason)
    with transaction.atomic():
        last = DefinitionsVersion.objects.select_for_update().first()
        _must_differ(document, last)
        kept = queries.kept_for_signed(document)
        checked = under(kept.document)
        warehouse().connect(checked.definitions).close()
        number = _next(last, kept.document, reason, at, actor_code(actor))
        for id_, metric in kept.ids.items():
            _carry_over(metric, id_)
        trail.record(
            actor=actor_code(actor),
            action="metrics.publish_definitions",
            kind="definitions",
            object_id=number,
            at=at,
            reason=reason,
            evidence={"digest": checked.digest, **({"kept": dict(kept.ids)} if kept.ids else {})},
        )
        transaction.on_commit(put_in_force)
    return number


def _must_differ(document: str, last: DefinitionsVersion | None) -> None:
    if document == (last.document if last else ""):
        raise _refused(
            "document",
            Text("内容和生效的版本一字不差", "this is the version in force, word for word"),
            Text("改动后再发布", "change something before you publish"),
        )


def _next(
    last: DefinitionsVersion | None, document: str, reason: str, at: datetime, by: str
) -> int:
    """The number of the new version."""
    number = last.number + 1 if last else 1
    digest = hashlib.sha256(document.encode()).hexdigest()
    DefinitionsVersion.objects.create(
        number=number, document=document, digest=digest, reason=reason, at=at, by=by
    )
    return number


def _carry_over(metric: str, kept: str) -> None:
    """Let the metric that keeps an earlier definition begin with what was computed under it, and
    with who answers for it."""
    if metric == kept or Observation.objects.filter(metric=kept).exists():
        return
    current = Observation.objects.filter(metric=metric, current=True).order_by("pk")
    ids = list(current.values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        chunk = list(Observation.objects.filter(pk__in=ids[start : start + _CHUNK]))
        for row in chunk:
            row.pk, row._state.adding, row.metric = None, True, kept
            row.tree = _renamed(row.tree, metric, kept)
        Observation.objects.bulk_create(chunk)
    told = list(Restatement.objects.filter(metric=metric))
    for line in told:
        line.pk, line._state.adding, line.metric = None, True, kept
    Restatement.objects.bulk_create(told, batch_size=_CHUNK)
    for owner in DataOwner.objects.filter(metric=metric):
        DataOwner.objects.get_or_create(
            metric=kept, defaults={"member_id": owner.member_id, "since": owner.since}
        )


def _renamed(tree: dict[str, Any], metric: str, kept: str) -> dict[str, Any]:
    """Reasons whose rows are those of the kept metric."""
    told = json.dumps(tree, ensure_ascii=False)
    return json.loads(told.replace(f'"{metric}?', f'"{kept}?').replace(f'"{metric}"', f'"{kept}"'))  # type: ignore[no-any-return]


def _said(reason: str) -> str:
    reason = reason.strip()
    if reason and len(reason) <= _LONGEST_REASON:
        return reason
    raise _refused(
        "reason",
        Text("没有写修改原因，或者太长", "the reason of the change is missing or too long"),
        Text(
            f"用一句话说明为什么改，最多 {_LONGEST_REASON} 个字",
            f"say in a sentence why it changes, in at most {_LONGEST_REASON} characters",
        ),
    )


def put_in_force() -> None:
    """Write the last version where the engine reads it, if it is not there already.

    Every refresh does so first: a machine that stopped between the two is set right.
    """
    last = DefinitionsVersion.objects.first()
    if last is None:
        return
    file = own_file()
    if file.exists() and file.read_text(encoding="utf-8") == last.document:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(last.document, encoding="utf-8")
    part.replace(file)


def _refused(field: str, message: Text, remedy: Text) -> Invalid:
    finding = Finding("definitions", "error", message, remedy, Place(path=field))
    return Invalid(message, code="definitions", findings=(finding,))
