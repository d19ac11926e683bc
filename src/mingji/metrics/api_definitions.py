"""Definitions in the API: what a metric hangs on, versions, drafts; what one value rests on."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router

from mingji.kit import clock
from mingji.kit.numbers import whole
from mingji.kit.wire import READING, WRITING, Code, Number, Paged, PeriodCode, Problem
from mingji.metrics import actions, queries
from mingji.metrics.definitions import metric_of
from mingji.metrics.queries import Slice
from mingji.metrics.schemas_definitions import (
    Basis,
    DefinitionsDraft,
    DefinitionsSent,
    Dependence,
    History,
    PartAsked,
    PreviewTold,
    RowsTold,
    VersionLines,
    VersionTold,
)
from mingji.people.http import ApiRequest

router = Router(tags=["definitions"])


@router.get(
    "/metrics/{metric}/dependence",
    response={200: Dependence, READING: Problem},
    summary="What a metric hangs on",
)
def dependence(request: ApiRequest, metric: Path[Code]) -> dict[str, Any]:
    """Tables and columns that it reads, metrics made from it, its data owner."""
    found = queries.dependence(metric)
    tables = [
        {"id": each.name, "name": each.label, "columns": _columns(each.columns)}
        for each in found.tables
    ]
    names = ("used_by", "people", "data_owner")
    told = {name: getattr(found, name) for name in names}
    return {**told, "tables": tables, "inputs": metric_of(metric).inputs}


@router.get(
    "/metrics/{metric}/history",
    response={200: History, READING: Problem},
    summary="How a definition came about",
)
def metric_history(request: ApiRequest, metric: Path[Code], asked: Query[Paged]) -> dict[str, Any]:
    """Each version that changed what the company's own definitions say of a metric."""
    found = queries.metric_history(metric)
    return _page(
        [{**_version(each.version), "kind": each.kind, "words": each.words} for each in found],
        asked,
    )


@router.get("/definitions", response={200: VersionLines, READING: Problem}, summary="Versions")
def definition_versions(request: ApiRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The versions of the company's own definitions, which lie over the shipped library."""
    return _page([_version(each) for each in queries.definition_versions()], asked)


@router.post(
    "/definitions", response={200: VersionTold, WRITING: Problem}, summary="Publish definitions"
)
def publish_definitions(request: ApiRequest, sent: DefinitionsSent) -> dict[str, Any]:
    """Put own definitions in force as the next version. Values follow with the next refresh."""
    number = actions.publish_definitions(request.viewer, sent.document, sent.reason, clock.now())
    return _told(number)


@router.post(
    "/definitions/check", response={200: PreviewTold, WRITING: Problem}, summary="Try definitions"
)
def check_definitions(request: ApiRequest, sent: DefinitionsDraft) -> dict[str, Any]:
    """What publishing would change, or what is wrong, line by line. Nothing is written."""
    preview = queries.preview_definitions(request.viewer, sent.document)
    names = ("kind", "before", "after", "unit_before")
    changes = [
        {
            **{name: getattr(each, name) for name in names},
            "metric": each.metric.id,
            "name": each.metric.name,
            "unit": each.metric.unit,
        }
        for each in preview.changes
    ]
    return {"period": preview.period, "changes": changes}


@router.get(
    "/definitions/{number}", response={200: VersionTold, READING: Problem}, summary="One version"
)
def definition_version(request: ApiRequest, number: Path[Number]) -> dict[str, Any]:
    """A version with its text, and how it differs from the one before."""
    return _told(number)


@router.get(
    "/metrics/{metric}/observations/{period}/rows",
    response={200: RowsTold, READING: Problem},
    summary="The rows behind a value",
)
def observation_rows(
    request: ApiRequest, metric: Path[Code], period: Path[PeriodCode], asked: Query[PartAsked]
) -> dict[str, Any]:
    """The very rows that a value counts; of a metric made from others, ask for those."""
    found = queries.rows_for(
        request.viewer, _slice(metric, period, asked), asked.after, asked.limit
    )
    page = found.page
    return {
        "columns": _columns(zip(page.names, page.columns, strict=True)),
        "items": page.rows,
        "next": page.next,
        "owners_hidden": found.owners_hidden,
    }


@router.get(
    "/metrics/{metric}/observations/{period}/basis",
    response={200: Basis, READING: Problem},
    summary="What a value rests on",
)
def observation_basis(
    request: ApiRequest, metric: Path[Code], period: Path[PeriodCode], asked: Query[PartAsked]
) -> dict[str, Any]:
    """The version of the definitions, the rows that count, and the batches that were there."""
    which = _slice(metric, period, asked)
    found = queries.basis(request.viewer, which, asked.after, asked.limit)
    value = found.seen.node.value
    conditions = [
        {
            "metric": each.metric.id,
            "table": each.table,
            "filter": each.metric.filter,
            "words": each.condition,
        }
        for each in found.leaves
    ]
    return {
        "value": None if isinstance(value, str) else value,
        "unit": found.seen.metric.unit,
        "computed_at": found.computed_at,
        "definitions_version": found.version,
        "definitions_digest": found.digest,
        "conditions": conditions,
        "items": found.batches,
        "next": found.next,
    }


def _slice(metric: str, period: str, asked: PartAsked) -> Slice:
    return Slice(metric, period, member=asked.member, team="" if asked.member else asked.team)


def _columns(named: Any) -> list[dict[str, Any]]:
    return [{"id": id_, "name": label} for id_, label in named]


def _version(version: Any) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("number", "at", "by", "reason")}


def _told(number: int) -> dict[str, Any]:
    page = queries.definition_version(number)
    difference = [f"{each.sign}{each.text}" for each in page.difference if each.sign in "+-"]
    return {**_version(page.version), "document": page.document, "difference": difference}


def _page(versions: list[dict[str, Any]], asked: Paged) -> dict[str, Any]:
    start = whole(asked.after, 0)
    later = [each for each in versions if not start or each["number"] < start]
    shown = later[: asked.limit]
    following = str(shown[-1]["number"]) if len(later) > asked.limit else ""
    return {"items": shown, "next": following}
