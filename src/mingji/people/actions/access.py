"""Duties, logins, and how a person likes to read."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mingji.audit import trail
from mingji.people import policy
from mingji.people.actions.inputs import member_named, refuse, team_named
from mingji.people.directory import PERSONAS
from mingji.people.models import Duty, User
from mingji.people.viewer import Actor, Viewer, actor_code, current
from mingji.rules.text import Text

PREFERENCES: dict[str, tuple[str, ...]] = {
    "language": tuple(dict(settings.LANGUAGES)),
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
    "reminders": ("on", "off"),
}


@transaction.atomic
def give_duty(
    actor: Actor, code: str, kind: str, team: str, *, starts_on: date, at: datetime
) -> None:
    """Make a member HR partner of a team and all below it, or data analyst, from a day on.

    Raises:
        NotAllowed: the actor is not the HR partner of the whole company, or is the member.
        Invalid: unknown member, team or kind, or the member has this duty already.
    """
    member = member_named("member", code)
    policy.may_give_duty(actor, member=member.pk).require()
    if kind not in Duty.Kind.values:
        raise refuse(
            "unknown_code",
            "kind",
            Text(zh=f"没有“{kind}”这种职责。", en=f"There is no duty “{kind}”."),
            Text.same(", ".join(Duty.Kind.values)),
        )
    unit = team_named("team", team)
    if Duty.objects.filter(current(starts_on), member=member, kind=kind, team=unit).exists():
        raise refuse(
            "duty_held",
            "kind",
            Text(zh=f"{member.name} 已经承担这项职责。", en=f"{member.name_en} has this duty."),
            Text(zh="不用再办。", en="Nothing needs doing."),
        )
    Duty.objects.create(member=member, kind=kind, team=unit, starts_on=starts_on)
    trail.record(
        actor=actor_code(actor),
        action="give_duty",
        kind="member",
        object_id=code,
        at=at,
        evidence={"duty": kind, "team": team, "on": str(starts_on)},
    )


@transaction.atomic
def give_login(
    actor: Actor,
    code: str,
    email: str,
    *,
    password: str | None = None,
    persona: str = "",
    at: datetime,
) -> User:
    """Let a member sign in with an e-mail address.

    Without a password nobody can sign in with it until one is set. `persona` marks a login that
    visitors of the demo may try (one of `directory.PERSONAS`).

    Raises:
        NotAllowed: the actor is not the HR partner of the member's team.
        Invalid: unknown member or persona; the member has a login; the address is taken.
    """
    member = member_named("member", code)
    running = member.postings.filter(current(timezone.localdate(at))).first()
    policy.may_staff(actor, [running.team_id] if running else []).require()
    address = email.strip().lower()
    if User.objects.filter(email=address).exists() or User.objects.filter(member=member).exists():
        raise refuse(
            "login_exists",
            "email",
            Text(zh="这位成员或这个邮箱已经有账号。", en="The member or the address has a login."),
            Text(zh="直接用已有账号登录。", en="Sign in with the one that exists."),
        )
    if persona and persona not in PERSONAS:
        raise refuse(
            "unknown_code",
            "persona",
            Text(zh=f"没有“{persona}”这个角色。", en=f"There is no persona “{persona}”."),
            Text.same(", ".join(PERSONAS)),
        )
    user = User.objects.create_user(address, password, member=member, persona=persona)
    trail.record(actor=actor_code(actor), action="give_login", kind="member", object_id=code, at=at)
    return user


@transaction.atomic
def set_preferences(
    actor: Viewer,
    *,
    language: str | None = None,
    theme: str | None = None,
    density: str | None = None,
    reminders: str | None = None,
    at: datetime,
) -> None:
    """Keep how a person likes to read and be reminded. None leaves a preference as it is.

    Raises:
        Invalid: a language, theme, density or kind of reminder that the product does not have.
    """
    wanted = checked_preferences(
        language=language, theme=theme, density=density, reminders=reminders
    )
    User.objects.filter(pk=actor.user_id).update(**wanted)
    trail.record(
        actor=actor.code,
        action="set_preferences",
        kind="member",
        object_id=actor.code,
        at=at,
        evidence=wanted,
    )


def checked_preferences(**given: str | None) -> dict[str, str]:
    """The preferences that were given, each a choice that the product has.

    Raises:
        Invalid: one is not.
    """
    wanted = {name: word for name, word in given.items() if word is not None}
    for name, word in wanted.items():
        if word not in PREFERENCES[name]:
            raise refuse(
                "unknown_preference",
                name,
                Text(zh=f"没有“{word}”这个选项。", en=f"There is no choice “{word}”."),
                Text.same(", ".join(PREFERENCES[name])),
            )
    return wanted
