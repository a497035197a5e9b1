"""Where there are no coins, what a bank left over is refunded in what can be paid."""

import pytest

from app.domain.errors import RefundTooLarge
from app.domain.states import OrderStatus, RefundState
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.payments.settlement import Settlement
from tests.services.refunds.refund_steps import lose_dispute, refund_money
from tests.steps.selling import balances
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

PAID = 200_000
TAKEN = 12_345
"""A part of a franc is in it, which a bank counts in another currency may leave."""
LEFT = 187_600


@pytest.fixture
def bought(services: Services, make: Factory, jazz_organizer: User) -> Settlement:
    """Two tickets at 1,000 francs, of which a bank took 123.45 back."""
    event = make.event(organizer=jazz_organizer, currency="XOF", price="1000", refund_hours=1)
    settled = make.buy(make.user(name="ada"), event.id, quantity=2)
    lose_dispute(services, settled.payment.reference, TAKEN)
    return settled


class TestWhatABankLeft:
    def test_is_refunded_in_whole_francs(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        database: Database,
        jazz_organizer: User,
        bought: Settlement,
    ) -> None:
        refund = services.refund_requests.request_refund(
            order_id=bought.order.id, caller=jazz_organizer
        )
        make.work()

        assert refund.amount_minor == LEFT
        assert [report.amount.minor for report in gateway.refunds.values()] == [LEFT]
        assert "XOF 1,876 goes back to you" in mailer.to("ada@example.com")[-1].text
        # Half a franc stays in the organizer's takings: no buyer is owed it.
        kept = balances(database)
        assert (kept["refunds"], kept["disputes"]) == (LEFT, TAKEN)

    def test_is_told_in_whole_francs(
        self, services: Services, jazz_organizer: User, bought: Settlement
    ) -> None:
        shown = services.event_orders.show(
            event_id=bought.order.event_id, organizer=jazz_organizer, order_id=bought.order.id
        )

        assert shown.left.minor == LEFT
        with pytest.raises(RefundTooLarge) as refusal:
            refund_money(services, jazz_organizer, bought.order.id, LEFT + 100, "XOF")
        assert refusal.value.facts["left"] == LEFT
        assert refund_money(services, jazz_organizer, bought.order.id, LEFT, "XOF")

    def test_is_what_a_cancellation_says_and_pays(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        jazz_organizer: User,
        bought: Settlement,
    ) -> None:
        event_id = bought.order.event_id
        told = services.events.cancel(event_id=event_id, organizer=jazz_organizer, dry_run=True)
        services.events.cancel(event_id=event_id, organizer=jazz_organizer, dry_run=False)

        make.work()

        assert told.minor_to_refund == LEFT
        assert [report.amount.minor for report in gateway.refunds.values()] == [LEFT]

    def test_is_nothing_if_it_is_less_than_a_franc(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        jazz_organizer: User,
        bought: Settlement,
    ) -> None:
        refund_money(services, jazz_organizer, bought.order.id, LEFT, "XOF")
        make.work()

        refund = services.refund_requests.request_refund(
            order_id=bought.order.id, caller=jazz_organizer
        )
        make.work()

        assert (refund.amount_minor, refund.state) == (0, RefundState.PROCESSED)
        assert len(gateway.refunds) == 1
        order = services.orders.get(buyer_id=bought.order.buyer_id, order_id=bought.order.id).order
        assert order.status == OrderStatus.REFUNDED
