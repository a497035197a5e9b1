import pytest

from app.domain.errors import EventNotFound, OrderNotFound, OrderNotPending
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.orders.orders import OrderFilter
from app.domain.states import OrderStatus, OutboxKind, Role
from app.http.services import Services
from app.models.orders.orders import Order
from app.models.users.users import User
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


class TestOfEvent:
    def test_shows_the_organizer_who_holds_places(
        self, services: Services, make: Factory, jazz_organizer: User, jazz: EventListing
    ) -> None:
        paid = make.event(organizer=jazz_organizer)
        ada = make.user()
        make.buy(ada, paid.id)
        pending = make.order(ada, paid.id)
        make.order(ada, make.event().id)

        page = services.event_orders.page(
            event_id=paid.id,
            organizer=jazz_organizer,
            which=OrderFilter(status=OrderStatus.PENDING),
            after=None,
            limit=20,
        )

        assert [(one.order.id, one.username) for one in page.items] == [(pending.id, ada.username)]

    def test_is_the_organizers(self, services: Services, make: Factory, jazz: EventListing) -> None:
        with pytest.raises(EventNotFound):
            services.event_orders.page(
                event_id=jazz.id,
                organizer=make.user(role=Role.ORGANIZER),
                which=OrderFilter(),
                after=None,
                limit=20,
            )


class TestRelease:
    def test_puts_the_places_back_on_sale(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        event = make.event(organizer=jazz_organizer, capacity=1)
        held = make.order(make.user(), event.id)

        services.orders.release(event_id=event.id, organizer=jazz_organizer, order_id=held.id)

        make.order(make.user(), event.id)
        detail = services.orders.get(buyer_id=held.buyer_id, order_id=held.id)
        assert detail.order.status == OrderStatus.CANCELLED
        assert detail.history[-1].actor == f"user:{jazz_organizer.id}"

    def test_settles_what_was_paid_instead(
        self, services: Services, make: Factory, gateway: FakeGateway, jazz_organizer: User
    ) -> None:
        event, ada = make.event(organizer=jazz_organizer), make.user()
        opened = make.pay(ada, event.id)

        with pytest.raises(OrderNotPending):
            services.orders.release(
                event_id=event.id, organizer=jazz_organizer, order_id=opened.order.id
            )

        paid = services.orders.get(buyer_id=ada.id, order_id=opened.order.id)
        assert paid.order.status == OrderStatus.PAID

    def test_is_for_orders_of_ones_own_event(
        self, services: Services, make: Factory, jazz_organizer: User, jazz: EventListing
    ) -> None:
        other = make.order(make.user(), make.event().id)

        with pytest.raises(OrderNotFound):
            services.orders.release(event_id=jazz.id, organizer=jazz_organizer, order_id=other.id)
        with pytest.raises(EventNotFound):
            services.orders.release(
                event_id=other.event_id, organizer=jazz_organizer, order_id=other.id
            )


class TestSearch:
    @pytest.fixture
    def order(self, services: Services, make: Factory, jazz_organizer: User) -> Order:
        """Ada's, of two tickets, among those of others."""
        event = make.event(organizer=jazz_organizer)
        for _ in range(2):
            make.buy(make.user(), event.id)
        ada = make.user(name="adaeze")
        item = RequestedItem(
            ticket_type_id=event.ticket_types[0].id,
            quantity=2,
            attendees=["Ngozi Ọ%konkwo", "Bola_Ige"],
        )
        request = OrderRequest(event_id=event.id, items=[item])
        order = services.orders.place(buyer=ada, order_request=request).order
        opened = make.pay_order(ada, order)
        services.settlement.settle(opened.payment.reference)
        return order

    @pytest.mark.parametrize(
        "words",
        [
            "ADAEZE",
            "adaeze@ex",
            "ngozi",
            "Ọ%k",
            "bola_ige",
            "#{id}",
            "{reference}",
            "{code}",
        ],
    )
    def test_finds_what_a_buyer_quotes(
        self, services: Services, jazz_organizer: User, order: Order, words: str
    ) -> None:
        detail = services.orders.get(buyer_id=order.buyer_id, order_id=order.id)
        quoted = words.format(
            id=order.id,
            reference=detail.payments[0].reference,
            code=detail.tickets[1].code.lower().replace("-", " "),
        )

        assert self.found(services, jazz_organizer, order, quoted) == [order.id]

    @pytest.mark.parametrize("words", ["%", "_", "nobody", "9" * 19, "#", "a_aeze", "TCK-", "\\"])
    def test_takes_no_sign_for_a_pattern(
        self, services: Services, jazz_organizer: User, order: Order, words: str
    ) -> None:
        expected = [order.id] if words in {"%", "_"} else []

        assert self.found(services, jazz_organizer, order, words) == expected

    def test_finds_nothing_of_other_events(
        self, services: Services, make: Factory, jazz_organizer: User, order: Order
    ) -> None:
        other = make.event(organizer=jazz_organizer)

        assert self.found(services, jazz_organizer, make.order(make.user(), other.id), "ada") == []

    @staticmethod
    def found(services: Services, organizer: User, order: Order, words: str) -> list[int]:
        page = services.event_orders.page(
            event_id=order.event_id,
            organizer=organizer,
            which=OrderFilter(words=words),
            after=None,
            limit=20,
        )
        return [one.order.id for one in page.items]


class TestShow:
    def test_tells_all_a_buyer_may_ask_about(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        event, ada = make.event(organizer=jazz_organizer), make.user()
        bought = make.buy(ada, event.id)
        make.buy(make.user(), event.id)
        make.work()
        services.refund_requests.request_refund(
            caller=jazz_organizer, order_id=bought.order.id, reason="ill"
        )
        make.work()

        found = services.event_orders.show(
            event_id=event.id, organizer=jazz_organizer, order_id=bought.order.id
        )

        assert found.buyer.email == ada.email
        assert found.detail.order.quantity == 1
        assert [ticket.id for ticket in found.detail.tickets] == [bought.tickets[0].id]
        assert [listing.refund.reason for listing in found.detail.refunds] == ["ill"]
        assert {mail.kind for mail in found.mails} == {
            OutboxKind.TICKETS_ISSUED,
            OutboxKind.TICKETS_REFUNDED,
        }
        assert all(mail.sent_at for mail in found.mails)

    def test_is_for_orders_of_ones_own_event(
        self, services: Services, make: Factory, jazz_organizer: User, jazz: EventListing
    ) -> None:
        other = make.order(make.user(), make.event().id)

        for event_id, refusal in ((jazz.id, OrderNotFound), (other.event_id, EventNotFound)):
            with pytest.raises(refusal):
                services.event_orders.show(
                    event_id=event_id, organizer=jazz_organizer, order_id=other.id
                )
