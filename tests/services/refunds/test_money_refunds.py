"""Money goes back while the tickets stay valid, and what that leaves for later refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    OrderNotFound,
    OrderNotPaid,
    OrganizationRoleMissing,
    RefundAmountInvalid,
    RefundTooLarge,
    TicketNotRefundable,
)
from app.domain.ids import TicketId
from app.domain.permissions import OrganizationRole
from app.domain.ports import RefundStatus
from app.domain.states import OrderKind, OrderStatus, RefundState, TicketStatus
from app.http.services import Services
from app.models.payments.payments import Refund
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.ticket_types import NewTicketType
from app.services.orders.orders import OrderDetail
from app.services.payments.settlement import Settlement
from tests.services.refunds.refund_steps import WHY, lose_dispute, refund_money
from tests.steps.organizations import Band
from tests.steps.selling import BoxOffice, balances
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

PRICE = 250_000


@dataclass(frozen=True)
class Sale:
    """Three tickets at 2,500 that Ada bought, and who sold them."""

    services: Services
    organizer: User
    ada: User
    bought: Settlement

    def refund_money(self, minor: int) -> Refund:
        return refund_money(self.services, self.organizer, self.bought.order.id, minor)

    def refund_tickets(self, places: Sequence[int] | None = None) -> Refund:
        """Refund tickets by their place in the order, or all that are left."""
        ids: list[TicketId] | None = None
        if places is not None:
            ids = [self.bought.tickets[place].id for place in places]
        return self.services.refund_requests.request_refund(
            order_id=self.bought.order.id, caller=self.organizer, ticket_ids=ids
        )

    def detail(self) -> OrderDetail:
        return self.services.orders.get(buyer_id=self.ada.id, order_id=self.bought.order.id)

    def left(self) -> int:
        shown = self.services.event_orders.show(
            event_id=self.bought.order.event_id,
            organizer=self.organizer,
            order_id=self.bought.order.id,
        )
        return shown.left.minor

    def amounts(self) -> list[int]:
        return [listing.refund.amount_minor for listing in self.detail().refunds]


@pytest.fixture
def sale(services: Services, make: Factory, jazz_organizer: User) -> Sale:
    event = make.event(organizer=jazz_organizer, capacity=5, refund_hours=1)
    ada = make.user(name="ada")
    return Sale(services, jazz_organizer, ada, make.buy(ada, event.id, quantity=3))


class TestMoneyRefund:
    def test_returns_the_amount_and_leaves_the_tickets_as_they_are(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        database: Database,
        sale: Sale,
    ) -> None:
        sold = services.events.get(sale.bought.order.event_id).places_left

        refund = sale.refund_money(100_000)
        make.work()

        assert (refund.amount_minor, refund.state) == (100_000, RefundState.REQUESTED)
        assert [report.amount.minor for report in gateway.refunds.values()] == [100_000]
        detail = sale.detail()
        assert detail.order.status == OrderStatus.PAID
        assert [ticket.status for ticket in detail.tickets] == [TicketStatus.VALID] * 3
        assert [listing.keeps_tickets for listing in detail.refunds] == [True]
        assert services.events.get(sale.bought.order.event_id).places_left == sold
        assert balances(database)["refunds"] == 100_000
        assert sale.left() == 3 * PRICE - 100_000
        (mail,) = (mail for mail in mailer.to(sale.ada.email) if "goes back to you" in mail.text)
        assert f"Lagos Jazz Night goes back to you: {WHY}." in mail.text
        assert "NGN 1,000.00 goes back to you the way you paid" in mail.text
        assert "Your tickets stay valid." in mail.text

    def test_is_looked_up_and_not_made_twice_when_its_answer_is_lost(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, sale: Sale
    ) -> None:
        sale.refund_money(100_000)
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

        assert list(gateway.refunds) == [refund_id]
        (listing,) = sale.detail().refunds
        assert listing.refund.state == RefundState.PROCESSED

    def test_never_returns_more_than_is_left(self, sale: Sale) -> None:
        sale.refund_money(PRICE)
        sale.refund_tickets([0])

        left = sale.left()
        with pytest.raises(RefundTooLarge) as refusal:
            sale.refund_money(left + 1)
        sale.refund_money(left)
        with pytest.raises(RefundTooLarge) as last:
            sale.refund_money(1)

        assert refusal.value.facts["left"] == left
        assert (sum(sale.amounts()), sale.left()) == (3 * PRICE, 0)
        assert str(last.value.detail).startswith("Nothing is left")

    def test_leaves_for_a_ticket_its_price_less_its_share(self, sale: Sale) -> None:
        """A third of ₦1,000 cannot be paid: the odd kobo are shared out, and none gets lost."""
        sale.refund_money(100_000)

        parts = [sale.refund_tickets([place]).amount_minor for place in range(3)]

        assert sorted(PRICE - part for part in parts) == [33_333, 33_333, 33_334]
        assert sum(sale.amounts()) == 3 * PRICE
        assert sale.detail().order.status == OrderStatus.REFUNDED

    def test_leaves_nothing_when_all_of_it_went_back(self, sale: Sale) -> None:
        sale.refund_money(3 * PRICE)

        refund = sale.refund_tickets()

        assert (refund.amount_minor, refund.state) == (0, RefundState.PROCESSED)
        assert sale.detail().order.status == OrderStatus.REFUNDED
        with pytest.raises(OrderNotPaid):
            sale.refund_money(1)
        with pytest.raises(OrderNotPaid):
            sale.refund_tickets()

    def test_lowers_what_the_cancellation_of_the_event_returns(
        self, services: Services, make: Factory, sale: Sale
    ) -> None:
        sale.refund_money(100_000)
        event_id = sale.bought.order.event_id

        told = services.events.cancel(event_id=event_id, organizer=sale.organizer, dry_run=True)
        services.events.cancel(event_id=event_id, organizer=sale.organizer, dry_run=False)
        make.work()
        done = services.events.cancel(event_id=event_id, organizer=sale.organizer, dry_run=True)

        assert told.minor_to_refund == 3 * PRICE - 100_000
        assert sale.amounts() == [100_000, 3 * PRICE - 100_000]
        assert (done.minor_to_refund, done.minor_refunded) == (0, 3 * PRICE)

    def test_counts_what_a_bank_took_back(self, services: Services, sale: Sale) -> None:
        """What is left is less than the tickets cost, and no refund makes it negative."""
        reference = sale.bought.payment.reference
        sale.refund_money(100_000)
        lose_dispute(services, reference, 400_000)

        assert sale.left() == 250_000
        with pytest.raises(RefundTooLarge):
            sale.refund_money(250_001)
        part = sale.refund_tickets([0])
        rest = sale.refund_tickets([1])
        lose_dispute(services, reference, None)
        nothing = sale.refund_tickets([2])

        assert (part.amount_minor, rest.amount_minor, nothing.amount_minor) == (216_667, 33_333, 0)

    def test_shares_it_among_types_by_their_prices(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        types = [
            NewTicketType(name="Regular", price=Decimal(1_000)),
            NewTicketType(name="VIP", price=Decimal(3_000)),
        ]
        event = make.event(organizer=jazz_organizer, ticket_types=types)
        box_office = BoxOffice(services, jazz_organizer, event.id)
        one = make.buy(make.user(), event.id)
        refund_money(services, jazz_organizer, one.order.id, 5_000)
        vip = box_office.sell(ticket_type_id=event.ticket_types[1].id)
        refund_money(services, jazz_organizer, vip.order.id, 60_000)

        report = services.reports.sales(event_id=event.id, organizer=jazz_organizer)

        assert [each.refunded_minor for each in report.by_type] == [5_000, 60_000]
        (revenue,) = report.revenue
        assert revenue.refunds == 65_000
        assert revenue.owed + revenue.cash == revenue.net

    def test_of_cash_is_handed_back_by_a_person(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        database: Database,
        jazz_organizer: User,
    ) -> None:
        event = make.event(organizer=jazz_organizer)
        sold = BoxOffice(services, jazz_organizer, event.id).sell(quantity=2)

        refund = refund_money(services, jazz_organizer, sold.order.id, 100_000)
        make.work()

        assert refund.state == RefundState.TO_HAND_BACK
        assert not gateway.refunds
        assert balances(database)["cash-due"] == -100_000
        assert "The organizer hands NGN 1,000.00 back to you." in mailer.sent[-1].text
        services.refund_desk.mark_done(
            caller=jazz_organizer, refund_id=refund.id, note="At the bar"
        )
        assert balances(database)["cash"] == 2 * PRICE - 100_000

    def test_refuses_what_cost_nothing(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        free = make.pay(make.user(), make.event(organizer=jazz_organizer, price="0").id)
        given = BoxOffice(services, jazz_organizer, make.event(organizer=jazz_organizer).id).sell(
            OrderKind.COMPLIMENTARY
        )

        for order in (free.order, given.order):
            with pytest.raises(RefundTooLarge):
                refund_money(services, jazz_organizer, order.id, 1)

    def test_refuses_another_currency_and_parts_of_a_coin(
        self, services: Services, make: Factory, jazz_organizer: User, sale: Sale
    ) -> None:
        francs = make.buy(
            make.user(), make.event(organizer=jazz_organizer, price="3000", currency="XOF").id
        )

        with pytest.raises(RefundAmountInvalid):
            refund_money(services, jazz_organizer, sale.bought.order.id, 100, "GHS")
        with pytest.raises(RefundAmountInvalid):
            refund_money(services, jazz_organizer, francs.order.id, 150, "XOF")

        assert refund_money(services, jazz_organizer, francs.order.id, 100, "XOF")

    def test_is_for_members_who_may_refund(
        self, services: Services, make: Factory, sale: Sale
    ) -> None:
        band = Band(services, make)
        support = make.user()
        band.join(support, OrganizationRole.SUPPORT)
        theirs = make.buy(make.user(), make.event(organizer=band.owner, organization_id=band.id).id)

        for stranger in (sale.ada, support):
            with pytest.raises(OrderNotFound):
                refund_money(services, stranger, sale.bought.order.id, 1)
        with pytest.raises(OrganizationRoleMissing):
            refund_money(services, support, theirs.order.id, 1)

    def test_needs_an_order_that_was_paid(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        pending = make.order(make.user(), make.event(organizer=jazz_organizer).id)

        with pytest.raises(OrderNotPaid):
            refund_money(services, jazz_organizer, pending.id, 1)

    def test_is_not_a_reason_to_refund_a_ticket_twice(self, sale: Sale) -> None:
        sale.refund_tickets([0])
        sale.refund_money(1)

        with pytest.raises(TicketNotRefundable):
            sale.refund_tickets([0])
