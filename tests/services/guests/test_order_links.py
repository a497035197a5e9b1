"""What the link to a guest's order does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event

from app.domain.errors import (
    LinkInvalid,
    RefundTooLate,
    TicketNotFound,
    TicketNotRefundable,
)
from app.domain.ids import EventId
from app.domain.states import OrderStatus, PaymentStatus, Role
from app.http.services import Services
from app.repositories.database import Database
from tests.steps.checkouts import ADA, Shopper
from tests.support.factories import PASSWORD, RETURNS, Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.links import mailed_order


@contextmanager
def between_order_and_payment(
    database: Database, happening: Callable[[], object]
) -> Iterator[None]:
    """What happens, once, after an order was read and before its payments are."""
    waiting = [happening]

    def interrupt(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "FROM payments" in statement and waiting:
            thread = Thread(target=waiting.pop())
            thread.start()
            thread.join()

    event.listen(database.engines.reading, "before_cursor_execute", interrupt)
    try:
        yield
    finally:
        event.remove(database.engines.reading, "before_cursor_execute", interrupt)
    assert not waiting


@pytest.mark.usefixtures("audited")
class TestLink:
    def test_pays_again_after_a_failed_payment(
        self, check_out: Shopper, concert: EventId, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        linked = check_out(concert)
        assert linked.payment is not None
        gateway.decline(linked.payment.reference)
        services.settlement.settle(linked.payment.reference)

        again = services.order_links.pay(token=linked.token, returns=RETURNS)

        assert again.payment.status == PaymentStatus.OPEN
        assert again.payment.reference != linked.payment.reference

    def test_has_a_page_to_pay_at_as_long_as_it_shows_the_order_unpaid(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        gateway: FakeGateway,
        database: Database,
    ) -> None:
        gateway.pays_at_once = False
        linked = check_out(concert)
        assert linked.payment is not None
        reference = linked.payment.reference
        gateway.pay(reference)

        with between_order_and_payment(database, lambda: services.settlement.settle(reference)):
            shown = services.order_pages.look(token=linked.token)

        assert (shown.order.status, shown.pay_url is None) == (OrderStatus.PENDING, False)

    def test_gives_the_places_up(
        self, check_out: Shopper, concert: EventId, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        linked = check_out(concert)

        services.order_links.cancel(token=linked.token)

        assert services.events.get(concert).places_left == 10

    def test_gives_a_ticket_back(
        self, check_out: Shopper, concert: EventId, services: Services
    ) -> None:
        linked = check_out.bought(concert, quantity=2)

        services.order_links.refund(token=linked.token, ticket_ids=[linked.tickets[0].ticket.id])

        states = [t.is_usable for t in services.order_pages.look(token=linked.token).tickets]
        assert states == [False, True]

    def test_hands_a_ticket_on_and_takes_the_offer_back(
        self, check_out: Shopper, concert: EventId, services: Services
    ) -> None:
        linked = check_out.bought(concert)
        ticket_id = linked.tickets[0].ticket.id

        services.order_links.offer(
            token=linked.token, ticket_id=ticket_id, email="bola@example.com", name=None
        )
        (offered,) = services.order_pages.look(token=linked.token).tickets
        assert offered.offer is not None
        services.order_links.withdraw(token=linked.token, transfer_id=offered.offer.id)

        (kept,) = services.order_pages.look(token=linked.token).tickets
        assert kept.offer is None

    def test_confirms_the_address_when_one_that_came_by_mail_is_used(
        self,
        check_out: Shopper,
        concert: EventId,
        make: Factory,
        mailer: FakeMailer,
        services: Services,
    ) -> None:
        linked = check_out.bought(concert)
        make.work()
        token = mailed_order(mailer.to(ADA.email)[0])

        def confirmed() -> bool:
            return services.order_pages.look(token=token).is_confirmed

        ticket_id = linked.tickets[0].ticket.id
        services.order_links.offer(
            token=linked.token, ticket_id=ticket_id, email="bola@example.com", name=None
        )
        after_checkout_link = confirmed()
        services.order_links.refund(token=token, ticket_ids=[ticket_id])

        assert (after_checkout_link, confirmed()) == (False, True)

    def test_does_nothing_to_tickets_of_other_orders(
        self, check_out: Shopper, concert: EventId, services: Services, clock: FakeClock
    ) -> None:
        mine = check_out.bought(concert)
        clock.advance(timedelta(seconds=1))
        other = check_out.bought(concert)

        with pytest.raises(LinkInvalid):
            services.order_pages.look(token=f"1.{other.token.partition('.')[2]}")
        with pytest.raises(TicketNotFound):
            services.order_links.offer(
                token=mine.token,
                ticket_id=other.tickets[0].ticket.id,
                email="bola@example.com",
                name=None,
            )

    @pytest.mark.parametrize("role", [Role.ORGANIZER, Role.ADMIN])
    def test_gives_who_typed_an_organizers_address_no_right_of_theirs(
        self,
        check_out: Shopper,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        role: Role,
    ) -> None:
        owner = make.user(name="ada", role=role)
        assert owner.email == ADA.email
        never, later = (
            check_out.bought(make.event(organizer=owner, refund_hours=hours).id)
            for hours in (None, 24)
        )
        services.sessions.log_in(name="ada", password=PASSWORD)
        ticket_id = later.tickets[0].ticket.id
        services.order_links.offer(
            token=later.token, ticket_id=ticket_id, email="bola@example.com", name=None
        )
        make.work()
        mail = mailer.to("bola@example.com")[-1]
        services.transfers.accept(token=mail.text.partition("/transfer?token=")[2].split()[0])

        with pytest.raises(RefundTooLate):
            services.order_links.refund(token=never.token, ticket_ids=None)
        with pytest.raises(TicketNotRefundable):
            services.order_links.refund(token=later.token, ticket_ids=[ticket_id])
