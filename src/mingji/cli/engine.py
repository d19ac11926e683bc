"""`mingji engine`: the rows of an installation in a company's own engine."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mingji.cli.installation import open_installation
from mingji.cli.output import common_options, emit_json, emit_rows
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_TITLES = {
    "table": Text(zh="数据表", en="table"),
    "batches": Text(zh="复制的批次", en="batches copied"),
    "rows": Text(zh="复制的行数", en="rows copied"),
    "removed": Text(zh="移除的批次", en="batches removed"),
}


@click.group("engine", help="Copy the rows of this installation into your company's engine.")
def command() -> None:
    """The commands about engines."""


@command.command("copy")
@common_options
def copy(form: str, locale: str) -> Sequence[Finding]:
    """Bring the copy in MINGJI_ENGINE up to date, batch by batch; a second time changes nothing.

    Every refresh does the same first. Tables of MINGJI_ENGINE_TABLES are there already.
    """
    open_installation()
    from mingji.metrics.computing import copied_to, engine
    from mingji.metrics.definitions import warehouse

    chosen = engine()
    if chosen is None:
        raise Invalid(
            Text(
                zh="没有指定引擎。在 MINGJI_ENGINE 里写它的地址，例如 postgresql://…",
                en="No engine is given. Write its address into MINGJI_ENGINE, such as postgresql://…",
            ),
            code="no_engine",
        )
    done = copied_to(chosen, warehouse())
    rows = [{name: str(getattr(each, name)) for name in _TITLES} for each in done]
    if form == "json":
        emit_json(rows)
        return ()
    titles = {name: name if form == "csv" else title.in_(locale) for name, title in _TITLES.items()}
    told = [{titles[name]: cell for name, cell in row.items()} for row in rows]
    emit_rows(told, list(titles.values()), form)
    return ()
