"""A table of facts and a scheme → the facts of each member and team, or all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts, MemberFacts, TeamFacts
from mingji.rules.findings import Finding
from mingji.rules.form import Form, form_for, team_form
from mingji.rules.scheme import Item, Scheme
from mingji.rules.text import Text
from mingji.schemes.document.complaints import nearest
from mingji.schemes.facts.asides import only_facts, weights_in_percent
from mingji.schemes.facts.checks import (
    check_weights,
    figures_without_reference,
    members_without_rows,
)
from mingji.schemes.facts.item_facts import item_facts
from mingji.schemes.facts.members import attributes
from mingji.schemes.facts.names import Names, SchemeNames, names_of
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row, read_rows

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FactsTable:
    """What a file says about the members and teams of a scheme, in order of first appearance.

    `rows` is the first row of each (member or team, item) and `columns` how the file writes each
    known column, for messages. `findings` are warnings and information.
    """

    file: str
    members: tuple[MemberFacts, ...]
    teams: tuple[TeamFacts, ...]
    rows: Mapping[Subject, int]
    columns: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_facts(path: Path, scheme: Scheme) -> FactsTable:
    """Read a long table (`member,item,actual,…`) from CSV, TSV, Excel or Parquet.

    Columns and cells: docs/reference/facts-table.md.

    Raises:
        Invalid: with a finding for each cell, row or column that cannot be used.
    """
    table = read_rows(path)
    report = Report(table.file, table.header, list(table.header.findings))
    names = names_of(scheme)
    reader = _Reader(scheme, names, report, {}, {})
    rows = only_facts(table.rows, names.knows_item, report)
    if scheme.aggregation not in ("sum", "manual"):  # there a weight is in points
        rows = weights_in_percent(rows, report)
    by_member, by_team = _grouped(rows, report)
    members = tuple(reader.member(code, rows) for code, rows in by_member.items())
    teams = tuple(reader.team(team, rows) for team, rows in by_team.items())
    if not members and not report.failed:
        report.add(
            "no_members",
            Text(zh="表里没有一个成员", en="there is no member in the table"),
            Text(zh="每行写明成员、考核项和实际值", en="give member, item and actual in each row"),
        )
    if report.failed:
        raise _refused(table.file, report.in_order())
    members_without_rows(members, reader.forms, report)
    figures_without_reference(members, reader.forms, reader.rows, report)
    columns = table.header.written
    return FactsTable(table.file, members, teams, reader.rows, columns, report.in_order())


def _grouped(
    rows: Iterable[Row], report: Report
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    members: dict[str, list[Row]] = {}
    teams: dict[str, list[Row]] = {}
    for row in rows:
        if member := row.get("member"):
            members.setdefault(member, []).append(row)
        elif team := row.get("team"):
            teams.setdefault(team, []).append(row)
        else:
            report.add(
                "no_member",
                Text(zh="这一行没有写成员", en="this row names no member"),
                Text(
                    zh="填上成员；团队的数据则填团队、成员留空",
                    en="fill in the member; for a team's figures leave it empty and fill in team",
                ),
                row=row.number,
                column="member",
            )
    return members, teams


@dataclass(slots=True)
class _Reader:
    scheme: Scheme
    names: SchemeNames
    report: Report
    forms: dict[tuple[str, str], Form]
    rows: dict[Subject, int]

    def member(self, code: str, rows: Sequence[Row]) -> MemberFacts:
        known = attributes(rows, self.names, self.report)
        form = self._form(known["level"], known["family"])
        items = {item.id: item for _, item in form.items()}
        facts = self._items(code, rows, items, self.names.items)
        if any("weight" in row.cells for row in rows):
            self._check_weights(Text(zh=f"成员 {code} ", en=code), form, code, facts)
        return MemberFacts(member=code, items=facts, **known)

    def team(self, team: str, rows: Sequence[Row]) -> TeamFacts:
        items = {item.id: item for item in self.scheme.team_items}
        whole = [row for row in rows if not row.get("item")]
        score = self.report.number(whole[0], "actual") if whole else None
        others = [row for row in rows if row.get("item")]
        facts = self._items(team, others, items, self.names.team_items)
        if any("weight" in row.cells for row in others):
            who = Text(zh=f"团队 {team} ", en=f"the team {team}")
            self._check_weights(who, team_form(self.scheme), team, facts)
        return TeamFacts(team=team, name=rows[0].get("name"), items=facts, score=score)

    def _check_weights(
        self, who: Text, form: Form, subject: str, facts: Mapping[str, ItemFacts]
    ) -> None:
        rows = {id_: self.rows[subject, id_] for id_ in facts}
        check_weights(who, form, facts, rows, self.report)

    def _items(
        self, subject: str, rows: Sequence[Row], items: Mapping[str, Item], names: Names
    ) -> dict[str, ItemFacts]:
        by_item: dict[str, list[Row]] = {}
        for row in rows:
            written = row.get("item")
            id_ = names.find(written)
            if id_ in items:
                by_item.setdefault(id_, []).append(row)
            elif written or row.get("actual"):
                self._unknown_item(row, written, id_, items)
        for id_, own in by_item.items():
            self.rows[subject, id_] = own[0].number
        return {id_: item_facts(items[id_], own, self.report) for id_, own in by_item.items()}

    def _unknown_item(
        self, row: Row, written: str, elsewhere: str, items: Mapping[str, Item]
    ) -> None:
        close = nearest(written, [*items, *(item.name.zh for item in items.values())])
        listed = ", ".join(items) or "—"
        if not written:
            message = Text(zh="这一行没有写考核项", en="this row names no item")
        elif elsewhere:
            message = Text(
                zh=f"考核项“{written}”不在这个岗位序列的表单里",
                en=f"the item “{written}” is not on the form of this job family",
            )
        else:
            message = Text(
                zh=f"方案里没有考核项“{written}”", en=f"the scheme has no item “{written}”"
            )
        self.report.add(
            "unknown_item",
            message,
            Text(
                zh=f"{f'是不是“{close}”？' if close else ''}可用：{listed}",
                en=f"{f'did you mean “{close}”? ' if close else ''}It has: {listed}",
            ),
            row=row.number,
            column="item",
        )

    def _form(self, level: str, family: str) -> Form:
        if (level, family) not in self.forms:
            self.forms[level, family] = form_for(self.scheme, level, family)
        return self.forms[level, family]


def _refused(file: str, findings: Sequence[Finding]) -> Invalid:
    errors = sum(finding.severity == "error" for finding in findings)
    return Invalid(
        Text(
            zh=f"数据表 {file} 有 {errors} 处错误，没有计算任何人的得分",
            en=f"the table {file} has {errors} {'error' if errors == 1 else 'errors'}; "
            "nobody was scored",
        ),
        code="invalid_facts",
        findings=tuple(findings),
    )
