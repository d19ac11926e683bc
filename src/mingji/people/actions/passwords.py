"""Set the password of a login."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from mingji.audit import trail
from mingji.people.actions.inputs import refuse
from mingji.people.models import FailedSignIn, User
from mingji.people.viewer import SYSTEM
from mingji.rules.text import Text


@transaction.atomic
def set_password(email: str, password: str, *, at: datetime) -> str:
    """Give a login a new password, end its sessions and stop its API tokens; returns the member's
    code.

    Only whoever runs the installation does this, at its command line: no page leads here, so that
    nobody can take over the login of another. Wrong tries from before no longer count. The
    sessions end because each of them carries a digest of the password; the tokens because whoever
    had the old one could have made them.

    Raises:
        Invalid: no member has this login, or the password is too short or too common.
    """
    address = email.strip().lower()
    # PostgreSQL locks no row that an outer join may have made up: only the login itself.
    logins = User.objects.select_for_update(of=("self",)).select_related("member")
    user = logins.filter(email=address).first()
    if user is None or user.member is None:
        raise refuse(
            "no_login",
            "email",
            Text(zh=f"没有邮箱为“{address}”的账号。", en=f"There is no login “{address}”."),
            Text(
                zh="核对邮箱；新成员先用 mingji members load 载入。",
                en="Check the address. New members come with mingji members load.",
            ),
        )
    _check(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    FailedSignIn.objects.filter(email=address).delete()
    code = user.member.code
    working = user.api_tokens.filter(revoked_at=None).order_by("pk")
    stopped = list(working.values_list("prefix", flat=True))
    working.update(revoked_at=at)
    trail.record(
        actor=SYSTEM,
        action="set_password",
        kind="member",
        object_id=code,
        at=at,
        evidence={"tokens_stopped": stopped} if stopped else None,
    )
    return code


def _check(password: str, user: User) -> None:
    """Refuse what is not good enough; the reasons are told in both languages."""
    reasons = Text(
        zh="".join(_reasons(password, user, "zh-hans")), en=" ".join(_reasons(password, user, "en"))
    )
    if reasons.en:
        raise refuse(
            "weak_password",
            "password",
            reasons,
            Text(
                zh="换一个更长、别人猜不到的密码，例如四个不相干的词。",
                en="Choose a longer one that nobody guesses, such as four unrelated words.",
            ),
        )


def _reasons(password: str, user: User, language: str) -> list[str]:
    # Some validators put their sentence into words at once, so each language asks anew.
    with translation.override(language):
        try:
            validate_password(password, user)
        except ValidationError as error:
            return list(error.messages)
    return []
