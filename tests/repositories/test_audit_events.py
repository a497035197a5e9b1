"""I15: the auditor finds rows that name another event than what they belong to."""

import pytest
from sqlalchemy import text

from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from tests.steps.door import open_door
from tests.support.factories import Factory

PLANTED = [
    (table, f"UPDATE {table} SET event_id = 1 WHERE event_id = 2")
    for table in (
        "order_items",
        "order_changes",
        "payments",
        "refunds",
        "tickets",
        "ticket_transfers",
        "replaced_codes",
        "check_ins",
        "outbox_messages",
    )
]
FORGOTTEN = "UPDATE outbox_messages SET event_id = NULL WHERE event_id = 2"
OF_NO_EVENT = "UPDATE outbox_messages SET event_id = 1 WHERE kind = 'password-reset'"


@pytest.fixture
def shop(services: Services, make: Factory) -> Services:
    """Two events, and of the second one rows of every kind."""
    make.event()
    door = open_door(services, make)
    ada = make.user()
    bought = make.buy(ada, door.event_id, quantity=3)
    refunded, lost, offered = bought.tickets
    admin = make.user(role=Role.ADMIN)
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=admin, ticket_ids=[refunded.id], reason="ill"
    )
    services.reissues.reissue(ticket_id=lost.id, organizer=admin, reason="lost")
    services.transfers.offer(ticket_id=offered.id, giver=ada, email="bola@example.com")
    door.scan(door.code(door.ticket()))
    services.account_requests.request_reset(email=ada.email)
    return services


class TestViolations:
    def test_finds_nothing_when_all_is_well(self, shop: Services) -> None:
        assert shop.audit.violations() == []

    @pytest.mark.parametrize(
        ("table", "statement"),
        [*PLANTED, ("outbox_messages", FORGOTTEN), ("outbox_messages", OF_NO_EVENT)],
    )
    def test_finds(self, shop: Services, database: Database, table: str, statement: str) -> None:
        with database.engine.begin() as connection:
            assert connection.execute(text(statement)).rowcount > 0

        found = [str(violation) for violation in shop.audit.violations()]

        assert any(line.startswith("I15: ") and table in line for line in found), found
