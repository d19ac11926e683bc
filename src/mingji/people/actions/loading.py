"""Take over a roster: teams, members with their posts, logins and duties, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from mingji.people.actions.access import give_duty, give_login
from mingji.people.actions.roster_faults import faults_of, kept, no_day
from mingji.people.actions.staffing import NewPost, hire, make_team, post
from mingji.people.actions.standing import Standing
from mingji.people.models import Duty, User
from mingji.people.roster import Roster, Row, refused
from mingji.people.roster.columns import HEADERS
from mingji.people.viewer import Actor
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a roster changed: the action, whom or what, from when, and the new state."""

    action: str
    code: str
    on: date | None
    detail: str


@dataclass(slots=True)
class Loaded:
    """What came of a roster; no changes when everything stood so already."""

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@transaction.atomic
def load_roster(actor: Actor, roster: Roster, *, on: date | None = None, at: datetime) -> Loaded:
    """Make the installation say what the roster says, each change through its own action.

    New teams are set up and new members hired, managers before those who report to them. Who was
    hired before their manager reports, until that day, to whoever stands above the manager. A
    known member whose team, manager, family, level or title differs moves to the new post on
    `on`. Nobody leaves and no duty ends because a file does not list it.

    Raises:
        NotAllowed: the actor may not staff one of the teams.
        Invalid: anything does not fit; each finding names row and column, and nothing is saved.
    """
    standing = Standing(roster)
    if faults := list(faults_of(standing, on)):
        raise refused(faults)
    work = _Work(actor, at, roster, standing, on)
    for unit in standing.new_teams():
        work.set_up_team(unit.code)
    rows = standing.top_down()
    for row in rows:
        work.take_on(row)
    work.move_under_later_managers()
    for row in rows:
        work.open_doors(row)
    work.loaded.findings += kept(standing)
    return work.loaded


@dataclass(slots=True)
class _Work:
    """The way through one roster, and what it has changed so far."""

    actor: Actor
    at: datetime
    roster: Roster
    standing: Standing
    on: date | None
    loaded: Loaded = field(default_factory=Loaded)
    later: list[tuple[date, Row, str]] = field(default_factory=list)

    def set_up_team(self, code: str) -> None:
        unit = self.standing.units[code]
        name_zh, name_en = unit.name_zh or unit.name_en, unit.name_en or unit.name_zh
        said = {"code": code, "name_zh": name_zh, "name_en": name_en, "parent": unit.parent or None}
        self._do(unit.number, make_team, self.actor, **said, at=self.at)
        self._note("make_team", code, None, name_zh)

    def take_on(self, row: Row) -> None:
        """Hire a new member, or move a known one whose post differs."""
        if row.code in self.standing.members:
            if self.standing.moves(row):
                assert self.on is not None  # `faults_of` has looked
                self._move(row, self.on, self.standing.manager_of(row.code))
            return
        (day, manager), *later = self.standing.first_posts(row)
        self._do(
            row.number,
            hire,
            self.actor,
            code=row.code,
            name=row.name,
            name_en=row.called.en,
            hired_on=day,
            post=self._post(row, manager),
            email=row.email,
            at=self.at,
        )
        self._note("hire", row.code, day, self._described(row, manager))
        self.later += [(day, row, manager) for day, manager in later]

    def move_under_later_managers(self) -> None:
        for day, row, manager in sorted(self.later, key=lambda each: (each[0], each[1].number)):
            self._move(row, day, manager)

    def open_doors(self, row: Row) -> None:
        """The login and the duties that the member does not have yet."""
        if row.email and not User.objects.filter(member__code=row.code).exists():
            self._do(row.number, give_login, self.actor, row.code, row.email, at=self.at)
            self._note("give_login", row.code, None, row.email)
        for kind, team in row.duties:
            known = row.code in self.standing.members
            day = self.on if known else row.hired_on
            held = Duty.objects.filter(
                Q(ends_on=None) | Q(ends_on__gt=day or self.at.date()),
                member__code=row.code,
                kind=kind,
                team__code=team,
            )
            if held.exists():
                continue
            if day is None:
                raise refused([no_day(self.roster, row, "duty")])
            self._do(
                row.number, give_duty, self.actor, row.code, kind, team, starts_on=day, at=self.at
            )
            self._note("give_duty", row.code, day, f"{kind}:{team}")

    def _move(self, row: Row, day: date, manager: str) -> None:
        new = self._post(row, manager)
        self._do(row.number, post, self.actor, row.code, new, starts_on=day, at=self.at)
        self._note("post", row.code, day, self._described(row, manager))

    def _post(self, row: Row, manager: str) -> NewPost:
        title_zh, title_en = self.standing.title_of(row)
        return NewPost(row.team, row.job_family, row.level, manager or None, title_zh, title_en)

    def _described(self, row: Row, manager: str) -> str:
        above = f" → {manager}" if manager else ""
        return f"{row.name} · {row.team} · {row.job_family} · {row.level}{above}"

    def _note(self, action: str, code: str, on: date | None, detail: str) -> None:
        self.loaded.changes.append(Change(action, code, on, detail))

    def _do(self, number: int, action: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Run an action; what it refuses is told with the row that asked for it."""
        try:
            action(*args, **kwargs)
        except Invalid as error:
            raise refused(self._at_row(number, error)) from error

    def _at_row(self, number: int, error: Invalid) -> Iterator[Finding]:
        columns = {"starts_on": "hired_on", "parent": "parent_team", "kind": "duty"}
        for finding in error.findings:
            column = columns.get(finding.place.path, finding.place.path)
            column = column if column in HEADERS else "code"
            yield self.roster.wrong(finding.code, number, column, finding.message, finding.remedy)
