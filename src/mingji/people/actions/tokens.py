"""Keys for programs: make one, take it back, and recognise one that is shown."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mingji.audit import trail
from mingji.people import queries
from mingji.people.actions.inputs import refuse
from mingji.people.models import ApiToken
from mingji.people.viewer import Viewer, viewer_for
from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text

LONGEST = timedelta(days=365)
MOST = 20
_MARK = "mingji"
_NAME = ApiToken._meta.get_field("name").max_length or 0


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made, and its secret: shown now and never again."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """For whom a program acts, in which language they read, and whether it may write."""

    viewer: Viewer
    token: ApiToken
    language: str


@transaction.atomic
def create_token(
    actor: Viewer, *, name: str, writes: bool, expires_on: date, at: datetime
) -> NewToken:
    """Make a token with which a program acts for the actor, with the actor's own rights.

    Raises:
        Invalid: no name, a day that is over or more than a year ahead, or too many tokens.
    """
    _check(actor, name.strip(), expires_on, timezone.localdate(at))
    prefix = secrets.token_hex(6)
    secret = f"{_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user_id=actor.user_id,
        name=name.strip(),
        prefix=prefix,
        digest=_digest(secret),
        writes=writes,
        created_at=at,
        expires_on=expires_on,
    )
    _record(actor, "create_token", token, at, writes=writes, expires_on=str(expires_on))
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(actor: Viewer, token_id: int, *, at: datetime) -> None:
    """Stop a token of the actor's at once; one that is stopped already stays as it is.

    Raises:
        NotFound: no such token, or somebody else's.
    """
    token = queries.token_for(actor, token_id, lock=True)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record(actor, "revoke_token", token, at)


def recognise(secret: str, *, at: datetime) -> Bearer:
    """For whom a program acts that shows this secret; notes the day on which it was used last.

    Raises:
        NotAllowed: nobody's secret, or it is over, taken back, or its person is gone.
    """
    token = _of(secret)
    today = timezone.localdate(at)
    if not token.works_on(today):
        raise NotAllowed(_OVER, code="token_over")
    if not token.user.is_active:
        raise NotAllowed(_NO_LOGIN, code="no_login")
    viewer = viewer_for(token.user, today)
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return Bearer(viewer, token, token.user.language)


def _of(secret: str) -> ApiToken:
    """The token with this secret. What is compared is compared in constant time."""
    mark, _, rest = secret.partition("_")
    prefix = rest.partition("_")[0]
    looks = mark == _MARK and prefix.isalnum() and prefix.isascii()
    found = ApiToken.objects.select_related("user__member").filter(prefix=prefix) if looks else ()
    token = next(iter(found), None)
    known = token.digest if token else ""
    if not hmac.compare_digest(known, _digest(secret)) or token is None:
        raise NotAllowed(_UNKNOWN, code="unknown_token")
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _record(actor: Viewer, action: str, token: ApiToken, at: datetime, **more: str | bool) -> None:
    trail.record(
        actor=actor.code,
        action=action,
        kind="member",
        object_id=actor.code,
        at=at,
        evidence={"token": token.prefix, "name": token.name, **more},
    )


def _check(actor: Viewer, name: str, expires_on: date, today: date) -> None:
    if not name or len(name) > _NAME:
        raise refuse(
            "token_name",
            "name",
            Text(zh=f"名称要有 1 到 {_NAME} 个字。", en=f"A name has 1 to {_NAME} characters."),
            Text(zh="写明是哪个程序在用，例如“周报脚本”。", en="Say which program uses it."),
        )
    last = today + LONGEST
    if not today <= expires_on <= last:
        raise refuse(
            "token_expiry",
            "expires_on",
            Text(
                zh=f"到期日要在今天到 {last} 之间，最长一年。",
                en=f"The last day lies between today and {last}: a year at most.",
            ),
            Text(zh="选一个更近的日期；到期后再新建。", en="Choose one; make a new token then."),
        )
    working = ApiToken.objects.filter(user_id=actor.user_id, revoked_at=None)
    if working.filter(expires_on__gte=today).count() >= MOST:
        raise refuse(
            "too_many_tokens",
            "name",
            Text(zh=f"你已有 {MOST} 个有效的令牌。", en=f"You have {MOST} working tokens."),
            Text(zh="先停用不再需要的。", en="Revoke those that you no longer need."),
        )


_UNKNOWN = Text(
    zh="没有这个令牌。检查是否完整复制；令牌只在新建时显示一次。",
    en="There is no such token. Check that it was copied whole; it is shown only once.",
)
_OVER = Text(
    zh="这个令牌已到期或已停用。到“API 令牌”页面新建一个。",
    en="This token is over or was revoked. Make a new one on the page “API tokens”.",
)
_NO_LOGIN = Text(
    zh="这个令牌的主人已不能登录，令牌随之停用。",
    en="The person behind this token can no longer sign in, so the token has stopped.",
)
