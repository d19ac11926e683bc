"""The numbers of a plan: seasons, growth, thresholds, and rounding as people round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from mingji.demo.actuals import library
from mingji.demo.world import SEASONS, Curve

#: Seasons that only the plan needs; the rows have them from when deals close and get paid.
PLANNED = {
    "pipeline_created": (0.95, 1.02, 1.12, 0.91),
    "cash_collected": (1.10, 0.86, 0.97, 1.07),
    "roas": (0.90, 0.98, 0.98, 1.12),
}


def is_volume(metric: str) -> bool:
    """Whether a metric counts or sums, so that half a quarter is worth half."""
    return library().metrics[metric].agg in ("count", "sum")


def season_of(metric: str, quarter: str) -> float:
    """What the planner knows of the year: deals open before they close, money comes in later."""
    spec = library().metrics[metric]
    curve = PLANNED.get(metric)
    if curve is None:
        tables: dict[str, Curve] = {"opportunities": "revenue", "leads": "leads", "events": "leads"}
        curve = SEASONS[tables.get(spec.table, "flat") if is_volume(metric) else "none"]
    return curve[int(quarter[5]) - 1]


def grown(value: float, metric: str) -> float:
    """Ambition: a little more of what should rise, a little less of what should fall."""
    spec = library().metrics[metric]
    if spec.direction == "closer":
        return 1.0
    if spec.direction == "down":
        return value * 0.975
    if is_volume(metric):
        return value * 1.05
    limit = {"ratio": 0.97, "point": 4.8 if "nps" not in metric else 80}.get(spec.unit, 1e12)
    return min(value * 1.015, limit)


def around(goal: Decimal, metric: str) -> tuple[Decimal | None, Decimal | None]:
    """The threshold and the stretch target, on the proper sides."""
    spec = library().metrics[metric]
    if spec.direction == "closer":
        return None, None
    down = spec.direction == "down"
    threshold = goal * Decimal("1.2" if down else "0.8")
    stretch = goal * Decimal("0.88" if down else "1.15")
    if spec.unit in ("ratio", "point") and not down:
        limit = Decimal(1) if spec.unit == "ratio" else Decimal(5) if goal <= 5 else Decimal(100)
        stretch = min(stretch, goal + (limit - goal) / 2)
    return as_people_round(float(threshold), metric), as_people_round(float(stretch), metric)


def as_people_round(value: float, metric: str) -> Decimal:
    """A number as somebody would write it into a plan.

    >>> as_people_round(1_234_567, "won_revenue"), as_people_round(96.4, "leads_created")
    (Decimal('1230000'), Decimal('96'))
    >>> as_people_round(0.2263, "win_rate"), as_people_round(0.0123, "click_through_rate")
    (Decimal('0.225'), Decimal('0.0125'))
    """
    unit = library().metrics[metric].unit
    small = {"count": "1", "CNY": "1", "hour": "0.1", "day": "1", "times": "0.1"}.get(unit)
    if unit == "ratio":
        step = Decimal("0.005" if value >= 0.1 else "0.0005")
    elif unit == "point":
        step = Decimal("0.05" if value <= 5 else "1")
    else:
        step = next((s for limit, s in _STEPS if value >= limit), Decimal(small or "0.1"))
    goal = (Decimal(repr(value)) / step).to_integral_value(ROUND_HALF_UP) * step
    return max(goal, step)


_STEPS = tuple(
    (limit, Decimal(step))
    for limit, step in (
        (1_000_000, 10_000),
        (200_000, 5_000),
        (20_000, 1_000),
        (2_000, 50),
        (200, 5),
    )
)
