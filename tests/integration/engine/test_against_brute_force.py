"""Any definition over any small table gives what plain Python gives, row by row, in fractions."""

from __future__ import annotations

import datetime as dt
import json
import random
import tempfile
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from integration.engine.brute_force import (
    ADDITIVE,
    AGGREGATES,
    FILTERS,
    HEAD,
    MEASURED,
    RATES,
    Ask,
    Calendar,
    Lead,
    Reckon,
    Rows,
    Value,
    conversion,
    csat,
    divided,
    growth,
    lagged,
    nps,
    over_channels,
    simple,
    so_far,
)
from integration.engine.conftest import loader
from mingji.engine.definitions import load_definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse

TABLES = """\
tables:
  leads:
    key: id
    time: day
    owner: rep
    columns:
      id: text
      rep: text
      channel: text
      status: text
      day: date
      mql: date
      amount: {type: decimal, scale: 2, currency: cur}
      cur: text
      score: integer
  fx:
    columns: {cur: text, since: date, rate: {type: decimal, scale: 4}}
rates: {table: fx, currency: cur, day: since, rate: rate, into: CNY}
"""
GRAINS = ("day", "week", "month", "quarter", "half", "year")
BYS = ((), ("member",), ("channel",))


def some_metrics(chance: random.Random) -> dict[str, tuple[dict[str, object], Reckon]]:
    """Metrics of every type, with what each is reckoned by."""
    pick = chance.choice
    made: dict[str, tuple[dict[str, object], Reckon]] = {}
    for kind in AGGREGATES:
        made[kind] = simple(kind, pick(list(FILTERS)))
    above, below = pick(ADDITIVE), pick(ADDITIVE)
    made["ratio_a"] = (
        {"type": "ratio", "numerator": above, "denominator": below},
        divided(made[above][1], made[below][1]),
    )
    one = made["count"][1], made["answers"][1]
    # What has no unit left changes in points of a hundred.
    plain = MEASURED.get(above, "count") == MEASURED.get(below, "count")
    made["formula"] = (
        {"type": "derived", "formula": "(count - coalesce(answers, 0)) / (answers * 3)"},
        lambda ask: _formula(one[0](ask), one[1](ask)),
    )
    for name, of in (("growth_a", pick(ADDITIVE)), ("growth_b", "ratio_a")):
        against, as_ = pick(("previous_period", "last_year")), pick(("rate", "difference"))
        points = as_ == "difference" and of == "ratio_a" and plain
        made[name] = (
            {"type": "growth", "metric": of, "against": against, "as": as_},
            growth(made[of][1], against, as_, points=points),
        )
    told: dict[str, str]
    for name, of in (("sofar_a", pick(list(AGGREGATES))), ("sofar_b", "ratio_a")):
        told = pick(
            (
                {},
                {"grain_to_date": pick(("month", "quarter", "half", "year"))},
                {"window": f"{pick((1, 7, 90))} days"},
                {"window": f"{pick((2, 13))} weeks"},
                {"window": f"{pick((1, 2, 5))} periods"},
            )
        )
        made[name] = {"type": "cumulative", "metric": of, **told}, so_far(made[of][1], told)
    for name, of in (("lag_a", pick(list(AGGREGATES))), ("lag_b", "ratio_a")):
        count, unit = pick((1, 2, 3)), pick(("days", "weeks", "periods"))
        made[name] = (
            {"type": "lagged", "metric": of, "offset_window": f"{count} {unit}"},
            lagged(made[of][1], count, unit),
        )
    made["share_a"] = (
        {"type": "share", "metric": "count", "over": "channel"},
        over_channels(made["count"][1]),
    )
    fewest, least = pick((1, 3)), pick((4, 8))
    survey = {"type": "survey", "table": "leads", "column": "score"}
    made["nps_a"] = {**survey, "method": "nps", "min_answers": fewest}, nps(fewest)
    made["csat_a"] = {**survey, "method": "csat", "top_box_from": least}, csat(least)
    window, cohort = pick((None, 0, 30)), pick(("entry", "event"))
    window = None if window == 0 else window
    steps = {"lead": {"time": "day"}, "mql": {"time": "mql"}}
    made["funnel"] = (
        {
            "type": "conversion",
            "table": "leads",
            "steps": steps,
            "cohort": cohort,
            **({"window": f"{window} days"} if window else {}),
        },
        conversion(window, cohort),
    )
    return made


def _formula(count: Value, answers: Value) -> Value:
    if count is None or answers is None or not answers:
        return None
    return (count - answers) / (answers * 3)


def some_leads(chance: random.Random) -> Rows:
    """Up to 14 rows around ends of years, a leap day, and the change of a rate."""
    near = [dt.date(2023, 12, 31), dt.date(2024, 2, 29), dt.date(2025, 1, 1), dt.date(2024, 6, 30)]
    rows = []
    for number in range(chance.randint(0, 14)):
        day = chance.choice(near) + dt.timedelta(days=chance.choice((0, 0, 1, -1, 7, 35, -90, 366)))
        mql = None if chance.random() < 0.3 else day + dt.timedelta(days=chance.randint(-5, 60))
        amount = None if chance.random() < 0.2 else Decimal(chance.randint(-500, 20000)) / 100
        rows.append(
            Lead(
                id=f"L{number}",
                rep=chance.choice(("ann", "bob")),
                channel=chance.choice(("ads", "mail", "fair", "")),
                status=chance.choice(("Won", "Lost")),
                day=day,
                mql=mql,
                amount=amount,
                cur=chance.choice(("CNY", "USD", "EUR")),
                score=chance.choice((None, 0, 2, 5, 6, 7, 8, 9, 10, 10, 12)),
            )
        )
    return rows


def as_csv(rows: Rows) -> str:
    lines = [
        ",".join("" if getattr(row, name) is None else str(getattr(row, name)) for name in names)
        for names in [HEAD.split(",")]
        for row in rows
    ]
    return "\n".join([HEAD, *lines]) + "\n"


def rounded(value: Value, places: int) -> Decimal | None:
    """Half away from zero, once."""
    if value is None:
        return None
    whole = abs(value) * 10**places
    up = int(whole) + (1 if whole - int(whole) >= Fraction(1, 2) else 0)
    with localcontext() as context:
        context.prec = 80
        context.rounding = ROUND_HALF_UP
        return (Decimal(up) / Decimal(10) ** places) * (-1 if value < 0 else 1)


@settings(max_examples=15)
@given(st.integers(0, 2**32))
@example(1)
def test_every_kind_of_metric_is_what_plain_python_makes_of_the_rows(seed: int) -> None:
    chance = random.Random(seed)
    calendar = Calendar(chance.choice((1, 1, 4, 7, 10)), chance.choice(("", "", "4-4-5", "5-4-4")))
    made, rows = some_metrics(chance), some_leads(chance)
    grain = chance.choice(GRAINS)
    periods = calendar.periods(grain)
    days = {row.day for row in rows} | {row.mql for row in rows if row.mql}
    shown = {calendar.label(day, grain) for day in days}
    names = list(periods)
    shown |= {names[names.index(name) + 1] for name in set(shown)}
    document = json.loads(json.dumps({name: words for name, (words, _) in made.items()}))
    told = f"{TABLES}calendar: {json.dumps(_calendar(calendar))}\nmetrics: {json.dumps(document)}\n"
    definitions = load_definitions(told)
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "warehouse")
        load = loader(Path(folder), warehouse, definitions)
        if rows:
            load("leads", as_csv(rows))
        load("fx", "cur,since,rate\n" + "".join(f"{c},{d},{r}\n" for c, d, r in RATES))
        for by in BYS:
            if not rows or not shown:
                continue
            answer = observe(
                warehouse,
                definitions,
                metrics=[name for name in made if name != "share_a" or by == ("channel",)],
                by=(*by, "period"),
                grain=grain,  # type: ignore[arg-type]
                periods=sorted(shown),
            )
            found = {
                (r.metric, *(r.keys[key] for key in by), r.keys["period"]): r for r in answer.rows
            }
            for key in sorted({_key(row, by) for row in rows}):
                own = [row for row in rows if _key(row, by) == key]
                for period in sorted(shown):
                    ask = Ask(own, rows, periods[period], period, periods, calendar)
                    for name, (_, reckon) in made.items():
                        if name == "share_a" and by != ("channel",):
                            continue
                        ours = found.get((name, *key, period))
                        expected = rounded(reckon(ask), definitions.metrics[name].scale)
                        got = ours.value if ours else None
                        assert got == expected, (name, document[name], by, key, period, seed)


def _key(row: Lead, by: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({"member": row.rep, "channel": row.channel}[name] for name in by)


def _calendar(calendar: Calendar) -> dict[str, object]:
    pattern = {"pattern": calendar.pattern} if calendar.pattern else {}
    return {"starts_in": calendar.starts_in, **pattern}
