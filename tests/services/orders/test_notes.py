"""Notes on an order: only added, for members alone, and not kept for ever."""

from datetime import timedelta

import pytest

from app.domain.errors import EventNotFound, OrderNotFound, TooManyNotes
from app.domain.ids import OrderId
from app.domain.listings import EventListing
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.orders.orders import MOST_NOTES
from app.models.users.users import User
from app.schemas.users.own_data import OwnDataOut
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("audited")


def written(
    services: Services, organizer: User, event: EventListing, order_id: OrderId, text: str
) -> None:
    services.event_orders.add_note(
        event_id=event.id, organizer=organizer, order_id=order_id, text=text
    )


def texts(
    services: Services, organizer: User, event: EventListing, order_id: OrderId
) -> list[tuple[str, str]]:
    found = services.event_orders.notes(event_id=event.id, organizer=organizer, order_id=order_id)
    return [(each.author, each.note.text) for each in found]


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


@pytest.fixture
def order_id(make: Factory, ada: User, jazz: EventListing) -> OrderId:
    return make.order(ada, jazz.id).id


class TestAdd:
    def test_keeps_each_note_with_its_author(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        order_id = make.order(make.user(), event.id).id
        helper = band.member(OrganizationRole.SUPPORT, name="helper")
        written(services, helper, event, order_id, "Called.\nWants a seat in front.")
        clock.advance(timedelta(minutes=1))
        written(services, band.owner, event, order_id, "Done.")

        found = texts(services, band.owner, event, order_id)

        assert found == [
            ("helper", "Called.\nWants a seat in front."),
            (band.owner.username, "Done."),
        ]

    def test_is_for_the_event_s_own_orders_and_members(
        self, services: Services, make: Factory, jazz: EventListing, jazz_organizer: User, ada: User
    ) -> None:
        elsewhere = make.order(ada, make.event().id).id

        with pytest.raises(OrderNotFound):
            written(services, jazz_organizer, jazz, elsewhere, "x")
        with pytest.raises(EventNotFound):
            written(services, ada, jazz, make.order(ada, jazz.id).id, "x")

    def test_ends_at_the_most_an_order_has(
        self, services: Services, jazz: EventListing, jazz_organizer: User, order_id: OrderId
    ) -> None:
        for number in range(MOST_NOTES):
            written(services, jazz_organizer, jazz, order_id, str(number))

        with pytest.raises(TooManyNotes):
            written(services, jazz_organizer, jazz, order_id, "one more")


class TestKept:
    def test_are_among_what_is_kept_about_their_author_and_not_their_buyer(
        self,
        services: Services,
        jazz: EventListing,
        jazz_organizer: User,
        ada: User,
        order_id: OrderId,
    ) -> None:
        written(services, jazz_organizer, jazz, order_id, "Rude on the phone")

        of_author, of_buyer = (
            OwnDataOut.of(services.users.own_data(user_id=user.id))
            for user in (jazz_organizer, ada)
        )

        assert [(note.order_id, note.text) for note in of_author.notes] == [
            (order_id, "Rude on the phone")
        ]
        assert "Rude" not in of_buyer.model_dump_json()

    def test_go_with_their_buyer_s_account(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        jazz: EventListing,
        jazz_organizer: User,
        ada: User,
        order_id: OrderId,
    ) -> None:
        written(services, jazz_organizer, jazz, order_id, "Ada is Chidi's sister")
        clock.advance(timedelta(days=12))
        make.work()

        services.account_deletion.delete_own(user=ada, password=PASSWORD)

        assert texts(services, jazz_organizer, jazz, order_id) == []

    def test_end_some_time_after_their_event(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        jazz: EventListing,
        jazz_organizer: User,
        order_id: OrderId,
    ) -> None:
        written(services, jazz_organizer, jazz, order_id, "Called")
        clock.advance(timedelta(days=99))
        make.work()
        kept = len(texts(services, jazz_organizer, jazz, order_id))

        clock.advance(timedelta(days=2))
        make.work()

        assert (kept, texts(services, jazz_organizer, jazz, order_id)) == (1, [])
