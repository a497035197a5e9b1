"""One order in the console: everything about it, refunds and mails."""

from dataclasses import dataclass

import pytest

from app.domain.ids import OrderId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import OrderStatus, Role, TicketStatus
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, hidden_in
from tests.steps.console import signed_in
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer

pytestmark = one_database

HOSTILE = '"><script>alert(1)</script>'


@dataclass(frozen=True)
class Sale:
    """Two tickets that Ada bought, and the order's page."""

    bought: Settlement
    ada: User
    path: str

    @property
    def id(self) -> OrderId:
        return self.bought.order.id


@pytest.fixture
def sale(visitor: Visitor, seller: User, make: Factory) -> Sale:
    event, ada = make.event(organizer=seller), make.user(name="ada")
    bought = make.buy(ada, event.id, quantity=2)
    make.work()
    return Sale(bought, ada, f"/manage/events/{event.id}/orders/{bought.order.id}")


class TestOrder:
    def test_is_linked_and_tells_all_about_it(self, visitor: Visitor, sale: Sale) -> None:
        event_path = sale.path.partition("/orders")[0]

        assert f'href="{sale.path}"' in visitor.open(event_path)
        page = visitor.open(sale.path)

        for words in ("ada", sale.ada.email, "₦5,000", "2 \u00d7 ₦2,500", "General admission"):
            assert words in page
        for ticket in sale.bought.tickets:
            assert ticket.code in page
        assert sale.bought.payment.reference in page
        assert "tickets issued: sent" in page

    def test_refunds_the_tickets_that_are_chosen(
        self, visitor: Visitor, sale: Sale, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        visitor.open(sale.path)
        first, second = sale.bought.tickets

        answer = visitor.post(
            f"{sale.path}/refund", reason="the artist is ill", **{f"ticket-{first.id}": "on"}
        )
        make.work()

        assert answer.headers["location"] == sale.path
        detail = services.orders.get(buyer_id=sale.ada.id, order_id=sale.id)
        assert [ticket.status for ticket in detail.tickets] == [
            TicketStatus.VOID,
            TicketStatus.VALID,
        ]
        page = visitor.open(sale.path)
        assert "the artist is ill" in page
        assert f'name="ticket-{first.id}"' not in page
        assert f'name="ticket-{second.id}"' in page
        assert "the artist is ill" in mailer.sent[-1].text

    @pytest.mark.parametrize(
        ("fields", "mistake"),
        [
            ({}, "Choose at least one ticket."),
            ({"ticket-999": "on"}, "Choose at least one ticket."),
            ({"ticket-1": "on", "reason": "a\u202eb"}, "notice bad"),
        ],
    )
    def test_refunds_nothing_where_the_form_is_wrong(
        self,
        visitor: Visitor,
        sale: Sale,
        services: Services,
        fields: dict[str, str],
        mistake: str,
    ) -> None:
        visitor.open(sale.path)

        page = visitor.post(f"{sale.path}/refund", 422, **fields).text

        assert mistake in page
        detail = services.orders.get(buyer_id=sale.ada.id, order_id=sale.id)
        assert (detail.order.status, detail.refunds) == (OrderStatus.PAID, [])

    def test_refunds_money_once_and_keeps_the_tickets(
        self, visitor: Visitor, sale: Sale, services: Services, make: Factory
    ) -> None:
        token = hidden_in(visitor.open(sale.path), "form_token")
        fields = {"amount": "1,500.50", "reason": "No support act", "form_token": token}

        answers = [visitor.post(f"{sale.path}/refund-money", **fields) for _ in range(2)]
        make.work()

        assert [each.headers["location"] for each in answers] == [f"{sale.path}#refunds"] * 2
        detail = services.orders.get(buyer_id=sale.ada.id, order_id=sale.id)
        assert [each.refund.amount_minor for each in detail.refunds] == [150_050]
        assert [ticket.status for ticket in detail.tickets] == [TicketStatus.VALID] * 2
        page = visitor.open(sale.path)
        assert "₦1,500.50, pending, tickets stay valid: No support act" in page
        assert "At most ₦3,499.50." in page

    @pytest.mark.parametrize(
        ("fields", "status", "mistake"),
        [
            ({"amount": "", "reason": "x"}, 422, "This field is needed."),
            ({"amount": "5", "reason": ""}, 422, "This field is needed."),
            ({"amount": "0", "reason": "x"}, 422, "Write an amount above zero"),
            ({"amount": "5000,50", "reason": "x"}, 422, "Write the amount in digits"),
            ({"amount": "5000.01", "reason": "x"}, 409, "At most NGN 5,000.00 is left"),
        ],
    )
    def test_refunds_no_money_where_the_form_is_wrong(
        self,
        visitor: Visitor,
        sale: Sale,
        services: Services,
        fields: dict[str, str],
        status: int,
        mistake: str,
    ) -> None:
        visitor.open(sale.path)

        page = visitor.post(f"{sale.path}/refund-money", status, **fields).text

        assert mistake in page
        assert f'value="{fields["amount"]}"' in page
        detail = services.orders.get(buyer_id=sale.ada.id, order_id=sale.id)
        assert detail.refunds == []

    def test_mails_the_tickets_again_a_few_times(
        self, visitor: Visitor, sale: Sale, make: Factory, mailer: FakeMailer
    ) -> None:
        visitor.open(sale.path)
        before = len(mailer.sent)

        visitor.post(f"{sale.path}/mail")
        make.work()
        assert len(mailer.sent) == before + 1
        for _ in range(2):
            visitor.post(f"{sale.path}/mail")

        assert "notice bad" in visitor.post(f"{sale.path}/mail", 429).text

    def test_is_for_its_organization_and_at_the_address_of_its_event(
        self, visitor: Visitor, sale: Sale, seller: User, make: Factory
    ) -> None:
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))
        other = make.event(organizer=seller)
        wrong = f"/manage/events/{other.id}/orders/{sale.id}"

        rival.open(sale.path, 404)
        for path in (f"{sale.path}/refund", f"{sale.path}/mail"):
            rival.post(path, 404, **{"ticket-1": "on"})
        visitor.open(wrong, 404)
        visitor.post(f"{wrong}/refund", 404, **{"ticket-1": "on"})
        assert 'name="ticket-1"' in visitor.open(sale.path)

    def test_shows_texts_as_text(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller, title=f"Jazz {HOSTILE}")
        item = RequestedItem(
            ticket_type_id=event.ticket_types[0].id, quantity=1, attendees=[HOSTILE]
        )
        eve = make.user()
        order = services.orders.place(
            buyer=eve, order_request=OrderRequest(event_id=event.id, items=[item])
        ).order
        services.settlement.settle(make.pay_order(eve, order).payment.reference)

        page = visitor.open(f"/manage/events/{event.id}/orders/{order.id}")

        assert "<script>" not in page
        assert page.count("&lt;script&gt;") >= 2
