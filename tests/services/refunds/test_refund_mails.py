"""The words of mails about refunds, and about offers that cost nothing."""

import pytest

from app.domain.errors import RefundRefused
from app.domain.states import Role
from app.http.services import Services
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer
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
