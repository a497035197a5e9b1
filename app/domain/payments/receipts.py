"""What a sale is made from, shared by services and repositories."""

from dataclasses import dataclass

from app.domain.ids import PaymentId
from app.domain.money import Money
from app.domain.payments.ledger import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that arrived for an order, as the provider reports it, or who took it in cash.

    Attributes:
        amount: what was asked for.
        fee_minor: what the provider kept; ``None``: not known.
        surplus_minor: what was charged beyond ``amount``.
        into: where the money lies.
    """

    payment_id: PaymentId
    reference: str
    amount: Money
    fee_minor: int | None
    surplus_minor: int = 0
    into: Account = Account.PAYSTACK
