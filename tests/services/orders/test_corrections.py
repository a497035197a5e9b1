"""Names on tickets and mistyped addresses, corrected by the organizer."""

from datetime import timedelta

import pytest

from app.domain.errors import (
    BuyerKeepsAddress,
    BuyerLimitReached,
    EventNotFound,
    LinkInvalid,
    OrderNotPaid,
    OrderValueInvalid,
    OrganizationRoleMissing,
    TicketNotFound,
    TicketOutOfUse,
    TicketPageReplaced,
    TooManyMails,
)
from app.domain.listings import EventListing
from app.domain.permissions import OrganizationRole
from app.domain.states import OrderStatus
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.payments.order_pages import LinkedOrder
from app.services.users.guests import Guest
from tests.steps.checkouts import ADA, Shopper
from tests.steps.corrections import RIGHT, Corrector
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer, refund_hours=24, max_per_buyer=2)


@pytest.fixture
def bought(check_out: Shopper, event: EventListing) -> LinkedOrder:
    return check_out.bought(event.id, quantity=2)


@pytest.fixture
def correct(services: Services, jazz_organizer: User, event: EventListing) -> Corrector:
    return Corrector(services, jazz_organizer, event)


class TestRenameAttendee:
    def test_changes_the_name_and_keeps_the_codes(
        self, services: Services, correct: Corrector, bought: LinkedOrder
    ) -> None:
        before = correct.tickets(bought.order.id)[0]

        correct.name(before, "Chi Eze")

        after = correct.tickets(bought.order.id)[0]
        assert (after.attendee_name, after.code, after.version) == ("Chi Eze", before.code, 1)
        assert services.ticket_pages.show(after.link_key).holder == "Chi Eze"
        assert correct.notes(bought.order.id) == ["Ticket 1: the name was Ada Obi, now Chi Eze"]

    def test_notes_nothing_when_nothing_changes(
        self, correct: Corrector, bought: LinkedOrder
    ) -> None:
        ticket = correct.tickets(bought.order.id)[0]

        correct.name(ticket, ticket.attendee_name)

        assert correct.notes(bought.order.id) == []

    def test_is_refused_for_tickets_of_other_orders_and_refunded_ones(
        self,
        services: Services,
        make: Factory,
        correct: Corrector,
        bought: LinkedOrder,
        jazz_organizer: User,
        event: EventListing,
    ) -> None:
        other = make.buy(make.user(), event.id).tickets[0]
        with pytest.raises(TicketNotFound):
            correct.name(other, "Chi", order_id=bought.order.id)
        first = correct.tickets(bought.order.id)[0]
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=jazz_organizer, ticket_ids=[first.id]
        )

        with pytest.raises(TicketOutOfUse):
            correct.name(first, "Chi")


class TestMoveToAddress:
    def test_brings_the_tickets_to_the_right_address_and_ends_what_was_sent(
        self,
        services: Services,
        make: Factory,
        correct: Corrector,
        bought: LinkedOrder,
        mailer: FakeMailer,
    ) -> None:
        make.work()
        before = correct.tickets(bought.order.id)

        correct.address(bought.order.id)
        make.work()

        after = correct.tickets(bought.order.id)
        assert {ticket.version for ticket in after} == {2}
        assert not {t.code for t in before} & {t.code for t in after}
        with pytest.raises(LinkInvalid):
            services.order_pages.look(token=bought.token)
        with pytest.raises(TicketPageReplaced):
            services.ticket_pages.show(before[0].link_key)
        assert [(mail.to, mail.subject.partition(" for")[0]) for mail in mailer.sent] == [
            (ADA.email, "Your tickets"),
            (RIGHT, "Your tickets"),
            (ADA.email, "Not your order"),
        ]
        right = mailer.sent[1].text
        assert all(ticket.link_key in right for ticket in after)
        assert not any(ticket.link_key in mailer.sent[2].text for ticket in after)
        (note,) = correct.notes(bought.order.id)
        assert note == f"The address was {ADA.email}, now {RIGHT}"

    def test_lets_the_new_address_do_all_with_its_link(
        self,
        services: Services,
        make: Factory,
        correct: Corrector,
        bought: LinkedOrder,
        mailer: FakeMailer,
    ) -> None:
        make.work()
        correct.address(bought.order.id)
        make.work()
        token = mailer.sent[1].text.partition("/o/")[2].split()[0]

        services.order_links.refund(token=token, ticket_ids=None)

        shown = services.order_pages.look(token=token)
        assert shown.order.status == OrderStatus.REFUNDED

    def test_counts_the_places_for_the_new_address_from_then_on(
        self,
        correct: Corrector,
        check_out: Shopper,
        bought: LinkedOrder,
        event: EventListing,
    ) -> None:
        correct.address(bought.order.id)

        with pytest.raises(BuyerLimitReached):
            check_out(event.id, guest=Guest(name="Ada", email=RIGHT))
        check_out(event.id, guest=ADA)

    def test_leaves_transferred_tickets_with_their_holders(
        self,
        services: Services,
        make: Factory,
        correct: Corrector,
        bought: LinkedOrder,
        mailer: FakeMailer,
        database: Database,
    ) -> None:
        bola = make.user(name="bola")
        first, second = correct.tickets(bought.order.id)
        with database.reading() as work:
            ada = work.users.get(bought.order.buyer_id)
        services.transfers.offer(ticket_id=first.id, giver=ada, email=bola.email)
        make.work()
        token = mailer.sent[-1].text.partition("token=")[2].split()[0]
        services.transfers.accept(token=token)

        correct.address(bought.order.id)

        kept, moved = correct.tickets(bought.order.id)
        assert kept.user_id == bola.id
        assert moved.user_id not in (bola.id, second.user_id)

    def test_is_refused_for_an_account_s_order(
        self, make: Factory, correct: Corrector, event: EventListing
    ) -> None:
        with pytest.raises(BuyerKeepsAddress):
            correct.address(make.buy(make.user(), event.id).order.id)

    def test_is_refused_once_mail_to_the_address_was_read(
        self,
        services: Services,
        make: Factory,
        correct: Corrector,
        bought: LinkedOrder,
        mailer: FakeMailer,
    ) -> None:
        make.work()
        token = mailer.sent[0].text.partition("/o/")[2].split()[0]
        first = correct.tickets(bought.order.id)[0]
        services.order_links.refund(token=token, ticket_ids=[first.id])

        with pytest.raises(BuyerKeepsAddress):
            correct.address(bought.order.id)

    def test_is_refused_for_unpaid_orders_and_the_address_it_has(
        self, correct: Corrector, check_out: Shopper, bought: LinkedOrder, event: EventListing
    ) -> None:
        unpaid = check_out(event.id, guest=Guest(name="Uju", email="uju@example.com"))

        with pytest.raises(OrderNotPaid):
            correct.address(unpaid.order.id)
        with pytest.raises(OrderValueInvalid):
            correct.address(bought.order.id, ADA.email.upper())

    def test_is_refused_after_a_few_times(
        self, correct: Corrector, bought: LinkedOrder, clock: FakeClock
    ) -> None:
        for number in range(3):
            correct.address(bought.order.id, f"ada{number}@example.com")

        with pytest.raises(TooManyMails):
            correct.address(bought.order.id, "victim@example.com")
        clock.advance(timedelta(hours=2))
        correct.address(bought.order.id, "ada@example.org")

    def test_is_for_who_helps_holders(
        self, services: Services, make: Factory, check_out: Shopper
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        order_id = check_out.bought(event.id).order.id
        correct = Corrector(services, band.owner, event)

        with pytest.raises(OrganizationRoleMissing):
            correct.address(order_id, by=band.member(OrganizationRole.FINANCE))
        with pytest.raises(EventNotFound):
            correct.address(order_id, by=make.user())
        correct.address(order_id, by=band.member(OrganizationRole.SUPPORT))
