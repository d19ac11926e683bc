"""The warehouse with the approved corrections over it, and how a number names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl

from django.conf import settings

from mingji.engine.corrections import Correction as Overlay
from mingji.engine.corrections import Kind
from mingji.engine.typed import TYPED
from mingji.engine.warehouse import Warehouse
from mingji.metrics.models import Correction
from mingji.rules.explanation import Node, Source
from mingji.rules.text import Text

_REF = "correction:"
_KINDS: Mapping[Correction.Kind, Kind] = {
    Correction.Kind.CHANGE: "change",
    Correction.Kind.EXCLUDE: "exclude",
    Correction.Kind.ADD: "add",
}
_WHAT = {
    Correction.Kind.CHANGE: Text("改了一行的值", "values of a row changed"),
    Correction.Kind.EXCLUDE: Text("一行不再计入", "a row no longer counts"),
    Correction.Kind.ADD: Text("人工补了一行", "a missing row typed in"),
}


_TYPED = Text("人工录入的值", "a value typed in")


@dataclass(frozen=True)
class Applied:
    """The corrections in force, in the order of their numbers."""

    corrections: tuple[Correction, ...]

    @property
    def numbers(self) -> list[int]:
        """Their numbers: each is decided once and never changes."""
        return [each.pk for each in self.corrections]

    @property
    def warehouse(self) -> Warehouse:
        """The batches of this installation as the corrections leave them."""
        return Warehouse(settings.MINGJI_WAREHOUSE, tuple(map(overlay, self.corrections)))

    @cached_property
    def sources(self) -> Mapping[int, Source]:
        """How an explanation names each of them: what, who, who approved, when."""
        return {each.pk: _source(each) for each in self.corrections}


def applied() -> Applied:
    """The approved corrections. One query."""
    found = Correction.objects.filter(status=Correction.Status.APPROVED).order_by("pk")
    return Applied(tuple(found.select_related("proposed_by", "decided_by")))


def overlay(correction: Correction) -> Overlay:
    """A correction as the engine lays it over the rows."""
    return Overlay(
        correction.pk or 0,
        correction.table,
        _KINDS[Correction.Kind(correction.kind)],
        tuple(correction.key),
        correction.changes,
    )


def with_corrections(node: Node, behind: Mapping[tuple[str, str], Iterable[Source]]) -> Node:
    """The reasons of a value with the corrections behind each simple metric on its days."""
    if not behind:
        return node
    inputs = tuple(with_corrections(each, behind) for each in node.inputs)
    leaf = node.key.partition("@")[0]  # of another period than the number's own: leaf@period
    more = () if node.inputs else tuple(behind.get((leaf, _when(node)), ()))
    if not more and inputs == node.inputs:
        return node
    return replace(node, inputs=inputs, sources=(*node.sources, *more))


def _when(node: Node) -> str:
    """The days or the period that a simple metric counted, as the address of its rows says."""
    _, _, query = (node.sources[0].ref if node.sources else "").partition("?")
    keys = dict(parse_qsl(query))
    return keys.get("days") or keys.get("period", "")


def corrections_in(node: Node) -> frozenset[int]:
    """The numbers of the corrections that the reasons of a value name."""
    return frozenset(
        int(source.ref.removeprefix(_REF))
        for each in node.walk()
        for source in each.sources
        if source.kind == "correction"
    )


def correction_number(source: Source) -> int | None:
    """The number of the correction that a source names, if it names one."""
    return int(source.ref.removeprefix(_REF)) if source.kind == "correction" else None


def _source(correction: Correction) -> Source:
    typed = correction.table == TYPED
    what = _TYPED if typed else _WHAT[Correction.Kind(correction.kind)]
    assert correction.decided_by is not None
    assert correction.decided_at is not None
    evidence = (correction.evidence_file, correction.evidence_link, correction.evidence)
    shown = typed or correction.kind == Correction.Kind.ADD
    return Source(
        kind="correction",
        label=Text(f"更正 №{correction.pk}：{what.zh}", f"Correction №{correction.pk}: {what.en}"),
        ref=f"{_REF}{correction.pk}",
        origin=tuple(filter(None, evidence)) if shown else (),
        by=correction.proposed_by.code,
        at=correction.decided_at.isoformat(),
        approved_by=correction.decided_by.code,
    )
