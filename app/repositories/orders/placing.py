"""Placing an order in one statement, for PostgreSQL: SQLite has no INSERT inside WITH."""

from typing import Any, Final

from sqlalchemy import JSON, bindparam, column, func, insert, select, true

from app.models.events.events import Event
from app.models.orders.orders import Order, OrderChange, OrderItem
from app.repositories.base import table_of

ORDERS: Final = table_of(Order).c
ITEMS: Final = table_of(OrderItem).c
STEPS: Final = table_of(OrderChange).c
EVENTS: Final = table_of(Event).c

OF_ORDER: Final = (
    "buyer_id",
    "event_id",
    "total_minor",
    "discount_minor",
    "promo_code_id",
    "request_key",
    "status",
    "placed_at",
    "expires_at",
)
OF_ITEM: Final = ("ticket_type_id", "quantity", "unit_price_minor", "unit_discount_minor")

PLACED: Final = (
    insert(table_of(Order))
    .from_select(
        [*OF_ORDER, "currency"],
        select(
            *(bindparam(name, type_=ORDERS[name].type) for name in OF_ORDER), EVENTS.currency
        ).where(EVENTS.id == bindparam("event_id", type_=EVENTS.id.type)),
    )
    .returning(ORDERS.id, ORDERS.event_id)
    .cte("placed")
)
GIVEN: Final = (
    func.json_to_recordset(bindparam("items", type_=JSON))
    .table_valued(
        *(column(name, ITEMS[name].type) for name in OF_ITEM),
        column("attendees", JSON),
    )
    .render_derived(name="given", with_types=True)
)
ADDED: Final = (
    insert(table_of(OrderItem))
    .from_select(
        ["order_id", *OF_ITEM, "attendees"],
        select(PLACED.c.id, *(GIVEN.c[name] for name in OF_ITEM), GIVEN.c.attendees).join_from(
            PLACED, GIVEN, true()
        ),
    )
    .cte("added")
)
BEGUN: Final = (
    insert(table_of(OrderChange))
    .from_select(
        ["order_id", "to_status", "actor", "at"],
        select(
            PLACED.c.id,
            bindparam("status", type_=STEPS.to_status.type),
            bindparam("actor", type_=STEPS.actor.type),
            bindparam("placed_at", type_=STEPS.at.type),
        ),
    )
    .returning(STEPS.id, STEPS.order_id)
    .cte("begun")
)
PLACE: Final = (
    select(
        PLACED.c.id,
        BEGUN.c.id,
        EVENTS.title,
        EVENTS.currency,
        EVENTS.capacity,
        EVENTS.max_per_buyer,
        EVENTS.cancelled_at,
    )
    .join_from(PLACED, BEGUN, BEGUN.c.order_id == PLACED.c.id)
    .join(table_of(Event), EVENTS.id == PLACED.c.event_id)
    .add_cte(ADDED)
)
"""Inserts the order, its items and its first step; answers their ids and the event's terms."""


def placing(order: Order, step: OrderChange) -> dict[str, Any]:
    """The values of ``PLACE``."""
    return {
        **{name: getattr(order, name) for name in OF_ORDER},
        "actor": step.actor,
        "items": [
            {**{name: getattr(item, name) for name in OF_ITEM}, "attendees": item.attendees}
            for item in order.items
        ],
    }
