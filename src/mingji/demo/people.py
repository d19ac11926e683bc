"""Who works at the demo company: teams, members, dated postings, duties, absences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from mingji.demo import words
from mingji.rules.text import Text

DOMAIN = "chengchuan.example"


@dataclass(frozen=True, slots=True)
class Team:
    """A team; the department is the one without a parent."""

    code: str
    name: Text
    parent: str
    manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person. `family` and `level` are those of the latest posting; `focus` is what they look
    after (a channel, a region, a product). Only those `appraised` have goals and a form."""

    code: str
    name: str
    name_en: str
    team: str
    family: str
    level: str
    hired_on: dt.date
    left_on: dt.date | None
    email: str
    focus: str
    persona: bool
    appraised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Where a member worked, as what and for whom, from `starts_on` up to before `ends_on`."""

    member: str
    team: str
    manager: str
    family: str
    level: str
    title: Text
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that gives rights over a team: `director`, `hr_partner`, `data_analyst`."""

    kind: str
    member: str
    team: str


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence from `starts_on` up to before `ends_on`."""

    member: str
    starts_on: dt.date
    ends_on: dt.date
    kind: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody, and where they stood when."""

    teams: tuple[Team, ...]
    members: tuple[Member, ...]
    postings: tuple[Posting, ...]
    duties: tuple[Duty, ...]
    leaves: tuple[Leave, ...]

    def posting_on(self, member: str, day: dt.date) -> Posting | None:
        """The posting of a member on a day."""
        for posting in self.postings:
            if posting.member == member and posting.starts_on <= day < (
                posting.ends_on or dt.date.max
            ):
                return posting
        return None


def build_people() -> People:
    """Reads `data/people.yaml` into teams, members, postings, duties and leaves."""
    book = words.bank("people")
    teams = tuple(
        Team(team["code"], Text(team["zh"], team["en"]), team["parent"], team["manager"])
        for team in book["teams"]
    )
    transfers = {move["member"]: move for move in book["transfers"]}
    left = {leaver["member"]: leaver["day"] for leaver in book["leavers"]}
    members = tuple(_member(row, transfers, left, book["personas"]) for row in book["members"])
    managers = {team.code: (team.manager, team.parent) for team in teams}
    postings = tuple(
        posting
        for row, member in zip(book["members"], members, strict=True)
        for posting in _postings(row, member, transfers.get(member.code), managers)
    )
    return People(
        teams=teams,
        members=members,
        postings=postings,
        duties=tuple(Duty(d["duty"], d["member"], d["team"]) for d in book["duties"]),
        leaves=tuple(
            Leave(
                leave["member"],
                leave["from"],
                leave["to"] + dt.timedelta(days=1),
                Text(leave["zh"], leave["en"]),
            )
            for leave in book["leaves"]
        ),
    )


def _member(
    row: list[Any], transfers: dict[str, Any], left: dict[str, dt.date], personas: list[str]
) -> Member:
    code, name, name_en, team, family, level, hired_on, focus = row
    move = transfers.get(code, {})
    surname, given = name_en.lower().split(" ")
    return Member(
        code=code,
        name=name,
        name_en=name_en,
        team=move.get("team", team),
        family=move.get("family", family),
        level=level,
        hired_on=hired_on,
        left_on=left.get(code),
        email=f"{surname}.{given}@{DOMAIN}",
        focus=focus,
        persona=code in personas,
        appraised=family != "HR",
    )


def _postings(
    row: list[Any],
    member: Member,
    move: dict[str, Any] | None,
    managers: dict[str, tuple[str, str]],
) -> list[Posting]:
    team, family = row[3], row[4]
    end = member.left_on + dt.timedelta(days=1) if member.left_on else None
    if move is None:
        return [_posting(member, team, family, member.hired_on, end, managers)]
    return [
        _posting(member, team, family, member.hired_on, move["day"], managers),
        _posting(member, move["team"], move["family"], move["day"], end, managers),
    ]


def _posting(
    member: Member,
    team: str,
    family: str,
    starts_on: dt.date,
    ends_on: dt.date | None,
    managers: dict[str, tuple[str, str]],
) -> Posting:
    manager, parent = managers[team]
    if manager == member.code:
        manager = managers[parent][0] if parent else ""
    spec = words.bank("people")["families"][family]
    title = Text(spec["title_zh"], spec["title_en"])
    if member.level == "head":
        title = Text("市场总监", "Marketing director")
    return Posting(
        member=member.code,
        team=team,
        manager=manager,
        family=family,
        level=member.level,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )
