"""Codes that buyers send are not guessed: those of hidden ticket types, and of promotions."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    PromoCodeNotFound,
    TicketTypeNotFound,
    TooManyGuesses,
    TooManyPromoCodes,
)
from app.domain.ids import TicketTypeId
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import DiscountKind, Role
from app.domain.users.attempts import ClientAddress
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from app.services.operations.code_guesses import ACCESS_CODES, PROMO_CODES
from app.services.users.guests import Guest
from tests.steps.guesses import ELSEWHERE, HOME, OF_ADDRESS, OF_EVENT, OF_NETWORK, UseUp, counted
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("audited")

Ask = Callable[..., None]
AskAsGuest = Callable[..., None]


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def crew(make: Factory, organizer: User) -> EventListing:
    """An event with a hidden ticket type."""
    hidden = NewTicketType(name="Crew", price=Decimal(100), access_code="Backstage")
    seats = NewTicketType(name="Seat", price=Decimal(100))
    return make.event(organizer=organizer, ticket_types=[seats, hidden])


@pytest.fixture
def ask(services: Services, organizer: User, crew: EventListing) -> Ask:
    """Order a hidden ticket with some code."""
    _, hidden = services.ticket_types.all_of(event_id=crew.id, organizer=organizer)

    def order(buyer: User, code: str | None, client: ClientAddress = HOME) -> None:
        item = RequestedItem(ticket_type_id=hidden.id, quantity=1)
        order_request = OrderRequest(
            event_id=crew.id, items=[item], access_code=code, client=client
        )
        services.orders.place(buyer=buyer, order_request=order_request)

    return order


@pytest.fixture
def ask_as_guest(services: Services, organizer: User, crew: EventListing) -> AskAsGuest:
    """Order as a guest with some code: a seat, or with an access code a hidden ticket."""
    seat, hidden = services.ticket_types.all_of(event_id=crew.id, organizer=organizer)
    services.promo_codes.create(
        event_id=crew.id,
        organizer=organizer,
        new=NewPromoCode(code="EARLY", kind=DiscountKind.PERCENT, value=Decimal(10)),
    )

    def order(
        email: str,
        *,
        promo_code: str | None = None,
        access_code: str | None = None,
        client: ClientAddress = HOME,
    ) -> None:
        wanted = seat if access_code is None else hidden
        services.checkouts.check_out(
            guest=Guest(name="Guest", email=email),
            order_request=OrderRequest(
                event_id=crew.id,
                items=[RequestedItem(ticket_type_id=wanted.id, quantity=1)],
                promo_code=promo_code,
                access_code=access_code,
                client=client,
            ),
            returns=RETURNS,
        )

    return order


class TestAccessCodes:
    def test_refuse_the_right_one_after_ten_wrong_ones(
        self, make: Factory, ask: Ask, clock: FakeClock
    ) -> None:
        ada, bob = make.user(), make.user()
        for number in range(10):
            with pytest.raises(TicketTypeNotFound):
                ask(ada, f"WRONG{number}")

        with pytest.raises(TooManyGuesses) as refusal:
            ask(ada, "backstage")

        ask(bob, "backstage")
        clock.advance(refusal.value.retry_after)
        ask(ada, "backstage")

    def test_are_counted_also_for_a_ticket_type_that_does_not_exist(
        self, services: Services, make: Factory, ask: Ask, crew: EventListing
    ) -> None:
        ada = make.user()
        item = RequestedItem(ticket_type_id=TicketTypeId(900), quantity=1)
        for number in range(10):
            order_request = OrderRequest(
                event_id=crew.id, items=[item], access_code=f"WRONG{number}", client=HOME
            )
            with pytest.raises(TicketTypeNotFound):
                services.orders.place(buyer=ada, order_request=order_request)

        with pytest.raises(TooManyGuesses):
            ask(ada, "backstage")

    def test_let_those_without_a_code_go_on(
        self, services: Services, make: Factory, ask: Ask, crew: EventListing
    ) -> None:
        ada = make.user()
        for number in range(10):
            with pytest.raises(TicketTypeNotFound):
                ask(ada, f"WRONG{number}")

        with pytest.raises(TicketTypeNotFound):
            ask(ada, None)
        services.orders.place(buyer=ada, order_request=OrderRequest(event_id=crew.id))

    def test_are_not_counted_when_right_or_left_out(
        self, database: Database, make: Factory, ask: Ask
    ) -> None:
        before = counted(database)

        ask(make.user(), "BACKSTAGE")
        with pytest.raises(TicketTypeNotFound):
            ask(make.user(), None)

        assert counted(database) == before

    @pytest.mark.parametrize("which", [OF_ADDRESS, OF_NETWORK])
    def test_are_counted_for_all_accounts_from_one_network(
        self, make: Factory, ask: Ask, crew: EventListing, use_up: UseUp, which: int
    ) -> None:
        use_up(ACCESS_CODES, which, make.user().id, crew.id, HOME)
        ada = make.user()

        with pytest.raises(TooManyGuesses):
            ask(ada, "backstage", HOME)

        ask(ada, "backstage", ELSEWHERE)

    def test_are_counted_for_all_networks_and_one_event_and_delay_buyers_by_seconds(
        self, make: Factory, ask: Ask, crew: EventListing, use_up: UseUp, clock: FakeClock
    ) -> None:
        use_up(ACCESS_CODES, OF_EVENT, make.user().id, crew.id, ELSEWHERE)

        with pytest.raises(TooManyGuesses) as refusal:
            ask(make.user(), "backstage", HOME)

        assert refusal.value.retry_after <= timedelta(seconds=5)
        clock.advance(refusal.value.retry_after)
        ask(make.user(), "backstage", HOME)


class TestPromoCodes:
    def test_are_counted_for_all_accounts_from_one_network(
        self, services: Services, make: Factory, crew: EventListing, use_up: UseUp
    ) -> None:
        use_up(PROMO_CODES, OF_ADDRESS, make.user().id, crew.id, HOME)

        def order(client: ClientAddress) -> None:
            order_request = OrderRequest(event_id=crew.id, promo_code="EARLYBIRD", client=client)
            services.orders.place(buyer=make.user(), order_request=order_request)

        with pytest.raises(TooManyPromoCodes):
            order(HOME)
        with pytest.raises(PromoCodeNotFound):
            order(ELSEWHERE)


class TestGuests:
    """A guest who is refused leaves no row: its number is given to the next one."""

    def test_are_not_refused_for_what_other_guests_guessed(self, ask_as_guest: AskAsGuest) -> None:
        for number in range(10):
            with pytest.raises(PromoCodeNotFound):
                ask_as_guest("ada@example.com", promo_code=f"WRONG{number}", client=ELSEWHERE)
            with pytest.raises(TicketTypeNotFound):
                ask_as_guest("ada@example.com", access_code=f"WRONG{number}", client=ELSEWHERE)

        ask_as_guest("bob@example.com", promo_code="EARLY")
        ask_as_guest("chi@example.com", access_code="backstage")

    def test_are_not_kept_from_their_codes_by_who_types_their_address(
        self, ask_as_guest: AskAsGuest
    ) -> None:
        ask_as_guest("ada@example.com")
        for number in range(10):
            with pytest.raises(PromoCodeNotFound):
                ask_as_guest("ada@example.com", promo_code=f"WRONG{number}", client=ELSEWHERE)

        ask_as_guest("ada@example.com", promo_code="EARLY")

    def test_are_counted_by_their_network(
        self, make: Factory, ask_as_guest: AskAsGuest, crew: EventListing, use_up: UseUp
    ) -> None:
        use_up(PROMO_CODES, OF_ADDRESS, make.user().id, crew.id, HOME)

        with pytest.raises(TooManyPromoCodes):
            ask_as_guest("ada@example.com", promo_code="EARLY")
