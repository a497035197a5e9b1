"""The auditor's questions about money: payments, refunds, the ledger."""

from collections.abc import Sequence
from typing import Final

from app.domain.money import SUBUNITS_PER_UNIT, WITHOUT_COINS

_WITHOUT_COINS: Final = ", ".join(f"'{currency}'" for currency in sorted(WITHOUT_COINS))

HOMELESS_MONEY: Final = """
SELECT p.reference, p.status, o.status AS order_status FROM payments p
JOIN orders o ON o.id = p.order_id
WHERE (p.status = 'succeeded' AND o.status NOT IN ('paid', 'refunded'))
   OR (p.status = 'returned' AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id))
"""

PAID_TWICE: Final = """
SELECT o.id AS order_id, o.status, COUNT(p.id) AS payments_counted FROM orders o
LEFT JOIN payments p ON p.order_id = o.id AND p.status = 'succeeded'
GROUP BY o.id, o.status
HAVING (o.status IN ('paid', 'refunded') AND COUNT(p.id) <> 1)
    OR (o.status NOT IN ('paid', 'refunded') AND COUNT(p.id) <> 0)
"""

WRONG_AMOUNTS: Final = """
SELECT p.reference, p.amount_minor, p.currency, o.total_minor, o.currency AS order_currency
FROM payments p JOIN orders o ON o.id = p.order_id
WHERE p.amount_minor <> o.total_minor OR p.currency <> o.currency
"""

OVER_REFUNDED: Final = """
SELECT p.reference, p.amount_minor AS paid, SUM(r.amount_minor) AS refunded
FROM refunds r JOIN payments p ON p.id = r.payment_id
WHERE p.status = 'succeeded'
GROUP BY p.id, p.reference, p.amount_minor HAVING SUM(r.amount_minor) > p.amount_minor
"""

REFUNDED_OF_TICKETS: Final = """
SELECT p.order_id, COALESCE(r.minor, 0) AS refunded, t.minor AS refunded_of_tickets
FROM payments p
JOIN (
    SELECT order_id, SUM(COALESCE(
        refunded_minor, CASE WHEN status = 'void' THEN paid_minor ELSE 0 END
    )) AS minor FROM tickets GROUP BY order_id
) t ON t.order_id = p.order_id
LEFT JOIN (
    SELECT payment_id, SUM(amount_minor) AS minor FROM refunds GROUP BY payment_id
) r ON r.payment_id = p.id
WHERE p.status = 'succeeded' AND t.minor <> COALESCE(r.minor, 0)
"""

TICKETS_OVER_REFUNDED: Final = """
SELECT t.id AS ticket, t.paid_minor, t.refunded_minor FROM tickets t
WHERE t.refunded_minor < 0 OR t.refunded_minor > t.paid_minor
"""

REFUNDED_BESIDE_A_BANK: Final = """
SELECT p.reference, p.amount_minor AS paid, r.id AS refund, r.taken_minor AS taken_by_banks
FROM refunds r
JOIN payments p ON p.id = r.payment_id AND p.status = 'succeeded'
WHERE r.taken_minor > 0 AND r.amount_minor > 0 AND r.taken_minor + (
    SELECT SUM(e.amount_minor) FROM refunds e
    WHERE e.payment_id = p.id AND e.taken_minor <= r.taken_minor
) > p.amount_minor
"""
"""What banks take only grows: refunds with as much of it, or less, leave that beside it."""

RETURNED_TWICE: Final = """
SELECT p.reference, u.paid, r.refunded
FROM payments p
JOIN (
    SELECT payment_id, SUM(amount_minor) AS refunded FROM refunds GROUP BY payment_id
) r ON r.payment_id = p.id
JOIN (
    SELECT posting, -amount_minor AS paid FROM ledger_entries
    WHERE account = 'unclaimed' AND amount_minor < 0
) u ON u.posting = 'unclaimed:payment:' || CAST(p.id AS VARCHAR(20))
WHERE p.status = 'returned' AND r.refunded > u.paid
"""

UNBOOKED_SURPLUS: Final = """
SELECT p.reference, p.status, p.surplus_minor, COALESCE(-l.amount_minor, 0) AS booked
FROM payments p LEFT JOIN ledger_entries l
  ON l.account = 'surplus' AND l.posting = 'sale:payment:' || CAST(p.id AS VARCHAR(20))
WHERE p.surplus_minor <> COALESCE(-l.amount_minor, 0)
   OR (p.surplus_minor <> 0 AND p.status <> 'succeeded')
"""

TOO_FINE: Final = f"""
SELECT 'ticket type' AS of_what, t.id, t.price_minor AS minor, e.currency
FROM ticket_types t JOIN events e ON e.id = t.event_id
WHERE e.currency IN ({_WITHOUT_COINS}) AND t.price_minor % {SUBUNITS_PER_UNIT} <> 0
UNION ALL SELECT 'promo code', p.id, p.value, e.currency
FROM promo_codes p JOIN events e ON e.id = p.event_id
WHERE p.kind = 'fixed' AND e.currency IN ({_WITHOUT_COINS}) AND p.value % {SUBUNITS_PER_UNIT} <> 0
UNION ALL SELECT 'order', o.id, i.unit_price_minor, o.currency
FROM orders o JOIN order_items i ON i.order_id = o.id
WHERE o.status = 'pending' AND o.currency IN ({_WITHOUT_COINS})
  AND i.unit_price_minor % {SUBUNITS_PER_UNIT} <> 0
"""  # noqa: S608  (of constants)
"""What was paid already stays as it was."""

PRICE_OF_TICKETS: Final = """
SELECT o.id AS order_id, o.total_minor, SUM(t.paid_minor) AS paid_for_tickets
FROM orders o JOIN tickets t ON t.order_id = o.id
GROUP BY o.id, o.total_minor HAVING SUM(t.paid_minor) <> o.total_minor
"""

UNBALANCED: Final = """
SELECT posting, currency, SUM(amount_minor) AS balance FROM ledger_entries
GROUP BY posting, currency HAVING SUM(amount_minor) <> 0
"""

UNBOOKED_REFUNDS: Final = """
SELECT r.id AS refund, r.amount_minor FROM refunds r
WHERE r.amount_minor <> 0 AND NOT EXISTS (
    SELECT 1 FROM ledger_entries l
    WHERE l.account IN ('refunds-due', 'cash-due') AND l.amount_minor = -r.amount_minor
      AND l.posting = 'refund-due:' || CAST(r.id AS VARCHAR(20))
)
"""

UNBOOKED_DISPUTES: Final = """
SELECT d.id AS dispute, d.amount_minor, d.resolution FROM disputes d
WHERE d.resolved_at IS NOT NULL AND d.resolution LIKE '%accepted'
  AND (d.amount_minor IS NULL OR d.amount_minor > 0) AND NOT EXISTS (
    SELECT 1 FROM ledger_entries l WHERE l.account = 'disputes'
      AND l.posting = 'dispute-lost:' || CAST(d.id AS VARCHAR(20))
)
"""

STUCK_REFUNDS: Final = """
SELECT r.id AS refund, r.state, r.amount_minor, r.currency, r.last_error FROM refunds r
WHERE r.state IN ('failed', 'needs-attention')
"""

CASH_BOOKED_WRONG: Final = """
SELECT o.id AS order_id, o.kind, p.amount_minor, COALESCE(l.minor, 0) AS booked_as_cash
FROM orders o JOIN payments p ON p.order_id = o.id AND p.status = 'succeeded'
LEFT JOIN (
    SELECT posting, SUM(amount_minor) AS minor FROM ledger_entries
    WHERE account = 'cash' AND posting LIKE 'sale:%' GROUP BY posting
) l ON l.posting = 'sale:payment:' || CAST(p.id AS VARCHAR(20))
WHERE COALESCE(l.minor, 0) <> CASE WHEN o.kind = 'cash' THEN p.amount_minor ELSE 0 END
"""

CASH_AT_THE_PROVIDER: Final = """
SELECT o.id AS order_id, p.reference, p.transaction_id, r.id AS refund, r.state, r.provider_id
FROM orders o JOIN payments p ON p.order_id = o.id
LEFT JOIN refunds r ON r.payment_id = p.id
WHERE o.kind = 'cash' AND (p.transaction_id IS NOT NULL OR r.provider_id IS NOT NULL
    OR r.sent_at IS NOT NULL OR r.state NOT IN ('to-hand-back', 'processed')
    OR (r.state = 'processed' AND r.done_by IS NULL AND r.amount_minor > 0))
"""

GIVEN_FOR_MONEY: Final = """
SELECT o.id AS order_id, o.kind, o.status, o.total_minor FROM orders o
WHERE (o.kind = 'complimentary' AND (o.total_minor <> 0 OR o.discount_minor <> 0))
   OR (o.kind = 'cash' AND o.total_minor = 0)
   OR (o.kind <> 'online' AND o.status NOT IN ('paid', 'refunded'))
"""

MONEY_QUESTIONS: Final[Sequence[tuple[str, str, str]]] = (
    ("I4", "money arrived and has neither order nor refund", HOMELESS_MONEY),
    ("I4", "money is owed to a buyer, and its refund wants a person", STUCK_REFUNDS),
    ("I5", "the order is not paid exactly once", PAID_TWICE),
    ("I5", "the payment asks for another amount than the order", WRONG_AMOUNTS),
    ("I10", "an amount is finer than what can be paid in its currency", TOO_FINE),
    ("I10", "the tickets of an order do not cost what was paid for it", PRICE_OF_TICKETS),
    ("I10", "more was refunded than was paid", OVER_REFUNDED),
    ("I10", "the refunds of an order are not what went back of its tickets", REFUNDED_OF_TICKETS),
    ("I10", "more went back of a ticket than it cost", TICKETS_OVER_REFUNDED),
    ("I10", "more was refunded than a bank had left", REFUNDED_BESIDE_A_BANK),
    ("I10", "more went back than came in", RETURNED_TWICE),
    ("I10", "a posting of the ledger does not balance", UNBALANCED),
    ("I10", "a refund is not in the ledger", UNBOOKED_REFUNDS),
    ("I10", "a lost dispute is not in the ledger", UNBOOKED_DISPUTES),
    (
        "I4",
        "the ledger has other cash of an order than was taken",
        CASH_BOOKED_WRONG,
    ),
    ("I4", "cash, or its refund, is on record at the provider", CASH_AT_THE_PROVIDER),
    ("I10", "a complimentary order costs something, or a cash order nothing", GIVEN_FOR_MONEY),
    ("I10", "what was paid beyond the price is not in the ledger", UNBOOKED_SURPLUS),
)
"""Rule of reliability, what is wrong, and the question that finds it."""
