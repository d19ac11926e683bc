"""The one place where the product reads the clock; everything below a view is told the time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment, or the fixed moment of the demo company (`MINGJI_NOW`)."""
    fixed: datetime | None = settings.MINGJI_NOW
    return fixed or timezone.now()


def today() -> date:
    """The calendar day of `now()` in the installation's time zone."""
    return timezone.localtime(now()).date()


def day_here() -> date:
    """The calendar day of this machine, for commands that know no installation."""
    return datetime.now(UTC).astimezone().date()
