"""Opens disputes of the customer's bank and brings them to their end."""

import sqlite3

from app.paystack_mock.desks import ledger
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.shapes import disputes as dispute_shapes
from app.paystack_mock.store import Store
from app.paystack_mock.values.moments import Clock, is_due, length_ms, to_ms
from app.paystack_mock.values.records import Account, Dispute, Transaction

BEHAVIOURS = frozenset({"dispute-won", "dispute-lost"})
"""Those whose customers dispute what they paid."""

_STEPS = {"": "create", "create": "remind", "remind": "resolve"}
"""What comes after each step; an event is posted at each."""

_SELECT = """
SELECT id, account, "transaction", step, opened_at_ms, updated_at_ms, next_at_ms FROM disputes
WHERE next_at_ms IS NOT NULL ORDER BY next_at_ms, id LIMIT 1
"""


class DisputeDesk:
    """create → remind → resolve. No one here answers a dispute: the address tells its end."""

    def __init__(
        self, store: Store, settings: MockSettings, courier: Courier, clock: Clock
    ) -> None:
        self._store = store
        self._step_ms = length_ms(settings.dispute_step)
        self._courier = courier
        self._clock = clock

    def expect(self, db: sqlite3.Connection, transaction: Transaction, now: int) -> None:
        """Have what was just paid disputed, if its customer is one who does."""
        if transaction.details.behaviour in BEHAVIOURS:
            db.execute(
                'INSERT INTO disputes (account, "transaction", step, opened_at_ms, updated_at_ms,'
                " next_at_ms) VALUES (?, ?, '', ?, ?, ?)",
                (transaction.account, transaction.id, now, now, now + self._step_ms),
            )

    def move_next(self) -> bool:
        """Move one due dispute a step on; False when none is due."""
        now = to_ms(self._clock())
        # Looking first spares the write lock while nothing is due.
        if not is_due(self.next_due_ms(), now):
            return False
        with self._store.writing() as db:
            dispute = _next(db)
            if dispute is None or not is_due(dispute.next_at_ms, now):
                return False
            account = ledger.get_account(db, dispute.account)
            transaction = ledger.transaction_of(db, account, dispute)
            self._enter(db, account, dispute, transaction, now)
        return True

    def next_due_ms(self) -> int | None:
        dispute = _next(self._store.reading())
        return None if dispute is None else dispute.next_at_ms

    def _enter(
        self,
        db: sqlite3.Connection,
        account: Account,
        dispute: Dispute,
        transaction: Transaction,
        now: int,
    ) -> None:
        if not dispute.step:
            dispute.opened_at_ms = now
        dispute.step = _STEPS[dispute.step]
        dispute.updated_at_ms = now
        dispute.next_at_ms = now + self._step_ms if dispute.step in _STEPS else None
        db.execute(
            "UPDATE disputes SET step = ?, opened_at_ms = ?, updated_at_ms = ?, next_at_ms = ?"
            " WHERE id = ?",
            (
                dispute.step,
                dispute.opened_at_ms,
                dispute.updated_at_ms,
                dispute.next_at_ms,
                dispute.id,
            ),
        )
        if dispute.is_resolved and transaction.loses_dispute:
            transaction.charge_back()
            ledger.save_transaction(db, transaction)
        body = dispute_shapes.dispute_event(dispute, transaction)
        name = f"charge.dispute.{dispute.step}"
        self._courier.post_later(db, account, name, body, due_at_ms=now)


def _next(db: sqlite3.Connection) -> Dispute | None:
    """The dispute that moves on next, due or not."""
    row = db.execute(_SELECT).fetchone()
    return Dispute(*row) if row else None
