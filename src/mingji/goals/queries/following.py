"""Which periods have to be observed so that goals can be followed."""

from __future__ import annotations

from datetime import date, timedelta

from mingji.goals.models import Agreement
from mingji.metrics.following import MOST
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid

# Goals are looked back on for so long after their period: appraisal, appeal, the next goals.
_AFTERWARDS = timedelta(days=183)


def periods_followed(today: date) -> list[str]:
    """The periods of goals that run today or ended less than half a year ago, and the one before
    each, against which it is seen; the latest first. Quarters are kept anyway. One query."""
    found: set[Period] = set()
    written = Agreement.objects.order_by().values_list("period", flat=True).distinct()
    for period in written:
        try:
            read = Period.parse(period)
        except Invalid:
            continue
        if read.kind != "quarter" and read.start <= today <= read.end + _AFTERWARDS:
            found |= {read, read.previous}
    latest = sorted(found, key=lambda each: each.start, reverse=True)
    return [str(each) for each in latest[:MOST]]
