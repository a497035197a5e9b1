"""Repair moments of events that were left behind when the event moved.

Why:  doors stayed closed at the old time, and sales stayed open beyond the event's end; an end in
      the hour that clocks skip lay before the start; ``localtime`` is another zone on each machine.
Safe: changes values only, each to one that the code before could have written as well.
Undo: nothing; the values from before were wrong and are not kept.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

MOMENT = sa.DateTime(timezone=True)
EVENTS = sa.table(
    "events",
    sa.column("id", sa.BigInteger),
    sa.column("starts_at", MOMENT),
    sa.column("ends_at", MOMENT),
    sa.column("doors_open_at", MOMENT),
    sa.column("time_zone", sa.String),
)
TYPES = sa.table(
    "ticket_types",
    sa.column("id", sa.BigInteger),
    sa.column("event_id", sa.BigInteger),
    sa.column("sales_open_at", MOMENT),
    sa.column("sales_close_at", MOMENT),
)


def upgrade() -> None:
    event = EVENTS.c
    op.execute(sa.update(EVENTS).where(event.ends_at <= event.starts_at).values(ends_at=None))
    op.execute(
        sa.update(EVENTS)
        .where(event.doors_open_at > event.starts_at)
        .values(doors_open_at=event.starts_at)
    )
    op.execute(
        sa.update(EVENTS)
        .where(event.time_zone.in_(["localtime", "Factory", "posixrules"]))
        .values(time_zone="UTC")
    )
    close_sales_at_the_end()


def close_sales_at_the_end() -> None:
    """An event without an end is over a day after its start."""
    connection = op.get_bind()
    windows = connection.execute(
        sa.select(TYPES, EVENTS.c.starts_at, EVENTS.c.ends_at)
        .join_from(TYPES, EVENTS, EVENTS.c.id == TYPES.c.event_id)
        .where(TYPES.c.sales_close_at > EVENTS.c.starts_at)
    ).all()
    for window in windows:
        ends_at = window.ends_at or window.starts_at + timedelta(hours=24)
        opens_before = window.sales_open_at is None or window.sales_open_at < ends_at
        if window.sales_close_at > ends_at and opens_before:
            connection.execute(
                sa.update(TYPES).where(TYPES.c.id == window.id).values(sales_close_at=ends_at)
            )


def downgrade() -> None:
    pass
