"""Opens refunds and moves them on until they end."""

import sqlite3
from collections.abc import Callable

from app.paystack_mock.desks import ledger
from app.paystack_mock.desks.charge_requests import read_amount
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.shapes import refunds as refund_shapes
from app.paystack_mock.store import Store
from app.paystack_mock.values import refusals
from app.paystack_mock.values.bodies import Fields
from app.paystack_mock.values.cards import RefundEnd
from app.paystack_mock.values.moments import Clock, is_due, length_ms, to_ms
from app.paystack_mock.values.records import Account, Refund, RefundDetails, Transaction

_MOVING = frozenset({"pending", "processing", "needs-attention"})
# Only this floor is known.
_FLOORS = {"GHS": (100, "GHS1.00")}


class RefundDesk:
    """pending → processing → processed, failed or needs-attention; an event at each."""

    def __init__(
        self,
        store: Store,
        settings: MockSettings,
        courier: Courier,
        clock: Clock,
        committed: Callable[[], None],
    ) -> None:
        self._store = store
        self._step_ms = length_ms(settings.refund_step)
        self._courier = courier
        self._clock = clock
        self._committed = committed

    def open(self, account: Account, fields: Fields) -> tuple[Refund, Transaction]:
        """Refund a transaction, named by reference or id; without amount, all of it.

        Raises:
            Refusal: no such paid transaction, or no such amount is left of it.
        """
        now = to_ms(self._clock())
        with self._store.writing() as db:
            transaction = _find_paid(db, account, fields.get("transaction"))
            if transaction.details.behaviour == "refund-refused":
                raise refusals.refund_refused()
            amount_minor = _read_refund_amount(fields, transaction)
            earlier = ledger.refunds_of(db, transaction.id)
            _ensure_left(amount_minor, transaction, earlier)
            note = f"Refund for transaction {transaction.reference}"
            refund = Refund(
                id=0,
                account=account.id,
                transaction=transaction.id,
                status="pending",
                amount_minor=amount_minor,
                currency=transaction.currency,
                created_at_ms=now,
                next_at_ms=now + self._step_ms,
                details=RefundDetails(
                    customer_note=_read_note(fields, "customer_note", note),
                    merchant_note=_read_note(
                        fields, "merchant_note", f"{note} by {refund_shapes.REFUNDED_BY}"
                    ),
                    updated_at_ms=now,
                ),
            )
            ledger.add_refund(db, refund)
            self._settle(db, account, refund, transaction, now)
        self._committed()
        return refund, transaction

    def retry(self, account: Account, refund_id: int) -> tuple[Refund, Transaction]:
        """Move on a refund that wanted the customer's bank account.

        Raises:
            Refusal: no such refund, or it does not need attention.
        """
        now = to_ms(self._clock())
        with self._store.writing() as db:
            refund = ledger.refund_by_id(db, account, refund_id)
            if refund is None:
                raise refusals.refund_not_found()
            if refund.status != "needs-attention":
                raise refusals.refund_not_retriable()
            refund.details.customer_bank_known = True
            transaction = ledger.transaction_of(db, account, refund)
            self._enter(db, account, refund, transaction, "processing", now)
        self._committed()
        return refund, transaction

    def move_next(self) -> bool:
        """Move one due refund a step on; False when none is due."""
        now = to_ms(self._clock())
        # Looking first spares the write lock while nothing is due.
        if not is_due(self.next_due_ms(), now):
            return False
        with self._store.writing() as db:
            refund = ledger.next_moving_refund(db)
            if refund is None or not is_due(refund.next_at_ms, now):
                return False
            account = ledger.get_account(db, refund.account)
            transaction = ledger.transaction_of(db, account, refund)
            status = "processing" if refund.status == "pending" else _end_of(refund, transaction)
            self._enter(db, account, refund, transaction, status, now)
        return True

    def next_due_ms(self) -> int | None:
        refund = ledger.next_moving_refund(self._store.reading())
        return None if refund is None else refund.next_at_ms

    def _enter(
        self,
        db: sqlite3.Connection,
        account: Account,
        refund: Refund,
        transaction: Transaction,
        status: str,
        now: int,
    ) -> None:
        refund.status = status
        refund.next_at_ms = now + self._step_ms if status == "processing" else None
        refund.details.updated_at_ms = now
        if status == "processed":
            refund.details.settled_at_ms = now
        ledger.save_refund(db, refund)
        self._settle(db, account, refund, transaction, now)

    def _settle(
        self,
        db: sqlite3.Connection,
        account: Account,
        refund: Refund,
        transaction: Transaction,
        now: int,
    ) -> None:
        """Bring the transaction's status in line and announce the refund's."""
        transaction.status = _status_after(transaction, ledger.refunds_of(db, transaction.id))
        ledger.save_transaction(db, transaction)
        body = refund_shapes.refund_event(account, refund, transaction)
        self._courier.post_later(db, account, f"refund.{refund.status}", body, due_at_ms=now)


def _end_of(refund: Refund, transaction: Transaction) -> str:
    card = transaction.card
    end = card.refund_ends if card else RefundEnd.PROCESSED
    if end is RefundEnd.NEEDS_ATTENTION and refund.details.customer_bank_known:
        return RefundEnd.PROCESSED
    return end.value


def _status_after(transaction: Transaction, refunds: list[Refund]) -> str:
    """What Paystack does after a processed partial refund is not documented.

    Here the payment counts as `success` again until all of it is back.
    """
    if transaction.details.is_charged_back:
        return "reversed"
    if any(refund.status in _MOVING for refund in refunds):
        return "reversal-pending"
    returned = sum(refund.amount_minor for refund in refunds if refund.status == "processed")
    return "reversed" if returned >= transaction.amount_minor else "success"


def _find_paid(db: sqlite3.Connection, account: Account, named: object) -> Transaction:
    if named in (None, ""):
        raise refusals.missing("Transaction")
    if isinstance(named, bool) or not isinstance(named, (str, int)):
        raise refusals.refund_transaction_not_found()
    text = str(named)
    found = ledger.transaction_by_reference(db, account, text)
    if found is None and text.isascii() and text.isdigit() and len(text) <= len(str(ledger.MAX_ID)):
        found = ledger.transaction_by_id(db, account, int(text))
    if found is None:
        raise refusals.refund_transaction_not_found()
    if not found.is_paid:
        raise refusals.refund_of_unpaid()
    return found


def _read_refund_amount(fields: Fields, transaction: Transaction) -> int:
    currency = fields.get("currency")
    if currency not in (None, "", transaction.currency):
        raise refusals.refund_currency_differs()
    if fields.get("amount") in (None, ""):
        return transaction.amount_minor
    return read_amount(fields["amount"])


def _ensure_left(amount_minor: int, transaction: Transaction, earlier: list[Refund]) -> None:
    if transaction.status == "reversed":
        raise refusals.transaction_reversed()
    if amount_minor > transaction.amount_minor:
        raise refusals.refund_exceeds_transaction()
    taken = sum(refund.amount_minor for refund in earlier if refund.status != "failed")
    if taken + amount_minor > transaction.amount_minor:
        raise refusals.refunds_exceed_transaction()
    floor_minor, floor = _FLOORS.get(transaction.currency, (0, ""))
    if amount_minor < floor_minor:
        raise refusals.refund_below_floor(floor)


def _read_note(fields: Fields, name: str, default: str) -> str:
    note = fields.get(name)
    return default if note in (None, "") else str(note)
