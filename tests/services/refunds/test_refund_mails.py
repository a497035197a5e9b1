"""The words of mails about refunds, and about offers that cost nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.errors import RefundRefused
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from tests.services.refunds.refund_steps import WHY, lose_dispute, refund_money
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.lines import join


@pytest.mark.usefixtures("audited")
class TestRefunded:
    def test_says_which_tickets_and_how_many(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        bought = make.buy(ada, make.event().id, quantity=3)
        given = [ticket.id for ticket in bought.tickets[:2]]

        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=admin, ticket_ids=given
        )
        make.work()

        text = mailer.to(ada.email)[-1].text
        assert "these 2 tickets for Lagos Jazz Night were refunded." in text
        named = [f"(ticket {ticket.id})" in text for ticket in bought.tickets]
        assert named == [True, True, False]
        assert "requested" not in text
        assert "NGN 5,000.00 goes back" in text

    def test_speaks_of_no_money_where_none_was_paid(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada, bola, admin = make.user(), make.user(), make.user(role=Role.ADMIN)
        event = make.event(price="0", capacity=1)
        order = make.order(ada, event.id)
        join(services, bola, event, 1)

        services.refund_requests.request_refund(order_id=order.id, caller=admin)
        make.work()

        for mail in (mailer.to(ada.email)[-1], mailer.to(bola.email)[-1]):
            words = mail.text + (mail.html or "")
            assert "0.00" not in words
            assert "goes back" not in words
            assert "Pay for" not in words


class TestStuck:
    def test_tells_the_buyer_once_that_the_money_is_not_on_its_way(
        self, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        bought = make.buy(ada, make.event().id)
        services.refund_requests.request_refund(order_id=bought.order.id, caller=admin)
        dict(services.work.jobs)["messages"]()
        assert "goes back to you" in mailer.to(ada.email)[-1].text

        gateway.failure = RefundRefused(bought.payment.reference, "Your balance is not enough")
        dict(services.work.jobs)["refunds"]()
        gateway.failure = None
        dict(services.work.jobs)["messages"]()

        told = mailer.to(ada.email)[-1]
        assert told.subject == "Your refund for Lagos Jazz Night takes longer"
        assert f"order {bought.order.id}" in told.text

    def test_promises_nothing_in_a_mail_that_is_late(
        self, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        bought = make.buy(ada, make.event().id)
        services.refund_requests.request_refund(order_id=bought.order.id, caller=admin)
        gateway.failure = RefundRefused(bought.payment.reference, "Your balance is not enough")
        dict(services.work.jobs)["refunds"]()
        gateway.failure = None

        dict(services.work.jobs)["messages"]()

        for mail in mailer.to(ada.email):
            assert "goes back to you" not in mail.text + (mail.html or "")


class TestMoney:
    def test_is_a_part_until_the_rest_goes_back(
        self, services: Services, make: Factory, mailer: FakeMailer, jazz_organizer: User
    ) -> None:
        bought, said = _bought(make, jazz_organizer)
        for minor in (100_000, 100_000):
            refund_money(services, jazz_organizer, bought.order.id, minor)
        make.work()
        assert [mail[:4] for mail in said(mailer)] == ["part", "part"]

        refund_money(services, jazz_organizer, bought.order.id, 50_000)
        make.work()

        assert said(mailer)[-1] == (
            f"the rest of what you paid for Lagos Jazz Night goes back to you: {WHY}. "
            "Your tickets stay valid."
        )

    def test_is_a_part_in_a_mail_that_is_late(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        jazz_organizer: User,
    ) -> None:
        bought, said = _bought(make, jazz_organizer)
        refund_money(services, jazz_organizer, bought.order.id, 100_000)
        clock.advance(timedelta(seconds=1))
        refund_money(services, jazz_organizer, bought.order.id, 150_000)

        make.work()

        assert sorted(mail[:8] for mail in said(mailer)) == ["part of ", "the rest"]

    def test_is_all_that_was_paid(
        self, services: Services, make: Factory, mailer: FakeMailer, jazz_organizer: User
    ) -> None:
        bought, said = _bought(make, jazz_organizer)

        refund_money(services, jazz_organizer, bought.order.id, 250_000)
        make.work()

        assert said(mailer) == [
            f"what you paid for Lagos Jazz Night goes back to you: {WHY}. Your tickets stay valid."
        ]

    def test_is_the_rest_of_what_a_bank_took_a_part_of(
        self, services: Services, make: Factory, mailer: FakeMailer, jazz_organizer: User
    ) -> None:
        bought, said = _bought(make, jazz_organizer)
        lose_dispute(services, bought.payment.reference, 100_000)

        refund_money(services, jazz_organizer, bought.order.id, 150_000)
        make.work()

        assert [mail[:8] for mail in said(mailer)] == ["the rest"]


def _bought(make: Factory, organizer: User) -> tuple[Settlement, Callable[[FakeMailer], list[str]]]:
    """A ticket at 2,500, and what reads the sentences about its money in its buyer's mails."""
    ada = make.user()
    bought = make.buy(ada, make.event(organizer=organizer).id)
    return bought, lambda mailer: [
        line
        for mail in mailer.to(ada.email)
        for line in mail.text.splitlines()
        if "you paid for" in line
    ]
