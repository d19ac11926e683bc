"""Score everybody in a table of facts; what the rules refuse is traced to its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.assess import assess
from mingji.rules.dimensions import Assembly, assemble
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.findings import Finding, Place
from mingji.rules.form import Form, form_for, team_form
from mingji.rules.results import FormResult
from mingji.rules.scheme import Item, Scheme
from mingji.rules.scoring import score, team_scores
from mingji.rules.text import Text
from mingji.schemes.facts.table import FactsTable

# Some 25 kB each with ten items: beyond this many, a second pass is cheaper than the memory.
_HELD_AT_MOST = 4000
# The column whose cell a refusal of the rules speaks of.
_BLAMED = {
    "target_not_positive": "target",
    "inverse_of_zero": "actual",
    "rank_below_1": "actual",
    "unknown_level": "choice",
    "unknown_choice": "choice",
    "part_weights_not_1": "part_weight",
}


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scores of the teams, and those of the members one by one, in the table's order."""

    teams: Mapping[str, Node]
    members: Iterator[tuple[MemberFacts, FormResult]]


def score_table(scheme: Scheme, table: FactsTable) -> Scoring:
    """Score every member of a table.

    Results come one at a time, so that ten thousand explanations need not be held at once.

    Raises:
        Invalid: the rules refuse a fact (a ratio to a target of zero, a level that nobody
            described …). Its findings name all such rows. Raised from here for teams, from the
            iterator for members.
    """
    try:
        individual, held = _individual(scheme, table)
        teams = team_scores(scheme, individual, table.teams)
    except Invalid as refusal:
        raise _located(scheme, table, refusal) from refusal
    return Scoring(teams, _members(scheme, table, teams, held))


def _individual(
    scheme: Scheme, table: FactsTable
) -> tuple[dict[str, list[Decimal]], dict[str, Assembly]]:
    """The members' own scores by team, where the team's score is their mean.

    What was put together for them on the way is held by member, as far as memory should go.
    """
    scores: dict[str, list[Decimal]] = {}
    held: dict[str, Assembly] = {}
    if scheme.blend.mode == "none" or scheme.blend.team != "mean_of_members":
        return scores, held
    forms = _forms(scheme, table)
    for facts in table.members:
        if facts.team:
            form = forms[facts.level, facts.family]
            assembly = assemble(form, facts, facts.items)
            if len(held) < _HELD_AT_MOST:
                held[facts.member] = assembly
            if isinstance(assembly.total.value, Decimal):
                scores.setdefault(facts.team, []).append(assembly.total.value)
    return scores, held


def _forms(scheme: Scheme, table: FactsTable) -> dict[tuple[str, str], Form]:
    """The form of each level and family in the table, put together once."""
    posts = {(facts.level, facts.family) for facts in table.members}
    return {post: form_for(scheme, *post) for post in posts}


def _members(
    scheme: Scheme, table: FactsTable, teams: Mapping[str, Node], held: dict[str, Assembly]
) -> Iterator[tuple[MemberFacts, FormResult]]:
    forms = _forms(scheme, table)
    for facts in table.members:
        try:
            form = forms[facts.level, facts.family]
            team, assembly = teams.get(facts.team), held.pop(facts.member, None)
            result = score(form, facts, team=team, assembly=assembly)
        except Invalid as refusal:
            raise _located(scheme, table, refusal) from refusal
        yield facts, result


def _located(scheme: Scheme, table: FactsTable, refusal: Invalid) -> Invalid:
    """All rows that the rules refuse, or the one refusal when it belongs to no single row."""
    findings = tuple(_refused_rows(scheme, table))
    if not findings:
        place = Place(file=table.file)
        findings = (Finding(refusal.code, "error", refusal.message, Text("", ""), place),)
    return Invalid(
        Text(
            zh=f"数据表 {table.file} 有 {len(findings)} 处不能计分，没有给出任何人的得分",
            en=f"{table.file}: {len(findings)} {'row' if len(findings) == 1 else 'rows'} "
            "cannot be scored; nobody was scored",
        ),
        code="invalid_facts",
        findings=findings,
    )


def _refused_rows(scheme: Scheme, table: FactsTable) -> Iterator[Finding]:
    for facts in table.members:
        form = form_for(scheme, facts.level, facts.family)
        items = {item.id: item for _, item in form.items()}
        yield from _refused(table, facts.member, items, facts.items)
    team_items = {item.id: item for _, item in team_form(scheme).items()}
    for team in table.teams:
        yield from _refused(table, team.team, team_items, team.items)


def _refused(
    table: FactsTable, subject: str, items: Mapping[str, Item], facts: Mapping[str, ItemFacts]
) -> Iterator[Finding]:
    for id_, given in facts.items():
        try:
            assess(items[id_], given)
        except Invalid as refusal:
            message = refusal.message
            told = Text(zh=f"{subject}：{message.zh}", en=f"{subject}: {message.en}")
            row = table.rows[subject, id_]
            column = table.columns.get(_BLAMED.get(refusal.code, ""))
            at = f"column {column}" if column else f"{subject}, {id_}"
            place = Place(file=table.file, path=f"row {row}, {at}")
            yield Finding(refusal.code, "error", told, Text("", ""), place)
