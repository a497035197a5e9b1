"""Amounts of money, always in a currency's minor unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SUBUNITS_PER_UNIT: Final = 100
"""Paystack multiplies every currency by 100, also one without coins (its API reference)."""

WITHOUT_COINS: Final = frozenset({"XOF"})
"""Currencies paid in whole units only; Paystack ignores the rest (its API reference)."""

MINIMUM_CHARGE_MINOR: Final[dict[str, int]] = {
    "GHS": 10,
    "KES": 300,
    "NGN": 5_000,
    "USD": 200,
    "XOF": 100,
    "ZAR": 100,
}
"""Smallest charge Paystack takes, by currency: the currencies we sell in (its API reference)."""

MAXIMUM_CHARGE_MINOR: Final = 10_000_000 * SUBUNITS_PER_UNIT
"""Largest charge Paystack takes, in any currency (its list of errors)."""

_SIGNS: Final[dict[str, str]] = {
    "GHS": "GH₵",
    "KES": "KSh ",
    "NGN": "₦",
    "USD": "$",
    "XOF": "CFA ",
    "ZAR": "R",
}
"""What people write before an amount."""


def smallest_coin(currency: str) -> int:
    """What every amount that can be paid is a multiple of, in minor units."""
    return SUBUNITS_PER_UNIT if currency in WITHOUT_COINS else 1


def most_at_once(price_minor: int) -> int | None:
    """How many things at this price one charge can pay for; ``None`` sets no limit."""
    return MAXIMUM_CHARGE_MINOR // price_minor if price_minor else None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency's minor unit: ``Money(250_000, "NGN")`` is ₦2,500.00."""

    minor: int
    currency: str

    @classmethod
    def from_major(cls, amount: Decimal, currency: str) -> "Money":
        """Read ``12.50`` as 1250 minor units.

        Raises:
            ValueError: the amount is finer than what can be paid (two decimals, or none where
                there are no coins), or is no number.
        """
        minor = amount * SUBUNITS_PER_UNIT
        if (
            not minor.is_finite()
            or minor != minor.to_integral_value()
            or int(minor) % smallest_coin(currency)
        ):
            raise ValueError(f"{amount} {currency} is finer than the smallest coin")
        return cls(int(minor), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, with two decimals."""
        return Decimal(self.minor).scaleb(-2)

    @property
    def is_free(self) -> bool:
        return self.minor == 0

    @property
    def in_whole_coins(self) -> "Money":
        """The same without what cannot be paid."""
        return Money(self.minor - self.minor % smallest_coin(self.currency), self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.figure}"

    @property
    def as_people_write(self) -> str:
        """With what people write before an amount: ``₦2,500.00``, ``CFA 1,000``."""
        sign = _SIGNS.get(self.currency)
        return f"{sign}{self.figure}" if sign else str(self)

    @property
    def figure(self) -> str:
        """The amount without its currency, with ``,`` between thousands: ``2,500.00``."""
        # A part of a unit that cannot be paid is shown all the same, as it may be a provider's fee.
        is_whole = self.currency in WITHOUT_COINS and self == self.in_whole_coins
        return f"{self.major:,.0f}" if is_whole else f"{self.major:,.2f}"
