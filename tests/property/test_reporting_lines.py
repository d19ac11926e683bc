"""The closure of reporting lines says on every day what walking up the managers would say."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.people.lines import CircleError, Span, lines_of

FIRST = date(2026, 1, 1)
DAYS = 12
MEMBERS = range(1, 6)


@st.composite
def postings(draw: st.DrawFn) -> dict[int, list[Span]]:
    """For each member up to three postings, one after another, with or without gaps."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for member in MEMBERS:
        days = sorted(draw(st.sets(st.integers(0, DAYS), min_size=2, max_size=4)))
        for start, end in itertools.pairwise(days):
            manager = draw(
                st.sampled_from([None, *(other for other in MEMBERS if other != member)])
            )
            ends_on = None if end == DAYS else FIRST + timedelta(end)
            spans[member].append(Span(member, manager, FIRST + timedelta(start), ends_on))
    return spans


def manager_on(spans: dict[int, list[Span]], member: int, day: date) -> int | None:
    for span in spans.get(member, ()):
        if span.starts_on <= day and (span.ends_on is None or day < span.ends_on):
            return span.manager
    return None


def walked_up(spans: dict[int, list[Span]], member: int, day: date) -> list[int] | None:
    """The managers above a member on a day, or None if the walk comes back to where it was."""
    path = [member]
    while (manager := manager_on(spans, path[-1], day)) is not None:
        if manager in path:
            return None
        path.append(manager)
    return path[1:]


@given(postings())
def test_the_lines_of_each_day_are_the_walk_up_on_that_day(spans):
    days = [FIRST + timedelta(number) for number in range(DAYS + 2)]
    for member in MEMBERS:
        walks = {day: walked_up(spans, member, day) for day in days}
        if None in walks.values():
            with pytest.raises(CircleError):
                lines_of(member, spans)
            continue

        lines = lines_of(member, spans)

        for day, walk in walks.items():
            above = {
                line.depth: line.manager
                for line in lines
                if line.starts_on <= day and (line.ends_on is None or day < line.ends_on)
            }
            assert [above[depth] for depth in sorted(above)] == walk


@given(postings())
def test_no_line_is_cut_in_two_without_need(spans):
    for member in MEMBERS:
        try:
            lines = lines_of(member, spans)
        except CircleError:
            continue
        starts = {(line.manager, line.depth, line.starts_on) for line in lines}
        assert not any((line.manager, line.depth, line.ends_on) in starts for line in lines)
