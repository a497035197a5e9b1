"""Order waiting lists and check-ins by moments.

Why:  who waits was served in the order of their numbers, and scans were listed in it. A database
      may hand out numbers in another order than that in which rows are made.
Safe: changes indexes only; code that does not know them keeps working. On PostgreSQL, writers of
      both tables wait while theirs is built.
Undo: brings the old indexes back; nothing is lost.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

WAITING = "waiting_entries"
CHECK_INS = "check_ins"
OLD = (
    ("ix_waiting_entries_state_ticket_type_id_id", WAITING, ["state", "ticket_type_id", "id"]),
    ("ix_check_ins_event_id_id", CHECK_INS, ["event_id", "id"]),
)
NEW = (
    (
        "ix_waiting_entries_state_ticket_type_id_joined_at_id",
        WAITING,
        ["state", "ticket_type_id", "joined_at", "id"],
    ),
    ("ix_check_ins_event_id_received_at_id", CHECK_INS, ["event_id", "received_at", "id"]),
)


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(
    old: Sequence[tuple[str, str, list[str]]], new: Sequence[tuple[str, str, list[str]]]
) -> None:
    for name, table, columns in new:
        op.create_index(name, table, columns)
    for name, table, _ in old:
        op.drop_index(name, table)
