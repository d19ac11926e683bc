"""From dated postings to dated reporting lines: who stood above whom, at how many steps, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A member reported to `manager` from `starts_on` up to before `ends_on` (None: still)."""

    member: int
    manager: int | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """`manager` stood `depth` steps above `member` from `starts_on` up to before `ends_on`."""

    manager: int
    member: int
    depth: int
    starts_on: date
    ends_on: date | None


class CircleError(Exception):
    """Somebody would report to themselves, over `members` in turn, from `day` on."""

    def __init__(self, members: tuple[int, ...], day: date) -> None:
        super().__init__(f"{members} on {day}")
        self.members = members
        self.day = day


def lines_of(member: int, spans: Mapping[int, Sequence[Span]]) -> list[Line]:
    """Everyone who ever stood above a member, with the days, in a fixed order.

    `spans` holds the postings of the member and of everyone above. A transfer of a manager in
    mid-period ends the line to the manager's old superior on that very day.

    Raises:
        CircleError: on some day the way up leads back to a person already on it.
    """
    found = [line for span in spans.get(member, ()) for line in _climb((member,), span, spans)]
    return _joined(found)


def _climb(
    path: tuple[int, ...], span: Span, spans: Mapping[int, Sequence[Span]]
) -> Iterator[Line]:
    if span.manager is None:
        return
    if span.manager in path:
        raise CircleError((*path, span.manager), span.starts_on)
    yield Line(span.manager, path[0], len(path), span.starts_on, span.ends_on)
    for above in spans.get(span.manager, ()):
        shared = _overlap(span, above)
        if shared is not None:
            yield from _climb((*path, span.manager), shared, spans)


def _overlap(below: Span, above: Span) -> Span | None:
    """The posting of the manager, cut to the days in which it stood above `below`."""
    starts_on = max(below.starts_on, above.starts_on)
    ends_on = min((day for day in (below.ends_on, above.ends_on) if day), default=None)
    if ends_on is not None and ends_on <= starts_on:
        return None
    return replace(above, starts_on=starts_on, ends_on=ends_on)


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Lines that follow on one another without a gap become one."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.manager, line.depth, line.starts_on)):
        if joined and _continues(joined[-1], line):
            joined[-1] = replace(joined[-1], ends_on=line.ends_on)
        else:
            joined.append(line)
    return joined


def _continues(earlier: Line, later: Line) -> bool:
    same = (earlier.manager, earlier.depth) == (later.manager, later.depth)
    return same and earlier.ends_on == later.starts_on
