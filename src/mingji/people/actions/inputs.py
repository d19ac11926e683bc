"""From the codes of an input to rows, and the sentences with which an input is refused."""

from __future__ import annotations

from mingji.people.models import Member, Team
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_NOTHING_SAVED = Text(
    zh="内容有误，没有保存任何内容。", en="Something needs mending. Nothing was saved."
)


def refuse(code: str, where: str, message: Text, remedy: Text) -> Invalid:
    """The failure for one wrong field: raise it before anything is written."""
    finding = Finding(code, "error", message, remedy, Place(path=where))
    return Invalid(_NOTHING_SAVED, code=code, findings=(finding,))


def team_named(where: str, code: str) -> Team:
    """The team with this code, or the refusal of the field that named it."""
    team = Team.objects.filter(code=code).first()
    if team is None:
        raise _unknown(where, Text(zh="团队", en="team"), code)
    return team


def member_named(where: str, code: str) -> Member:
    """The member with this code, or the refusal of the field that named it."""
    member = Member.objects.filter(code=code).first()
    if member is None:
        raise _unknown(where, Text(zh="成员", en="member"), code)
    return member


def taken(code: str) -> Invalid:
    """A code that somebody or something has."""
    return refuse(
        "code_taken",
        "code",
        Text(zh=f"代码“{code}”已经有人用了。", en=f"The code “{code}” is taken."),
        Text(zh="换一个代码。", en="Choose another code."),
    )


def _unknown(where: str, kind: Text, code: str) -> Invalid:
    return refuse(
        "unknown_code",
        where,
        Text(zh=f"没有代码为“{code}”的{kind.zh}。", en=f"There is no {kind.en} “{code}”."),
        Text(zh="核对代码，或先建立它。", en="Check the code, or create it first."),
    )
