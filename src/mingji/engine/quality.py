"""What a person should know of the rows behind the numbers: gaps, blanks, rows of nobody."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mingji.engine.backends.interface import Session
from mingji.engine.compile import Slice
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity
from mingji.engine.model import Definitions, Join, Table
from mingji.engine.observation import Unmatched
from mingji.engine.sql import column, exp
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LISTED = 10
_NOTHING = Text("", "")
_MAP = Text(
    "在维度表里补上，或用列的 values 统一写法",
    "add it to the dimension table, or map the spelling under values of the column",
)


def gaps(session: Session, definitions: Definitions, slices: Iterable[Slice]) -> Iterator[Finding]:
    """Values that a dimension does not know, and rows that name none."""
    tables = {name: definitions.base(name) for name in {slice_.table.name for slice_ in slices}}
    tables = {table.name: table for table in tables.values()}
    for name in sorted(tables):
        for join in tables[name].joins.values():
            yield from _gap(session, definitions, tables[name], join)


def _gap(session: Session, definitions: Definitions, table: Table, join: Join) -> Iterator[Finding]:
    key = column(definitions.tables[join.table].key[0], join.name)
    value = column(join.on, FACT)
    query = (
        exp.select(exp.cast(value, "text").as_("value"), exp.Count(this=exp.Star()).as_("rows"))
        .from_(exp.table_(table.name, quoted=True, alias=FACT))
        .join(
            exp.table_(join.table, quoted=True, alias=join.name),
            on=exp.EQ(this=value.copy(), expression=key),
            join_type="left",
        )
        .where(exp.Is(this=key.copy(), expression=exp.null()))
        .group_by(value.copy())
    )
    counts = {row["value"]: row["rows"] for row in session.run(query).to_pylist()}
    place = Place(path=f"{table.name}.{join.on}")
    name, cell = table.label, table.columns[join.on].label
    other = definitions.tables[join.table].label
    blank = counts.pop(None, 0)
    if blank:
        message = Text(
            f"{name.zh} 有 {blank:,} 行没有填{_apart(cell.zh).rstrip()}",
            f"{_rows(blank)} of {name.en} without {cell.en}",
        )
        yield Finding("blank_dimension", "info", message, _NOTHING, place, count=blank)
    if counts:
        total = sum(counts.values())
        listed = _listed([f"{value} ({count:,})" for value, count in sorted(counts.items())])
        message = Text(
            f"{name.zh} 有 {total:,} 行的{_apart(cell.zh)}"
            f"在{_apart(other.zh)}里找不到：{listed.zh}",
            f"{_rows(total)} of {name.en} with a {cell.en} that {other.en} does not know: "
            f"{listed.en}",
        )
        yield Finding("unknown_dimension", "warning", message, _MAP, place, count=total)


def undated(slices: Iterable[Slice], without: Mapping[tuple[str, str], int]) -> Iterator[Finding]:
    """Rows without a date, which belong to no period; `without` counts them by table and date."""
    dated = {(each.table.name, each.day): each for each in slices if each.grain}
    for place, slice_ in sorted(dated.items(), key=lambda item: item[0]):
        if count := without[place]:
            name, cell = slice_.table.label, slice_.table.columns[slice_.day].label
            yield Finding(
                "undated_rows",
                "info",
                Text(
                    f"{name.zh} 有 {count:,} 行没有{_apart(cell.zh).rstrip()}，不属于任何期间",
                    f"{_rows(count)} of {name.en} without {cell.en}, in no period",
                ),
                _NOTHING,
                Place(path=f"{slice_.table.name}.{slice_.day}"),
                count=count,
            )


def alike(session: Session, tables: Iterable[Table], identity: Identity) -> Iterator[Finding]:
    """Owners whose names differ only in case or spaces, unless they are one member already."""
    for table in tables:
        spellings: dict[str, dict[str, int]] = {}
        for owner, count in _owners(session, table) if table.owner else ():
            folded = unicodedata.normalize("NFKC", "".join(owner.split())).casefold()
            spellings.setdefault(folded, {})[owner] = count
        links: dict[str, set[str]] = {}
        for link in identity.links(table.source):
            links.setdefault(link.owner, set()).add(link.member)
        for _, same in sorted(spellings.items()):
            members = [frozenset(links.get(owner, ())) for owner in same]
            if len(same) > 1 and len(set(members)) > 1:
                yield _alike(table, same)


def _alike(table: Table, same: Mapping[str, int]) -> Finding:
    name = table.label
    told = _listed([f"“{owner}” ({count:,})" for owner, count in sorted(same.items())])
    return Finding(
        "alike_owners",
        "warning",
        Text(
            f"{name.zh} 的负责人只差大小写或空格，按不同的人计：{told.zh}",
            f"owners of {name.en} differ only in case or spaces and count apart: {told.en}",
        ),
        Text(
            "如果是同一个人，在归属映射里对应到同一成员，或用列的 values 统一写法",
            "if they are one person, match them to one member, or map the spellings under values "
            "of the column",
        ),
        Place(path=f"{table.name}.{table.owner}"),
        count=sum(same.values()),
    )


def _owners(session: Session, table: Table) -> Iterator[tuple[str, int]]:
    owner = column(table.owner, FACT)
    query = (
        exp.select(owner.as_("owner"), exp.Count(this=exp.Star()).as_("rows"))
        .from_(exp.table_(table.name, quoted=True, alias=FACT))
        .where(exp.Not(this=exp.Is(this=owner.copy(), expression=exp.null())))
        .group_by(owner.copy())
    )
    for row in session.run(query).to_pylist():
        yield row["owner"], row["rows"]


def unmatched_findings(
    unmatched: Sequence[Unmatched], definitions: Definitions
) -> Iterator[Finding]:
    """Rows that count for nobody, by table and reason."""
    for table, reason in sorted({(each.table, each.reason) for each in unmatched}):
        mine = [each for each in unmatched if (each.table, each.reason) == (table, reason)]
        rows = sum(each.rows for each in mine)
        listed = _listed([f"{each.owner or '–'} ({each.rows:,})" for each in mine])
        name = definitions.tables[table].label
        if reason == "no_member":
            zh = f"{name.zh} 有 {rows:,} 行的负责人对不上任何成员：{listed.zh}"
            en = f"{_rows(rows)} of {name.en} by owners who match no member: {listed.en}"
            remedy = Text("在归属映射里补上这些人", "add these names to the owners file")
        else:
            zh = f"{name.zh} 有 {rows:,} 行的成员当时没有岗位记录：{listed.zh}"
            en = f"{_rows(rows)} of {name.en} by members without a posting then: {listed.en}"
            remedy = Text("在岗位文件里补上那段日期", "add those dates to the postings file")
        yield Finding(reason, "warning", Text(zh, en), remedy, Place(path=f"{table}"), count=rows)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _apart(words: str) -> str:
    """A name inside a Chinese sentence: Latin words stand apart, Chinese ones do not."""
    return f" {words} " if words.isascii() else words


def _listed(names: Sequence[str]) -> Text:
    shown, more = names[:_LISTED], len(names) - _LISTED
    zh, en = "、".join(shown), ", ".join(shown)
    return Text(f"{zh} 等 {len(names)} 个", f"{en} and {more} more") if more > 0 else Text(zh, en)
