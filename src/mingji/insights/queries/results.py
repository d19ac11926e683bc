"""The last released result of the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingji.appraisals import queries as appraisals
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

_SYSTEM = Text(zh="系统", en="the system")


@dataclass(frozen=True, slots=True)
class LastResult:
    """A released appraisal of the viewer, with who released it and when."""

    line: appraisals.AppraisalLine
    released_by: Text
    released_at: datetime | None


def last_result(viewer: Viewer) -> LastResult | None:
    """The viewer's appraisal of the latest cycle that has been released; None before the first."""
    own = appraisals.lines_for(viewer, [viewer.member_id])
    line = next((each for each in own if each.stage == "released"), None)
    if line is None:
        return None
    cycle = next(each for each in appraisals.cycles() if each.code == line.cycle_code)
    who = people.members_by_code([cycle.released_by]).get(cycle.released_by)
    by = Text(who.name, who.name_en) if who else _SYSTEM
    return LastResult(line=line, released_by=by, released_at=cycle.released_at)
