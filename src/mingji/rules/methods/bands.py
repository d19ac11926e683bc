"""Methods that read points from bands: fixed points, or a position inside the band."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.strict import STRICT

Measure = Literal["actual", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of values that earns fixed points. `low` or `high` left out means no bound."""

    __pydantic_config__ = STRICT
    points: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandMethod:
    """层差法: the band that holds the value gives the points.

    `measure` says what is looked up: the actual itself, or the attainment in percent (A/B·100).
    `closed` says which end belongs to a band: `low` is [low, high), `high` is (low, high].
    """

    __pydantic_config__ = STRICT
    method: Literal["band"] = "band"
    bands: tuple[Band, ...] = ()
    measure: Measure = "actual"
    closed: Literal["low", "high"] = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearBand:
    """A stretch of values, `low` to `high`, that earns from `bottom` to `top`."""

    __pydantic_config__ = STRICT
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

    __pydantic_config__ = STRICT
    method: Literal["band_linear"] = "band_linear"
    bands: tuple[LinearBand, ...] = ()
    measure: Measure = "percent"
