"""Tickets the organizer gives away or takes the money for: places, money, mails, rights."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    AccountDisabled,
    BuyerLimitReached,
    EventNotFound,
    OrderValueInvalid,
    OrganizationRoleMissing,
    SalesClosed,
    SoldOut,
)
from app.domain.listings import EventListing
from app.domain.permissions import OrganizationRole
from app.domain.states import OrderKind, OrderStatus, OutboxStatus, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.ticket_types import NewTicketType
from tests.steps.checkouts import Shopper
from tests.steps.organizations import Band
from tests.steps.selling import CHI, BoxOffice, balances
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

COMP = OrderKind.COMPLIMENTARY


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer, capacity=3, max_per_buyer=2, refund_hours=24)


@pytest.fixture
def box_office(services: Services, jazz_organizer: User, event: EventListing) -> BoxOffice:
    return BoxOffice(services, jazz_organizer, event.id)


class TestSell:
    def test_for_cash_issues_tickets_and_books_the_money_as_cash(
        self, box_office: BoxOffice, database: Database, jazz_organizer: User
    ) -> None:
        detail = box_office.sell(quantity=2)

        assert (detail.order.kind, detail.order.status) == (OrderKind.CASH, OrderStatus.PAID)
        assert [ticket.attendee_name for ticket in detail.tickets] == [CHI.name, CHI.name]
        assert [step.actor for step in detail.history] == [f"user:{jazz_organizer.id}"] * 2
        assert balances(database) == {"cash": 500_000, "sales": -500_000}

    def test_for_nothing_books_nothing(
        self, services: Services, box_office: BoxOffice, database: Database, jazz_organizer: User
    ) -> None:
        detail = box_office.sell(COMP, reason="Guest of the band")

        assert detail.order.total.is_free
        assert [ticket.paid_minor for ticket in detail.tickets] == [0]
        assert balances(database) == {}
        (note,) = services.event_orders.notes(
            event_id=box_office.event_id, organizer=jazz_organizer, order_id=detail.order.id
        )
        assert (note.author, note.note.text) == (jazz_organizer.username, "Guest of the band")

    def test_mails_the_tickets_unless_told_not_to(
        self, services: Services, box_office: BoxOffice, make: Factory, mailer: FakeMailer
    ) -> None:
        box_office.sell(COMP)
        make.work()
        assert [mail.to for mail in mailer.sent] == [CHI.email]

        quiet = box_office.sell(COMP, is_mailed=False)
        make.work()

        assert len(mailer.sent) == 1
        (message,) = services.event_orders.show(
            event_id=box_office.event_id, organizer=box_office.seller, order_id=quiet.order.id
        ).mails
        assert message.status == OutboxStatus.DROPPED
        services.messages.send_tickets_again(caller=box_office.seller, order_id=quiet.order.id)
        make.work()
        assert len(mailer.sent) == 2

    def test_takes_places_as_everybody_does(self, box_office: BoxOffice, make: Factory) -> None:
        make.order(make.user(), box_office.event_id, quantity=2)

        with pytest.raises(SoldOut):
            box_office.sell(quantity=2)
        box_office.sell()

        with pytest.raises(SoldOut):
            make.order(make.user(), box_office.event_id)

    def test_shares_the_event_s_places(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        event = make.event(organizer=jazz_organizer, capacity=10, shared_capacity=1)
        box_office = BoxOffice(services, jazz_organizer, event.id)
        box_office.sell()

        with pytest.raises(SoldOut):
            box_office.sell()

    def test_passes_the_buyer_s_limit_and_counts_for_it(
        self, services: Services, make: Factory, jazz_organizer: User, check_out: Shopper
    ) -> None:
        event = make.event(organizer=jazz_organizer, max_per_buyer=2)
        box_office = BoxOffice(services, jazz_organizer, event.id)

        box_office.sell(COMP, quantity=3)

        with pytest.raises(BuyerLimitReached):
            check_out(event.id, guest=CHI)

    def test_sells_hidden_types_outside_their_time_of_sale(
        self, services: Services, box_office: BoxOffice, jazz_organizer: User
    ) -> None:
        hidden = services.ticket_types.add(
            event_id=box_office.event_id,
            organizer=jazz_organizer,
            new=NewTicketType(
                name="Crew",
                price=Decimal(100),
                access_code="CREW",
                sales_open_at=START + timedelta(days=20),
            ),
        )

        detail = box_office.sell(ticket_type_id=hidden.id)

        assert detail.order.total_minor == 10_000

    def test_goes_on_while_sales_are_paused(
        self, services: Services, make: Factory, box_office: BoxOffice
    ) -> None:
        services.event_life.pause_sales(event_id=box_office.event_id, organizer=box_office.seller)

        assert box_office.sell().order.status == OrderStatus.PAID

    def test_refuses_cash_for_what_costs_nothing(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        free = make.event(organizer=jazz_organizer, price="0")

        with pytest.raises(OrderValueInvalid):
            BoxOffice(services, jazz_organizer, free.id).sell()

    def test_is_refused_once_the_event_is_over_cancelled_or_a_draft(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        jazz_organizer: User,
        box_office: BoxOffice,
    ) -> None:
        draft = make.event(organizer=jazz_organizer, is_draft=True)
        with pytest.raises(SalesClosed):
            BoxOffice(services, jazz_organizer, draft.id).sell()
        cancelled = make.event(organizer=jazz_organizer)
        services.events.cancel(event_id=cancelled.id, organizer=jazz_organizer, dry_run=False)
        with pytest.raises(SalesClosed):
            BoxOffice(services, jazz_organizer, cancelled.id).sell()
        clock.advance(timedelta(days=32))
        with pytest.raises(SalesClosed):
            box_office.sell()

    def test_is_refused_for_a_guest_who_was_disabled(
        self, services: Services, make: Factory, box_office: BoxOffice
    ) -> None:
        first = box_office.sell(COMP)
        services.account_control.set_disabled(
            actor=make.user(role=Role.ADMIN).actor, user_id=first.order.buyer_id, disabled=True
        )

        with pytest.raises(AccountDisabled):
            box_office.sell(COMP)


class TestRights:
    @pytest.mark.parametrize(
        ("role", "gives", "takes_cash"),
        [
            (OrganizationRole.MANAGER, True, True),
            (OrganizationRole.SUPPORT, True, False),
            (OrganizationRole.FINANCE, False, False),
            (OrganizationRole.CHECKER, False, False),
        ],
    )
    def test_of_each_role(
        self,
        services: Services,
        make: Factory,
        role: OrganizationRole,
        gives: bool,
        takes_cash: bool,
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        box_office = BoxOffice(services, band.owner, event.id)
        member = band.member(role)

        for kind, may in ((COMP, gives), (OrderKind.CASH, takes_cash)):
            if may:
                box_office.sell(kind, seller=member)
            else:
                with pytest.raises(OrganizationRoleMissing):
                    box_office.sell(kind, seller=member)

    def test_of_others(self, make: Factory, box_office: BoxOffice) -> None:
        with pytest.raises(EventNotFound):
            box_office.sell(COMP, seller=make.user(role=Role.ORGANIZER))
