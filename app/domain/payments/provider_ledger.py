"""What the provider has in its books, as an audit compares it with ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.money import Money
from app.domain.ports import ChargeReport, RefundStatus


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """A refund in the provider's books, of the charge with this reference."""

    reference: str
    amount: Money
    status: RefundStatus
    note: str = ""
    """The merchant's note, as the provider keeps it."""


@dataclass(frozen=True, slots=True)
class ProviderLedger:
    """Everything the provider has in its books, each charge and refund once."""

    charges: Sequence[ChargeReport]
    refunds: Sequence[MoneyBack]
