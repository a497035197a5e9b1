"""Buying without an account."""

from dataclasses import replace

import pytest

from app.domain.errors import (
    AccountDisabled,
    BuyerLimitReached,
    EmailNotConfirmed,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
    SoldOut,
    TooManyCheckouts,
    WrongCredentials,
)
from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import OrderStatus, Role
from app.domain.users.attempts import ClientAddress
from app.http.services import Services
from app.repositories.database import Database
from app.services.users.guests import Guest
from app.wiring.adapters import Adapters
from tests.steps.checkouts import ADA, Shopper
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeGateway, FakeMailer
from tests.support.links import mailed_order

CLIENT = ClientAddress.of("203.0.113.7")


@pytest.mark.smoke
@pytest.mark.usefixtures("audited")
class TestCheckOut:
    def test_holds_places_and_opens_a_payment(
        self, check_out: Shopper, concert: EventId, gateway: FakeGateway
    ) -> None:
        linked = check_out(concert, quantity=2)

        assert linked.payment is not None
        assert gateway.charges[linked.payment.reference].email == ADA.email
        assert linked.pay_url == f"https://checkout.test/{linked.payment.reference}"
        assert (linked.order.status, linked.order.buyer_name) == (OrderStatus.PENDING, "Ada Obi")
        assert linked.minutes_left == 15

    def test_puts_the_guests_name_on_tickets_that_name_nobody(
        self, check_out: Shopper, concert: EventId, make: Factory, services: Services
    ) -> None:
        kind = services.events.get(concert).ticket_types[0].id
        item = RequestedItem(ticket_type_id=kind, quantity=2, attendees=["Bola Ade"])
        opened = check_out(concert, order_request=OrderRequest(event_id=concert, items=[item]))
        assert opened.payment is not None

        settled = services.settlement.settle(opened.payment.reference)

        assert [ticket.attendee_name for ticket in settled.tickets] == ["Bola Ade", "Ada Obi"]

    def test_mails_the_tickets_and_the_link_to_the_order(
        self, check_out: Shopper, concert: EventId, make: Factory, mailer: FakeMailer
    ) -> None:
        linked = check_out.bought(concert)
        make.work()

        (mail,) = mailer.to(ADA.email)
        assert "Hello Ada Obi," in mail.text
        token = mailed_order(mail)
        assert token != linked.token
        assert mail.html is not None
        assert token in mail.html

    def test_sells_free_places_at_once(
        self, check_out: Shopper, make: Factory, gateway: FakeGateway
    ) -> None:
        linked = check_out(make.event(price="0").id, quantity=2)

        assert linked.order.status == OrderStatus.PAID
        assert [ticket.is_shown for ticket in linked.tickets] == [True, True]
        assert not gateway.charges

    def test_calls_each_order_by_the_name_given_with_it(
        self, check_out: Shopper, concert: EventId, make: Factory, mailer: FakeMailer
    ) -> None:
        check_out.bought(concert)
        check_out(concert, guest=replace(ADA, name="Somebody Else"))
        make.work()

        (mail,) = mailer.to(ADA.email)
        assert "Hello Ada Obi," in mail.text

    def test_makes_one_guest_of_an_address_in_whatever_letters(
        self, check_out: Shopper, concert: EventId
    ) -> None:
        first = check_out(concert)
        second = check_out(concert, guest=replace(ADA, email="ADA@Example.com"))

        assert first.order.buyer_id == second.order.buyer_id
        assert first.order.id != second.order.id

    def test_touches_no_account_with_the_address(
        self, check_out: Shopper, concert: EventId, make: Factory, services: Services
    ) -> None:
        account = make.user(name="ada")

        linked = check_out(concert)

        assert linked.order.buyer_id != account.id
        assert services.orders.page(buyer_id=account.id, after=None, limit=1).items == []

    def test_leaves_nobody_behind_when_it_is_refused(
        self, check_out: Shopper, make: Factory, database: Database
    ) -> None:
        with pytest.raises(SoldOut):
            check_out(make.event(capacity=1).id, quantity=2)

        with database.reading() as work:
            assert work.users.find_guest(ADA.email) is None

    def test_counts_the_places_of_an_address(self, check_out: Shopper, make: Factory) -> None:
        event = make.event(max_per_buyer=2)
        check_out(event.id, quantity=2)

        with pytest.raises(BuyerLimitReached):
            check_out(event.id)

    def test_holds_few_places_for_an_address_that_is_not_confirmed(
        self, check_out: Shopper, concert: EventId
    ) -> None:
        check_out(concert, quantity=5)

        with pytest.raises(EmailNotConfirmed):
            check_out(concert)

    def test_counts_checkouts_of_a_network(self, check_out: Shopper, make: Factory) -> None:
        wanted = replace(make.order_request(make.event().id), client=CLIENT)
        for number in range(60):
            guest = Guest(name="Many", email=f"many{number}@example.com")
            check_out(wanted.event_id, guest=guest, order_request=wanted)

        with pytest.raises(TooManyCheckouts):
            check_out(wanted.event_id, order_request=wanted)

    def test_keeps_the_places_when_paystack_is_silent(
        self, check_out: Shopper, concert: EventId, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.failure, gateway.answers_lost = PaymentGatewayUnavailable(), True

        linked = check_out(concert)

        assert linked.order.status == OrderStatus.PENDING
        assert linked.pay_url is None

    def test_holds_nothing_when_paystack_was_not_reached(
        self, check_out: Shopper, concert: EventId, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.failure = PaymentGatewayFenced()

        with pytest.raises(PaymentGatewayFenced):
            check_out(concert)

        assert services.events.get(concert).places_left == 10

    def test_refuses_a_guest_who_was_disabled(
        self, check_out: Shopper, concert: EventId, services: Services, make: Factory
    ) -> None:
        linked = check_out(concert)
        services.account_control.set_disabled(
            actor=make.user(role=Role.ADMIN).actor, user_id=linked.order.buyer_id, disabled=True
        )

        with pytest.raises(AccountDisabled):
            check_out(concert)


class TestGuest:
    def test_never_logs_in(
        self, check_out: Shopper, concert: EventId, services: Services, outside: Adapters
    ) -> None:
        linked = check_out(concert)
        with outside.database.reading() as work:
            guest = work.users.get(linked.order.buyer_id)

        for name in (guest.username, guest.email, guest.email_key):
            for password in ("", "!", PASSWORD):
                with pytest.raises(WrongCredentials):
                    services.sessions.log_in(name=name, password=password)

    def test_is_sent_no_new_password(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        check_out(concert)

        services.account_requests.request_reset(email=ADA.email)
        make.work()

        assert mailer.to(ADA.email) == []

    def test_leaves_the_address_to_who_registers_it(
        self, check_out: Shopper, concert: EventId, services: Services
    ) -> None:
        check_out(concert)

        account = services.users.register(email=ADA.email, username="ada", password=PASSWORD)

        assert not account.is_guest
