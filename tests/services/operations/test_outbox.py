from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.config import Settings
from app.domain.errors import (
    MailerUnavailable,
    MailRejected,
    MessageNotFound,
    OrderNotFound,
    OrderNotPaid,
    RoleMissing,
    TooManyMails,
)
from app.domain.ids import OrderId
from app.domain.states import OutboxKind, OutboxStatus, Role
from app.http.services import Services
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.tickets.transfers import TicketTransfer
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.mail_delivery import MailDeliveryService
from app.services.operations.mail_limits import MailBudget
from app.wiring.adapters import Adapters
from app.wiring.areas.mails import composers
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(role=Role.ADMIN)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user()


@pytest.fixture
def order(make: Factory, organizer: User, ada: User) -> Order:
    """A paid one of two tickets, with its mail still to be sent."""
    return make.buy(ada, make.event(organizer=organizer).id, quantity=2).order


def only(services: Services, admin: User) -> OutboxMessage:
    page = services.messages.page(caller=admin, status=None, kind=None, after=None, limit=9)
    (message,) = page.items
    return message


class TestSendAgain:
    @pytest.mark.usefixtures("order")
    def test_makes_another_mail_of_what_was_sent(
        self, services: Services, make: Factory, mailer: FakeMailer, admin: User
    ) -> None:
        make.work()
        message = only(services, admin)

        again = services.messages.send_again(caller=admin, message_id=message.id)
        make.work()
        make.work()

        assert (message.status, again.status) == (OutboxStatus.SENT, OutboxStatus.DUE)
        assert [mail.key for mail in mailer.sent] == ["outbox-1", "outbox-1-1"]
        assert only(services, admin).status == OutboxStatus.SENT

    @pytest.mark.usefixtures("order")
    def test_gives_what_was_buried_all_its_attempts_again(
        self, services: Services, make: Factory, mailer: FakeMailer, admin: User
    ) -> None:
        mailer.failure = MailRejected("550 no such user")
        make.work()
        dead = only(services, admin)
        mailer.failure = None

        again = services.messages.send_again(caller=admin, message_id=dead.id)
        make.work()

        assert (dead.status, dead.last_error) == (OutboxStatus.DEAD, "550 no such user")
        assert (again.attempts, again.resends) == (0, 1)
        assert len(mailer.sent) == 1
        assert only(services, admin).last_error is None

    @pytest.mark.usefixtures("order")
    def test_brings_forward_what_waits_as_the_same_mail(
        self, services: Services, make: Factory, mailer: FakeMailer, admin: User
    ) -> None:
        mailer.failure = MailerUnavailable("451 later")
        make.work()
        mailer.failure = None
        make.work()
        assert mailer.sent == []

        services.messages.send_again(caller=admin, message_id=only(services, admin).id)
        make.work()

        assert [mail.key for mail in mailer.sent] == ["outbox-1"]

    @pytest.mark.usefixtures("order")
    def test_is_for_admins(
        self, services: Services, organizer: User, ada: User, admin: User
    ) -> None:
        for caller in (organizer, ada):
            with pytest.raises(RoleMissing):
                services.messages.send_again(caller=caller, message_id=1)
            with pytest.raises(RoleMissing):
                services.messages.get(caller=caller, message_id=1)
        with pytest.raises(MessageNotFound):
            services.messages.send_again(caller=admin, message_id=99)
        with pytest.raises(MessageNotFound):
            services.messages.get(caller=admin, message_id=99)


class TestPage:
    def test_filters_and_turns_pages(
        self, services: Services, make: Factory, mailer: FakeMailer, admin: User
    ) -> None:
        event = make.event(price="0")
        for _ in range(3):
            make.order(make.user(), event.id)
        make.work()
        mailer.failure = MailRejected("550")
        make.order(make.user(), event.id)
        services.users.register(email="z@example.com", username="zoe", password="a long one")
        make.work()

        def ids(**which: object) -> list[int]:
            asked = {"status": None, "kind": None, "after": None, "limit": 9, **which}
            page = services.messages.page(caller=admin, **asked)  # type: ignore[arg-type]  # as named there
            return [message.id for message in page.items]

        assert ids() == [5, 4, 3, 2, 1]
        assert ids(status=OutboxStatus.DEAD) == [5, 4]
        assert ids(kind=OutboxKind.EMAIL_CONFIRMATION) == [5]
        assert ids(status=OutboxStatus.SENT, kind=OutboxKind.EMAIL_CONFIRMATION) == []
        first = services.messages.page(caller=admin, status=None, kind=None, after=None, limit=2)
        assert [message.id for message in first.items] == [5, 4]
        assert ids(after=first.next, limit=2) == [3, 2]


class TestSendTicketsAgain:
    @pytest.mark.parametrize("who", ["buyer", "organizer", "admin"])
    def test_mails_them_to_the_buyer(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        ada: User,
        organizer: User,
        admin: User,
        order: Order,
        who: str,
    ) -> None:
        make.work()
        caller = {"buyer": ada, "organizer": organizer, "admin": admin}[who]

        services.messages.send_tickets_again(caller=caller, order_id=order.id)
        make.work()

        first, second = mailer.to(ada.email)
        assert first.key != second.key
        assert first.attachments == second.attachments

    def test_mails_only_those_that_are_still_good(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        ada: User,
        organizer: User,
        order: Order,
    ) -> None:
        make.work()
        detail = services.orders.get(buyer_id=ada.id, order_id=order.id)
        ids = [ticket.id for ticket in detail.tickets]
        services.refund_requests.request_refund(
            order_id=order.id, caller=organizer, ticket_ids=ids[:1], reason="one is ill"
        )

        services.messages.send_tickets_again(caller=ada, order_id=order.id)
        make.work()

        (again,) = [mail for mail in mailer.to(ada.email) if mail.key == "outbox-1-1"]
        assert [part.name for part in again.attachments] == [f"ticket-{ids[1]}.png"]

    def test_is_for_paid_orders(
        self, services: Services, make: Factory, gateway: FakeGateway, ada: User
    ) -> None:
        gateway.pays_at_once = False
        pending = make.pay(ada, make.event().id).order

        with pytest.raises(OrderNotPaid):
            services.messages.send_tickets_again(caller=ada, order_id=pending.id)

    def test_is_for_those_whose_order_it_is(
        self, services: Services, make: Factory, order: Order
    ) -> None:
        for caller in (make.user(), make.user(role=Role.ORGANIZER)):
            with pytest.raises(OrderNotFound):
                services.messages.send_tickets_again(caller=caller, order_id=order.id)
        with pytest.raises(OrderNotFound):
            services.messages.send_tickets_again(caller=make.user(), order_id=OrderId(99))

    def test_is_done_three_times_an_hour(
        self, services: Services, ada: User, organizer: User, order: Order, clock: FakeClock
    ) -> None:
        for caller in (ada, organizer, ada):
            services.messages.send_tickets_again(caller=caller, order_id=order.id)

        for caller in (ada, organizer):
            with pytest.raises(TooManyMails):
                services.messages.send_tickets_again(caller=caller, order_id=order.id)

        clock.advance(timedelta(hours=1))
        services.messages.send_tickets_again(caller=ada, order_id=order.id)


class TestComposing:
    def test_that_fails_holds_up_no_other_mail(
        self,
        services: Services,
        outside: Adapters,
        settings: Settings,
        make: Factory,
        mailer: FakeMailer,
        admin: User,
    ) -> None:
        known = dict(composers(outside, settings))
        del known[OutboxKind.EMAIL_CONFIRMATION]
        messages = MailDeliveryService(
            database=outside.database,
            clock=outside.clock,
            mailer=outside.mailer,
            composers=known,
            budget=MailBudget(20),
        )
        services.users.register(email="z@example.com", username="zoe", password="a long one")
        make.order(make.user(), make.event(price="0").id)

        messages.send_due()

        unwritten = services.messages.get(caller=admin, message_id=1)
        assert len(mailer.sent) == 1
        assert unwritten.status == OutboxStatus.DUE
        assert unwritten.last_error == "The mail could not be written; the log has the mistake."

    def test_of_what_was_deleted_is_dropped(
        self,
        services: Services,
        make: Factory,
        database: Database,
        admin: User,
        ada: User,
    ) -> None:
        kind = OutboxKind.TRANSFER_OFFERED
        ticket = make.buy(ada, make.event().id).tickets[0]
        services.transfers.offer(ticket_id=ticket.id, giver=ada, email="chi@example.com")
        with database.engine.begin() as connection:
            # As the clean-up does, which may keep mails for longer than offers.
            connection.execute(delete(TicketTransfer))

        make.work()

        page = services.messages.page(caller=admin, status=None, kind=kind, after=None, limit=9)
        assert [message.status for message in page.items] == [OutboxStatus.DROPPED]
