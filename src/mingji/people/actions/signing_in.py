"""Find out who is at the door; too many wrong tries close it for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils import timezone

from mingji.audit import trail
from mingji.people.models import FailedSignIn, User
from mingji.people.viewer import viewer_for
from mingji.rules.errors import Invalid, NotAllowedNow, NotFound
from mingji.rules.text import Text

WINDOW = timedelta(minutes=15)
TRIES_OF_ACCOUNT = 5  # from one address
TRIES_OF_ADDRESS = 30  # over all accounts


def sign_in(email: str, password: str, *, address: str, at: datetime) -> User:
    """The login behind an e-mail address and a password.

    Raises:
        NotAllowedNow: too many wrong tries within `WINDOW` for this account and address.
        Invalid: they do not match (which of the two is wrong is not told).
        NotAllowed: the login belongs to no current member.
    """
    email = email.strip().lower()
    _check_tries(email, address, at)
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        FailedSignIn.objects.create(email=email[:254], address=address, at=at)
        raise Invalid(
            Text(
                zh="邮箱和密码对不上。检查大小写后再试一次，或找人力资源伙伴重设密码。",
                en="E-mail and password do not match. Check capitals and try again, "
                "or ask your HR partner for a new password.",
            ),
            code="wrong_password",
        )
    _let_in(user, at)
    FailedSignIn.objects.filter(email=email, address=address).delete()
    return user


def sign_in_as(code: str, *, at: datetime) -> User:
    """The login of a demo persona, without a password; on a demo site only.

    Raises:
        NotFound: this is no demo site, or the member is no persona.
    """
    user = User.objects.exclude(persona="").filter(member__code=code, is_active=True).first()
    if user is None or not settings.MINGJI_DEMO:
        raise NotFound(Text(zh="没有这个页面。", en="There is no such page."), code="no_persona")
    _let_in(user, at)
    return user


def _let_in(user: User, at: datetime) -> None:
    viewer = viewer_for(user, timezone.localdate(at))
    trail.record(actor=viewer.code, action="sign_in", kind="member", object_id=viewer.code, at=at)


def _check_tries(email: str, address: str, at: datetime) -> None:
    FailedSignIn.objects.filter(at__lte=at - WINDOW).delete()
    tries = FailedSignIn.objects.filter(address=address)
    if tries.filter(email=email).count() >= TRIES_OF_ACCOUNT or tries.count() >= TRIES_OF_ADDRESS:
        raise NotAllowedNow(
            Text(
                zh="试错的次数太多，15 分钟后再来。",
                en="Too many wrong tries. Come back in 15 minutes.",
            ),
            code="too_many_tries",
        )
