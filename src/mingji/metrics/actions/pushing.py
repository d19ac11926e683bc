"""Take in rows that a system sends: signed, once for each key, loaded as a batch."""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from mingji.audit import trail
from mingji.connectors.files import Reading
from mingji.connectors.kinds import Clock
from mingji.connectors.pushed import read_csv, read_json
from mingji.connectors.source import Delivery
from mingji.metrics.actions.running import run_deliveries
from mingji.metrics.doors import PUSH, secret_of
from mingji.metrics.locking import alone_on
from mingji.metrics.models import Push, Source, SourceRun
from mingji.metrics.stored import finding_of
from mingji.people.viewer import SYSTEM
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding
from mingji.rules.text import Text

#: How far the clock of the sender may be off, and for how long a signature can be used.
TOLERANCE = timedelta(minutes=5)
# Somebody without the secret must not be able to fill the audit trail.
_QUIET = timedelta(minutes=10)
_KEY_LENGTH = 200
_READERS = {"application/json": "json", "text/csv": "csv"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent to a push source, with the headers that vouch for it."""

    source: str
    body: bytes
    content_type: str
    timestamp: str
    signature: str
    key: str


class PushRefused(Exception):
    """Nothing was taken in: the HTTP status, a stable code, a sentence and its findings."""

    def __init__(
        self, status: int, code: str, message: Text, findings: tuple[Finding, ...] = ()
    ) -> None:
        super().__init__(message.en)
        self.status, self.code, self.message, self.findings = status, code, message, findings


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that a sender puts into `X-Mingji-Signature`.

    >>> signature_of("secret", "1", b"[]")[:15]
    'sha256=a5c853b2'
    """
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def accept_push(sent: Sent, clock: Clock) -> SourceRun:
    """Load what was sent, or find that it was loaded under its key before.

    Raises:
        PushRefused: 401 not signed, or too late; 400 no key; 409 the key stands for another body,
            or the source is at work; 415 neither JSON nor CSV; 422 the rows cannot be read or do
            not fit the mapping.
    """
    now = clock()
    source = Source.objects.filter(code=sent.source, kind=PUSH, enabled=True).first()
    if source is None:
        raise PushRefused(401, "not_signed", _NOT_SIGNED)
    _check_signature(source, sent, now)
    try:
        return _accepted(source, sent, clock)
    except PushRefused as refusal:
        _note(source, refusal.code, now)
        raise


def _accepted(source: Source, sent: Sent, clock: Clock) -> SourceRun:
    if not 0 < len(sent.key) <= _KEY_LENGTH:
        raise PushRefused(400, "no_key", _NO_KEY)
    digest = hashlib.sha256(sent.body).hexdigest()
    try:
        with alone_on(source.code):
            known = Push.objects.filter(source=source, key=sent.key).select_related("run").first()
            if known is None:
                return _loaded(source, sent, digest, clock)
    except NotAllowedNow as error:
        raise PushRefused(409, "busy", error.message) from error
    if known.digest != digest:
        raise PushRefused(409, "key_used", _KEY_USED)
    return known.run


def _loaded(source: Source, sent: Sent, digest: str, clock: Clock) -> SourceRun:
    with _opened(sent) as reading:
        deliveries = [Delivery(reading, {"key": sent.key})]
        run = run_deliveries(SYSTEM, source, deliveries, clock, who=PUSH)
    if run.status == SourceRun.Status.FAILED:
        findings = tuple(finding_of(each) for each in run.findings)
        raise PushRefused(422, "not_loaded", run.error, findings)
    Push.objects.create(source=source, key=sent.key, digest=digest, run=run, at=clock())
    return run


@contextmanager
def _opened(sent: Sent) -> Iterator[Reading]:
    kind = _READERS.get(sent.content_type.partition(";")[0].strip().lower())
    name = f"push {sent.key}"
    if kind is None:
        raise PushRefused(415, "content_type", _CONTENT_TYPE)
    with tempfile.TemporaryDirectory(prefix="mingji-push-") as folder:
        try:
            if kind == "json":
                reading = read_json(sent.body, name)
            else:
                reading = read_csv(sent.body, name, Path(folder))
        except Invalid as error:
            raise PushRefused(422, "body", error.message, error.findings) from error
        yield reading


def _check_signature(source: Source, sent: Sent, now: datetime) -> None:
    try:
        wanted = signature_of(secret_of(source), sent.timestamp, sent.body)
    except Invalid as error:
        raise PushRefused(503, "no_secret", error.message) from error
    given = sent.signature.encode("utf-8", "replace")
    if not hmac.compare_digest(wanted.encode(), given):
        _note_unsigned(source, now)
        raise PushRefused(401, "not_signed", _NOT_SIGNED)
    stamp = sent.timestamp
    seconds = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 else 0
    if abs(now.timestamp() - seconds) > TOLERANCE.total_seconds():
        _note(source, "too_late", now)
        raise PushRefused(401, "too_late", _TOO_LATE)


def _note(source: Source, reason: str, at: datetime) -> None:
    """A refusal of somebody who has the secret."""
    trail.record(
        actor=SYSTEM,
        action="metrics.refuse_push",
        kind="source",
        object_id=source.code,
        at=at,
        evidence={"why": reason},
    )


@transaction.atomic
def _note_unsigned(source: Source, at: datetime) -> None:
    """A refusal of somebody unknown: written down once in a while."""
    quiet = Source.objects.filter(pk=source.pk).exclude(refused_at__gt=at - _QUIET)
    if quiet.update(refused_at=at):
        _note(source, "not_signed", at)


_NOT_SIGNED = Text(
    zh="签名不对，或没有这个推送来源。对“时间戳.正文”做 HMAC-SHA256，放进 X-Mingji-Signature。",
    en="The signature is wrong, or there is no such push source. Sign “timestamp.body” with "
    "HMAC-SHA256 and send it as X-Mingji-Signature.",
)
_TOO_LATE = Text(
    zh="时间戳与服务器相差超过 5 分钟。校准时钟，用现在的时间戳重新签名再发。",
    en="The timestamp is more than 5 minutes off. Set the clock, sign again with the present "
    "time, and send it again.",
)
_NO_KEY = Text(
    zh="没有 Idempotency-Key。每批数据给一个不重复的键（最长 200 个字符）。",
    en="There is no Idempotency-Key. Give each batch a key of its own (200 characters at most).",
)
_KEY_USED = Text(
    zh="这个 Idempotency-Key 已用于另一份内容。新的内容要用新的键。",
    en="This Idempotency-Key was used for another body. Use a new key for new content.",
)
_CONTENT_TYPE = Text(
    zh="只收 application/json 和 text/csv。",
    en="Send application/json or text/csv.",
)
