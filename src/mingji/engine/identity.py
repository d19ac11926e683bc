"""Whose row is it? Owners become members, members stand in teams, each with dates.

A row counts for the member whose owner name it carries on the row's own date, and for the team,
manager or office in which that member stood on that date. A row without a date counts for whoever
holds the name now (an open-ended entry).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from mingji.engine.headers import Reading
from mingji.engine.model import Column, Table
from mingji.engine.small import read_small
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

ALWAYS, FOREVER = dt.date(1, 1, 1), dt.date(9999, 12, 31)
# From, to (both included), and where the member stood then; None: nobody knows.
_Stretch = tuple[dt.date, dt.date, Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """An owner name of a source belongs to a member, from one day to another (both included).

    An empty `source` stands for every source.
    """

    owner: str
    member: str
    source: str = ""
    starts_on: dt.date = ALWAYS
    ends_on: dt.date = FOREVER


@dataclass(frozen=True, slots=True)
class Posting:
    """A member stood somewhere from one day to another: `attributes` says team, manager, office…

    An attribute that is not named does not apply to this member (a director is in no team below
    the department). One that is named and blank is a gap, and its rows are told.
    """

    member: str
    attributes: Mapping[str, str]
    starts_on: dt.date = ALWAYS
    ends_on: dt.date = FOREVER


@dataclass(frozen=True, slots=True)
class Identity:
    """The dated mapping from owners to members to teams.

    Without `owners`, each member of the postings goes by its own name in every source.
    """

    owners: tuple[OwnerLink, ...] = ()
    postings: tuple[Posting, ...] = ()
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = {name: None for posting in self.postings for name in posting.attributes}
        object.__setattr__(self, "names", ("member", *(n for n in names if n != "member")))
        postings = (((p.member,), p.starts_on, p.ends_on, "") for p in self.postings)
        _refuse_overlaps(postings, "postings")
        links = (((o.owner, o.source), o.starts_on, o.ends_on, o.member) for o in self.owners)
        _refuse_overlaps(links, "owners")

    def links(self, source: str) -> tuple[OwnerLink, ...]:
        """The owner names that hold in a source; an entry for it beats one for every source."""
        if not self.owners:
            members = sorted({posting.member for posting in self.postings})
            return tuple(OwnerLink(member, member) for member in members)
        own = [link for link in self.owners if link.source == source]
        named = {link.owner for link in own}
        general = [o for o in self.owners if not o.source and o.owner not in named]
        return (*own, *general)

    def values(self, name: str) -> list[str]:
        """Every value of an attribute of the postings, in order: all teams, all offices…"""
        found = {posting.attributes.get(name, "") for posting in self.postings}
        return sorted(found - {""})

    def table(self, source: str) -> pa.Table:
        """Who an owner name of a source is on which days: one row for each unbroken stretch."""
        postings: dict[str, list[Posting]] = {}
        for posting in sorted(self.postings, key=lambda each: each.starts_on):
            postings.setdefault(posting.member, []).append(posting)
        stretches = [
            (link.owner, first, last, link.member, attributes)
            for link in self.links(source)
            for first, last, attributes in _stretches(link, postings.get(link.member, ()))
        ]
        columns: dict[str, Any] = {
            "owner": pa.array([s[0] for s in stretches], pa.string()),
            "starts_on": pa.array([s[1] for s in stretches], pa.date32()),
            "ends_on": pa.array([s[2] for s in stretches], pa.date32()),
            "member": pa.array([s[3] for s in stretches], pa.string()),
        }
        for name in self.names[1:]:
            columns[name] = pa.array([_stands(s[4], name) for s in stretches], pa.string())
        return pa.table(columns)

    def roster(self, names: tuple[str, ...], first: dt.date, last: dt.date) -> set[tuple[str, ...]]:
        """Every combination of the named attributes that existed between two days."""
        found: set[tuple[str, ...]] = set()
        for posting in self.postings:
            if posting.starts_on <= last and posting.ends_on >= first:
                known = {**posting.attributes, "member": posting.member}
                found.add(tuple(known.get(name, "") for name in names))
        if names == ("member",):
            posted = {posting.member for posting in self.postings}
            found |= {
                (link.member,)
                for link in self.owners
                if link.member not in posted and link.starts_on <= last and link.ends_on >= first
            }
        return {each for each in found if all(each)}


def _stretches(link: OwnerLink, postings: Iterable[Posting]) -> Iterable[_Stretch]:
    """The days of a link, cut where the member moves; days without a posting stay, nameless."""
    day = link.starts_on
    for posting in postings:
        first, last = max(day, posting.starts_on), min(link.ends_on, posting.ends_on)
        if first > last:
            continue
        if day < first:
            yield day, first - dt.timedelta(days=1), None
        yield first, last, posting.attributes
        if last == FOREVER:
            return
        day = last + dt.timedelta(days=1)
    if day <= link.ends_on:
        yield day, link.ends_on, None


def _stands(attributes: Mapping[str, str] | None, name: str) -> str | None:
    """Where a posting puts somebody: None where that is not known, "" where it does not apply."""
    if attributes is None:
        return None
    return attributes[name] or None if name in attributes else ""


def read_identity(owners: Reading | None, postings: Reading | None) -> Identity:
    """Reads the mapping files that people keep beside their CRM.

    Args:
        owners: Columns `owner`, `member` and, if wanted, `source`, `starts_on`, `ends_on`.
        postings: Columns `member`, if wanted `starts_on` and `ends_on`, and any attributes (`team`,
            `manager`, `office` …).

    Raises:
        Invalid: If a row cannot be read, or somebody would be in two places on one day.
    """
    links = [
        OwnerLink(
            row["owner"],
            row["member"],
            row["source"] or "",
            row["starts_on"] or ALWAYS,
            row["ends_on"] or FOREVER,
        )
        for row in (read_small(_OWNERS, owners) if owners else ())
    ]
    return Identity(tuple(links), tuple(_postings(postings)) if postings else ())


def _postings(reading: Reading) -> Iterable[Posting]:
    fixed = ("member", "starts_on", "ends_on")
    attributes = tuple(name for name in reading.columns if name.strip() and name not in fixed)
    columns = [
        Column("member", "text", required=True),
        Column("starts_on", "date", optional=True),
        Column("ends_on", "date", optional=True),
        *(Column(name, "text") for name in attributes),
    ]
    for row in read_small(_mapping_table("postings", columns), reading):
        yield Posting(
            row["member"],
            MappingProxyType({name: row[name] or "" for name in attributes}),
            row["starts_on"] or ALWAYS,
            row["ends_on"] or FOREVER,
        )


def _mapping_table(name: str, columns: Iterable[Column]) -> Table:
    return Table(name, Text.same(name), {column.name: column for column in columns})


_OWNERS = _mapping_table(
    "owners",
    (
        Column("owner", "text", required=True),
        Column("member", "text", required=True),
        Column("source", "text", optional=True),
        Column("starts_on", "date", optional=True),
        Column("ends_on", "date", optional=True),
    ),
)


#: Whom an entry is about, from and to which day, and to which member it leads.
_Entry = tuple[tuple[str, ...], dt.date, dt.date, str]


def _refuse_overlaps(entries: Iterable[_Entry], what: str) -> None:
    """Two entries for one name on one day would count its rows twice."""
    findings: list[Finding] = []
    previous: _Entry | None = None
    for entry in sorted(entries):
        name, starts_on, ends_on, _ = entry
        if previous is not None and previous[0] == name and previous[2] >= starts_on:
            remedy = Text("改日期，使它们不重叠", "change the dates so that they do not overlap")
            findings.append(
                Finding("overlap", "error", _twice(previous, entry), remedy, Place(what))
            )
        elif starts_on > ends_on:
            message = Text(f"“{name[0]}”结束早于开始", f"“{name[0]}” ends before it starts")
            remedy = Text("对调两个日期", "exchange the two dates")
            findings.append(Finding("overlap", "error", message, remedy, Place(what)))
        previous = entry
    if findings:
        raise Invalid(findings[0].message, code="overlap", findings=tuple(findings))


def _twice(one: _Entry, other: _Entry) -> Text:
    """The sentence about two entries that hold on one day."""
    name, source = one[0][0], "".join(one[0][1:])
    said = Text(f"（来源 {source}）", f" (source {source})") if source else Text("", "")
    since = other[1]
    days = Text(f"从 {since} 起", f"from {since} on")
    if since == ALWAYS:
        days = Text("同一段日子里", "on the same days")
    if one[3] == other[3]:
        return Text(
            f"“{name}”{said.zh}{days.zh}有两条记录",
            f"“{name}”{said.en} has two entries {days.en}",
        )
    return Text(
        f"“{name}”{said.zh}{days.zh}对应了两个成员：{one[3]}、{other[3]}",
        f"“{name}”{said.en} has two entries {days.en}, of two members: {one[3]}, {other[3]}",
    )
