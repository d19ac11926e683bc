"""Reminding people by e-mail of what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from mingji.audit import trail
from mingji.insights import queries
from mingji.insights.letters import letter
from mingji.insights.models import Reminder
from mingji.insights.queries import Need
from mingji.people import queries as people
from mingji.people.viewer import viewer_for
from mingji.rules.errors import Invalid, NotAllowed
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import User

# A deadline is near on its eve and the day before.
SOON = timedelta(days=2)
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """One person: what waits for them, how many things of it are news, and what went wrong with
    their mail, if anything did."""

    code: str
    address: str
    waits: int
    news: int
    fault: str = ""


def remind(*, at: datetime, send: bool) -> Iterator[Reminded]:
    """Write to everybody for whom something new waits, has a near deadline, or is overdue now.

    Each stage of each thing is told once, whoever runs this how often. The mail of one person is
    on its way before the next is begun; one that fails stops no other and is tried again next
    time. Without `send` nothing is sent and nothing kept.

    Raises:
        Invalid: it is not said where mail is handed to, from whom, or under which address the
            site is reached; or the mail server does not answer.
    """
    server = _server() if send else None
    try:
        for user in people.logins_to_remind():
            told = _of_one(user, at, server)
            if told:
                yield told
    finally:
        if server:
            server.close()


def _of_one(user: User, at: datetime, server: BaseEmailBackend | None) -> Reminded | None:
    today = timezone.localtime(at).date()
    try:
        viewer = viewer_for(user, today)
    except NotAllowed:
        return None
    needs = queries.needs_of(viewer)
    stages = {_key(need): _stage(need, today) for need in needs}
    known = dict(Reminder.objects.filter(user=user).values_list("need", "stage"))
    news = {key: stage for key, stage in stages.items() if stage > known.get(key, -1)}
    fault = ""
    if server and news:
        fault = _send(user, needs, server)
    done = known.keys() - stages.keys()
    if server and not fault and (news or done):
        _keep(user, viewer.code, news, done, at)
    if not news:
        return None
    return Reminded(
        code=viewer.code, address=user.email, waits=len(needs), news=len(news), fault=fault
    )


def _send(user: User, needs: Sequence[Need], server: BaseEmailBackend) -> str:
    """Hand one mail to the server; what it says against it."""
    subject, body = letter(user, needs, settings.MINGJI_URL)
    mail = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email], connection=server)
    # Answers that nobody reads are not to come from machines either.
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        # A connection that broke is opened anew with the next mail.
        server.close()
        return str(error)[:200]
    return ""


@transaction.atomic
def _keep(user: User, code: str, news: dict[str, int], done: set[str], at: datetime) -> None:
    Reminder.objects.filter(user=user, need__in=done).delete()
    for need, stage in news.items():
        Reminder.objects.update_or_create(user=user, need=need, defaults={"stage": stage, "at": at})
    if news:
        trail.record(
            actor="system",
            action="remind",
            kind="member",
            object_id=code,
            at=at,
            evidence={"things": len(news)},
        )


def _key(need: Need) -> str:
    """What names a need for as long as it is the same; another deadline makes it another."""
    return f"{need.kind} {need.url} {need.round} {need.about.zh} {need.due or ''}"


def _stage(need: Need, today: date) -> int:
    if need.due is None or need.due > today + SOON:
        return Reminder.Stage.WAITING
    return Reminder.Stage.OVERDUE if need.due < today else Reminder.Stage.SOON


def _server() -> BaseEmailBackend:
    """The mail server, greeted."""
    named = {
        "MINGJI_MAIL": settings.EMAIL_HOST,
        "MINGJI_MAIL_FROM": settings.DEFAULT_FROM_EMAIL,
        "MINGJI_URL": settings.MINGJI_URL,
    }
    missing = [name for name, value in named.items() if not value]
    if missing:
        listed = ", ".join(missing)
        raise Invalid(
            Text(
                zh=f"还没有设置怎么发邮件：缺 {listed}。见设置说明；先看名单用 --dry-run。",
                en=f"It is not set how mail is sent: {listed} is missing. See the settings; "
                "to see the list only, use --dry-run.",
            ),
            code="no_mail",
        )
    server: BaseEmailBackend = get_connection(_SMTP)
    try:
        server.open()
    except (SMTPException, OSError) as error:
        raise Invalid(
            Text(
                zh=f"邮件服务器 {settings.EMAIL_HOST} 没有接受连接：{error}。一封都没有发。",
                en=f"The mail server {settings.EMAIL_HOST} takes no connection: {error}. "
                "Nothing was sent.",
            ),
            code="mail_server",
        ) from error
    return server
