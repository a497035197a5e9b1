"""Refunds of one payment at the same moment, and the proof that a wrong guard would be seen."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from sqlalchemy import insert

from app.domain.errors import OrderNotPaid, RefundTooLarge, TicketNotRefundable
from app.domain.listings import EventListing
from app.domain.money import Money
from app.domain.states import RefundState
from app.http.services import Services
from app.models.payments.payments import Refund
from app.models.users.users import User
from app.repositories.base import table_of
from app.repositories.database import Database
from app.services.payments.settlement import Settlement
from tests.services.refunds.refund_steps import WHY, lose_dispute, refund_money
from tests.support.factories import Factory
from tests.support.fakes import FakeClock
from tests.support.racing import LONGEST, at_once

TICKETS, PRICE = 4, 250_000
PAID = TICKETS * PRICE
PART = 150_000
CALLERS = 8
"""Each wants a part; six find enough."""


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer, capacity=TICKETS)


@pytest.fixture
def bought(make: Factory, event: EventListing) -> Settlement:
    return make.buy(make.user(), event.id, quantity=TICKETS)


def outcomes(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """How the calls ended that were made at once."""

    def outcome(call: Callable[[], object]) -> str:
        try:
            call()
        except (RefundTooLarge, OrderNotPaid, TicketNotRefundable):
            return "refused"
        return "done"

    return Counter(at_once([partial(outcome, call) for call in calls]))


def recorded(services: Services, organizer: User, bought: Settlement) -> int:
    """Minor units of the order that go back."""
    listings = services.refund_desk.of_order(caller=organizer, order_id=bought.order.id)
    return sum(listing.refund.amount_minor for listing in listings)


class TestWhatIsLeft:
    @pytest.mark.usefixtures("audited")
    def test_goes_back_once(
        self, services: Services, jazz_organizer: User, bought: Settlement
    ) -> None:
        part = partial(refund_money, services, jazz_organizer, bought.order.id, PART)

        found = outcomes([part] * CALLERS)

        assert found == {"done": PAID // PART, "refused": CALLERS - PAID // PART}
        assert recorded(services, jazz_organizer, bought) == PAID // PART * PART

    @pytest.mark.usefixtures("audited")
    def test_is_shared_with_tickets_a_cancellation_and_a_bank(
        self,
        services: Services,
        jazz_organizer: User,
        event: EventListing,
        bought: Settlement,
        make: Factory,
    ) -> None:
        part = partial(refund_money, services, jazz_organizer, bought.order.id, PART)
        whole = partial(
            services.refund_requests.request_refund,
            order_id=bought.order.id,
            caller=jazz_organizer,
        )
        one = partial(whole, ticket_ids=[bought.tickets[0].id])
        lost = partial(lose_dispute, services, bought.payment.reference, 2 * PART)
        services.events.cancel(event_id=event.id, organizer=jazz_organizer, dry_run=False)

        outcomes(
            [part, one, lost, part, whole, services.refund_requests.refund_cancelled, part, one]
        )
        make.work()

        assert PAID - 2 * PART <= recorded(services, jazz_organizer, bought) <= PAID

    def test_would_go_back_twice_if_a_refund_looked_before_it_was_written(
        self,
        services: Services,
        jazz_organizer: User,
        bought: Settlement,
        database: Database,
        clock: FakeClock,
    ) -> None:
        """The control: the tests above would notice, and so does the auditor."""
        everybody_has_looked = threading.Barrier(CALLERS)

        def refund_hastily() -> None:
            with database.reading() as work:
                left = work.refunds.left_of(bought.order.id)
            everybody_has_looked.wait(LONGEST.total_seconds())
            if left < PART:
                raise RefundTooLarge(bought.order.id, Money(left, "NGN"))
            with database.engine.begin() as connection:
                connection.execute(
                    insert(table_of(Refund)).values(
                        payment_id=bought.payment.id,
                        event_id=bought.order.event_id,
                        amount_minor=PART,
                        currency="NGN",
                        reason=WHY,
                        actor=jazz_organizer.actor.name,
                        state=RefundState.REQUESTED,
                        requested_at=clock.now(),
                    )
                )

        found = outcomes([refund_hastily] * CALLERS)

        assert found == {"done": CALLERS}
        violations = [str(violation) for violation in services.audit.violations()]
        assert any("more was refunded than was paid" in found for found in violations)
