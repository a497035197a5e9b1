"""A number names one row for ever: nothing that outlives the row finds another one under it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select

from app.domain.errors import LinkInvalid, PromoCodeNotFound
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import DiscountKind, OutboxKind, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.links import token_in

NEW = "another good one"
TWO_QUIET_WEEKS = timedelta(days=15)


class SlowClock(FakeClock):
    """Each look at it takes a minute."""

    def now(self) -> datetime:
        self.advance(timedelta(minutes=1))
        return super().now()


def registers(services: Services, name: str) -> User:
    """An account that still has to confirm its address."""
    return services.users.register(email=f"{name}@example.com", username=name, password=PASSWORD)


def forget_all_requests(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(delete(AccountRequest))


class TestRequestsByMail:
    def test_work_after_all_earlier_ones_were_deleted(
        self, services: Services, clock: FakeClock, make: Factory, mailer: FakeMailer
    ) -> None:
        registers(services, "ada")
        make.work()

        clock.advance(TWO_QUIET_WEEKS)
        services.retention.delete_ended()
        chi = registers(services, "chi")
        services.account_requests.request_reset(email="ada@example.com")
        make.work()

        services.account_requests.confirm_email(token=token_in(mailer, chi))

    def test_work_after_a_reset_was_deleted(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada = make.user()
        services.account_requests.request_reset(email=ada.email)
        make.work()

        forget_all_requests(database)
        services.account_requests.request_reset(email=ada.email)
        make.work()

    def test_leave_no_message_behind_when_they_are_deleted(
        self, services: Services, clock: FakeClock, database: Database, make: Factory
    ) -> None:
        registers(services, "ada")
        make.work()

        clock.advance(TWO_QUIET_WEEKS)
        services.retention.delete_ended()

        with database.reading() as work:
            kind = OutboxKind.EMAIL_CONFIRMATION
            assert not work.outbox.page(status=None, kind=kind, after=None, limit=9).items

    def test_leave_none_behind_if_they_end_during_a_clean_up(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        registers(services, "ada")
        make.work()
        with database.engine.begin() as connection:
            ended_at = connection.execute(select(AccountRequest.expires_at)).scalar_one()

        slow = SlowClock(ended_at + timedelta(days=7, minutes=-3.5))
        replace(services.retention, clock=slow).delete_ended()

        with database.engine.begin() as connection:
            requests = connection.scalar(select(func.count()).select_from(AccountRequest))
        with database.reading() as work:
            kind = OutboxKind.EMAIL_CONFIRMATION
            left = work.outbox.page(status=None, kind=kind, after=None, limit=9).items
        assert len(left) == requests

    def test_are_not_opened_by_the_link_of_an_earlier_one(
        self, services: Services, database: Database, make: Factory, mailer: FakeMailer
    ) -> None:
        owner, mallory = make.user(), registers(services, "mallory")
        make.work()
        link = token_in(mailer, mallory)

        forget_all_requests(database)
        services.account_requests.request_reset(email=owner.email)

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(token=link, new_password=NEW)
        services.sessions.log_in(name=owner.username, password=PASSWORD)


@dataclass(frozen=True)
class Offer:
    """An event whose organizer changes what it sells."""

    services: Services
    organizer: User
    event_id: EventId

    def add(self, name: str) -> TicketTypeId:
        new = NewTicketType(name=name, price=Decimal(1000))
        return self.services.ticket_types.add(
            event_id=self.event_id, organizer=self.organizer, new=new
        ).id

    def remove(self, ticket_type_id: TicketTypeId) -> None:
        self.services.ticket_types.remove(
            event_id=self.event_id, ticket_type_id=ticket_type_id, organizer=self.organizer
        )

    def half_price(self, *ticket_type_ids: TicketTypeId) -> None:
        new = NewPromoCode(
            code="HALF",
            kind=DiscountKind.PERCENT,
            value=Decimal(50),
            ticket_type_ids=ticket_type_ids,
        )
        self.services.promo_codes.create(event_id=self.event_id, organizer=self.organizer, new=new)

    def promo_codes(self) -> Sequence[PromoCode]:
        return self.services.promo_codes.all_of(event_id=self.event_id, organizer=self.organizer)


@pytest.fixture
def offer(services: Services, make: Factory) -> Offer:
    organizer = make.user(role=Role.ORGANIZER)
    return Offer(services, organizer, make.event(organizer=organizer).id)


class TestTicketTypes:
    def test_take_their_promo_codes_with_them(
        self, services: Services, make: Factory, offer: Offer
    ) -> None:
        student = offer.add("Student")
        offer.half_price(student)

        offer.remove(student)
        vip = offer.add("VIP")

        assert student != vip
        assert not offer.promo_codes()
        items = [RequestedItem(ticket_type_id=vip, quantity=1)]
        order_request = OrderRequest(event_id=offer.event_id, items=items, promo_code="HALF")
        with pytest.raises(PromoCodeNotFound):
            services.orders.place(buyer=make.user(), order_request=order_request)

    def test_leave_promo_codes_to_their_other_types(self, offer: Offer) -> None:
        student, senior = offer.add("Student"), offer.add("Senior")
        offer.half_price(student, senior)

        offer.remove(student)

        (half,) = offer.promo_codes()
        assert half.ticket_type_ids == [senior]


class TestEvents:
    def test_have_a_name_in_calendars_that_no_deleted_one_had(
        self, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        first = make.event(organizer=organizer).id
        before = services.events.calendar(event_id=first, host="shop.test")
        services.events.delete(event_id=first, organizer=organizer)

        second = make.event(organizer=organizer).id
        after = services.events.calendar(event_id=second, host="shop.test")

        assert uid_in(before) != uid_in(after)


def uid_in(calendar: bytes) -> bytes:
    (uid,) = (line for line in calendar.splitlines() if line.startswith(b"UID:"))
    return uid
