"""Methods that read points from bands: fixed points, or a position inside the band."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.given import Earned, Given
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

Measure = Literal["actual", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of values that earns fixed points. `low` or `high` left out means no bound."""

    points: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandMethod:
    """层差法: the band that holds the value gives the points.

    `measure` says what is looked up: the actual itself, or the attainment in percent (A/B·100).
    `closed` says which end belongs to a band: `low` is [low, high), `high` is (low, high].
    """

    method: Literal["band"] = "band"
    bands: tuple[Band, ...] = ()
    measure: Measure = "actual"
    closed: Literal["low", "high"] = "low"

    @exact
    def earn(self, given: Given) -> Earned:
        """The points of the band that holds the value; 0, flagged, outside all of them.

        >>> days = BandMethod(closed="high", bands=(
        ...     Band(high=Decimal(25), points=Decimal(15)),
        ...     Band(low=Decimal(25), high=Decimal(30), points=Decimal(10)),
        ...     Band(low=Decimal(30), points=Decimal(0))))
        >>> [days.earn(Given(actual=Decimal(d))).score for d in (25, 26, 30, 31)]
        [Decimal('15'), Decimal('10'), Decimal('10'), Decimal('0')]
        """
        value = given.measured(self.measure)
        band = next((each for each in self.bands if self._holds(each, value)), None)
        seen = _seen(value, self.measure)
        used = used_by(self.measure)
        if band is None:
            words = Text(f"{seen.zh}，不在任何区间内", f"{seen.en}, outside every band")
            return Earned(score=Decimal(0), formula=words, used=used, flags=("outside_bands",))
        span = f"{shown(band.low)} … {shown(band.high)}"
        words = Text(f"{seen.zh}，落在区间 {span}", f"{seen.en}, in the band {span}")
        return Earned(score=band.points, formula=words, used=used)

    def _holds(self, band: Band, value: Decimal) -> bool:
        low, high = band.low, band.high
        if self.closed == "low":
            return (low is None or value >= low) and (high is None or value < high)
        return (low is None or value > low) and (high is None or value <= high)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearBand:
    """A stretch of values, `low` to `high`, that earns from `bottom` to `top`."""

    low: Decimal
    high: Decimal
    bottom: Decimal
    top: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLinear:
    """区间内插法: the band gives a score range and the place in the band interpolates.

    Bands are [low, high); the highest one includes its end, and above it the top stays.
    `measure` as in `BandMethod`, attainment in percent unless said otherwise.
    """

    method: Literal["band_linear"] = "band_linear"
    bands: tuple[LinearBand, ...] = ()
    measure: Measure = "percent"

    @exact
    def earn(self, given: Given) -> Earned:
        """The score at the value's place in its band (scoring.md §1).

        >>> five = BandLinear(bands=tuple(
        ...     LinearBand(low=Decimal(l), high=Decimal(h), bottom=Decimal(b), top=Decimal(t))
        ...     for l, h, b, t in ((90, 100, 91, 100), (80, 90, 81, 90), (70, 80, 71, 80),
        ...                        (50, 70, 51, 70), (0, 50, 0, 50))))
        >>> five.earn(Given(actual=Decimal(85), target=Decimal(100))).score
        Decimal('85.50')
        """
        value = given.measured(self.measure)
        seen = _seen(value, self.measure)
        used = used_by(self.measure)
        bands = sorted(self.bands, key=lambda band: band.low)
        if not bands or value < bands[0].low:
            score = min((band.bottom for band in bands[:1]), default=Decimal(0))
            words = Text(f"{seen.zh}，低于最低区间", f"{seen.en}, below the lowest band")
            return Earned(score=score, formula=words, used=used, flags=("outside_bands",))
        band = next((each for each in bands if each.low <= value < each.high), None)
        if band is None:
            highest = bands[-1]
            flags = ("capped",) if value > highest.high else ()
            if value < highest.high:  # a gap between two bands: the lower band's top stands
                highest = [each for each in bands if each.high <= value][-1]
                flags = ("outside_bands",)
            words = Text(
                f"{seen.zh}，取区间上限 {shown(highest.top)}",
                f"{seen.en}, the top of the band, {shown(highest.top)}",
            )
            return Earned(score=highest.top, formula=words, used=used, flags=flags)
        score = band.bottom + (value - band.low) / (band.high - band.low) * (band.top - band.bottom)
        v, lo, hi = shown(value), shown(band.low), shown(band.high)
        bottom, top = shown(band.bottom), shown(band.top)
        line = f"{bottom} + ({v} − {lo}) ÷ ({hi} − {lo}) × ({top} − {bottom})"
        return Earned(
            score=score, formula=Text(f"{seen.zh}：{line}", f"{seen.en}: {line}"), used=used
        )


def used_by(measure: Measure) -> tuple[str, ...]:
    """The facts that a measure looks at."""
    return ("actual", "target") if measure == "percent" else ("actual",)


def _seen(value: Decimal, measure: Measure) -> Text:
    if measure == "percent":
        return Text(f"完成率 {shown(value)} %", f"attainment {shown(value)} %")
    return Text(f"实际值 {shown(value)}", f"actual {shown(value)}")
