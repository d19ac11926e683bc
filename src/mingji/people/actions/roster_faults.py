"""What of a roster cannot be taken over, and what is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mingji.people.actions.standing import Standing
from mingji.people.roster import Roster, Row, Unit
from mingji.rules.findings import Finding
from mingji.rules.text import Text


def faults_of(standing: Standing, on: date | None) -> Iterator[Finding]:
    """Everything in the roster that cannot be taken over."""
    for unit in standing.units.values():
        yield from _faults_of_team(standing, unit)
    for row in standing.rows.values():
        yield from _faults_of_member(standing, row, on)


def kept(standing: Standing) -> Iterator[Finding]:
    """What the file says otherwise and a roster does not change: names, days, addresses."""
    for unit in standing.units.values():
        if team := standing.teams.get(unit.code):
            above = team.parent.code if team.parent else ""
            yield from _kept(
                standing.roster, unit.number, "team_name_zh", unit.name_zh, team.name_zh
            )
            yield from _kept(
                standing.roster, unit.number, "team_name_en", unit.name_en, team.name_en
            )
            yield from _kept(standing.roster, unit.number, "parent_team", unit.parent, above)
    for row in standing.rows.values():
        if member := standing.members.get(row.code):
            email = row.email if member.email else ""
            yield from _kept(standing.roster, row.number, "name", row.name, member.name)
            yield from _kept(standing.roster, row.number, "name_en", row.name_en, member.name_en)
            yield from _kept(standing.roster, row.number, "email", email, member.email.lower())
            hired_on = str(member.hired_on)
            yield from _kept(standing.roster, row.number, "hired_on", str(row.hired_on), hired_on)


def no_day(roster: Roster, row: Row, column: str) -> Finding:
    """The refusal of a change to a known member without a day."""
    return roster.wrong(
        "no_day",
        row.number,
        column,
        Text(
            zh=f"{row.name} 的任职或职责有变化，但没有说从哪天起",
            en=f"the post or duty of {row.called.en} changes, but from which day is not said",
        ),
        Text(zh="加上 --on 日期，例如 --on 2026-10-01", en="add --on with the day: 2026-10-01"),
    )


def _faults_of_team(standing: Standing, unit: Unit) -> Iterator[Finding]:
    if unit.code in standing.teams:
        return
    if not (unit.name_zh or unit.name_en):
        yield _fault(
            standing.roster,
            unit.number,
            "team",
            Text(zh=f"新团队“{unit.code}”没有名称", en=f"new team “{unit.code}” has no name"),
            Text(
                zh="在它的某一行填上 team_name_zh 和 team_name_en",
                en="fill in team_name_zh and team_name_en in one of its rows",
            ),
        )
    if unit.parent and unit.parent not in {*standing.units, *standing.teams}:
        yield _fault(
            standing.roster,
            unit.number,
            "parent_team",
            Text(zh=f"没有团队“{unit.parent}”", en=f"there is no team “{unit.parent}”"),
            Text(
                zh="核对代码，或让名册里有人在这个团队",
                en="check the code, or list somebody in that team",
            ),
        )
    if unit.code in standing.teams_above(unit.code):
        yield _fault(
            standing.roster,
            unit.number,
            "parent_team",
            Text(zh="上级团队绕成了一个圈", en="the teams above run in a circle"),
            Text(zh="最上面的团队不填上级团队", en="leave it blank for the topmost team"),
        )


def _faults_of_member(standing: Standing, row: Row, on: date | None) -> Iterator[Finding]:
    member = standing.members.get(row.code)
    if member and member.left_on:
        yield _fault(
            standing.roster,
            row.number,
            "code",
            Text(zh=f"{row.name} 已经离职", en=f"{row.called.en} has left"),
            Text(
                zh="删掉这一行；重新入职用新的工号",
                en="take the row out; a new hire has a new code",
            ),
        )
    elif member and on is None and standing.moves(row):
        yield no_day(standing.roster, row, "code")
    yield from _faults_of_manager(standing, row)
    for _, team in row.duties:
        if team not in {*standing.units, *standing.teams}:
            yield _fault(
                standing.roster,
                row.number,
                "duty",
                Text(zh=f"没有团队“{team}”", en=f"there is no team “{team}”"),
                Text(zh="核对团队代码", en="check the team's code"),
            )


def _faults_of_manager(standing: Standing, row: Row) -> Iterator[Finding]:
    manager = standing.manager_of(row.code)
    if manager and manager not in {*standing.rows, *standing.members}:
        yield _fault(
            standing.roster,
            row.number,
            "manager",
            Text(zh=f"没有工号为“{manager}”的成员", en=f"there is no member “{manager}”"),
            Text(
                zh="填直属上级的工号；没有上级就留空",
                en="give the manager's code, or leave it blank",
            ),
        )
    way = standing.superiors(row.code)
    if manager and standing.manager_of((way or [row.code])[-1]) == row.code:
        around = " → ".join([row.code, *way, row.code])
        yield _fault(
            standing.roster,
            row.number,
            "manager",
            Text(zh=f"汇报关系绕成了一个圈：{around}", en=f"a circle: {around}"),
            Text(zh="给圈里的一个人换一位上级", en="give one of them another manager"),
        )


def _kept(roster: Roster, number: int, column: str, said: str, known: str) -> Iterator[Finding]:
    if said and said != known:
        message = Text(zh=f"仍是“{known}”，没有改成“{said}”", en=f"stays “{known}”, not “{said}”")
        remedy = Text(
            zh="名册不改已有的名称、邮箱、入职日期和上级团队",
            en="a roster changes no known name, address, hiring day or parent team",
        )
        fault = roster.wrong("kept", number, column, message, remedy)
        yield replace(fault, severity="warning")


def _fault(roster: Roster, number: int, column: str, message: Text, remedy: Text) -> Finding:
    return roster.wrong("roster", number, column, message, remedy)
