"""The payment provider."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.money import Money


class ChargeStatus(StrEnum):
    """How a charge stands at the provider."""

    PAID = "paid"
    FAILED = "failed"
    """The last attempt was declined. The buyer may still pay the same charge at the provider."""
    OPEN = "open"
    """The buyer has not finished, or the provider has not."""
    REVERSED = "reversed"
    """It was paid and the money went back, or is going back."""
    UNKNOWN = "unknown"
    """The provider has never heard of the reference."""


@dataclass(frozen=True, slots=True)
class ChargeReport:
    """What the provider says about a reference. ``amount`` is what was really charged."""

    status: ChargeStatus
    reference: str
    amount: Money | None = None
    transaction_id: str | None = None
    fee_minor: int | None = None
    paid_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnreadableCharge:
    """A charge in the provider's list whose row is not what the provider documents.

    ``reference`` is empty if it cannot be read either; ``why`` names the first odd field.
    """

    reference: str
    why: str


class RefundStatus(StrEnum):
    """How a refund stands at the provider."""

    PENDING = "pending"
    PROCESSING = "processing"
    PROCESSED = "processed"
    NEEDS_ATTENTION = "needs-attention"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What the provider says about one refund."""

    id: str
    status: RefundStatus
    amount: Money
    note: str = ""
    """The merchant's note, in which our own refund id travels."""


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


class PaymentGateway(Protocol):
    """Takes money from buyers and refunds it.

    Every method raises ``PaymentGatewayUnavailable`` when the provider failed, took longer than
    the time budget, is kept off by the breaker, or too many calls are in flight. Then nothing is
    known about the outcome. Never call it inside a transaction.
    """

    def start_charge(
        self,
        *,
        reference: str,
        amount: Money,
        email: str,
        callback_url: str,
        cancel_url: str,
        description: str,
    ) -> str:
        """Open a charge under our own ``reference``; return the address where the buyer pays.

        A reference works only once.

        Raises:
            ChargeRefused: the provider understood and said no.
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def find_charge(self, reference: str, *, patient: bool = False) -> ChargeReport:
        """What became of a charge; a reference the provider does not know is ``UNKNOWN``.

        ``patient``: wait while the provider's rate limit lasts.

        Raises:
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def list_charges(self, *, since: datetime | None) -> Iterator[ChargeReport | UnreadableCharge]:
        """Every charge opened ``since`` then (``None``: ever), each once, the newest first.

        Waits while the provider's rate limit lasts.
        """
        ...

    def list_refunds(self, *, reference: str, transaction_id: str) -> Sequence[RefundReport]:
        """Every refund of a charge that the provider has in its books.

        Raises:
            RefundRefused: the provider understood and said no.
            RefundsTooMany: there are more than are read; a person has to look.
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        """Give ``amount`` of a paid charge back.

        The provider has no guard against doing so twice: the caller has read ``list_refunds``.

        Raises:
            RefundRefused: the provider understood and said no.
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def find_refund(self, refund_id: str) -> RefundReport:
        """How a refund stands."""
        ...

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        """Tell whether a webhook's raw body carries the provider's signature."""
        ...


class GatewayBulkhead(Protocol):
    """What the health page tells about the bulkhead around the provider."""

    @property
    def breaker_state(self) -> str:
        """``closed``, ``open`` or ``half-open``."""
        ...

    @property
    def calls_in_flight(self) -> int:
        """Calls to the provider that wait for an answer now."""
        ...
