"""Changing an order's status, and what has to follow from it.

PostgreSQL notes the change in the same trip; SQLite has no INSERT inside WITH, and needs no trips.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, insert, select, update

from app.domain.states import LEGAL_MOVES, OrderStatus
from app.models.events.events import Event
from app.models.orders.orders import Order, OrderChange
from app.models.orders.waiting import WaitingEntry
from app.repositories.base import table_of

ORDERS: Final = table_of(Order).c
STEPS: Final = table_of(OrderChange).c
EVENTS: Final = table_of(Event).c
ENTRIES: Final = table_of(WaitingEntry).c

OF_STEP: Final = ("from_status", "to_status", "actor", "reason", "at")


@dataclass(frozen=True, slots=True)
class Moved:
    """What else is to be brought up to date with an order that moved."""

    shares_capacity: bool
    """The event counts places of all types together. To be relied on behind a lock of the type."""
    was_offered: bool
    """It came from the waiting list."""
    is_called_off: bool
    """The event was. Read behind a lock of the type, it is not while this transaction lasts."""


FACTS: Final = (
    select(EVENTS.capacity.is_not(None))
    .where(EVENTS.id == bindparam("of_event", type_=EVENTS.id.type))
    .scalar_subquery(),
    exists().where(ENTRIES.order_id == bindparam("step_order_id", type_=ORDERS.id.type)),
    select(EVENTS.cancelled_at.is_not(None))
    .where(EVENTS.id == bindparam("of_event", type_=EVENTS.id.type))
    .scalar_subquery(),
)
"""What ``Moved`` tells."""

CHANGE: Final = (
    update(table_of(Order))
    .where(ORDERS.id == bindparam("step_order_id"), ORDERS.status == bindparam("step_from_status"))
    .values(status=bindparam("step_to_status"), closed_at=bindparam("step_at"))
)
MOVE: Final = CHANGE.returning(*FACTS)
"""Moves the order if its status still is the one given."""

CHANGED: Final = CHANGE.returning(ORDERS.id).cte("changed")
NOTED: Final = (
    insert(table_of(OrderChange))
    .from_select(
        ["order_id", *OF_STEP],
        select(
            CHANGED.c.id,
            *(bindparam(f"step_{name}", type_=STEPS[name].type) for name in OF_STEP),
        ),
    )
    .cte("noted")
)
MOVE_AND_NOTE: Final = select(*FACTS).select_from(CHANGED).add_cte(NOTED)
"""The same, and the step in the order's history."""


def step_of(
    order: Order,
    *,
    from_: OrderStatus,
    to: OrderStatus,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> OrderChange:
    """The step to note when an order moves.

    Raises:
        ValueError: no order may go from the one to the other.
    """
    if to not in LEGAL_MOVES[from_]:
        raise ValueError(f"an order never goes from {from_} to {to}")
    return OrderChange(
        order_id=order.id, from_status=from_, to_status=to, actor=actor, reason=reason, at=now
    )


def moving(order: Order, step: OrderChange) -> dict[str, Any]:
    """The values of both statements.

    None is called as a column: an UPDATE takes a value called as one of its columns for a change.
    """
    values = {f"step_{name}": getattr(step, name) for name in ("order_id", *OF_STEP)}
    return {**values, "of_event": order.event_id}
