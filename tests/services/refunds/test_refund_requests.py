import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.domain.errors import (
    OrderNotFound,
    OrderNotPaid,
    RefundTooLate,
    TicketNotRefundable,
)
from app.domain.events.changes import EventChanges
from app.domain.ids import TicketId
from app.domain.money import Money
from app.domain.ports import RefundStatus
from app.domain.states import OrderStatus, RefundState, Role, TicketStatus, TransferState
from app.http.services import Services
from app.models.payments.payments import Refund
from app.models.users.users import User
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from app.services.payments.settlement import Settlement
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user()


@pytest.fixture
def bought(make: Factory, organizer: User, ada: User) -> Settlement:
    """Two of three tickets at 2,500, which buyers can refund until a day before."""
    event = make.event(
        organizer=organizer,
        capacity=3,
        refund_hours=24,
        max_per_buyer=2,
        shared_capacity=3,
        starts_at=START + timedelta(days=3),
    )
    return make.buy(ada, event.id, quantity=2)


class Desk:
    """Where tickets of one order are refunded."""

    def __init__(self, services: Services, bought: Settlement) -> None:
        self._services = services
        self._bought = bought

    def request_refund(self, caller: User, tickets: Sequence[int] | None = None) -> Refund:
        """Refund tickets by their place in the order, or all."""
        ids: list[TicketId] | None = None
        if tickets is not None:
            ids = [self._bought.tickets[place].id for place in tickets]
        return self._services.refund_requests.request_refund(
            order_id=self._bought.order.id, caller=caller, ticket_ids=ids, reason="cannot come"
        )

    def statuses(self) -> list[TicketStatus]:
        detail = self._services.orders.get(
            buyer_id=self._bought.order.buyer_id, order_id=self._bought.order.id
        )
        return [ticket.status for ticket in detail.tickets]

    def order_status(self) -> OrderStatus:
        return self._services.orders.get(
            buyer_id=self._bought.order.buyer_id, order_id=self._bought.order.id
        ).order.status

    def places_left(self) -> int | None:
        return self._services.events.get(self._bought.order.event_id).places_left


@pytest.fixture
def desk(services: Services, bought: Settlement) -> Desk:
    return Desk(services, bought)


class TestTransferred:
    """What happens to tickets that the buyer transferred."""

    def test_is_given_back_by_the_organizer_only(self, hand_over: HandOver, make: Factory) -> None:
        allow_refunds(hand_over)
        hand_over.accept(hand_over.offer())

        with pytest.raises(TicketNotRefundable):
            request_refund(hand_over, hand_over.ada, [hand_over.ticket_id])
        assert hand_over.ticket().status == TicketStatus.VALID

        hand_over.refund()
        assert hand_over.ticket().status == TicketStatus.VOID

    def test_stays_when_the_buyer_gives_all_others_back(self, hand_over: HandOver) -> None:
        allow_refunds(hand_over)
        hand_over.accept(hand_over.offer())

        refund = request_refund(hand_over, hand_over.ada)

        assert refund.amount == Money(250_000, "NGN")
        assert hand_over.ticket().status == TicketStatus.VALID

    def test_goes_back_while_nobody_has_accepted_it(self, hand_over: HandOver) -> None:
        allow_refunds(hand_over)
        offer = hand_over.offer()

        request_refund(hand_over, hand_over.ada, [hand_over.ticket_id])

        assert hand_over.state_of(offer.id) == TransferState.WITHDRAWN


def allow_refunds(hand_over: HandOver) -> None:
    """Let buyers of the event refund tickets until it begins."""
    hand_over.services.events.edit(
        event_id=hand_over.bought.order.event_id,
        organizer=hand_over.organizer,
        changes=EventChanges(refund_hours=0),
    )


def request_refund(
    hand_over: HandOver, caller: User, tickets: Sequence[TicketId] | None = None
) -> Refund:
    return hand_over.services.refund_requests.request_refund(
        order_id=hand_over.bought.order.id, caller=caller, ticket_ids=tickets, reason="cannot come"
    )


class TestGiveBack:
    def test_frees_the_places_voids_the_tickets_and_returns_the_money(
        self,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        desk: Desk,
        ada: User,
    ) -> None:
        refund = desk.request_refund(ada)
        make.work()

        assert refund.amount == Money(500_000, "NGN")
        assert desk.statuses() == [TicketStatus.VOID] * 2
        assert desk.order_status() == OrderStatus.REFUNDED
        assert desk.places_left() == 3
        assert [report.amount for report in gateway.refunds.values()] == [refund.amount]
        assert "refunded: cannot come" in mailer.to(ada.email)[-1].text

    def test_takes_single_tickets_until_none_is_left(
        self, make: Factory, gateway: FakeGateway, desk: Desk, organizer: User
    ) -> None:
        desk.request_refund(organizer, [0])
        assert desk.statuses() == [TicketStatus.VOID, TicketStatus.VALID]
        assert (desk.order_status(), desk.places_left()) == (OrderStatus.PAID, 2)
        with pytest.raises(TicketNotRefundable):
            desk.request_refund(organizer, [0])
        with pytest.raises(TicketNotRefundable):
            desk.request_refund(organizer, [1, 0])

        desk.request_refund(organizer, [1, 1])
        make.work()

        assert desk.order_status() == OrderStatus.REFUNDED
        assert [report.amount.minor for report in gateway.refunds.values()] == [250_000] * 2

    def test_refuses_an_order_that_is_refunded_or_was_never_paid(
        self, services: Services, make: Factory, desk: Desk, organizer: User
    ) -> None:
        desk.request_refund(organizer)
        with pytest.raises(OrderNotPaid):
            desk.request_refund(organizer)
        order = make.order(make.user(), make.event(organizer=organizer).id)

        with pytest.raises(OrderNotPaid):
            services.refund_requests.request_refund(order_id=order.id, caller=organizer, reason="x")

    def test_refuses_strangers_and_other_organizers(self, make: Factory, desk: Desk) -> None:
        for caller in (make.user(), make.user(role=Role.ORGANIZER)):
            with pytest.raises(OrderNotFound):
                desk.request_refund(caller)

    def test_ends_for_buyers_some_hours_before_but_not_for_organizers(
        self, clock: FakeClock, desk: Desk, ada: User, organizer: User
    ) -> None:
        clock.advance(timedelta(days=2))
        desk.request_refund(ada, [0])
        clock.advance(timedelta(seconds=1))

        with pytest.raises(RefundTooLate):
            desk.request_refund(ada)

        desk.request_refund(organizer)

    def test_is_not_for_buyers_where_the_event_does_not_allow_it(
        self, services: Services, make: Factory, ada: User
    ) -> None:
        bought = make.buy(ada, make.event().id)

        with pytest.raises(RefundTooLate):
            Desk(services, bought).request_refund(ada)

    def test_keeps_a_used_ticket_and_the_order_with_it(
        self, services: Services, bought: Settlement, desk: Desk, organizer: User
    ) -> None:
        services.check_ins.scan(
            event_id=bought.order.event_id,
            actor=organizer.actor,
            scan=Scan(scan_id="1", code=bought.tickets[0].code),
        )

        refund = desk.request_refund(organizer)

        assert refund.amount.minor == 250_000
        assert desk.order_status() == OrderStatus.PAID
        assert desk.statuses() == [TicketStatus.VALID, TicketStatus.VOID]
        with pytest.raises(TicketNotRefundable):
            desk.request_refund(organizer)

    def test_needs_no_money_for_free_tickets(
        self, services: Services, make: Factory, gateway: FakeGateway, ada: User, organizer: User
    ) -> None:
        free = make.pay(ada, make.event(organizer=organizer, price="0").id)

        refund = Desk(services, free).request_refund(organizer)
        make.work()

        assert refund.state == RefundState.PROCESSED
        assert not gateway.refunds

    def test_pays_once_though_the_answer_was_lost_and_ends_as_the_provider_says(
        self,
        database: Database,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        desk: Desk,
        ada: User,
    ) -> None:
        refund = desk.request_refund(ada)
        gateway.go_down()
        gateway.answers_lost = True
        make.work()
        gateway.come_back()

        clock.advance(timedelta(minutes=5))
        make.work()
        (refund_id,) = gateway.refunds
        gateway.end_refund(refund_id, RefundStatus.PROCESSED)
        clock.advance(timedelta(hours=1))
        make.work()

        with database.reading() as work:
            assert work.refunds.get(refund.id).state == RefundState.PROCESSED

    def test_hears_of_money_that_waited_for_the_buyers_bank_details(
        self,
        services: Services,
        database: Database,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        bought: Settlement,
        desk: Desk,
        ada: User,
    ) -> None:
        refund = desk.request_refund(ada)
        make.work()
        (refund_id,) = gateway.refunds
        gateway.end_refund(refund_id, RefundStatus.NEEDS_ATTENTION)
        clock.advance(timedelta(minutes=5))
        make.work()

        gateway.end_refund(refund_id, RefundStatus.PROCESSED)
        about = {"transaction_reference": bought.payment.reference}
        message = json.dumps({"event": "refund.processed", "data": about}).encode()
        services.webhooks.receive(body=message, signature="signed")
        make.work()

        with database.reading() as work:
            assert work.refunds.get(refund.id).state == RefundState.PROCESSED
