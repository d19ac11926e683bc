"""Reads the thresholds of the checks of data quality (`health` of a table or a metric)."""

from __future__ import annotations

from mingji.engine.document import Section
from mingji.engine.model import Health

OF_TABLES = ("silent_days", "silent_times", "volume", "blanks", "duplicates", "ahead_days")
OF_METRICS = ("jump", "fewest")


def read_health(section: Section, names: tuple[str, ...]) -> Health:
    """The thresholds of the checks; what is not written keeps its default."""
    spot = section.get("health")
    if spot is None:
        return Health()
    below = Section(spot, section.notes)
    given = {name: below.number(name) for name in names}
    below.close()
    return Health(**{name: value for name, value in given.items() if value is not None})
