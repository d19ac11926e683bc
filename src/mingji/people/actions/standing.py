"""How a roster stands to what the installation knows: what is new, what moves, what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from mingji.people.models import Member, Posting, Team
from mingji.people.roster import Roster, Row, Unit
from mingji.rules.findings import Finding
from mingji.rules.text import Text


@dataclass(slots=True)
class Standing:
    """The roster beside the teams, members and last posts of the installation, by their codes."""

    roster: Roster
    rows: dict[str, Row] = field(init=False)
    units: dict[str, Unit] = field(init=False)
    teams: dict[str, Team] = field(init=False)
    members: dict[str, Member] = field(init=False)
    posts: dict[str, Posting] = field(init=False)
    starts: dict[str, date] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {row.code: row for row in self.roster.rows}
        self.units = {unit.code: unit for unit in self.roster.units}
        self.teams = {team.code: team for team in Team.objects.select_related("parent")}
        self.members = {member.code: member for member in Member.objects.all()}
        self.posts, self.starts = {}, {}
        postings = Posting.objects.select_related("member", "team", "manager")
        for posting in postings.order_by("starts_on"):
            self.posts[posting.member.code] = posting
            self.starts.setdefault(posting.member.code, posting.starts_on)
        for code, row in self.rows.items():
            self.starts.setdefault(code, row.hired_on)

    def manager_of(self, code: str) -> str:
        """Who will stand above a member: as the file says, else as it is."""
        if code in self.rows and "manager" in self.roster.headers:
            return self.rows[code].manager
        running = self.posts.get(code)
        return running.manager.code if running and running.manager else ""

    def superiors(self, code: str) -> list[str]:
        """Everybody above a member, from the nearest up; stops where the way runs in a circle."""
        way: list[str] = []
        above = self.manager_of(code)
        while above and above != code and above not in way:
            way.append(above)
            above = self.manager_of(above)
        return way

    def top_down(self) -> list[Row]:
        """The rows, managers before those who report to them."""
        return sorted(self.rows.values(), key=lambda row: len(self.superiors(row.code)))

    def new_teams(self) -> list[Unit]:
        """The teams to be set up, those above before those below."""
        new = [unit for unit in self.units.values() if unit.code not in self.teams]
        return sorted(new, key=lambda unit: len(self._teams_above(unit.code)))

    def first_posts(self, row: Row) -> list[tuple[date, str]]:
        """The day and the manager of a new member's posts, until the manager is in post."""
        way = self.superiors(row.code)
        posts: list[tuple[date, str]] = []
        for day in sorted({row.hired_on, *(self.starts[code] for code in way)}):
            nearest = next((code for code in way if self.starts[code] <= day), "")
            if day >= row.hired_on and (not posts or posts[-1][1] != nearest):
                posts.append((day, nearest))
        return posts

    def title_of(self, row: Row) -> tuple[str, str]:
        """The title of the post, in both languages: as the file says, else as it is."""
        running = self.posts.get(row.code)
        headers = self.roster.headers
        keep_zh = running and "title_zh" not in headers
        keep_en = running and "title_en" not in headers
        return (
            running.title_zh if running and keep_zh else row.title_zh,
            running.title_en if running and keep_en else row.title_en,
        )

    def moves(self, row: Row) -> bool:
        """Whether the post of a known member differs from the last one."""
        running = self.posts.get(row.code)
        if running is None:
            return True
        now = (running.team.code, running.job_family, running.level)
        manager = running.manager.code if running.manager else ""
        titles = (running.title_zh, running.title_en)
        wanted = (row.team, row.job_family, row.level)
        return (now, manager, titles) != (
            wanted,
            self.manager_of(row.code),
            self.title_of(row),
        )

    def faults(self, on: date | None) -> Iterator[Finding]:
        """Everything in the roster that cannot be taken over."""
        for unit in self.units.values():
            yield from self._faults_of_team(unit)
        for row in self.rows.values():
            yield from self._faults_of_member(row, on)

    def kept(self) -> Iterator[Finding]:
        """What the file says otherwise and a roster does not change: names, days, addresses."""
        for unit in self.units.values():
            if team := self.teams.get(unit.code):
                above = team.parent.code if team.parent else ""
                yield from self._kept(unit.number, "team_name_zh", unit.name_zh, team.name_zh)
                yield from self._kept(unit.number, "team_name_en", unit.name_en, team.name_en)
                yield from self._kept(unit.number, "parent_team", unit.parent, above)
        for row in self.rows.values():
            if member := self.members.get(row.code):
                named = row.name_en if "name_en" in self.roster.headers else ""
                email = row.email if member.email else ""
                yield from self._kept(row.number, "name", row.name, member.name)
                yield from self._kept(row.number, "name_en", named, member.name_en)
                yield from self._kept(row.number, "email", email, member.email)
                hired_on = str(member.hired_on)
                yield from self._kept(row.number, "hired_on", str(row.hired_on), hired_on)

    def no_day(self, row: Row, column: str) -> Finding:
        """The refusal of a change to a known member without a day."""
        return self.roster.wrong(
            "no_day",
            row.number,
            column,
            Text(
                zh=f"{row.name} 的任职或职责有变化，但没有说从哪天起",
                en=f"the post or duty of {row.name_en} changes, but from which day is not said",
            ),
            Text(zh="加上 --on 日期，例如 --on 2026-10-01", en="add --on with the day: 2026-10-01"),
        )

    def _faults_of_team(self, unit: Unit) -> Iterator[Finding]:
        if unit.code in self.teams:
            return
        if not (unit.name_zh or unit.name_en):
            yield self._fault(
                unit.number,
                "team",
                Text(zh=f"新团队“{unit.code}”没有名称", en=f"new team “{unit.code}” has no name"),
                Text(
                    zh="在它的某一行填上 team_name_zh 和 team_name_en",
                    en="fill in team_name_zh and team_name_en in one of its rows",
                ),
            )
        if unit.parent and unit.parent not in {*self.units, *self.teams}:
            yield self._fault(
                unit.number,
                "parent_team",
                Text(zh=f"没有团队“{unit.parent}”", en=f"there is no team “{unit.parent}”"),
                Text(
                    zh="核对代码，或让名册里有人在这个团队",
                    en="check the code, or list somebody in that team",
                ),
            )
        if unit.code in self._teams_above(unit.code):
            yield self._fault(
                unit.number,
                "parent_team",
                Text(zh="上级团队绕成了一个圈", en="the teams above run in a circle"),
                Text(zh="最上面的团队不填上级团队", en="leave it blank for the topmost team"),
            )

    def _faults_of_member(self, row: Row, on: date | None) -> Iterator[Finding]:
        member = self.members.get(row.code)
        if member and member.left_on:
            yield self._fault(
                row.number,
                "code",
                Text(zh=f"{row.name} 已经离职", en=f"{row.name_en} has left"),
                Text(
                    zh="删掉这一行；重新入职用新的工号",
                    en="take the row out; a new hire has a new code",
                ),
            )
        elif member and on is None and self.moves(row):
            yield self.no_day(row, "code")
        yield from self._faults_of_manager(row)
        for _, team in row.duties:
            if team not in {*self.units, *self.teams}:
                yield self._fault(
                    row.number,
                    "duty",
                    Text(zh=f"没有团队“{team}”", en=f"there is no team “{team}”"),
                    Text(zh="核对团队代码", en="check the team's code"),
                )

    def _faults_of_manager(self, row: Row) -> Iterator[Finding]:
        manager = self.manager_of(row.code)
        if manager and manager not in {*self.rows, *self.members}:
            yield self._fault(
                row.number,
                "manager",
                Text(zh=f"没有工号为“{manager}”的成员", en=f"there is no member “{manager}”"),
                Text(
                    zh="填直属上级的工号；没有上级就留空",
                    en="give the manager's code, or leave it blank",
                ),
            )
        way = self.superiors(row.code)
        if manager and self.manager_of((way or [row.code])[-1]) == row.code:
            around = " → ".join([row.code, *way, row.code])
            yield self._fault(
                row.number,
                "manager",
                Text(zh=f"汇报关系绕成了一个圈：{around}", en=f"a circle: {around}"),
                Text(zh="给圈里的一个人换一位上级", en="give one of them another manager"),
            )

    def _teams_above(self, code: str) -> list[str]:
        way: list[str] = []
        while code in self.units and code not in self.teams:
            code = self.units[code].parent
            if not code or code in way:
                break
            way.append(code)
        return way

    def _kept(self, number: int, column: str, said: str, known: str) -> Iterator[Finding]:
        if said and said != known:
            message = Text(
                zh=f"仍是“{known}”，没有改成“{said}”", en=f"stays “{known}”, not “{said}”"
            )
            remedy = Text(
                zh="名册不改已有的名称、邮箱、入职日期和上级团队",
                en="a roster changes no known name, address, hiring day or parent team",
            )
            fault = self.roster.wrong("kept", number, column, message, remedy)
            yield replace(fault, severity="warning")

    def _fault(self, number: int, column: str, message: Text, remedy: Text) -> Finding:
        return self.roster.wrong("roster", number, column, message, remedy)
