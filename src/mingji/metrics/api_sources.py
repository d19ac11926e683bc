"""Sources in the API: how they stand, their runs, what they set aside, and mending it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ninja import Path, Query, Router

from mingji.kit import clock
from mingji.kit.wire import READING, WRITING, Code, Number, Paged, Problem
from mingji.metrics import actions, queries
from mingji.metrics.queries import SourceLine
from mingji.metrics.schemas_sources import (
    Mended,
    MendedRows,
    QualityLines,
    RunLine,
    RunLines,
    RunTold,
    SourceLines,
    SourceTold,
    WaitingRows,
)
from mingji.people.http import ApiRequest

if TYPE_CHECKING:
    from mingji.metrics.models import SourceRun

router = Router(tags=["sources"])
_READING = READING | {403}


@router.get("/sources", response={200: SourceLines, _READING: Problem}, summary="Sources")
def sources(request: ApiRequest, asked: Query[Paged]) -> dict[str, Any]:
    """Where rows come from, how fresh each is, and its last run; for the data analyst."""
    page = queries.source_list(request.viewer, clock.now(), asked.after, asked.limit)
    return {"items": [_line(each) for each in page.lines], "next": page.next}


@router.get("/sources/{code}", response={200: SourceTold, _READING: Problem}, summary="One source")
def source(request: ApiRequest, code: Path[Code]) -> dict[str, Any]:
    """A source with what its last run found, and how many metrics and members hang on it."""
    page = queries.source_page(request.viewer, code, clock.now())
    found = page.line.source
    return {
        **_line(page.line),
        "findings": page.findings,
        "metrics": [each.id for each in page.metrics],
        "people": page.people,
        "mapping": {each.column.name: each.given.header for each in page.mapping if each.given},
        "excluded": found.excluded,
    }


@router.get(
    "/sources/{code}/runs", response={200: RunLines, _READING: Problem}, summary="Runs of a source"
)
def source_runs(request: ApiRequest, code: Path[Code], asked: Query[Paged]) -> dict[str, Any]:
    """Each time it was read: rows read, loaded and set aside."""
    found = queries.source_for(request.viewer, code)
    runs, following = queries.runs_of(found, asked.after, asked.limit)
    return {"items": [_run(each) for each in runs], "next": following}


@router.post(
    "/sources/{code}/runs", response={200: RunLine, WRITING: Problem}, summary="Read a source now"
)
def start_run(request: ApiRequest, code: Path[Code]) -> dict[str, Any]:
    """Begin a run. It goes on by itself; ask for it by its `id`."""
    return _run(actions.start_run(request.viewer, code, clock.now))


@router.get(
    "/sources/{code}/runs/{run_id}", response={200: RunTold, _READING: Problem}, summary="One run"
)
def source_run(request: ApiRequest, code: Path[Code], run_id: Path[Number]) -> dict[str, Any]:
    """A run with what it found, and the batches that it loaded."""
    page = queries.run_page(request.viewer, code, run_id)
    return {**_run(page.run), "findings": page.findings, "batches": page.batches}


@router.get(
    "/sources/{code}/rejected",
    response={200: WaitingRows, _READING: Problem},
    summary="Rows that were set aside",
)
def rejected_rows(request: ApiRequest, code: Path[Code], asked: Query[Paged]) -> dict[str, Any]:
    """Rows with the reasons why they do not count, until they are mended; for the data analyst."""
    page = queries.waiting_page(request.viewer, code, asked.after, asked.limit)
    names = ("batch", "file", "row", "why", "text")
    items = [
        {**{name: getattr(row, name) for name in names}, "cells": dict(row.to_mend)}
        for row in page.rows
    ]
    return {"items": items, "next": page.next}


@router.post(
    "/sources/{code}/rejected",
    response={200: Mended, WRITING: Problem},
    summary="Load mended rows",
)
def mend_rows(request: ApiRequest, code: Path[Code], sent: MendedRows) -> dict[str, Any]:
    """Rows that were set aside, as they should be. The same again changes nothing."""
    done = actions.mend_rows(request.viewer, code, sent.batch, sent.cells, clock.now())
    return {**asdict(done), "rejected": done.rejected}


@router.get("/findings", response={200: QualityLines, _READING: Problem}, summary="What stands out")
def quality_findings(request: ApiRequest, asked: Query[Paged]) -> dict[str, Any]:
    """What the checks of the data found: how grave, who answers, how many members it concerns."""
    found, following = queries.standing_findings(request.viewer, asked.after, asked.limit)
    items = [{**asdict(line), "metrics": [metric.id for metric in line.metrics]} for line in found]
    return {"items": items, "next": following}


def _line(line: SourceLine) -> dict[str, Any]:
    found = line.source
    return {
        "code": found.code,
        "name": found.known_as,
        "kind": found.kind,
        "table": found.table,
        "health": line.health,
        "owner": found.owner.code if found.owner else None,
        "last": _run(line.last) if line.last else None,
        "next": line.next,
    }


def _run(run: SourceRun) -> dict[str, Any]:
    names = ("started_at", "ended_at", "read", "loaded", "rejected", "warnings", "error", "who")
    told = {name: getattr(run, name) for name in names}
    return {**told, "id": run.pk, "status": str(run.status)}
