"""Everything that happens to an order that was paid, in whatever order it is heard of."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations

import pytest

from app.domain.errors import OrderNotPaid
from app.domain.states import OrderStatus, OutboxKind, OutboxStatus, Role, TicketStatus
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

EVERY_ORDER = tuple(permutations(("success", "duplicate", "refund", "expiry", "verify")))


@dataclass
class Course:
    """What becomes of one payment."""

    services: Services
    clock: FakeClock
    organizer: User
    opened: Settlement

    def take(self, step: str) -> None:
        match step:
            case "success" | "duplicate":
                message = b'{"event":"charge.success","data":{"reference":"%s"}}'
                body = message % self.opened.payment.reference.encode()
                self.services.webhooks.receive(body=body, signature="signed")
                self.services.webhooks.act_on_due()
            case "refund":
                self.services.refund_requests.request_refund(
                    order_id=self.opened.order.id,
                    caller=self.organizer,
                    ticket_ids=None,
                    reason="asked for",
                )
            case "expiry":
                self.clock.advance(timedelta(minutes=16))
                self.services.holds.expire()
            case "verify":
                self.services.settlement.settle(self.opened.payment.reference)

    def run(self, order: tuple[str, ...]) -> None:
        was_refused = False
        for step in order:
            try:
                self.take(step)
            except OrderNotPaid:
                # Nobody has heard of the money yet; the organizer tries again later.
                was_refused = True
        if was_refused:
            self.take("refund")


@pytest.mark.slow
@pytest.mark.usefixtures("audited")
class TestEveryOrder:
    def test_ends_in_the_same_legal_state(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        mailer: FakeMailer,
    ) -> None:
        gateway.pays_at_once = False
        event, buyer, organizer = make.event(capacity=1), make.user(), make.user(role=Role.ADMIN)

        order_ids = []
        for order in EVERY_ORDER:
            opened = make.pay(buyer, event.id)
            gateway.pay(opened.payment.reference)

            Course(services, clock, organizer, opened).run(order)

            assert services.events.get(event.id).places_left == 1, order
            order_ids.append(opened.order.id)
        make.work()

        for order, order_id in zip(EVERY_ORDER, order_ids, strict=True):
            detail = services.orders.get(buyer_id=buyer.id, order_id=order_id)
            assert detail.order.status == OrderStatus.REFUNDED, order
            assert [ticket.status for ticket in detail.tickets] == [TicketStatus.VOID], order
        assert len(gateway.refunds) == len(EVERY_ORDER)
        assert services.events.get(event.id).places_left == 1
        assert services.audit.violations(provider=gateway.ledger()) == []
        refunds = [mail for mail in mailer.sent if "refund" in mail.subject.lower()]
        assert len(refunds) == len(mailer.sent) == len(EVERY_ORDER) == 120
        # Nobody is mailed tickets that were refunded before the mail was sent.
        needless = services.messages.page(
            caller=organizer,
            status=OutboxStatus.DROPPED,
            kind=OutboxKind.TICKETS_ISSUED,
            after=None,
            limit=200,
        )
        assert len(needless.items) == 120
