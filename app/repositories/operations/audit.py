"""The auditor's questions to the database. Each finds the rows that break a rule."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Executable, func, select, text

from app.domain.operations.clocks import LEEWAY
from app.domain.states import LEGAL_MOVES
from app.domain.users.names import ensure_own_name
from app.models.events.events import BuyerPlaces
from app.models.users.users import User
from app.repositories.base import Repository
from app.repositories.events.buyer_places import places_of_buyers
from app.repositories.operations.audit_dates import DatesAuditRepository
from app.repositories.operations.audit_door import DoorAuditRepository
from app.repositories.operations.audit_events import EventAuditRepository
from app.repositories.operations.audit_money import MONEY_QUESTIONS

COUNTERS: Final = """
SELECT t.id AS ticket_type, t.held, t.sold, t.capacity FROM ticket_types t
WHERE t.held < 0 OR t.sold < 0 OR (t.capacity IS NOT NULL AND t.held + t.sold > t.capacity)
"""

SHARED_COUNTERS: Final = """
SELECT e.id AS event, e.held, e.sold, e.capacity FROM events e
WHERE e.held < 0 OR e.sold < 0 OR (e.capacity IS NOT NULL AND e.held + e.sold > e.capacity)
"""

HELD_ROWS: Final = """
SELECT t.id AS ticket_type, t.held, COALESCE(h.places, 0) AS places_in_pending_orders
FROM ticket_types t
LEFT JOIN (
    SELECT i.ticket_type_id, SUM(i.quantity) AS places
    FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE o.status = 'pending' GROUP BY i.ticket_type_id
) h ON h.ticket_type_id = t.id
WHERE t.held <> COALESCE(h.places, 0)
"""

SOLD_ROWS: Final = """
SELECT t.id AS ticket_type, t.sold, COALESCE(s.tickets, 0) AS valid_tickets
FROM ticket_types t
LEFT JOIN (
    SELECT ticket_type_id, COUNT(*) AS tickets FROM tickets
    WHERE status = 'valid' GROUP BY ticket_type_id
) s ON s.ticket_type_id = t.id
WHERE t.sold <> COALESCE(s.tickets, 0)
"""

SHARED_ROWS: Final = """
SELECT e.id AS event, e.held, e.sold, t.held AS held_of_types, t.sold AS sold_of_types
FROM events e
JOIN (
    SELECT event_id, SUM(held) AS held, SUM(sold) AS sold FROM ticket_types GROUP BY event_id
) t ON t.event_id = e.id
WHERE e.capacity IS NOT NULL AND (e.held <> t.held OR e.sold <> t.sold)
"""

_FOUND: Final = places_of_buyers().subquery("found")

BUYER_ROWS: Final = (
    select(
        BuyerPlaces.event_id.label("event"),
        BuyerPlaces.buyer_id.label("buyer"),
        BuyerPlaces.places,
        func.coalesce(_FOUND.c.places, 0).label("places_found"),
    )
    .outerjoin(
        _FOUND,
        (_FOUND.c.event_id == BuyerPlaces.event_id) & (_FOUND.c.buyer_id == BuyerPlaces.buyer_id),
    )
    .where(BuyerPlaces.places != func.coalesce(_FOUND.c.places, 0))
)
"""By the definition that the counter itself begins with."""

PROMO_USES: Final = """
SELECT p.id AS promo_code, p.used, COALESCE(o.orders, 0) AS orders_with_it
FROM promo_codes p
LEFT JOIN (
    SELECT promo_code_id, COUNT(*) AS orders FROM orders
    WHERE status IN ('pending', 'paid') GROUP BY promo_code_id
) o ON o.promo_code_id = p.id
WHERE p.used <> COALESCE(o.orders, 0)
"""

TICKETS_OF_ORDERS: Final = """
SELECT o.id AS order_id, o.status, COALESCE(i.places, 0) AS places,
       COALESCE(t.tickets, 0) AS tickets, COALESCE(t.valid, 0) AS valid_tickets
FROM orders o
LEFT JOIN (
    SELECT order_id, SUM(quantity) AS places FROM order_items GROUP BY order_id
) i ON i.order_id = o.id
LEFT JOIN (
    SELECT order_id, COUNT(*) AS tickets,
           SUM(CASE WHEN status = 'valid' THEN 1 ELSE 0 END) AS valid,
           SUM(CASE WHEN status = 'valid' OR refund_id IS NOT NULL THEN 1 ELSE 0 END) AS explained
    FROM tickets GROUP BY order_id
) t ON t.order_id = o.id
WHERE (o.status = 'paid' AND (COALESCE(t.tickets, 0) <> COALESCE(i.places, 0)
                              OR COALESCE(t.explained, 0) <> COALESCE(i.places, 0)))
   OR (o.status = 'refunded' AND (COALESCE(t.tickets, 0) <> COALESCE(i.places, 0)
                                  OR COALESCE(t.valid, 0) <> 0))
   OR (o.status NOT IN ('paid', 'refunded') AND COALESCE(t.tickets, 0) <> 0)
"""

TICKET_VERSIONS: Final = """
SELECT t.id AS ticket, t.version, COUNT(r.id) AS replaced
FROM tickets t LEFT JOIN replaced_codes r ON r.ticket_id = t.id
GROUP BY t.id, t.version HAVING t.version <> COUNT(r.id) + 1
"""

OPEN_OFFERS: Final = """
SELECT o.id AS transfer, o.ticket_version, t.version, t.status
FROM ticket_transfers o JOIN tickets t ON t.id = o.ticket_id
WHERE o.state = 'offered' AND (t.version <> o.ticket_version OR t.status <> 'valid'
                               OR t.revoked_at IS NOT NULL)
"""

USED_BUT_VOID: Final = """
SELECT t.id AS ticket, t.status FROM tickets t JOIN events e ON e.id = t.event_id
WHERE t.refund_id IS NOT NULL
  AND (t.status = 'valid' OR (t.used_at IS NOT NULL AND e.cancelled_at IS NULL))
"""

UNEXPLAINED_SCANS: Final = """
SELECT c.id AS check_in, c.verdict, c.reason FROM check_ins c
WHERE (c.verdict = 'accepted') <> (c.reason IN ('admitted', 'left'))
   OR c.reason = '' OR c.verdict NOT IN ('accepted', 'refused')
"""

CONFIRMATIONS: Final = """
SELECT o.id AS order_id, o.status, COUNT(m.id) AS confirmations FROM orders o
LEFT JOIN outbox_messages m ON m.subject_id = o.id AND m.kind = 'tickets-issued'
GROUP BY o.id, o.status
HAVING (o.status IN ('paid', 'refunded') AND COUNT(m.id) <> 1)
    OR (o.status NOT IN ('paid', 'refunded') AND COUNT(m.id) <> 0)
"""

KEYS: Final = """
SELECT caller, operation, key, COUNT(*) AS times FROM idempotency_keys
GROUP BY caller, operation, key HAVING COUNT(*) > 1
"""

UNANSWERED_KEYS: Final = """
SELECT caller, operation, key FROM idempotency_keys
WHERE (status IS NULL) <> (body IS NULL)
"""

HISTORY: Final = """
SELECT c.order_id, c.from_status, c.to_status, c.actor, c.at FROM order_changes c
ORDER BY c.order_id, c.at, c.id
"""

EVENTS_OF_NONE: Final = """
SELECT e.id AS event, e.organization_id AS organization FROM events e
LEFT JOIN organizations o ON o.id = e.organization_id
WHERE o.id IS NULL
"""

NO_OWNER: Final = """
SELECT o.id AS organization, o.kind, COUNT(*) AS members FROM organizations o
JOIN memberships m ON m.organization_id = o.id
GROUP BY o.id, o.kind
HAVING SUM(CASE WHEN m.role = 'owner' THEN 1 ELSE 0 END) = 0
"""

STRANGERS: Final = """
SELECT o.id AS organization, o.kind, m.user_id AS member, m.role FROM organizations o
JOIN memberships m ON m.organization_id = o.id
WHERE o.kind = 'demo' OR (o.kind = 'personal' AND (m.user_id <> o.personal_of OR m.role <> 'owner'))
"""

Step = Mapping[Any, Any]
"""A row of ``HISTORY``."""

STATUSES: Final = "SELECT o.id, o.status FROM orders o"

LEASES_LEFT: Final = """
SELECT 'payment' AS of_what, id, leased_until FROM payments
WHERE ask_at IS NULL AND leased_until IS NOT NULL
UNION ALL SELECT 'refund', id, leased_until FROM refunds
WHERE ask_at IS NULL AND leased_until IS NOT NULL
UNION ALL SELECT 'webhook', id, leased_until FROM webhook_deliveries
WHERE work_at IS NULL AND leased_until IS NOT NULL
UNION ALL SELECT 'message', id, leased_until FROM outbox_messages
WHERE status <> 'due' AND leased_until IS NOT NULL
"""

REFUNDS_DONE: Final = """
SELECT p.reference, SUM(r.amount_minor) FROM refunds r JOIN payments p ON p.id = r.payment_id
WHERE r.state = 'processed' AND r.done_by IS NULL GROUP BY p.reference
"""

QUESTIONS: Final[Sequence[tuple[str, str, str | Executable]]] = (
    ("I1", "more places are taken than there are", COUNTERS),
    ("I1", "more places are taken than the event shares", SHARED_COUNTERS),
    ("I2", "the count of held places is not what pending orders hold", HELD_ROWS),
    ("I2", "the count of sold places is not that of valid tickets", SOLD_ROWS),
    ("I2", "the event's count is not that of its ticket types", SHARED_ROWS),
    ("I2", "the count of a buyer's places is not what they have", BUYER_ROWS),
    ("I2", "the count of a promo code's uses is not that of orders with it", PROMO_USES),
    ("I3", "the order has not the tickets its state asks for", TICKETS_OF_ORDERS),
    ("I3", "a ticket's older versions are not all on record", TICKET_VERSIONS),
    ("I3", "a ticket is on offer that cannot be transferred", OPEN_OFFERS),
    ("I6", "a scan has no reason, or one of another verdict", UNEXPLAINED_SCANS),
    ("I7", "the paid order has not exactly one confirmation", CONFIRMATIONS),
    ("I8", "one idempotency key stands for several calls", KEYS),
    ("I8", "an idempotency key is answered by halves", UNANSWERED_KEYS),
    ("I8", "a lease is left on work that is done", LEASES_LEFT),
    ("I10", "a ticket was refunded and still opens the door", USED_BUT_VOID),
    ("I14", "an event belongs to no organization", EVENTS_OF_NONE),
    ("I14", "an organization has members and no owner", NO_OWNER),
    ("I14", "an organization has a member it cannot have", STRANGERS),
)
"""Rule of reliability, what is wrong, and the question that finds it."""


class AuditRepository(Repository):
    """Reads the whole database; changes nothing."""

    def findings(self, *, now: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every row that breaks a rule: the rule, what is wrong, the row."""
        for rule, wrong, question in (*QUESTIONS, *MONEY_QUESTIONS):
            statement = text(question) if isinstance(question, str) else question
            for row in self._db.execute(statement).mappings():
                yield rule, wrong, dict(row)
        yield from DoorAuditRepository(self._transaction).findings()
        yield from self._names()
        yield from EventAuditRepository(self._transaction).findings()
        yield from DatesAuditRepository(self._transaction).findings(now=now)
        yield from self._history()

    def refunds_done(self) -> Mapping[str, int]:
        """Minor units that have gone back, as far as we know, by the payment's reference."""
        rows = self._db.execute(text(REFUNDS_DONE))
        return {reference: int(minor) for reference, minor in rows}

    def _names(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """I11: no user name stands for something else."""
        for user_id, username in self._db.execute(select(User.id, User.username)):
            try:
                ensure_own_name(username)
            except ValueError as error:
                yield "I11", f"a user name {error}", {"user": user_id}

    def _history(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """I9: the history leads step by step from the placing to the status of today."""
        stands: dict[int, str] = {row.id: row.status for row in self._db.execute(text(STATUSES))}
        ends: dict[int, str] = {}
        rows = self._db.execute(text(HISTORY)).mappings()
        for order_id, steps in groupby(rows, key=itemgetter("order_id")):
            status, since = None, None
            for step in _in_order(list(steps)):
                if step["from_status"] != status or not _is_legal(status, step["to_status"]):
                    yield "I9", "the order took a step it may not take", dict(step)
                if since is not None and _moment(step["at"]) < since - LEEWAY:
                    yield "I9", "the order's history goes back in time", dict(step)
                if not step["actor"]:
                    yield "I9", "a step in the order's history names no actor", dict(step)
                status, since = step["to_status"], _moment(step["at"])
            ends[order_id] = str(status)
        for order_id, status in stands.items():
            if ends.get(order_id) != status:
                yield "I9", "the order is not where its history ends", {"order_id": order_id}


def _in_order(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps as each leads to the next: hosts' clocks differ, and no status is reached twice."""
    left, status = list(steps), None
    while left:
        following = (step for step in left if step["from_status"] == status)
        step = next(following, left[0])
        left.remove(step)
        status = step["to_status"]
        yield step


def _moment(value: Any) -> datetime:
    """As PostgreSQL gives it, or SQLite's text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _is_legal(from_: str | None, to: str) -> bool:
    return any(
        to in {str(after) for after in follow}
        for before, follow in LEGAL_MOVES.items()
        if (str(before) if before else None) == from_
    )
