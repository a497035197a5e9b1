"""Let admins find people by the names that they gave with their account, an order or a ticket.

Why:  a caller quotes the name on the ticket, and admins found people by user name and address only.
Safe: adds nullable columns and their indexes. Rows that an older release writes have no key, or
      keeps that of a name that was changed: it is found by its address, number or code as before.
Undo: drops the keys; the names stay.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.domain.users.names import FULL_NAME_KEY, full_name_key

# Imported, not written out: these columns hold what the code computes, now and from now on.

revision: str = "0046"
down_revision: str | None = "0045"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

CHUNK = 1000
KEYS = {
    "users": ("full_name", "full_name_key"),
    "orders": ("buyer_name", "buyer_name_key"),
    "tickets": ("attendee_name", "attendee_key"),
}
"""Tables with the column of a name, and that of its key."""


def upgrade() -> None:
    for table, (name, key) in KEYS.items():
        op.add_column(table, sa.Column(key, sa.String(FULL_NAME_KEY), nullable=True))
        _fill(table, name, key)
        named = sa.text(f"{key} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{key}",
            table,
            [key],
            sqlite_where=named,
            postgresql_where=named,
            postgresql_ops={key: "varchar_pattern_ops"},
        )


def downgrade() -> None:
    for table, (_name, key) in KEYS.items():
        op.drop_index(f"ix_{table}_{key}", table_name=table)
        op.drop_column(table, key)


def _fill(table: str, name: str, key: str) -> None:
    rows = sa.table(
        table, sa.column("id", sa.BigInteger), sa.column(name, sa.String), sa.column(key, sa.String)
    )
    number, names = rows.c.id, rows.c[name]
    named = sa.select(number, names).where(names.is_not(None)).order_by(number).limit(CHUNK)
    change = (
        sa.update(rows)
        .where(number == sa.bindparam("row_id"))
        .values({rows.c[key]: sa.bindparam("row_key")})
    )
    connection, after = op.get_bind(), 0
    while found := connection.execute(named.where(number > after)).all():
        keys = [{"row_id": row.id, "row_key": full_name_key(row[1])} for row in found]
        connection.execute(change, keys)
        after = found[-1].id
