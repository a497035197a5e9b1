"""Guests who wait for places."""

import pytest

from app.domain.errors import AlreadyWaiting, LinkInvalid, NotSoldOut, TooManyMails
from app.domain.listings import EventListing
from app.domain.states import OrderStatus, WaitingState
from app.domain.users.attempts import UNKNOWN_CLIENT
from app.http.services import Services
from tests.steps.checkouts import ADA
from tests.support.factories import PASSWORD, RETURNS, Factory
from tests.support.fakes import FakeMailer
from tests.support.lines import Line
from tests.support.links import mailed_order, mailed_wait, token_in

pytestmark = [pytest.mark.smoke, pytest.mark.usefixtures("audited")]


@pytest.fixture
def full(make: Factory) -> EventListing:
    return make.event(price="2500", capacity=1)


@pytest.fixture
def line(make: Factory, full: EventListing) -> Line:
    return Line(make, full)


def ask(services: Services, event: EventListing, *, quantity: int = 1) -> None:
    services.guest_waits.ask(
        guest=ADA,
        event_id=event.id,
        ticket_type_id=event.ticket_types[0].id,
        quantity=quantity,
        client=UNKNOWN_CLIENT,
    )


def mailed(make: Factory, mailer: FakeMailer) -> str:
    """The secret in the last mail."""
    make.work()
    return mailed_wait(mailer.to(ADA.email)[-1])


class TestAsk:
    def test_counts_for_nothing_before_the_link_is_used(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        ask(services, line.event)
        token = mailed(make, mailer)
        line.free()
        make.work()

        assert services.guest_waits.look(token=token).wait.entry.state == WaitingState.UNCONFIRMED
        assert make.order(make.user(), line.event.id).status == OrderStatus.PENDING

    def test_tells_nothing_of_what_the_address_waits_for(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        ask(services, line.event)
        services.guest_waits.join(token=mailed(make, mailer))

        ask(services, line.event)  # as if nobody waited
        with pytest.raises(AlreadyWaiting):
            services.guest_waits.join(token=mailed(make, mailer))

    def test_is_refused_while_there_are_places(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        with pytest.raises(NotSoldOut):
            ask(services, make.event(capacity=1))

        make.work()
        assert mailer.to(ADA.email) == []

    def test_mails_an_address_only_so_often(self, services: Services, line: Line) -> None:
        for _ in range(5):
            ask(services, line.event)

        with pytest.raises(TooManyMails):
            ask(services, line.event)


class TestJoin:
    def test_leads_to_an_offer_that_is_paid_by_its_link(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        ask(services, line.event)
        token = mailed(make, mailer)
        services.guest_waits.join(token=token)
        assert services.guest_waits.look(token=token).wait.place_in_line == 1
        line.free()
        make.work()
        make.work()

        (offer,) = [mail for mail in mailer.to(ADA.email) if "Your turn" in mail.subject]
        order_token = mailed_order(offer)
        paid = services.order_links.pay(token=order_token, returns=RETURNS)
        services.settlement.settle(paid.payment.reference)

        found = services.order_pages.look(token=order_token)
        assert "Hello Ada Obi," in offer.text
        assert found.order.status == OrderStatus.PAID
        assert found.may_change
        assert [each.ticket.attendee_name for each in found.tickets] == ["Ada Obi"]
        assert services.guest_waits.look(token=token).wait.entry.state == WaitingState.BOUGHT

    def test_is_done_once(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        ask(services, line.event)
        token = mailed(make, mailer)
        services.guest_waits.join(token=token)

        services.guest_waits.join(token=token)
        services.guest_waits.leave(token=token)
        services.guest_waits.join(token=token)

        assert services.guest_waits.look(token=token).wait.entry.state == WaitingState.LEFT

    def test_takes_the_link_of_this_entry(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        account = line.join(make.user())
        ask(services, line.event)
        token = mailed(make, mailer)

        for wrong in ("1", "999.x", token.replace(token[:2], f"{account.entry.id}.", 1)):
            with pytest.raises(LinkInvalid):
                services.guest_waits.join(token=wrong)

    def test_takes_no_link_from_an_address_that_its_account_has_left(
        self, services: Services, line: Line, make: Factory, mailer: FakeMailer
    ) -> None:
        ask(services, line.event)
        token = mailed(make, mailer)
        services.guest_waits.join(token=token)
        ada = services.users.register(
            email=ADA.email, username="ada", password=PASSWORD, email_is_confirmed=True
        )
        services.sessions.log_in(name="ada", password=PASSWORD)
        assert services.guest_waits.look(token=token).wait.place_in_line == 1
        services.users.edit(user_id=ada.id, email="new@example.com", current_password=PASSWORD)
        make.work()
        services.account_requests.confirm_email(token=token_in(mailer, "new@example.com"))

        for use in (services.guest_waits.look, services.guest_waits.leave):
            with pytest.raises(LinkInvalid):
                use(token=token)

        (wait,) = services.waiting.mine(user=ada)
        assert wait.place_in_line == 1
