"""`mingji remind`: tell people by e-mail what waits for them; for cron."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mingji.cli.installation import enter_installation
from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.insights.actions import Reminded

_TITLES = {
    "member": Text("成员", "member"),
    "address": Text("邮箱", "address"),
    "waits": Text("待办", "waits"),
    "news": Text("其中要提醒的", "to be told"),
    "sent": Text("已发", "sent"),
}


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Only list who would be written to.")
@common_options
def command(dry_run: bool, form: str, locale: str) -> Sequence[Finding]:
    """Write to everybody for whom something new waits, is due soon or is overdue.

    Each is told once at each stage: a second run sends nothing. Exit code 1 if a mail was refused,
    2 if it is not set how mail is sent or the server does not answer.
    """
    enter_installation()
    from mingji.insights import actions
    from mingji.kit import clock

    told = list(actions.remind(at=clock.now(), send=not dry_run))
    findings = [_refused(each) for each in told if each.fault]
    rows = [_row(each, dry_run) for each in told]
    if form == "json":
        emit_json({"reminders": rows, "findings": findings_data(findings)})
        return findings
    titles = {name: name if form == "csv" else text.in_(locale) for name, text in _TITLES.items()}
    emit_rows(
        [{titles[name]: cell for name, cell in row.items()} for row in rows],
        list(titles.values()),
        form,
    )
    tell(findings, locale)
    return findings


def _row(each: Reminded, dry_run: bool) -> dict[str, str]:
    return {
        "member": each.code,
        "address": each.address,
        "waits": str(each.waits),
        "news": str(each.news),
        "sent": "–" if dry_run or each.fault else "ok",
    }


def _refused(each: Reminded) -> Finding:
    return Finding(
        "mail_refused",
        "warning",
        Text(
            zh=f"给 {each.address} 的邮件没有发出：{each.fault}",
            en=f"The mail to {each.address} was not sent: {each.fault}",
        ),
        Text(
            "改正邮箱，或看邮件服务器的日志；下次会再发",
            "mend the address, or look into the mail server's log; it is tried again next time",
        ),
        Place(path=each.code),
    )
