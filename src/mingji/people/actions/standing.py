"""How a roster stands to what the installation knows: what is new, what moves, who is above."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mingji.people.models import Member, Posting, Team
from mingji.people.roster import Roster, Row, Unit


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
        return sorted(new, key=lambda unit: len(self.teams_above(unit.code)))

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
        if running is None:
            return row.title_zh, row.title_en
        headers = self.roster.headers
        return (
            row.title_zh if "title_zh" in headers else running.title_zh,
            row.title_en if "title_en" in headers else running.title_en,
        )

    def moves(self, row: Row) -> bool:
        """Whether the post of a known member differs from the last one."""
        running = self.posts.get(row.code)
        if running is None:
            return True
        manager = running.manager.code if running.manager else ""
        titles = (running.title_zh, running.title_en)
        now = (running.team.code, running.job_family, running.level, manager, titles)
        above = self.manager_of(row.code)
        return now != (row.team, row.job_family, row.level, above, self.title_of(row))

    def teams_above(self, code: str) -> list[str]:
        """The new teams above a new team, from the nearest up, and the first known one."""
        way: list[str] = []
        while code in self.units and code not in self.teams:
            code = self.units[code].parent
            if not code or code in way:
                break
            way.append(code)
        return way
