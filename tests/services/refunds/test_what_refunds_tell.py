"""What people are told about refunds of money alone, when more has happened since or before."""

from functools import partial

import pytest

from app.config import Settings
from app.domain.errors import RefundRefused
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from tests.services.refunds.refund_steps import WHY, lose_dispute, refund_money
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

PRICE = 250_000


@pytest.fixture
def bought(make: Factory, jazz_organizer: User) -> Settlement:
    """Three tickets at 2,500, of which 1,000 went back."""
    event = make.event(organizer=jazz_organizer, capacity=5)
    bought = make.buy(make.user(name="ada"), event.id, quantity=3)
    refund_money(make.services, jazz_organizer, bought.order.id, 100_000)
    return bought


@pytest.mark.usefixtures("audited")
class TestCancellation:
    def test_tells_what_is_left_where_a_bank_took_a_part(
        self, services: Services, make: Factory, jazz_organizer: User, bought: Settlement
    ) -> None:
        event_id = bought.order.event_id
        make.buy(make.user(), event_id)
        lose_dispute(services, bought.payment.reference, 400_000)
        cancel = partial(services.events.cancel, event_id=event_id, organizer=jazz_organizer)

        told = cancel(dry_run=True)
        cancel(dry_run=False)
        make.work()
        done = cancel(dry_run=True)

        assert (told.orders_to_refund, told.minor_to_refund) == (2, 250_000 + PRICE)
        assert (done.minor_to_refund, done.minor_refunded) == (0, 350_000 + PRICE)

    def test_tells_of_nothing_where_a_bank_took_more_than_was_left(
        self, services: Services, jazz_organizer: User, bought: Settlement
    ) -> None:
        lose_dispute(services, bought.payment.reference, None)

        told = services.events.cancel(
            event_id=bought.order.event_id, organizer=jazz_organizer, dry_run=True
        )

        assert (told.orders_to_refund, told.minor_to_refund) == (1, 0)


class TestMail:
    @pytest.mark.usefixtures("audited")
    def test_calls_no_tickets_valid_that_were_refunded_before_it_was_sent(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        jazz_organizer: User,
        bought: Settlement,
    ) -> None:
        services.refund_requests.request_refund(order_id=bought.order.id, caller=jazz_organizer)

        make.work()

        (mail,) = (mail for mail in mailer.to("ada@example.com") if WHY in mail.text)
        assert "NGN 1,000.00 goes back to you" in mail.text
        assert "stay valid" not in mail.text + (mail.html or "")

    def test_waits_when_the_address_got_many_as_amounts_may_be_as_small_as_wanted(
        self,
        services: Services,
        settings: Settings,
        make: Factory,
        mailer: FakeMailer,
        gateway: FakeGateway,
        jazz_organizer: User,
    ) -> None:
        victim = make.user()
        order = make.buy(victim, make.event(organizer=jazz_organizer).id).order
        make.work()
        before = len(mailer.to(victim.email))
        gateway.failure = RefundRefused("ref", "Your balance is not enough")

        for _ in range(settings.mails_per_address):
            refund_money(services, jazz_organizer, order.id, 1)
        for _ in range(3):
            make.work()

        assert len(mailer.to(victim.email)) == before + settings.mails_per_address
