"""Lay out the shop.

Why:  accounts, events, orders, payments, tickets, and the work that follows from them.
Safe: there was nothing before.
Undo: drops every table with everything in it.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


# Written out rather than imported: a migration stays what it was when the models move on.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BYTES = sa.String(512).with_variant(sa.String(512, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("window_started_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_login_attempts")),
    )
    op.create_index(
        op.f("ix_login_attempts_window_started_at"), "login_attempts", ["window_started_at"]
    )

    op.create_table(
        "outbox_messages",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("work_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index(
        op.f("ix_outbox_messages_status_work_at"), "outbox_messages", ["status", "work_at"]
    )
    op.create_index(
        op.f("uq_outbox_messages_kind_subject_id"),
        "outbox_messages",
        ["kind", "subject_id"],
        unique=True,
    )

    op.create_table(
        "users",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=512), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("username_key", sa.String(length=256), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("work_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("body_hash", name=op.f("uq_webhook_deliveries_body_hash")),
    )
    op.create_index(op.f("ix_webhook_deliveries_reference"), "webhook_deliveries", ["reference"])
    op.create_index(op.f("ix_webhook_deliveries_work_at"), "webhook_deliveries", ["work_at"])

    op.create_table(
        "events",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("organizer_id", ID, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_key", BYTES, nullable=False),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("category_key", BYTES, nullable=True),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("image_url", sa.String(length=2000), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", ID, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("max_per_buyer", sa.Integer(), nullable=True),
        sa.Column("refund_hours", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR held + sold <= capacity", name=op.f("ck_events_capacity")
        ),
        sa.CheckConstraint("held >= 0 AND sold >= 0", name=op.f("ck_events_counters")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_events_price")),
        sa.ForeignKeyConstraint(
            ["organizer_id"], ["users.id"], name=op.f("fk_events_organizer_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        op.f("ix_events_category_key_starts_at_id"), "events", ["category_key", "starts_at", "id"]
    )
    op.create_index(op.f("ix_events_organizer_id"), "events", ["organizer_id"])
    op.create_index(op.f("ix_events_price_minor_id"), "events", ["price_minor", "id"])
    op.create_index(op.f("ix_events_starts_at_id"), "events", ["starts_at", "id"])
    op.create_index(op.f("ix_events_title_key_id"), "events", ["title_key", "id"])

    op.create_table(
        "login_sessions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index(op.f("ix_login_sessions_user_id"), "login_sessions", ["user_id"])

    op.create_table(
        "buyer_places",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("buyer_id", ID, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_buyer_places_places")),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["users.id"], name=op.f("fk_buyer_places_buyer_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_buyer_places_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "buyer_id", name=op.f("pk_buyer_places")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("posting", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_ledger_entries_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("posting", "account", name=op.f("uq_ledger_entries_posting_account")),
    )
    op.create_index(op.f("ix_ledger_entries_event_id"), "ledger_entries", ["event_id"])

    op.create_table(
        "promo_codes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("code_key", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=True),
        sa.Column("valid_until", MOMENT, nullable=True),
        sa.Column("ticket_type_ids", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "value > 0 AND (kind <> 'percent' OR value <= 100)", name=op.f("ck_promo_codes_value")
        ),
        sa.CheckConstraint(
            "used >= 0 AND (max_uses IS NULL OR used <= max_uses)", name=op.f("ck_promo_codes_uses")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_promo_codes_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_codes")),
        sa.UniqueConstraint("event_id", "code_key", name=op.f("uq_promo_codes_event_id_code_key")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_sessions.id"],
            name=op.f("fk_refresh_tokens_session_id_login_sessions"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"])
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"])

    op.create_table(
        "ticket_types",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("price_minor", ID, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("sales_open_at", MOMENT, nullable=True),
        sa.Column("sales_close_at", MOMENT, nullable=True),
        sa.Column("min_per_order", sa.Integer(), nullable=False),
        sa.Column("max_per_order", sa.Integer(), nullable=False),
        sa.Column("access_code", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "capacity IS NULL OR held + sold <= capacity", name=op.f("ck_ticket_types_capacity")
        ),
        sa.CheckConstraint("held >= 0 AND sold >= 0", name=op.f("ck_ticket_types_counters")),
        sa.CheckConstraint(
            "min_per_order >= 1 AND min_per_order <= max_per_order",
            name=op.f("ck_ticket_types_per_order"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_ticket_types_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_types")),
        sa.UniqueConstraint("event_id", "name_key", name=op.f("uq_ticket_types_event_id_name_key")),
    )
    op.create_table(
        "orders",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("buyer_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("total_minor", ID, nullable=False),
        sa.Column("discount_minor", ID, nullable=False),
        sa.Column("promo_code_id", ID, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["buyer_id"], ["users.id"], name=op.f("fk_orders_buyer_id_users")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_orders_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["promo_code_id"], ["promo_codes.id"], name=op.f("fk_orders_promo_code_id_promo_codes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_buyer_id"), "orders", ["buyer_id"])
    op.create_index(op.f("ix_orders_event_id_status"), "orders", ["event_id", "status"])
    op.create_index(op.f("ix_orders_status_expires_at"), "orders", ["status", "expires_at"])

    op.create_table(
        "idempotency_keys",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_idempotency_keys_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint(
            "caller", "operation", "key", name=op.f("uq_idempotency_keys_caller_operation_key")
        ),
    )
    op.create_index(op.f("ix_idempotency_keys_claimed_at"), "idempotency_keys", ["claimed_at"])

    op.create_table(
        "order_changes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("from_status", sa.String(32), nullable=True),
        sa.Column("to_status", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_changes_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_changes")),
    )
    op.create_index(op.f("ix_order_changes_order_id"), "order_changes", ["order_id"])

    op.create_table(
        "order_items",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("ticket_type_id", ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", ID, nullable=False),
        sa.Column("unit_discount_minor", ID, nullable=False),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_order_items_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_type_id"],
            ["ticket_types.id"],
            name=op.f("fk_order_items_ticket_type_id_ticket_types"),
        ),
        sa.PrimaryKeyConstraint("order_id", "ticket_type_id", name=op.f("pk_order_items")),
    )
    op.create_index(op.f("ix_order_items_ticket_type_id"), "order_items", ["ticket_type_id"])

    op.create_table(
        "payments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("authorization_url", sa.String(length=2000), nullable=True),
        sa.Column("transaction_id", sa.String(length=64), nullable=True),
        sa.Column("fee_minor", ID, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("ask_at", MOMENT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payments_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"])
    op.create_index(op.f("ix_payments_status_ask_at"), "payments", ["status", "ask_at"])

    op.create_table(
        "waiting_entries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("ticket_type_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_waiting_entries_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_waiting_entries_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_type_id"],
            ["ticket_types.id"],
            name=op.f("fk_waiting_entries_ticket_type_id_ticket_types"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_waiting_entries_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
    )
    op.create_index(op.f("ix_waiting_entries_order_id"), "waiting_entries", ["order_id"])
    op.create_index(
        op.f("ix_waiting_entries_ticket_type_id_state_id"),
        "waiting_entries",
        ["ticket_type_id", "state", "id"],
    )
    op.create_index(op.f("ix_waiting_entries_user_id"), "waiting_entries", ["user_id"])

    op.create_table(
        "refunds",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ask_at", MOMENT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"])
    op.create_index(op.f("ix_refunds_provider_id"), "refunds", ["provider_id"])
    op.create_index(op.f("ix_refunds_state_ask_at"), "refunds", ["state", "ask_at"])

    op.create_table(
        "tickets",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("ticket_type_id", ID, nullable=False),
        sa.Column("attendee_name", sa.String(length=120), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("link_key", sa.String(length=64), nullable=False),
        sa.Column("paid_minor", ID, nullable=False),
        sa.Column("refund_id", ID, nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("purchase_date", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_tickets_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_tickets_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_tickets_refund_id_refunds")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_type_id"],
            ["ticket_types.id"],
            name=op.f("fk_tickets_ticket_type_id_ticket_types"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tickets_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("code", name=op.f("uq_tickets_code")),
        sa.UniqueConstraint("link_key", name=op.f("uq_tickets_link_key")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_tickets_order_id_number")),
    )
    op.create_index(op.f("ix_tickets_event_id"), "tickets", ["event_id"])
    op.create_index(op.f("ix_tickets_refund_id"), "tickets", ["refund_id"])
    op.create_index(op.f("ix_tickets_user_id"), "tickets", ["user_id"])


def downgrade() -> None:

    op.drop_table("tickets")

    op.drop_table("refunds")

    op.drop_table("waiting_entries")

    op.drop_table("payments")

    op.drop_table("order_items")

    op.drop_table("order_changes")

    op.drop_table("idempotency_keys")

    op.drop_table("orders")
    op.drop_table("ticket_types")

    op.drop_table("refresh_tokens")
    op.drop_table("promo_codes")

    op.drop_table("ledger_entries")
    op.drop_table("buyer_places")

    op.drop_table("login_sessions")

    op.drop_table("events")

    op.drop_table("webhook_deliveries")
    op.drop_table("users")

    op.drop_table("outbox_messages")

    op.drop_table("login_attempts")
