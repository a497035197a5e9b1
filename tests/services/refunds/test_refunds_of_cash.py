"""Refunds of what was paid in cash: a person hands the money back."""

import pytest

from app.domain.errors import PaidInCash, RefundNotStuck
from app.domain.states import OrderKind, RefundState, TicketStatus
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from tests.steps.selling import BoxOffice, balances
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

COMP = OrderKind.COMPLIMENTARY


@pytest.fixture
def box_office(services: Services, make: Factory, jazz_organizer: User) -> BoxOffice:
    event = make.event(organizer=jazz_organizer, capacity=3, refund_hours=24)
    return BoxOffice(services, jazz_organizer, event.id)


class TestRefundOfCash:
    def test_waits_until_the_money_is_handed_back_and_never_asks_paystack(
        self,
        services: Services,
        make: Factory,
        box_office: BoxOffice,
        gateway: FakeGateway,
        database: Database,
        mailer: FakeMailer,
    ) -> None:
        sold = box_office.sell(quantity=2)
        ticket, _ = sold.tickets
        refund = services.refund_requests.request_refund(
            order_id=sold.order.id, caller=box_office.seller, ticket_ids=[ticket.id]
        )
        make.work()

        assert refund.state == RefundState.TO_HAND_BACK
        assert not gateway.refunds
        assert balances(database)["cash-due"] == -250_000
        assert "The organizer hands" in mailer.sent[-1].text
        with pytest.raises(RefundNotStuck):
            services.refund_desk.retry(caller=box_office.seller, refund_id=refund.id)

        done = services.refund_desk.mark_done(
            caller=box_office.seller, refund_id=refund.id, note="At the box office"
        )

        assert done.refund.state == RefundState.PROCESSED
        assert balances(database) == {
            "cash": 250_000,
            "sales": -500_000,
            "refunds": 250_000,
            "cash-due": 0,
        }
        with pytest.raises(RefundNotStuck):
            services.refund_desk.mark_done(
                caller=box_office.seller, refund_id=refund.id, note="Twice"
            )

    def test_is_not_the_buyer_s_to_ask_for(
        self, services: Services, box_office: BoxOffice, database: Database
    ) -> None:
        sold = box_office.sell()
        with database.reading() as work:
            buyer = work.users.get(sold.order.buyer_id)

        with pytest.raises(PaidInCash):
            services.refund_requests.request_refund(order_id=sold.order.id, caller=buyer)

    def test_comes_with_the_event_s_cancellation(
        self,
        services: Services,
        make: Factory,
        box_office: BoxOffice,
        gateway: FakeGateway,
    ) -> None:
        cash, given = box_office.sell(), box_office.sell(COMP)

        services.events.cancel(
            event_id=box_office.event_id, organizer=box_office.seller, dry_run=False
        )
        make.work()

        states = {
            order.order.id: [
                listing.refund.state
                for listing in services.refund_desk.of_order(
                    caller=box_office.seller, order_id=order.order.id
                )
            ]
            for order in (cash, given)
        }
        assert states == {
            cash.order.id: [RefundState.TO_HAND_BACK],
            given.order.id: [RefundState.PROCESSED],
        }
        assert not gateway.refunds
        shown = services.event_orders.show(
            event_id=box_office.event_id, organizer=box_office.seller, order_id=cash.order.id
        )
        assert [ticket.status for ticket in shown.detail.tickets] == [TicketStatus.VOID]


class TestReport:
    def test_tells_cash_from_what_lies_at_paystack(
        self, services: Services, make: Factory, box_office: BoxOffice
    ) -> None:
        make.buy(make.user(), box_office.event_id)
        sold = box_office.sell(quantity=2)
        services.refund_requests.request_refund(
            order_id=sold.order.id,
            caller=box_office.seller,
            ticket_ids=[sold.tickets[0].id],
        )

        (revenue,) = services.reports.sales(
            event_id=box_office.event_id, organizer=box_office.seller
        ).revenue

        assert (revenue.gross, revenue.refunds, revenue.cash) == (750_000, 250_000, 250_000)
        assert revenue.owed + revenue.cash == revenue.net
