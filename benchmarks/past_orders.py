"""A long past: orders that were paid long ago, written by the database itself."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.orders import Order

COUNTED: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :amount)"

STATEMENTS: Final = (
    f"""INSERT INTO orders (id, buyer_id, event_id, total_minor, discount_minor, currency, status,
                            placed_at, expires_at, closed_at)
    {COUNTED} SELECT o.id + n.i, u.id, o.event_id, i.unit_price_minor, 0, o.currency, 'paid',
                     o.placed_at, o.expires_at, o.closed_at
    FROM n JOIN orders o ON o.id = :order_id JOIN order_items i ON i.order_id = o.id
    JOIN users u ON u.id = o.buyer_id + n.i % :buyers""",
    f"""INSERT INTO order_items (order_id, ticket_type_id, quantity, unit_price_minor,
                                 unit_discount_minor, attendees)
    {COUNTED} SELECT i.order_id + n.i, i.ticket_type_id, 1, i.unit_price_minor, 0, i.attendees
    FROM n JOIN order_items i ON i.order_id = :order_id""",
    f"""INSERT INTO order_changes (order_id, from_status, to_status, actor, at)
    {COUNTED} SELECT o.id + n.i, NULL, 'pending', 'buyer:1', o.placed_at
    FROM n JOIN orders o ON o.id = :order_id""",
    f"""INSERT INTO order_changes (order_id, from_status, to_status, actor, at)
    {COUNTED} SELECT o.id + n.i, 'pending', 'paid', 'paystack', o.placed_at
    FROM n JOIN orders o ON o.id = :order_id""",
    f"""INSERT INTO payments (order_id, reference, status, amount_minor, currency, started_at,
                              settled_at, asked)
    {COUNTED} SELECT o.id + n.i, 'past-' || CAST(n.i AS VARCHAR(20)), 'succeeded',
                     i.unit_price_minor, o.currency, o.placed_at, o.closed_at, 0
    FROM n JOIN orders o ON o.id = :order_id JOIN order_items i ON i.order_id = o.id""",
    f"""INSERT INTO tickets (order_id, number, user_id, event_id, ticket_type_id, paid_minor, code,
                             link_key, status, purchase_date)
    {COUNTED} SELECT o.id, 1, o.buyer_id, o.event_id, i.ticket_type_id, i.unit_price_minor,
                     'past-code-' || CAST(n.i AS VARCHAR(20)),
                     'past-link-' || CAST(n.i AS VARCHAR(20)), 'valid', o.placed_at
    FROM n JOIN orders o ON o.id = :order_id + n.i JOIN order_items i ON i.order_id = o.id""",
    """UPDATE ticket_types SET sold = sold + :amount
    WHERE id = (SELECT ticket_type_id FROM order_items WHERE order_id = :order_id)""",
)


def add_past_orders(session: Session, *, of: Order, amount: int) -> None:
    """Add so many paid orders of one ticket each, like the order given and for its event.

    They take the ids after its own, so it has to be the latest.
    """
    if amount == 0:
        return
    buyers = int(session.scalar(text("SELECT COUNT(*) FROM users")) or 1)
    for statement in STATEMENTS:
        wanted = {"amount": amount, "order_id": of.id, "buyers": buyers}
        session.execute(text(statement), wanted)
    if session.get_bind().dialect.name == "postgresql":
        # Ids were given out past the sequence; the server numbers on from here.
        session.execute(
            text("SELECT setval(pg_get_serial_sequence('orders', 'id'), :last)"),
            {"last": of.id + amount},
        )
