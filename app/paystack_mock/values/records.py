"""Accounts, transactions and refunds as the store keeps them. Moments are UTC milliseconds."""

from dataclasses import dataclass, field
from typing import Any

from app.paystack_mock.values.cards import TestCard, find_card
from app.paystack_mock.values.fees import fee_minor

CARD = "card"
BANK_TRANSFER = "bank_transfer"
UNPAID = "The transaction was not completed"


@dataclass(frozen=True, slots=True)
class Account:
    """One secret key. The key is kept because later events are signed with it."""

    id: int
    secret_key: str = field(repr=False)

    @property
    def integration(self) -> int:
        return 100_000 + self.id


@dataclass(frozen=True, slots=True)
class Customer:
    id: int
    email: str
    code: str


@dataclass
class Details:
    """The part of a transaction no query asks for; kept as one JSON document."""

    metadata: Any = None
    callback_url: str | None = None
    ip_address: str = "127.0.0.1"
    behaviour: str | None = None
    customer_pays_fees: bool = False
    channel: str = CARD
    found_from_ms: int = 0
    money_due_at_ms: int | None = None
    is_charged_back: bool = False
    gateway_response: str = UNPAID
    paid_at_ms: int | None = None
    card: str | None = None
    exp_month: str = ""
    exp_year: str = ""
    steps_done: int = 0
    attempts: int = 0
    errors: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Transaction:
    """``requested_minor`` was initialized, ``amount_minor`` was or will be charged.

    A declined attempt leaves it open: the customer may try again on the same page.
    """

    id: int
    account: int
    reference: str
    access_code: str
    status: str
    requested_minor: int
    amount_minor: int
    currency: str
    customer: Customer
    created_at_ms: int
    details: Details

    @property
    def is_paid(self) -> bool:
        """True for good: refunds change the status, not the fact that money came."""
        return self.details.paid_at_ms is not None

    @property
    def is_on_its_way(self) -> bool:
        """The customer can do no more, and the money has not come yet."""
        return self.details.money_due_at_ms is not None

    @property
    def loses_dispute(self) -> bool:
        return self.details.behaviour == "dispute-lost"

    @property
    def fee_minor(self) -> int | None:
        """What Paystack keeps of it, once paid."""
        if not self.is_paid:
            return None
        if self.details.customer_pays_fees:
            return self.amount_minor - self.requested_minor
        return fee_minor(self.amount_minor, self.currency)

    @property
    def card(self) -> TestCard | None:
        return find_card(self.details.card) if self.details.card else None

    def begin_attempt(self, card: TestCard | None, exp_month: str, exp_year: str, now: int) -> None:
        details = self.details
        details.attempts += 1
        details.steps_done = 0
        details.card = card.number if card else None
        details.exp_month, details.exp_year = exp_month, exp_year
        self._note("action", f"Attempted to pay with {self._means}", now)

    def await_money(self, status: str, *, due_at_ms: int) -> None:
        """The customer did their part; the money is on its way."""
        self.status = status
        self.details.money_due_at_ms = due_at_ms

    def await_customer(self, status: str) -> None:
        """Wait for a PIN, OTP or the like; any earlier decline is forgotten."""
        self.status = status
        self.details.gateway_response = UNPAID

    def succeed(self, now: int) -> None:
        self.status = "success"
        self.details.gateway_response = "Successful"
        self.details.paid_at_ms = now
        self.details.money_due_at_ms = None
        self.details.steps_done = 0
        if self.details.behaviour == "wrong-amount":
            self.amount_minor = self.requested_minor // 2
        if self.details.customer_pays_fees:
            self.amount_minor += fee_minor(self.requested_minor, self.currency)
        self._note("success", f"Successfully paid with {self._means}", now)

    def charge_back(self) -> None:
        """The customer's bank took the money back, for good."""
        self.status = "reversed"
        self.details.is_charged_back = True

    def decline(self, reason: str, now: int) -> None:
        self.status = "failed"
        self.details.gateway_response = reason
        self.details.errors += 1
        self.details.card = None
        self.details.steps_done = 0
        self._note("error", f"Error: {reason}", now)

    @property
    def _means(self) -> str:
        return self.details.channel.replace("_", " ")

    def _note(self, type: str, message: str, now: int) -> None:
        seconds = max(0, (now - self.created_at_ms) // 1000)
        self.details.history.append({"type": type, "message": message, "time": seconds})


@dataclass
class RefundDetails:
    """The part of a refund no query asks for."""

    customer_note: str
    merchant_note: str
    settled_at_ms: int | None = None
    updated_at_ms: int = 0
    customer_bank_known: bool = False


@dataclass
class Refund:
    """``next_at_ms`` is when its status changes next; None: it stays."""

    id: int
    account: int
    transaction: int
    status: str
    amount_minor: int
    currency: str
    created_at_ms: int
    next_at_ms: int | None
    details: RefundDetails


@dataclass
class Dispute:
    """``step`` is the event it reached, empty before the first; ``next_at_ms`` as in a refund."""

    id: int
    account: int
    transaction: int
    step: str
    opened_at_ms: int
    updated_at_ms: int
    next_at_ms: int | None

    @property
    def is_resolved(self) -> bool:
        return self.step == "resolve"
