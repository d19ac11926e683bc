"""`mingji metrics`: metrics from files of rows, without a database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingji.cli.output import (
    common_options,
    emit_json,
    emit_rows,
    findings_data,
    notation_options,
    tell,
)
from mingji.cli.places import named_by
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, as_data, plain
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.engine.backends.interface import Backend
    from mingji.engine.identity import Identity
    from mingji.engine.model import Definitions
    from mingji.engine.observation import Observation, Observations
    from mingji.engine.warehouse import Warehouse

_PATH = click.Path(path_type=Path)
# No batch outlives the command: the same files give the same bytes, whenever it is run.
_LOADED_AT = "1970-01-01T00:00:00+00:00"


@click.command("metrics", help="Compute metrics from tables of rows.")
@click.option("--definitions", "file", required=True, type=_PATH, help="The definitions (YAML).")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME=PATH",
    help="A table and its CSV, TSV, Excel or Parquet file; repeat it for more tables or files. "
    "With --engine: where it is there, NAME=schema.table.",
)
@click.option(
    "--engine",
    help="Compute in this engine: postgresql://…, clickhouse://…, spark://… or sc://….",
)
@click.option(
    "--by", default="member,quarter", show_default=True, help="Keys, or nothing: company."
)
@click.option("--metric", "metrics", multiple=True, help="Only this metric (may be repeated).")
@click.option("--where", default="", help="Only rows that meet this condition.")
@click.option("--period", "periods", multiple=True, help="Only this period, such as 2026Q3.")
@click.option("--owners", type=_PATH, help="Table owner,member[,source,starts_on,ends_on].")
@click.option("--postings", type=_PATH, help="Table member[,team,manager,…,starts_on,ends_on].")
@click.option("--fiscal-start", type=click.IntRange(1, 12), help="First month of the fiscal year.")
@notation_options
@click.option("--explain", is_flag=True, help="Add the reasons of every number (table, JSON).")
@common_options
def command(
    file: Path,
    tables: Sequence[str],
    engine: str | None,
    by: str,
    metrics: Sequence[str],
    where: str,
    periods: Sequence[str],
    owners: Path | None,
    postings: Path | None,
    *,
    numbers: tuple[str, ...],
    dates: tuple[str, ...],
    exclude: tuple[str, ...],
    sheet: tuple[str, ...],
    fiscal_start: int | None,
    explain: bool,
    form: str,
    locale: str,
) -> Sequence[Finding]:
    """One line for each combination of keys, one column for each metric."""
    from mingji.engine.definitions import load_definitions
    from mingji.engine.observe import observe
    from mingji.engine.periods import Fiscal
    from mingji.kit import clock

    if explain and form == "csv":
        raise click.UsageError("--explain needs --format table or json")
    definitions = load_definitions(file)
    with _store(engine, tables, definitions, (numbers, dates, exclude, sheet)) as (
        store,
        names,
        loading,
    ):
        definitions = _given(definitions, names)
        keys = tuple(filter(None, (name.strip() for name in by.split(","))))
        answer = observe(
            store,
            definitions,
            metrics=_computable(definitions, metrics, names, keys),
            by=keys,
            periods=periods or None,
            where=where,
            identity=_identity(owners, postings),
            fiscal=Fiscal(fiscal_start) if fiscal_start else None,
            today=clock.day_here(),
        )
    findings = (*loading, *answer.findings)
    if form == "json":
        emit_json(_data(answer, definitions, findings, explain=explain))
        return findings
    _emit_rows(answer, definitions, form, locale)
    if explain:
        _emit_reasons(answer, definitions, locale)
    files = {Path(path).name: name for name, _, path in (each.partition("=") for each in tables)}
    tell(findings, locale, named_by(definitions, files))
    return findings


@contextmanager
def _store(
    engine: str | None,
    tables: Sequence[str],
    definitions: Definitions,
    notation: Sequence[Sequence[str]],
) -> Iterator[tuple[Warehouse | Backend, set[str], list[Finding]]]:
    """Where the rows are, which tables there are, and what loading them told."""
    if engine:
        from mingji.engine.backends.choosing import engine_at, places_of

        places = places_of(tables, definitions.tables)
        yield engine_at(engine, places), set(places or definitions.tables), []
        return
    if not tables:
        raise click.UsageError("give --table NAME=PATH, or --engine")
    from mingji.engine.warehouse import Warehouse

    paths = list(_table_paths(tables, definitions))
    with tempfile.TemporaryDirectory(prefix="mingji-") as folder:
        warehouse = Warehouse(Path(folder))
        loading = list(_load(warehouse, definitions, paths, notation))
        yield warehouse, {name for name, _ in paths}, loading


def _table_paths(tables: Sequence[str], definitions: Definitions) -> Iterator[tuple[str, Path]]:
    for given in tables:
        name, _, path = given.partition("=")
        if name in definitions.tables and path:
            yield name, Path(path)
            continue
        listed = list(definitions.tables)
        raise _bad(
            Text(
                f"--table {given}：没有表“{name}”或没有路径",
                f"--table {given}: no such table or no path",
            ),
            Text(
                f"写成 表名=路径，表名可用：{'、'.join(listed)}",
                f"write NAME=PATH with one of: {', '.join(listed)}",
            ),
        )


def _load(
    warehouse: Warehouse,
    definitions: Definitions,
    paths: Sequence[tuple[str, Path]],
    options: Sequence[Sequence[str]],
) -> Iterator[Finding]:
    from mingji.connectors.files import open_file
    from mingji.engine.answers import answers_for

    hidden = not sys.stderr.isatty()
    with click.progressbar(paths, file=sys.stderr, hidden=hidden) as bar:
        for name, path in bar:
            table, answers = definitions.tables[name], answers_for(name, *options)
            for batch in warehouse.load_sheets(
                table, open_file(path), loaded_at=_LOADED_AT, answers=answers
            ):
                yield from batch.findings


def _given(definitions: Definitions, names: set[str]) -> Definitions:
    """A roster whose table was not given cannot say who the members are."""
    roster = definitions.roster
    return definitions if roster and roster.table in names else replace(definitions, roster=None)


def _computable(
    definitions: Definitions, metrics: Sequence[str], tables: set[str], by: Sequence[str]
) -> Sequence[str]:
    """The metrics asked for; if none are named, those whose tables were given.

    Without a period in `by`, those that compare periods are left out as well.
    """
    from mingji.engine.periods import GRAINS

    timed = not {"period", *GRAINS}.isdisjoint(by)
    if metrics:
        asked = [definitions.metrics[name] for name in metrics if name in definitions.metrics]
        missing = sorted({name for each in asked for name in definitions.sources(each)} - tables)
        if missing:
            raise _bad(
                Text(f"没有给出表 {'、'.join(missing)}", f"no file for table {', '.join(missing)}"),
                Text(f"加上 --table {missing[0]}=路径", f"add --table {missing[0]}=PATH"),
            )
        return metrics
    return [
        metric.id
        for metric in definitions.metrics.values()
        if definitions.sources(metric) <= tables and (timed or not definitions.moves(metric))
    ]


def _bad(message: Text, remedy: Text) -> Invalid:
    return Invalid(message, findings=(Finding("option", "error", message, remedy, Place()),))


def _identity(owners: Path | None, postings: Path | None) -> Identity | None:
    if owners is None and postings is None:
        return None
    from mingji.connectors.files import open_file
    from mingji.engine.identity import read_identity

    return read_identity(
        open_file(owners) if owners else None, open_file(postings) if postings else None
    )


def _slices(answer: Observations) -> Iterator[tuple[dict[str, str], list[Observation]]]:
    """The observations of each slice together, in order."""
    width = len(answer.metrics)
    for start in range(0, len(answer.rows), width or 1):
        together = list(answer.rows[start : start + width])
        yield dict(together[0].keys), together


def _emit_rows(answer: Observations, definitions: Definitions, form: str, locale: str) -> None:
    """People read the metrics' names and units, programs (CSV) their ids."""
    titles = {name: name for name in answer.metrics}
    if form == "table":
        for name in answer.metrics:
            metric = definitions.metrics[name]
            unit = f" ({metric.unit})" if metric.unit else ""
            titles[name] = f"{metric.name.in_(locale)}{unit}"
    rows = [
        {
            **keys,
            **{
                titles[each.metric]: _written(each, form, definitions.metrics[each.metric].places)
                for each in together
            },
        }
        for keys, together in _slices(answer)
    ]
    emit_rows(rows, [*answer.by, *titles.values()], form)


def _written(each: Observation, form: str, places: int) -> str:
    """A value with all its digits, or in a table with those that people read."""
    from mingji.engine.values import rounded

    if each.value is None:
        return "–" if form == "table" else ""
    return plain(rounded(Fraction(each.value), places) if form == "table" else each.value)


def _emit_reasons(answer: Observations, definitions: Definitions, locale: str) -> None:
    owners = {name: definitions.metrics[name].owner.in_(locale) for name in answer.metrics}
    word = Text("数据负责人", "data owner").in_(locale)
    for keys, together in _slices(answer):
        click.echo("\n" + ", ".join(f"{name} {value}" for name, value in keys.items()))
        for each in together:
            click.echo("\n".join(_reasons(each.node, locale, 1)))
            if owners[each.metric]:
                click.echo(f"    {word}: {owners[each.metric]}")


def _reasons(node: Node, locale: str, depth: int) -> Iterable[str]:
    indent = "  " * depth
    rounding = f"  [{node.rounding}]" if node.rounding else ""
    yield f"{indent}{node.label.in_(locale)}: {node.formula.in_(locale)}{rounding}"
    for source in node.sources:
        told = "; ".join(filter(None, (source.filter, source.ref, ", ".join(source.origin))))
        yield f"{indent}  ← {told}"
    for child in node.inputs:
        yield from _reasons(child, locale, depth + 1)


def _data(
    answer: Observations, definitions: Definitions, findings: Sequence[Finding], *, explain: bool
) -> dict[str, Any]:
    return {
        "by": list(answer.by),
        "metrics": [
            {
                "id": name,
                "name": {"zh": metric.name.zh, "en": metric.name.en},
                "unit": metric.unit,
                "owner": {"zh": metric.owner.zh, "en": metric.owner.en},
                "direction": metric.direction,
            }
            for name in answer.metrics
            for metric in (definitions.metrics[name],)
        ],
        "rows": [_row(keys, together, explain=explain) for keys, together in _slices(answer)],
        "unmatched": [
            {
                "table": each.table,
                "source": each.source,
                "owner": each.owner,
                "rows": each.rows,
                "reason": each.reason,
                "values": {
                    name: None if value is None else plain(value)
                    for name, value in each.values.items()
                },
            }
            for each in answer.unmatched
        ],
        "findings": findings_data(findings),
    }


def _row(keys: dict[str, str], together: list[Observation], *, explain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "keys": keys,
        "values": {e.metric: None if e.value is None else plain(e.value) for e in together},
        "rows": {each.metric: each.row_count for each in together},
    }
    if explain:
        row["explanation"] = {each.metric: as_data(each.node) for each in together}
    return row
