"""A trial on the terminal: tables for people, JSON and CSV for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from mingji.cli.output import emit_json, emit_rows, findings_data, tell
from mingji.cli.places import named_by
from mingji.cli.trial.scorecards import Card, Line, Trial
from mingji.kit.numbers import show
from mingji.rules.explain_text import explain_text, flag_words
from mingji.rules.explanation import as_data, plain
from mingji.rules.text import Text

_NONE = "–"
_HEADS = {
    "period": Text("期间", "Period"),
    "total": Text("得分", "Score"),
    "grade": Text("绩效等级", "Grade"),
    "notes": Text("说明", "Notes"),
}


def report(trial: Trial, form: str, locale: str, *, explain: bool) -> None:
    """Print the scorecards; findings go to the error stream, or into the JSON."""
    if form == "json":
        emit_json(_data(trial, explain=explain))
        return
    if form == "csv":
        rows = [_csv_row(card) for card in trial.cards]
        emit_rows(rows, list(rows[0]) if rows else ["by"], "csv")
    else:
        _tables(trial, locale, explain=explain)
    files = {path.name: table for table, path in trial.folder.files.items()}
    tell(trial.findings, locale, named_by(trial.folder.definitions, files))


def _tables(trial: Trial, locale: str, *, explain: bool) -> None:
    for kind in dict.fromkeys(card.cards for card in trial.cards):
        cards = [card for card in trial.cards if card.cards == kind]
        rows = [_table_row(card, locale) for card in cards]
        title = f"{kind.name.in_(locale)} · {trial.scheme.name.in_(locale)}"
        emit_rows(rows, list(rows[0]), "table", title=title)
        for card in cards if explain else ():
            click.echo(f"\n{card.key} · {card.period}")
            click.echo(explain_text(card.result.node, locale))


def _table_row(card: Card, locale: str) -> dict[str, str]:
    row = {card.cards.name.in_(locale): card.key, _HEADS["period"].in_(locale): card.period}
    for line in card.lines:
        row[line.item.name.in_(locale)] = _words(line, locale)
    row[_HEADS["total"].in_(locale)] = _number(card.result.total)
    row[_HEADS["grade"].in_(locale)] = card.result.grade or _NONE
    row[_HEADS["notes"].in_(locale)] = _notes(card, locale)
    return row


def _words(line: Line, locale: str) -> str:
    """Actual / target → points."""
    if line.actual is None:
        return _NONE
    unit = line.item.unit
    said = str(show(line.actual, unit, locale))
    if line.target is not None:
        said += f" / {show(line.target, unit, locale)}"
    return said if line.result.points is None else f"{said} → {plain(line.result.points)}"


def _notes(card: Card, locale: str) -> str:
    """Why something is missing: no data, or no target because nothing came before."""
    said = [
        flag_words(flag).in_(locale)
        for flag in ("no_data", "no_target")
        if any(flag in line.result.node.flags for line in card.lines)
    ]
    return "; ".join(said)


def _csv_row(card: Card) -> dict[str, str]:
    row = {"by": card.cards.id, "key": card.key, "period": card.period}
    for line in card.lines:
        name = line.item.id
        row[name] = _number(line.actual, "")
        row[f"{name}.target"] = _number(line.target, "")
        row[f"{name}.points"] = _number(line.result.points, "")
        row[f"{name}.rows"] = str(line.rows)
    row["total"] = _number(card.result.total, "")
    row["grade"] = card.result.grade or ""
    row["flags"] = " ".join(card.result.flags)
    return row


def _data(trial: Trial, *, explain: bool) -> dict[str, Any]:
    return {
        "scheme": {"id": trial.scheme.id, "version": trial.scheme.version},
        "periods": list(trial.periods),
        "scorecards": [_card_data(card, explain=explain) for card in trial.cards],
        "findings": findings_data(trial.findings),
    }


def _card_data(card: Card, *, explain: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "by": card.cards.id,
        "key": card.key,
        "period": card.period,
        "total": _text(card.result.total),
        "grade": card.result.grade,
        "flags": list(card.result.flags),
        "items": [_line_data(line) for line in card.lines],
    }
    if explain:
        data["tree"] = as_data(card.result.node)
    return data


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "item": line.item.id,
        "metric": line.item.metric,
        "unit": line.item.unit,
        "actual": _text(line.actual),
        "target": _text(line.target),
        "rows": line.rows,
        "weight": _text(line.result.weight),
        "effective_weight": _text(line.result.effective_weight),
        "points": _text(line.result.points),
        "state": line.result.state,
        "flags": list(line.result.node.flags),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _number(value: Decimal | None, none: str = _NONE) -> str:
    return none if value is None else plain(value)
