"""The sources of an installation: `mingji sources list`, `test` and `run`, for people and cron."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from mingji.cli.installation import enter_installation
from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.metrics.models import SourceRun
    from mingji.metrics.queries import SourceLine

_TITLES = {
    "source": Text("来源", "source"),
    "kind": Text("类型", "kind"),
    "table": Text("数据表", "table"),
    "state": Text("状态", "state"),
    "last": Text("上次运行", "last run"),
    "next": Text("下次运行", "next run"),
    "read": Text("读取", "read"),
    "loaded": Text("已载入", "loaded"),
    "rejected": Text("搁置", "set aside"),
    "run": Text("运行", "run"),
    "status": Text("结果", "outcome"),
    "answers": Text("连接", "connection"),
    "said": Text("说明", "it says"),
}
_GRAVE = {
    "failed": ("error", Text("上次运行失败", "the last run failed")),
    "stale": ("warning", Text("没有按时更新", "it was not read when it was due")),
}


@click.group("sources", help="List, test and run the sources of this installation.")
def command() -> None:
    """The commands about sources."""


@command.command("list")
@common_options
def list_sources(form: str, locale: str) -> Sequence[Finding]:
    """List the sources and how each stands: exit code 1 if one is late, 2 if one has failed."""
    enter_installation()
    from mingji.kit import clock
    from mingji.metrics import queries

    lines = queries.every_source("system", clock.now())
    findings = [finding for line in lines for finding in _standing(line)]
    _tell([_line(line) for line in lines], findings, form, locale)
    return findings


@command.command("test")
@click.argument("code")
@common_options
def test_source(code: str, form: str, locale: str) -> Sequence[Finding]:
    """Ask the source CODE whether it answers: exit code 2 if it does not."""
    enter_installation()
    from mingji.kit import clock
    from mingji.metrics import actions

    tested = actions.check_source("system", code, clock.now())
    findings = [] if tested.ok else [_finding(code, "error", tested.message)]
    said = {"answers": "ok" if tested.ok else "–", "said": tested.message.in_(locale)}
    _tell([{"source": code, **said}], findings, form, locale)
    return findings


@command.command("run")
@click.argument("codes", nargs=-1)
@click.option("--due", is_flag=True, help="Run every source whose time has come.")
@click.option("--anew", is_flag=True, help="Read everything; what is gone there counts no more.")
@common_options
def run_sources(
    codes: Sequence[str], due: bool, anew: bool, form: str, locale: str
) -> Sequence[Finding]:
    """Run the sources CODES, or with --due those whose time has come.

    Exit code 1 if rows were set aside, 2 if a run failed. A second run changes nothing.
    """
    if bool(codes) == due or (due and anew):
        raise Invalid(
            Text("写来源的代码，或者只写 --due", "give the codes of sources, or --due alone"),
            code="what_to_run",
        )
    enter_installation()
    from mingji.kit import clock
    from mingji.metrics import actions
    from mingji.metrics.queries import findings_of

    if due:
        runs = actions.run_due("system", clock.now)
    else:
        runs = [actions.run_source("system", code, clock.now, anew=anew) for code in codes]
    findings = [each for run in runs for each in (*findings_of(run), *_failure(run))]
    _tell([_run(run) for run in runs], findings, form, locale)
    return findings


@command.command("go-on", hidden=True)
@click.argument("run", type=int)
@click.argument("lock", type=int)
def go_on(run: int, lock: int) -> None:
    """Do the work of the run RUN; the site starts this and hands its LOCK on."""
    enter_installation()
    from mingji.kit import clock
    from mingji.metrics import actions

    with os.fdopen(lock, "w"):
        actions.go_on(run, clock.now)


def _standing(line: SourceLine) -> Iterable[Finding]:
    if line.health in _GRAVE:
        severity, words = _GRAVE[line.health]
        error = line.last.error if line.last and line.health == "failed" else Text("", "")
        told = Text(
            f"{words.zh}{'：' + error.zh if error.zh else ''}",
            f"{words.en}{': ' + error.en if error.en else ''}",
        )
        yield _finding(line.source.code, severity, told)


def _failure(run: SourceRun) -> Iterable[Finding]:
    if run.status == "failed":
        yield _finding(run.source.code, "error", run.error)


def _finding(code: str, severity: str, message: Text) -> Finding:
    remedy = Text(f"打开来源 {code} 的页面", f"open the page of the source {code}")
    return Finding(
        "source", "error" if severity == "error" else "warning", message, remedy, Place(path=code)
    )


def _line(line: SourceLine) -> dict[str, str]:
    last = line.last
    return {
        "source": line.source.code,
        "kind": line.source.kind,
        "table": line.source.table,
        "state": line.health,
        "last": _moment(last.started_at) if last else "",
        "next": _moment(line.next) if line.next else "",
        "loaded": str(last.loaded) if last else "",
        "rejected": str(last.rejected) if last else "",
    }


def _run(run: SourceRun) -> dict[str, str]:
    return {
        "source": run.source.code,
        "run": str(run.pk),
        "status": str(run.status),
        "read": str(run.read),
        "loaded": str(run.loaded),
        "rejected": str(run.rejected),
    }


def _moment(at: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(at).isoformat(timespec="minutes")


def _tell(rows: list[dict[str, str]], findings: Sequence[Finding], form: str, locale: str) -> None:
    if form == "json":
        emit_json({"sources": rows, "findings": findings_data(findings)})
        return
    names = list(rows[0]) if rows else ["source"]
    titles = {name: name if form == "csv" else _TITLES[name].in_(locale) for name in names}
    told = [{titles[name]: cell for name, cell in row.items()} for row in rows]
    emit_rows(told, list(titles.values()), form)
    tell(findings, locale)
