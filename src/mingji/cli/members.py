"""`mingji members`: who works here, and the passwords with which they sign in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingji.cli.installation import open_installation
from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.rules.findings import Finding
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.actions import Change, Loaded

_COLUMNS = {
    "change": Text(zh="变化", en="change"),
    "code": Text(zh="代码", en="code"),
    "on": Text(zh="自", en="from"),
    "detail": Text(zh="内容", en="detail"),
}
_NOTHING = Text(
    zh="名册与现状一致，没有需要改的。", en="The roster says what is so already. Nothing changed."
)


@click.group("members", help="Load who works here; set a password.")
def command() -> None:
    """The commands about members."""


@command.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="From which day known members hold changed posts and duties.",
)
@common_options
def load(file: Path, on: datetime | None, form: str, locale: str) -> Sequence[Finding]:
    """Load a roster, a row a member: teams, posts, logins, duties; all of it or nothing.

    FILE is a CSV or Excel table with the columns code, name, name_en, email, team, team_name_zh,
    team_name_en, parent_team, manager, job_family, level, title_zh, title_en, hired_on, duty, or
    their Chinese names. Loading it again changes nothing.
    """
    from mingji.people.roster import read_roster

    roster = read_roster(file)
    open_installation()
    from mingji.kit import clock
    from mingji.people import actions

    loaded = actions.load_roster("system", roster, on=on.date() if on else None, at=clock.now())
    if form == "json":
        changes = [_row(each, each.action) for each in loaded.changes]
        emit_json({"changes": changes, "findings": findings_data(loaded.findings)})
        return loaded.findings
    _emit(loaded, form, locale)
    tell(loaded.findings, locale)
    return loaded.findings


@command.command("password")
@click.argument("email")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input instead.")
@common_options
def password(email: str, *, from_stdin: bool, form: str, locale: str) -> Sequence[Finding]:
    """Set the password of the login EMAIL; it is asked for twice and not shown.

    Whoever is signed in with that login is signed out, and its API tokens stop.
    """
    open_installation()
    from mingji.kit import clock
    from mingji.people import actions

    code = actions.set_password(email, _secret(locale, from_stdin=from_stdin), at=clock.now())
    if form == "json":
        emit_json({"email": email, "member": code})
    elif form == "csv":
        emit_rows([{"email": email, "member": code}], ["email", "member"], form)
    else:
        done = Text(
            zh=f"{email} 的密码已设置，之前的登录和 API 令牌都已失效。",
            en=f"The password of {email} is set. Earlier sessions and API tokens have ended.",
        )
        click.echo(done.in_(locale))
    return ()


def _secret(locale: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    words = Text(zh="新密码", en="New password")
    again = Text(zh="再输入一次", en="Once more")
    answer: str = click.prompt(
        words.in_(locale), hide_input=True, confirmation_prompt=again.in_(locale)
    )
    return answer


def _emit(loaded: Loaded, form: str, locale: str) -> None:
    if form == "csv":
        emit_rows([_row(each, each.action) for each in loaded.changes], list(_COLUMNS), form)
        return
    if not loaded.changes:
        click.echo(_NOTHING.in_(locale))
        return
    from mingji.audit.words import action_in_words

    titles = {name: words.in_(locale) for name, words in _COLUMNS.items()}
    rows = [_row(each, action_in_words(each.action).in_(locale)) for each in loaded.changes]
    shown = [{titles[name]: cell for name, cell in row.items()} for row in rows]
    emit_rows(shown, list(titles.values()), form)


def _row(change: Change, word: str) -> dict[str, str]:
    day = str(change.on or "")
    return {"change": word, "code": change.code, "on": day, "detail": change.detail}
