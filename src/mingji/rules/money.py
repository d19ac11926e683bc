"""Money: an amount that knows its currency and never mixes with another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact, rounded
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217 code).

    >>> Money(Decimal("10.50"), "CNY") + Money(Decimal("0.5"), "CNY")
    Money(amount=Decimal('11.00'), currency='CNY')
    """

    amount: Decimal
    currency: str

    @exact
    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    @exact
    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    @exact
    def times(self, factor: Decimal) -> Money:
        """The amount times a plain number, not rounded."""
        return Money(self.amount * factor, self.currency)

    def rounded(self, places: int = 2) -> Money:
        """The amount to the cent, half up."""
        return Money(rounded(self.amount, places), self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise Invalid(
                Text(
                    zh=f"{self.currency} 和 {other.currency} 不能直接相加减；先按约定汇率换算",
                    en=f"{self.currency} and {other.currency} cannot be added; "
                    "convert one at an agreed rate first",
                ),
                code="currencies_mixed",
            )
