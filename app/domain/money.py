"""Amounts of money, always in a currency's minor unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SUBUNITS_PER_UNIT: Final = 100
"""Paystack multiplies every currency by 100, also XOF, which has no subunit (its API reference)."""

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

_SIGNS: Final[dict[str, str]] = {"GHS": "GH₵", "NGN": "₦", "USD": "$", "ZAR": "R"}
"""How people write the currencies whose sign is better known than their code."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency's minor unit: ``Money(250_000, "NGN")`` is ₦2,500.00."""

    minor: int
    currency: str

    @classmethod
    def from_major(cls, amount: Decimal, currency: str) -> "Money":
        """Read ``12.50`` as 1250 minor units.

        Raises:
            ValueError: the amount has more than two decimals or is no number.
        """
        minor = amount * SUBUNITS_PER_UNIT
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise ValueError(f"{amount} {currency} is finer than the smallest coin")
        return cls(int(minor), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, with two decimals."""
        return Decimal(self.minor).scaleb(-2)

    @property
    def is_free(self) -> bool:
        return self.minor == 0

    def __str__(self) -> str:
        return f"{self.currency} {self.major:,.2f}"

    @property
    def as_people_write(self) -> str:
        """With the currency's sign, where it has one: ``₦2,500.00``, ``KES 300.00``."""
        sign = _SIGNS.get(self.currency)
        return f"{sign}{self.major:,.2f}" if sign else str(self)
