from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text, update

from app.domain.money import Money
from app.domain.operations.clocks import LEEWAY
from app.domain.states import DiscountKind, OrderStatus, Role
from app.http.services import Services
from app.models.orders.orders import OrderChange
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from tests.services.refunds.refund_steps import lose_dispute, refund_money
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

Plant = Callable[[str], None]

CHECKS = {"ticket_types": "ck_ticket_types_capacity", "events": "ck_events_capacity"}
"""Constraints that forbid what some tests plant."""

AS_IT_WAS_PAID = """
INSERT INTO payments
    (order_id, event_id, reference, status, amount_minor, currency, started_at, asked)
SELECT order_id, event_id, 'again', status, amount_minor, currency, started_at, 0
FROM payments WHERE status = 'succeeded'
"""

HALF_AN_ANSWER = """
INSERT INTO idempotency_keys (caller, operation, key, fingerprint, owner, claimed_at, status)
SELECT 'user:1', 'POST /orders/', 'k', 'f', 'o', MIN(placed_at), 201 FROM orders
"""

OFFER_OF_A_VOID_TICKET = """
INSERT INTO ticket_transfers
    (ticket_id, event_id, ticket_version, from_user_id, to_email, state, offered_at, expires_at)
SELECT id, event_id, version, user_id, 'bola@example.com', 'offered', purchase_date, '2099-01-01'
FROM tickets WHERE status = 'void'
"""

LEASE_LEFT = """
UPDATE outbox_messages SET leased_until = '2027-03-01 12:05:00' WHERE status = 'sent'
"""

CANCELLED_LONG_AGO = "UPDATE events SET cancelled_at = '2020-01-01 00:00:00'"

LOST_UNBOOKED = """
INSERT INTO disputes (payment_id, event_id, provider_id, resolution, amount_minor, opened_at,
                      changed_at, resolved_at)
SELECT id, event_id, 'D1', 'merchant-accepted', 100, started_at, started_at, started_at
FROM payments WHERE id = 1
"""

WINDOW_UPSIDE_DOWN = """
UPDATE promo_codes SET valid_from = '2027-03-02 00:00:00', valid_until = '2027-03-01 00:00:00'
"""

PLANTED = [
    ("I1", "than there are", "UPDATE ticket_types SET capacity = 1"),
    ("I1", "the event shares", "UPDATE events SET capacity = 1"),
    ("I2", "held places", "UPDATE ticket_types SET held = held + 1"),
    ("I2", "sold places", "UPDATE ticket_types SET sold = sold + 1"),
    ("I2", "event's count", "UPDATE events SET held = held + 1"),
    ("I2", "buyer's places", "UPDATE buyer_places SET places = places + 1"),
    ("I2", "promo code's uses", "UPDATE promo_codes SET used = used + 1"),
    ("I3", "the tickets its state", "DELETE FROM tickets WHERE refund_id IS NULL"),
    ("I3", "older versions", "UPDATE tickets SET version = version + 1"),
    ("I3", "on offer", OFFER_OF_A_VOID_TICKET),
    ("I14", "no owner", "UPDATE memberships SET role = 'checker'"),
    ("I14", "cannot have", "UPDATE organizations SET kind = 'demo', personal_of = NULL"),
    ("I4", "neither order nor refund", "UPDATE orders SET status = 'expired' WHERE id = 1"),
    ("I5", "exactly once", AS_IT_WAS_PAID),
    ("I5", "another amount", "UPDATE payments SET amount_minor = amount_minor + 1"),
    ("I10", "do not cost", "UPDATE tickets SET paid_minor = paid_minor + 1"),
    ("I7", "one confirmation", "DELETE FROM outbox_messages WHERE kind = 'tickets-issued'"),
    ("I8", "by halves", HALF_AN_ANSWER),
    ("I8", "lease is left", LEASE_LEFT),
    (
        "I9",
        "may not take",
        "UPDATE order_changes SET to_status = 'refunded' WHERE to_status = 'paid'",
    ),
    ("I9", "names no actor", "UPDATE order_changes SET actor = ''"),
    ("I9", "its history ends", "DELETE FROM order_changes WHERE to_status = 'paid'"),
    ("I9", "back in time", "UPDATE order_changes SET at = '2020-01-01' WHERE to_status = 'paid'"),
    ("I11", "stand for", "UPDATE users SET username = 'a\uff20b' WHERE id = 1"),
    ("I11", "invisible", "UPDATE users SET username = 'ada\u200b' WHERE id = 1"),
    ("I12", "ends before it starts", "UPDATE events SET ends_at = '2020-01-01 00:00:00'"),
    ("I12", "of whole days", "UPDATE events SET all_day = (1 = 1)"),
    ("I12", "doors open", "UPDATE events SET doors_open_at = '2099-01-01 00:00:00'"),
    ("I12", "sale", "UPDATE ticket_types SET sales_close_at = '2099-01-01 00:00:00'"),
    ("I12", "promo code", WINDOW_UPSIDE_DOWN),
    ("I13", "still held", CANCELLED_LONG_AGO),
    ("I13", "was issued after", CANCELLED_LONG_AGO),
    ("I10", "than was paid", "UPDATE refunds SET amount_minor = 1000000"),
    ("I10", "went back of its tickets", "UPDATE tickets SET refunded_minor = 1"),
    ("I10", "of a ticket than it cost", "UPDATE tickets SET refunded_minor = paid_minor + 1"),
    ("I10", "of a ticket than it cost", "UPDATE tickets SET refunded_minor = -1"),
    ("I10", "opens the door", "UPDATE tickets SET status = 'valid'"),
    ("I10", "balance", "UPDATE ledger_entries SET amount_minor = -1 WHERE account = 'sales'"),
    ("I10", "lost dispute", LOST_UNBOOKED),
    ("I10", "beyond the price", "UPDATE payments SET surplus_minor = 1"),
    ("I10", "not in the ledger", "DELETE FROM ledger_entries WHERE posting LIKE 'refund-due%'"),
]


@pytest.fixture
def plant(database: Database) -> Plant:
    """Runs SQL that the shop itself would never run, past the constraints that forbid it."""

    def run(statement: str) -> None:
        with database.engine.begin() as connection:
            if database.is_sqlite:
                connection.execute(text("PRAGMA ignore_check_constraints = ON"))
            else:
                # After this the database is copied anew, so only where it is needed.
                for table, check in CHECKS.items():
                    if statement.startswith(f"UPDATE {table} SET capacity"):
                        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {check}"))
            assert connection.execute(text(statement)).rowcount > 0
            if database.is_sqlite:
                connection.execute(text("PRAGMA ignore_check_constraints = OFF"))

    return run


@pytest.fixture
def shop(services: Services, make: Factory) -> Services:
    """A shop in which an order of two is paid and half refunded, and another one waits."""
    event = make.event(organizer=make.user(), capacity=5, shared_capacity=5, max_per_buyer=3)
    bought = make.buy(make.user(), event.id, quantity=2)
    services.promo_codes.create(
        event_id=event.id,
        organizer=make.user(role=Role.ADMIN),
        new=NewPromoCode(code="LESS", kind=DiscountKind.PERCENT, value=Decimal(10)),
    )
    make.order(make.user(), event.id, promo_code="LESS")
    services.refund_requests.request_refund(
        order_id=bought.order.id,
        caller=make.user(role=Role.ADMIN),
        ticket_ids=[bought.tickets[0].id],
        reason="x",
    )
    make.work()
    return services


class TestViolations:
    def test_forgives_hosts_whose_clocks_differ(
        self, shop: Services, database: Database, clock: FakeClock
    ) -> None:
        behind = clock.now() - LEEWAY
        with database.engine.begin() as connection:
            paid = OrderChange.to_status == OrderStatus.PAID
            connection.execute(update(OrderChange).where(paid).values(at=behind))

        assert shop.audit.violations() == []

    def test_finds_nothing_when_all_is_well(self, shop: Services) -> None:
        assert shop.audit.violations() == []

    @pytest.mark.parametrize(("rule", "wrong", "statement"), PLANTED)
    def test_finds(
        self, shop: Services, plant: Plant, rule: str, wrong: str, statement: str
    ) -> None:
        plant(statement)

        found = [str(violation) for violation in shop.audit.violations()]

        assert any(line.startswith(f"{rule}: ") and wrong in line for line in found), found

    def test_finds_a_refund_of_money_that_a_bank_had_taken(
        self, services: Services, make: Factory, plant: Plant
    ) -> None:
        admin = make.user(role=Role.ADMIN)
        bought = make.buy(make.user(), make.event().id)
        refund_money(services, admin, bought.order.id, 100_000)
        lose_dispute(services, bought.payment.reference, 200_000)
        make.work()
        assert services.audit.violations() == []

        plant("UPDATE refunds SET taken_minor = 200000")

        (found,) = services.audit.violations()
        assert "more was refunded than a bank had left" in str(found)

    def test_finds_money_that_goes_nowhere(
        self,
        services: Services,
        make: Factory,
        plant: Plant,
        gateway: FakeGateway,
        clock: FakeClock,
    ) -> None:
        make.buy(make.user(), make.event().id)

        plant("UPDATE payments SET status = 'returned'")

        assert "I4" in {violation.rule for violation in services.audit.violations()}

    def test_finds_money_that_goes_back_above_what_came(
        self, services: Services, make: Factory, plant: Plant, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        payment = make.pay(make.user(), make.event().id).payment
        gateway.pay(payment.reference, Money(100, "NGN"))
        services.settlement.settle(payment.reference)
        assert services.audit.violations() == []

        plant("UPDATE refunds SET amount_minor = 101")

        assert "more went back than came in" in {v.wrong for v in services.audit.violations()}
