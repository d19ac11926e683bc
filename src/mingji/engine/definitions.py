"""Reads a definitions file: what the tables are, and what each metric means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from mingji.engine.checks import check_definitions
from mingji.engine.document import Notes, Section, Spot, compose, compose_together, overlaid
from mingji.engine.health_words import OF_TABLES, read_health
from mingji.engine.metric_words import read_metric
from mingji.engine.model import COLUMN_TYPES, Column, Definitions, Join, Rates, Roster, Table
from mingji.engine.periods import CALENDAR_YEAR, PATTERNS, Fiscal
from mingji.engine.settling import settle
from mingji.engine.typed import TYPED, typed_table, with_wholes
from mingji.engine.uses import with_uses
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_MOST_PLACES = 12  # of a column


def load_definitions(
    given: Path | str,
    *,
    file: str = "definitions.yaml",
    strict: bool = False,
    own: str = "",
    own_file: str = "",
) -> Definitions:
    """Reads and checks a definitions file, so that everything after it can trust it.

    Args:
        given: The path of a YAML file or of a folder, whose `*.yaml` files are then read together
            in the order of their names; or the YAML itself as text.
        file: The name used in messages when text is given. Files of a folder are named within it.
        strict: Every metric must also say in both languages what it is, what it is measured in,
            which way is good, who answers for it, how it is gamed and what to watch beside it.
        own: A company's own YAML: its tables and metrics stand for those of the same name.
        own_file: The name used in messages about it.

    Returns:
        Tables and metrics; every name resolves, every expression is in the safe subset.

    Raises:
        Invalid: With one finding for each mistake: file, line, column, remedy.
    """
    notes = Notes(_called(given) if isinstance(given, Path) else file)
    whole = _composed(given, notes)
    if own:
        overlaid(whole, own, own_file, notes)
    document = Section(whole, notes)
    given_rates, given_calendar = document.get("rates"), document.get("calendar")
    rates = _rates(Section(given_rates, notes), document) if given_rates else None
    fiscal = _calendar(Section(given_calendar, notes)) if given_calendar else CALENDAR_YEAR
    into = rates.into if rates else ""
    tables = {name: _table(name, section, into) for name, section in document.sections("tables")}
    metrics = {
        name: read_metric(name, section, tables, strict=strict)
        for name, section in document.sections("metrics")
    }
    if any(metric.table == TYPED for metric in metrics.values()):
        tables[TYPED] = typed_table()
    members = document.get("members")
    roster = _roster(Section(members, notes)) if members else None
    document.close()
    notes.stop()
    definitions = Definitions(
        notes.file, MappingProxyType(tables), MappingProxyType(metrics), roster, rates, fiscal
    )
    check_definitions(definitions, notes)
    notes.stop()
    shared = MappingProxyType(with_wholes(metrics))
    definitions = settle(replace(definitions, metrics=shared), notes)
    notes.stop()
    return with_uses(definitions)


def _called(given: Path) -> str:
    """What messages call a file, or a folder: where that lies is the machine's affair."""
    return given.name or str(given) if given.is_dir() else str(given)


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
        texts = {str(Path(given.name, file.name)): _text_of(file) for file in files}
        return compose_together(texts, notes)
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


def _rates(section: Section, document: Section) -> Rates:
    """Where the exchange rates stand; `into` is a column of their table, or else a currency."""
    table, into = section.text("table", required=True), section.text("into", required=True)
    below = next((each for name, each in document.sections("tables") if name == table), None)
    columns = {name for name, _ in below.sections("columns", short="type")} if below else set()
    rates = Rates(
        table=table,
        currency=section.text("currency", required=True),
        rate=section.text("rate", required=True),
        day=section.text("day"),
        period=section.text("period"),
        into="" if into in columns else into,
        into_column=into if into in columns else "",
    )
    section.close()
    return rates


def _calendar(section: Section) -> Fiscal:
    fiscal = Fiscal(section.whole("starts_in", 1, 1, 12), section.choice("pattern", PATTERNS, ""))
    section.close()
    return fiscal


def _table(name: str, section: Section, into: str) -> Table:
    columns = {
        column: _column(column, below, into)
        for column, below in section.sections("columns", short="type")
    }
    _refuse_colliding_names(columns, section)
    if name == TYPED:
        section.complain(
            None,
            Text(f"表名“{name}”留给录入的值", f"the name “{name}” is kept for typed-in values"),
            Text("换一个名字", "choose another name"),
            code="name",
        )
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
        health=read_health(section, OF_TABLES),
        latest=section.text("latest"),
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


def _column(name: str, section: Section, into: str) -> Column:
    currency = section.text("currency")
    column = Column(
        name=name,
        type=section.choice("type", COLUMN_TYPES, "text"),
        unit=section.text("unit", into if currency else ""),
        headers=section.words("header"),
        scale=section.whole("scale", 8, 0, _MOST_PLACES),
        required=section.flag("required"),
        optional=section.flag("optional"),
        values=MappingProxyType(section.pairs("values")),
        dates=section.choice("dates", ("", "dmy", "mdy", "ymd"), ""),
        numbers=section.choice("numbers", ("", "comma", "point"), ""),
        exclude=section.flag("exclude"),
        currency=currency,
        zone=section.text("zone"),
    )
    if column.zone and not _is_zone(column):
        section.complain(
            section.get("zone"),
            Text(
                f"“{column.zone}”不是日期列能用的时区",
                f"“{column.zone}” is no time zone for a column of dates",
            ),
            Text(
                "在 date 或 timestamp 列写 zone: Asia/Shanghai 这样的名字",
                "give a column of type date or timestamp a name such as zone: Asia/Shanghai",
            ),
        )
    if column.values and column.type != "text":
        section.complain(
            section.get("values"),
            Text("values 只用于文本列", "values is for text columns"),
            Text("删掉 values", "remove values"),
        )
    section.close()
    return column


def _is_zone(column: Column) -> bool:
    try:
        ZoneInfo(column.zone)
    except (KeyError, ValueError, OSError):
        return False
    return column.type in ("date", "timestamp")


def _roster(section: Section) -> Roster:
    attributes = section.pairs("attributes")
    roster = Roster(
        table=section.text("table", required=True),
        member=section.text("member", required=True),
        attributes=MappingProxyType(attributes),
    )
    section.close()
    return roster
