"""Rows that belong to an event name it, the same as the rows they belong to."""

import json
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.database.migrations import migrate
from app.domain.states import OutboxKind, Role
from app.http.services import Services
from app.models import Base
from app.repositories.database import Database
from app.repositories.operations.audit_events import OF_NO_EVENT, SUBJECTS, event_tables
from tests.support.factories import Factory
from tests.support.fakes import START
from tests.support.migrating import downgrade

BEFORE: Final = "0027"
REPEATING: Final = (
    "order_items",
    "order_changes",
    "payments",
    "refunds",
    "disputes",
    "ticket_transfers",
    "replaced_codes",
    "outbox_messages",
)
OF_CALLERS: Final = {"idempotency_keys"}
"""Tables that refer to rows of events, and belong to who called."""

DISPUTE: Final = {"id": 7, "status": "awaiting-merchant-feedback", "category": "chargeback"}


@pytest.fixture
def busy_shop(services: Services, make: Factory) -> None:
    """Two events; of the second one there is a row in each of the tables."""
    organizer, ada = make.user(role=Role.ORGANIZER), make.user()
    make.event(organizer=organizer)
    event = make.event(organizer=organizer, starts_at=START + timedelta(days=9))
    bought = make.buy(ada, event.id, quantity=3)
    refunded, lost, offered = bought.tickets
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=organizer, ticket_ids=[refunded.id], reason="ill"
    )
    services.reissues.reissue(ticket_id=lost.id, organizer=organizer, reason="lost")
    services.transfers.offer(ticket_id=offered.id, giver=ada, email="bola@example.com")
    disputed = {**DISPUTE, "transaction": {"reference": bought.payment.reference}}
    message = json.dumps({"event": "charge.dispute.create", "data": disputed})
    services.webhooks.receive(body=message.encode(), signature="signed")
    make.work()


def events_of(database: Database, table: str) -> list[tuple[Any, Any]]:
    """Of each row, its number and its event as it says."""
    key = "order_id" if table == "order_items" else "id"
    with database.connection() as connection:
        rows = connection.execute(text(f"SELECT {key} AS row, event_id FROM {table}"))
        return sorted((row.row, row.event_id) for row in rows)


@pytest.mark.usefixtures("busy_shop")
class TestEventOfRows:
    def test_is_written_with_each_row(self, database: Database) -> None:
        for table in REPEATING:
            assert {event for _, event in events_of(database, table)} == {2}, table

    def test_is_filled_in_by_the_migration(self, database: Database) -> None:
        written = {table: events_of(database, table) for table in REPEATING}

        downgrade(database, BEFORE)
        migrate(database)

        assert {table: events_of(database, table) for table in REPEATING} == written


class TestTables:
    def test_name_the_event_if_they_refer_to_a_row_that_does(self) -> None:
        silent = {
            name
            for name, table in Base.metadata.tables.items()
            if "event_id" not in table.c
            and any(key.column.table.name in event_tables() for key in table.foreign_keys)
        }

        assert silent == OF_CALLERS, "a table of events needs event_id: see architecture.md"


class TestMessages:
    def test_are_each_about_a_row_of_an_event_or_of_none(self) -> None:
        of_events = [kind for kinds in SUBJECTS.values() for kind in kinds]

        told = sorted([*of_events, *OF_NO_EVENT])
        assert told == sorted(OutboxKind), "a new kind belongs in audit_events.py"
