"""Opens transactions and takes the simulated customer's money."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from app.paystack_mock.desks import ledger
from app.paystack_mock.desks.charge_requests import ChargeRequest
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.desks.disputes import DisputeDesk
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.shapes import charges as shapes
from app.paystack_mock.store import Store
from app.paystack_mock.values import refusals
from app.paystack_mock.values.cards import (
    PAYING_CARD,
    REFUND_FAILS_CARD,
    REFUND_NEEDS_ATTENTION_CARD,
    UNKNOWN_CARD,
    Step,
    TestCard,
    find_card,
)
from app.paystack_mock.values.magic import pays_by_itself
from app.paystack_mock.values.moments import Clock, is_due, length_ms, to_ms
from app.paystack_mock.values.records import BANK_TRANSFER, CARD, Account, Details, Transaction

_ACCESS_CODE_LENGTH = 15
_AUTOPAY_EXPIRY = ("12", "2099")
_CARD_OF_BEHAVIOUR = {
    "refund-failed": REFUND_FAILS_CARD,
    "refund-needs-attention": REFUND_NEEDS_ATTENTION_CARD,
}
_STATUS_ON_THE_WAY = {
    "pending": "pending",
    "processing": "processing",
    "queued": "queued",
    "bank-transfer": "ongoing",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A transaction after a step; ``deliver_first``: the webhook to deliver before answering."""

    transaction: Transaction
    deliver_first: int | None = None


@dataclass(frozen=True, slots=True)
class CardEntry:
    """What the customer typed; ``exp_year`` has four digits."""

    number: str
    cvv: str
    exp_month: str
    exp_year: str


class Cashier:
    """A declined attempt ends itself only; a paid transaction never changes again."""

    def __init__(
        self,
        store: Store,
        settings: MockSettings,
        courier: Courier,
        disputes: DisputeDesk,
        clock: Clock,
        committed: Callable[[], None],
    ) -> None:
        self._store = store
        self._settings = settings
        self._courier = courier
        self._disputes = disputes
        self._clock = clock
        self._committed = committed

    def open(self, account: Account, charge_request: ChargeRequest, ip_address: str) -> Taken:
        """Open a transaction, and pay it at once when the simulated customer does.

        Raises:
            Refusal: the account used the reference before.
        """
        now = to_ms(self._clock())
        with self._store.writing() as db:
            transaction = Transaction(
                id=0,
                account=account.id,
                reference=charge_request.reference,
                access_code=ledger.make_code(_ACCESS_CODE_LENGTH),
                status="abandoned",
                requested_minor=charge_request.amount_minor,
                amount_minor=charge_request.amount_minor,
                currency=charge_request.currency,
                customer=ledger.customer_of(db, account, charge_request.email),
                created_at_ms=now,
                details=Details(
                    metadata=charge_request.metadata,
                    channel=BANK_TRANSFER if charge_request.behaviour == "bank-transfer" else CARD,
                    callback_url=charge_request.callback_url,
                    ip_address=ip_address,
                    behaviour=charge_request.behaviour,
                    customer_pays_fees=self._settings.customer_pays_fees
                    or charge_request.behaviour == "customer-fees",
                    found_from_ms=self._found_from(charge_request, now),
                ),
            )
            if pays_by_itself(charge_request.behaviour, autopay=self._settings.autopay):
                self._let_customer_pay(transaction, now)
            if not ledger.add_transaction(db, transaction):
                raise refusals.duplicate_reference()
            first = self._announce(db, account, transaction, now) if transaction.is_paid else None
        self._committed()
        return Taken(transaction, first)

    def verify(self, account: Account, reference: str) -> Transaction | None:
        """The transaction with this reference, unless it cannot be found yet."""
        found = ledger.transaction_by_reference(self._store.reading(), account, reference)
        is_found = found is not None and found.details.found_from_ms <= to_ms(self._clock())
        return found if is_found else None

    def move_next(self) -> bool:
        """Let the money of one transaction arrive; False when none is due."""
        now = to_ms(self._clock())
        # Looking first spares the write lock while nothing is due.
        if not is_due(self.next_due_ms(), now):
            return False
        with self._store.writing() as db:
            transaction = ledger.next_awaited_transaction(db)
            if transaction is None or not is_due(transaction.details.money_due_at_ms, now):
                return False
            transaction.succeed(now)
            ledger.save_transaction(db, transaction)
            account = ledger.get_account(db, transaction.account)
            self._announce(db, account, transaction, now)
        return True

    def next_due_ms(self) -> int | None:
        transaction = ledger.next_awaited_transaction(self._store.reading())
        return None if transaction is None else transaction.details.money_due_at_ms

    def find(self, access_code: str) -> Transaction | None:
        return ledger.transaction_by_access_code(self._store.reading(), access_code)

    def try_card(self, access_code: str, entry: CardEntry) -> Taken | None:
        """Start an attempt with a card; None when no checkout has this code."""
        now = to_ms(self._clock())

        def attempt(transaction: Transaction) -> None:
            card = find_card(entry.number)
            transaction.begin_attempt(card, entry.exp_month, entry.exp_year, now)
            if card is None:
                transaction.decline(UNKNOWN_CARD, now)
            elif entry.cvv != card.cvv:
                transaction.decline("Incorrect CVV", now)
            else:
                self._go_on(transaction, card, now)

        return self._change(access_code, attempt, now)

    def answer(self, access_code: str, step: str, answer: str) -> Taken | None:
        """Answer the step the card asks for; an answer to another step changes nothing."""
        now = to_ms(self._clock())

        def attempt(transaction: Transaction) -> None:
            card = transaction.card
            asked = asked_step(transaction)
            if card is None or asked is None or asked != step:
                return
            transaction.details.steps_done += 1
            refusal = card.refusal_of(asked, answer)
            if refusal:
                transaction.decline(refusal, now)
            else:
                self._go_on(transaction, card, now)

        return self._change(access_code, attempt, now)

    def _change(
        self, access_code: str, attempt: Callable[[Transaction], None], now: int
    ) -> Taken | None:
        first = None
        with self._store.writing() as db:
            transaction = ledger.transaction_by_access_code(db, access_code)
            if transaction is None:
                return None
            if is_over(transaction):
                return Taken(transaction)
            attempt(transaction)
            ledger.save_transaction(db, transaction)
            if transaction.is_paid:
                account = ledger.get_account(db, transaction.account)
                first = self._announce(db, account, transaction, now)
        self._committed()
        return Taken(transaction, first)

    def _let_customer_pay(self, transaction: Transaction, now: int) -> None:
        behaviour = transaction.details.behaviour or ""
        card = _CARD_OF_BEHAVIOUR.get(behaviour, PAYING_CARD)
        transaction.begin_attempt(card, *_AUTOPAY_EXPIRY, now)
        if behaviour == "declined":
            transaction.decline("Declined", now)
        else:
            self._take_money(transaction, now)

    def _go_on(self, transaction: Transaction, card: TestCard, now: int) -> None:
        """Ask for the card's next step, or end the attempt when none is left."""
        step = asked_step(transaction)
        if step is not None:
            transaction.await_customer("abandoned" if step is Step.PIN else "ongoing")
        elif card.declined_as:
            transaction.decline(card.declined_as, now)
        else:
            self._take_money(transaction, now)

    def _take_money(self, transaction: Transaction, now: int) -> None:
        """Take it at once, or let it be on its way for a while."""
        status = _STATUS_ON_THE_WAY.get(transaction.details.behaviour or "")
        if status is None:
            transaction.succeed(now)
        else:
            due_at_ms = now + length_ms(self._settings.payment_takes)
            transaction.await_money(status, due_at_ms=due_at_ms)

    def _found_from(self, charge_request: ChargeRequest, now: int) -> int:
        is_late = charge_request.behaviour == "not-found-yet"
        return now + length_ms(self._settings.not_found_for) if is_late else now

    def _announce(
        self, db: sqlite3.Connection, account: Account, transaction: Transaction, now: int
    ) -> int | None:
        """Post charge.success; name the delivery to make before answering, if any."""
        self._disputes.expect(db, transaction, now)
        body = shapes.charge_event(transaction)

        def post(due_at_ms: int) -> int | None:
            return self._courier.post_later(
                db, account, "charge.success", body, due_at_ms=due_at_ms
            )

        match transaction.details.behaviour:
            case "no-webhook":
                return None
            case "webhook-late":
                post(now + length_ms(self._settings.webhook_late_by))
                return None
            case "webhook-first":
                # Ours to deliver; the thread takes over should we die before.
                return post(now + length_ms(self._settings.webhook_first_limit))
            case "webhook-twice":
                post(now)
        post(now)
        return None


def asked_step(transaction: Transaction) -> Step | None:
    """The step the customer is asked for now, if the attempt waits for one."""
    card = transaction.card
    if card is None or transaction.is_paid or transaction.is_on_its_way:
        return None
    done = transaction.details.steps_done
    return card.steps[done] if done < len(card.steps) else None


def is_over(transaction: Transaction) -> bool:
    """True when the customer can no longer pay on the checkout page."""
    is_abandoned = transaction.details.behaviour == "abandoned"
    return transaction.is_paid or transaction.is_on_its_way or is_abandoned
