"""Double entry: every posting moves money between accounts and sums to nothing.

A positive amount is a debit. ``PAYSTACK`` is the money lying at the provider, ``SALES`` what
organizers earned before discounts, ``SURPLUS`` what buyers paid beyond the price, ``UNCLAIMED``
money that came for nothing and goes back. ``CASH`` is money that organizers took themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Where money is, or what became of it."""

    PAYSTACK = "paystack"
    FEES = "fees"
    SALES = "sales"
    DISCOUNTS = "discounts"
    SURPLUS = "surplus"
    REFUNDS = "refunds"
    REFUNDS_DUE = "refunds-due"
    UNCLAIMED = "unclaimed"
    DISPUTES = "disputes"
    """Money that a buyer's bank took back."""
    ELSEWHERE = "elsewhere"
    """Money that moved outside the provider, such as a bank transfer."""
    CASH = "cash"
    CASH_DUE = "cash-due"
    """Cash that organizers have to hand back to buyers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting, in minor units; positive is a debit."""

    account: Account
    minor: int


def sale(
    *,
    paid_minor: int,
    discount_minor: int,
    fee_minor: int,
    surplus_minor: int = 0,
    into: Account = Account.PAYSTACK,
) -> Sequence[Line]:
    """An order was paid: the provider keeps its fee and owes us the rest.

    ``surplus_minor`` came on top of ``paid_minor``, the order's price. ``into`` is where the money
    lies.
    """
    return _balanced(
        Line(into, paid_minor + surplus_minor - fee_minor),
        Line(Account.FEES, fee_minor),
        Line(Account.DISCOUNTS, discount_minor),
        Line(Account.SALES, -(paid_minor + discount_minor)),
        Line(Account.SURPLUS, -surplus_minor),
    )


def unclaimed(*, paid_minor: int, fee_minor: int) -> Sequence[Line]:
    """Money came that bought nothing: too late, twice, or not what was asked for."""
    return _balanced(
        Line(Account.PAYSTACK, paid_minor - fee_minor),
        Line(Account.FEES, fee_minor),
        Line(Account.UNCLAIMED, -paid_minor),
    )


def refund_due(*, minor: int, of: Account) -> Sequence[Line]:
    """Money has to go back, of a sale (``REFUNDS``) or of what was ``UNCLAIMED``."""
    return _balanced(Line(of, minor), Line(Account.REFUNDS_DUE, -minor))


def cash_due(*, minor: int) -> Sequence[Line]:
    """Cash of a sale has to be handed back."""
    return _balanced(Line(Account.REFUNDS, minor), Line(Account.CASH_DUE, -minor))


def cash_handed_back(*, minor: int) -> Sequence[Line]:
    """It was."""
    return _balanced(Line(Account.CASH_DUE, minor), Line(Account.CASH, -minor))


def refund_done(*, minor: int) -> Sequence[Line]:
    """Money has gone back. The provider keeps the fee of the charge."""
    return _balanced(Line(Account.REFUNDS_DUE, minor), Line(Account.PAYSTACK, -minor))


def refund_done_elsewhere(*, minor: int) -> Sequence[Line]:
    """Money has gone back by other means than the provider."""
    return _balanced(Line(Account.REFUNDS_DUE, minor), Line(Account.ELSEWHERE, -minor))


def dispute_lost(*, minor: int) -> Sequence[Line]:
    """The provider took money of a payment back, for the buyer's bank."""
    return _balanced(Line(Account.DISPUTES, minor), Line(Account.PAYSTACK, -minor))


def _balanced(*lines: Line) -> Sequence[Line]:
    if sum(line.minor for line in lines) != 0:
        raise ValueError(f"the posting does not balance: {lines}")
    return [line for line in lines if line.minor != 0]
