"""Reads a definitions file: what the tables are, and what each metric means."""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType

from mingji.engine.checks import check_definitions
from mingji.engine.document import Notes, Section, Spot, compose, compose_together, overlaid
from mingji.engine.formulas import names_in
from mingji.engine.kpi import read_kpi
from mingji.engine.model import (
    AGGREGATES,
    COLUMN_TYPES,
    EXACT_ENOUGH,
    Column,
    Definitions,
    Join,
    Metric,
    Roster,
    Table,
)
from mingji.engine.sql import Refused
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_ID = re.compile(r"[a-z][a-z0-9_]*")
_MOST_PLACES = 12  # of a column
_CURRENCY = re.compile(r"[A-Z]{3}")


def load_definitions(
    given: Path | str, *, file: str = "definitions.yaml", own: str = "", own_file: str = ""
) -> Definitions:
    """Reads and checks a definitions file, so that everything after it can trust it.

    Args:
        given: The path of a YAML file or of a folder, whose `*.yaml` files are then read together
            in the order of their names; or the YAML itself as text.
        file: The name used in messages when text is given.
        own: A company's own YAML: its tables and metrics stand for those of the same name.
        own_file: The name used in messages about it.

    Returns:
        Tables and metrics; every name resolves, every expression is in the safe subset.

    Raises:
        Invalid: With one finding for each mistake: file, line, column, remedy.
    """
    notes = Notes(str(given) if isinstance(given, Path) else file)
    whole = _composed(given, notes)
    if own:
        overlaid(whole, own, own_file, notes)
    document = Section(whole, notes)
    tables = {name: _table(name, section) for name, section in document.sections("tables")}
    metrics = {
        name: _metric(name, section, tables) for name, section in document.sections("metrics")
    }
    members = document.get("members")
    roster = _roster(Section(members, notes)) if members else None
    document.close()
    notes.stop()
    definitions = Definitions(
        notes.file, MappingProxyType(tables), MappingProxyType(metrics), roster
    )
    check_definitions(definitions, notes)
    notes.stop()
    return definitions


def _composed(given: Path | str, notes: Notes) -> Spot:
    if isinstance(given, str):
        return compose(given, notes)
    if given.is_dir():
        files = sorted(given.glob("*.yaml"))
        if not files:
            notes.add(
                None,
                Text(f"{given} 里没有 .yaml 文件", f"there is no .yaml file in {given}"),
                Text("检查路径", "check the path"),
                code="file",
            )
        return compose_together({str(file): _text_of(file) for file in files}, notes)
    return compose(_text_of(given), notes)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        zh, en = f"打不开 {path}", f"cannot open {path}: {error.strerror}"
    except UnicodeDecodeError:
        zh, en = f"{path} 不是 UTF-8 编码", f"{path} is not UTF-8"
    remedy = Text("检查路径和编码", "check the path and the encoding")
    finding = Finding("file", "error", Text(zh, en), remedy, Place(str(path)))
    raise Invalid(Text(zh, en), findings=(finding,))


def _table(name: str, section: Section) -> Table:
    columns = {
        column: _column(column, below)
        for column, below in section.sections("columns", short="type")
    }
    _refuse_colliding_names(columns, section)
    table = Table(
        name=name,
        label=section.both("name", name),
        columns=MappingProxyType(columns),
        key=section.words("key"),
        time=section.text("time"),
        owner=section.text("owner"),
        source=section.text("source", name),
        joins=MappingProxyType(
            {alias: _join(alias, below) for alias, below in section.sections("joins", short="on")}
        ),
    )
    section.close()
    return table


def _join(alias: str, section: Section) -> Join:
    join = Join(alias, section.text("table", alias), section.text("on", required=True))
    section.close()
    return join


def _refuse_colliding_names(columns: dict[str, Column], section: Section) -> None:
    """Engines fold case: `Name` and `name` would silently become one column."""
    seen: dict[str, str] = {}
    for name in columns:
        other = seen.setdefault(name.casefold(), name)
        reserved = name.startswith("_") or '"' in name
        if other == name and not reserved:
            continue
        section.complain(
            section.get("columns"),
            Text(f"列名“{name}”不可用", f"the column name “{name}” cannot be used")
            if reserved
            else Text(
                f"列“{other}”和“{name}”只差大小写",
                f"columns “{other}” and “{name}” differ only in case",
            ),
            Text(
                "换一个名字，用 header 写文件里的列名",
                "rename it and give the file's name as header",
            ),
            code="column_name",
        )


def _column(name: str, section: Section) -> Column:
    column = Column(
        name=name,
        type=section.choice("type", COLUMN_TYPES, "text"),
        unit=section.text("unit"),
        headers=section.words("header"),
        scale=section.whole("scale", 8, 0, _MOST_PLACES),
        required=section.flag("required"),
        optional=section.flag("optional"),
        values=MappingProxyType(section.pairs("values")),
        dates=section.choice("dates", ("", "dmy", "mdy"), ""),
    )
    if column.values and column.type != "text":
        section.complain(
            section.get("values"),
            Text("values 只用于文本列", "values is for text columns"),
            Text("删掉 values", "remove values"),
        )
    section.close()
    return column


def _metric(name: str, section: Section, tables: dict[str, Table]) -> Metric:
    if not _ID.fullmatch(name):
        section.complain(
            None,
            Text(f"指标标识“{name}”不合规则", f"“{name}” cannot be a metric id"),
            Text("用小写字母、数字和下划线", "use lower-case letters, digits and _"),
        )
    type_ = section.choice("type", ("simple", "ratio", "derived"), "simple")
    simple = type_ == "simple"
    table = tables.get(section.text("table", required=True)) if simple else None
    agg = section.choice("agg", AGGREGATES, "sum") if simple else None
    expression = section.text("column") or section.text("expression") if simple else ""
    numerator = section.text("numerator", required=True) if type_ == "ratio" else ""
    denominator = section.text("denominator", required=True) if type_ == "ratio" else ""
    formula = section.text("formula", required=True) if type_ == "derived" else ""
    unit = section.text("unit") or _unit_of(table, expression, agg)
    label = section.both("name", name)
    metric = Metric(
        id=name,
        name=label,
        type=type_,
        table=section.text("table") if simple else "",
        agg=agg,
        expression=expression,
        filter=section.text("filter") if simple else "",
        time=(section.text("time") or (table.time if table else "")) if simple else "",
        percentile=section.number("percentile") if agg == "percentile" else None,
        numerator=numerator,
        denominator=denominator,
        formula=formula,
        inputs=(numerator, denominator) if numerator else _inputs(formula, section),
        unit=unit,
        scale=section.whole("scale", _scale(type_, agg, unit), 0, EXACT_ENOUGH),
        direction=section.choice("direction", ("up", "down", "closer"), "up"),
        formula_text=section.both("formula_text"),
        owner=section.both("owner"),
        gaming_risk=section.both("gaming_risk"),
        counter_metric=section.text("counter_metric"),
        kpi=read_kpi(section, label),
    )
    section.close()
    return metric


def _inputs(formula: str, section: Section) -> tuple[str, ...]:
    if not formula:
        return ()
    try:
        return names_in(formula)
    except Refused as refused:
        section.complain(section.get("formula"), refused.message, refused.remedy)
        return ()


def _unit_of(table: Table | None, expression: str, agg: str | None) -> str:
    column = table.columns.get(expression) if table else None
    return column.unit if column and agg not in ("count", "count_distinct") else ""


def _scale(type_: str, agg: str | None, unit: str) -> int:
    """Counts whole, money to the cent, sums of anything else whole to their last digit.

    Scores are made from published values: what is divided keeps so many places that its rounding
    never shows in points, not even where they lie halfway between two hundredths.
    """
    if agg in ("count", "count_distinct"):
        return 0
    divided = type_ != "simple" or agg in ("average", "median", "percentile")
    if divided:
        return EXACT_ENOUGH
    return 2 if _CURRENCY.match(unit) else _MOST_PLACES


def _roster(section: Section) -> Roster:
    attributes = section.pairs("attributes")
    roster = Roster(
        table=section.text("table", required=True),
        member=section.text("member", required=True),
        attributes=MappingProxyType(attributes),
    )
    section.close()
    return roster
