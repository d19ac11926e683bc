"""Deliverables: what was due when, whether it came in time and was right at once."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import NamedTuple

from mingji.demo import words
from mingji.demo.rows import Deliverable
from mingji.demo.world import Stint, World, after, chosen, numbered, own_rate, some_days

#: Pieces of work due in a full quarter.
PIECES = {
    "BR": 10,
    "PR": 11,
    "DG": 10,
    "CT": 13,
    "PM": 11,
    "MR": 11,
    "CH": 9,
    "EV": 11,
    "GR": 10,
    "SS": 10,
    "OP": 14,
    "MG": 6,
}


class Fate(NamedTuple):
    """How a piece went: in time, accepted at once, its findings adopted."""

    in_time: bool
    first_time: bool
    adopted: bool


def deliverables(world: World) -> list[Deliverable]:
    """Everything that fell due by today."""
    found = []
    for stint, quarter, rng in world.work("deliverables", *PIECES):
        count = max(2, round(world.volume(PIECES[stint.family], stint, quarter, rng, "flat")))
        days = some_days(rng, stint.days(quarter), count)
        in_time = chosen(rng, days, own_rate(world, "in_time", stint, 0.86, 0.05))
        first_time = chosen(rng, days, own_rate(world, "first_time", stint, 0.80, 0.06))
        adopted = chosen(rng, days, own_rate(world, "adopted", stint, 0.70, 0.08))
        for at, day in enumerate(days):
            fate = Fate(at in in_time, at in first_time, at in adopted)
            if day <= world.today:
                found.append(_piece(world, stint, rng, day, fate))
    found.sort(key=lambda row: (row.due_on, row.owner))
    return numbered("D", "deliverable_id", found)


def _piece(world: World, stint: Stint, rng: Random, due_on: dt.date, fate: Fate) -> Deliverable:
    spec = words.bank("words")["deliverables"][stint.family]
    done_on = after(due_on, -rng.uniform(0, 4) if fate.in_time else rng.uniform(1, 9))
    done = done_on <= world.today
    checked = round(rng.uniform(320, 520)) if stint.family in ("OP", "MR") else None
    wrong = own_rate(world, "wrong", stint, 0.018, 0.2) * rng.lognormvariate(0, 0.2)
    return Deliverable(
        kind=spec["kind"],
        title=rng.choice(spec["titles"]),
        due_on=due_on,
        done_on=done_on if done else None,
        accepted_first_time=fate.first_time if done else None,
        adopted=fate.adopted if done and stint.family == "MR" else None,
        records_checked=checked,
        records_wrong=round(checked * wrong) if checked is not None else None,
        owner=world.owner("projects", stint),
    )
