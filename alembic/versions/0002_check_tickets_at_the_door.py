"""Check tickets at the door, hand them to others, and tell people more by mail.

Why:  signed codes with versions, staff and scanners, check-ins, transfers, announcements to ticket
      holders, and links in mails that confirm an address or set a new password.
Safe: adds tables and columns with defaults; code that does not know them keeps working, but draws
      the old codes, which no longer open the door. Codes that were mailed before stop working: the
      short code that replaces each is made of its first letters, and every ticket's page shows it.
Undo: drops check-ins, staff, scanners, transfers, replaced codes, announcements, requests and
      revocations; messages to many about one subject are deleted. The codes stay short.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = False

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

SHORTEN = """
UPDATE tickets SET code = substr(code, 5, 4) || '-' || substr(code, 9, 4) || '-'
    || substr(code, 13, 4) || '-' || substr(code, 17, 4)
WHERE code LIKE 'TKT-%'
"""

NEW_COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("events", sa.Column("doors_open_at", MOMENT)),
    ("events", sa.Column("reentry", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("events", sa.Column("terms", sa.Text())),
    ("events", sa.Column("reminded_at", MOMENT)),
    ("outbox_messages", sa.Column("addressee_id", ID, nullable=False, server_default="0")),
    ("outbox_messages", sa.Column("resends", sa.Integer(), nullable=False, server_default="0")),
    ("tickets", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
    ("tickets", sa.Column("key_id", sa.Integer(), nullable=False, server_default="1")),
    ("tickets", sa.Column("revoked_at", MOMENT)),
    ("tickets", sa.Column("revoked_reason", sa.String(300))),
    ("tickets", sa.Column("inside", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("tickets", sa.Column("entry_id", ID)),
    ("users", sa.Column("email_confirmed_at", MOMENT)),
)


def upgrade() -> None:
    for table, column in NEW_COLUMNS:
        op.add_column(table, column)
    op.execute(SHORTEN)
    op.drop_index("uq_outbox_messages_kind_subject_id", "outbox_messages")
    op.create_index(
        "uq_outbox_messages_kind_subject_id_addressee_id",
        "outbox_messages",
        ["kind", "subject_id", "addressee_id"],
        unique=True,
    )
    _create_door()
    _create_transfers()
    _create_replaced_codes()
    _create_announcements()
    _create_account_requests()


def downgrade() -> None:
    for table in (
        "account_requests",
        "announcements",
        "replaced_codes",
        "ticket_transfers",
        "check_ins",
        "scanner_devices",
        "event_staff",
    ):
        op.drop_table(table)
    op.drop_index("uq_outbox_messages_kind_subject_id_addressee_id", "outbox_messages")
    op.execute("DELETE FROM outbox_messages WHERE addressee_id <> 0")
    for table, column in reversed(NEW_COLUMNS):
        op.drop_column(table, column.name)
    op.create_index(
        "uq_outbox_messages_kind_subject_id",
        "outbox_messages",
        ["kind", "subject_id"],
        unique=True,
    )


def _create_door() -> None:
    op.create_table(
        "event_staff",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        _refers("event_staff", "event_id", "events", ondelete="CASCADE"),
        _refers("event_staff", "user_id", "users"),
        _refers("event_staff", "added_by", "users"),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_event_staff")),
    )
    op.create_table(
        "scanner_devices",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("gate", sa.String(60)),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("enrolment_hash", sa.String(64)),
        sa.Column("enrolment_until", MOMENT, nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("enrolled_at", MOMENT),
        sa.Column("last_seen_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        _refers("scanner_devices", "event_id", "events", ondelete="CASCADE"),
        _refers("scanner_devices", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanner_devices")),
        sa.UniqueConstraint("enrolment_hash", name=op.f("uq_scanner_devices_enrolment_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_scanner_devices_token_hash")),
    )
    op.create_index(op.f("ix_scanner_devices_event_id"), "scanner_devices", ["event_id"])
    op.create_table(
        "check_ins",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("ticket_id", ID),
        sa.Column("ticket_version", sa.Integer()),
        sa.Column("scan_id", sa.String(64), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("gate", sa.String(60)),
        sa.Column("device_id", ID),
        sa.Column("user_id", ID),
        sa.Column("scanned_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("door_verdict", sa.String(32)),
        sa.Column("entry_id", ID),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", ID),
        sa.Column("undo_reason", sa.String(300)),
        _refers("check_ins", "event_id", "events", ondelete="CASCADE"),
        _refers("check_ins", "ticket_id", "tickets"),
        _refers("check_ins", "device_id", "scanner_devices"),
        _refers("check_ins", "user_id", "users"),
        _refers("check_ins", "undone_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("event_id", "scan_id", name=op.f("uq_check_ins_event_id_scan_id")),
    )
    op.create_index("ix_check_ins_event_id_id", "check_ins", ["event_id", "id"])
    op.create_index(op.f("ix_check_ins_ticket_id"), "check_ins", ["ticket_id"])


def _create_transfers() -> None:
    op.create_table(
        "ticket_transfers",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("ticket_version", sa.Integer(), nullable=False),
        sa.Column("from_user_id", ID, nullable=False),
        sa.Column("to_email", sa.String(254), nullable=False),
        sa.Column("to_name", sa.String(120)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("accepted_by", ID),
        _refers("ticket_transfers", "ticket_id", "tickets"),
        _refers("ticket_transfers", "from_user_id", "users"),
        _refers("ticket_transfers", "accepted_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_transfers")),
    )
    is_open = sa.text("state = 'offered'")
    op.create_index(
        "uq_ticket_transfers_open",
        "ticket_transfers",
        ["ticket_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(op.f("ix_ticket_transfers_ticket_id"), "ticket_transfers", ["ticket_id"])
    op.create_index(
        "ix_ticket_transfers_state_expires_at", "ticket_transfers", ["state", "expires_at"]
    )


def _create_replaced_codes() -> None:
    op.create_table(
        "replaced_codes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("link_key", sa.String(64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.Column("replaced_by", ID, nullable=False),
        sa.Column("reason", sa.String(300)),
        _refers("replaced_codes", "ticket_id", "tickets"),
        _refers("replaced_codes", "user_id", "users"),
        _refers("replaced_codes", "replaced_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_replaced_codes_code")),
        sa.UniqueConstraint("link_key", name=op.f("uq_replaced_codes_link_key")),
    )
    op.create_index(op.f("ix_replaced_codes_ticket_id"), "replaced_codes", ["ticket_id"])


def _create_announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("work_at", MOMENT),
        sa.Column("after_user_id", ID, nullable=False),
        _refers("announcements", "event_id", "events", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index(op.f("ix_announcements_event_id"), "announcements", ["event_id"])
    op.create_index("ix_announcements_work_at", "announcements", ["work_at"])


def _create_account_requests() -> None:
    op.create_table(
        "account_requests",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        _refers("account_requests", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_requests")),
    )
    op.create_index(op.f("ix_account_requests_user_id"), "account_requests", ["user_id"])
    op.create_index(op.f("ix_account_requests_expires_at"), "account_requests", ["expires_at"])


def _refers(
    table: str, column: str, to: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)
