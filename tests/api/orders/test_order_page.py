"""What people without a login see of an order: on the payment's page, and behind a mail's link."""

import re

import httpx
import pytest

from app.domain.ids import OrderId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from tests.api.conftest import Person, one_database
from tests.api.http.test_pages import LINK, open_page
from tests.api.payments.test_payment_page import PATH, way_back
from tests.services.refunds.refund_steps import refund_money
from tests.steps.selling import CHI, BoxOffice
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer
from tests.support.lines import join
from tests.support.links import mailed_order

pytestmark = one_database

PAY = re.compile(r"https://shop\.test(/o/\S+)")


@pytest.fixture
def offer(make: Factory, services: Services, mailer: FakeMailer) -> str:
    """The path of the link in the mail that offers places."""
    event = make.event(price="2500", capacity=1)
    first = make.order(make.user(), event.id)
    ada = make.user(name="ada")
    join(services, ada, event, 1)
    services.orders.cancel(buyer_id=first.buyer_id, order_id=first.id)
    make.work()
    make.work()
    (mail,) = [mail for mail in mailer.to(ada.email) if "Your turn" in mail.subject]
    found = PAY.search(mail.text)
    assert found is not None
    assert mail.html is not None
    assert found[1] in mail.html
    return found[1]


def press(api: httpx.Client, path: str) -> httpx.Response:
    """What the button on the page does."""
    return api.post(f"{path}/pay")


class TestLinkInTheMail:
    def test_leads_to_the_payment(
        self, api: httpx.Client, offer: str, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False

        shown = open_page(api, offer)
        pressed = press(api, offer)

        assert "Lagos Jazz Night" in shown
        assert "₦2,500" in shown
        assert f'method="post" action="{offer}/pay"' in shown
        (reference,) = gateway.charges
        address = f"https://checkout.test/{reference}"
        assert pressed.headers["refresh"] == f"0; url={address}"
        assert f'href="{address}"' in pressed.text

    def test_changes_nothing_by_being_opened(
        self, api: httpx.Client, offer: str, gateway: FakeGateway
    ) -> None:
        for _ in range(3):
            open_page(api, offer)

        assert gateway.charges == {}

    def test_ends_with_the_order(
        self, api: httpx.Client, offer: str, services: Services, database: Database
    ) -> None:
        press(api, offer)  # pays at once
        (reference,) = _references(database)
        services.settlement.settle(reference)

        assert "is paid" in open_page(api, offer)
        assert press(api, offer).headers["location"] == offer

    def test_only_pays_for_an_account_which_logs_in_for_the_rest(
        self, api: httpx.Client, offer: str
    ) -> None:
        shown = open_page(api, offer)

        assert f"{offer}/cancel" not in shown
        assert api.post(f"{offer}/cancel").status_code == 404

    @pytest.mark.parametrize("token", ["1", "1.x", "999.x", "9" * 60, "%00"])
    def test_cannot_be_guessed(self, api: httpx.Client, offer: str, token: str) -> None:
        assert api.get(f"/o/{token}").status_code == 404
        assert api.post(f"/o/{token}/pay").status_code == 404


class TestPaymentPage:
    @pytest.fixture
    def reference(self, make: Factory, ada: Person, services: Services) -> str:
        event = make.event(price="2500")
        kind = event.ticket_types[0].id
        wanted = RequestedItem(ticket_type_id=kind, quantity=2, attendees=["Ada Obi", "Bola <Ade>"])
        order = services.orders.place(
            buyer=ada.user, order_request=OrderRequest(event_id=event.id, items=[wanted])
        ).order
        return make.pay_order(ada.user, order).payment.reference

    def test_tells_for_what_it_was_and_where_tickets_go(
        self, api: httpx.Client, gateway: FakeGateway, reference: str, ada: Person
    ) -> None:
        shown = open_page(api, way_back(gateway, reference))

        for fact in (
            "Lagos Jazz Night",
            "Freedom Park",
            "2 × ",  # noqa: RUF001  (the sign is meant)
            "Ada Obi",
            "Bola &lt;Ade&gt;",
        ):
            assert fact in shown
        assert ada.user.email in shown
        assert "Your tickets are ready." in shown
        assert "Show the ticket of Ada Obi" in shown
        assert len(LINK.findall(shown)) == 2

    def test_tells_tickets_of_one_name_apart_by_their_numbers(
        self, api: httpx.Client, services: Services, gateway: FakeGateway, make: Factory
    ) -> None:
        event, chi = make.event(price="2500"), make.user(name="chi")
        kind = event.ticket_types[0].id
        wanted = RequestedItem(ticket_type_id=kind, quantity=2, attendees=["Ada Obi", "Ada Obi"])
        order = services.orders.place(
            buyer=chi, order_request=OrderRequest(event_id=event.id, items=[wanted])
        ).order
        reference = make.pay_order(chi, order).payment.reference

        shown = open_page(api, way_back(gateway, reference))

        assert "the ticket of Ada Obi" not in shown
        assert len(set(re.findall("Show ticket [0-9]+", shown))) == 2
        assert "They are on their way by mail as well." in shown

    def test_tells_no_names_to_those_who_know_only_the_reference(
        self, api: httpx.Client, reference: str, ada: Person
    ) -> None:
        shown = open_page(api, f"{PATH}?reference={reference}")

        assert "Lagos Jazz Night" in shown
        for secret in ("Ada Obi", ada.user.email, "/t/"):
            assert secret not in shown


class TestMoneyRefund:
    def test_calls_tickets_valid_only_as_long_as_they_are(
        self, api: httpx.Client, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        admin = make.user(role=Role.ADMIN)
        box_office = BoxOffice(services, admin, make.event().id)
        order = box_office.sell(quantity=2).order
        make.work()
        path = f"/o/{mailed_order(mailer.to(CHI.email)[-1])}"
        refund_money(services, admin, order.id, 50_000)

        with_tickets = open_page(api, path)
        services.refund_requests.request_refund(order_id=order.id, caller=admin)
        without = open_page(api, path)

        assert "Refund of ₦500: on its way. Your tickets stay valid." in with_tickets
        assert "Refund of ₦500: on its way." in without
        assert "stay valid" not in without


def _references(database: Database) -> list[str]:
    with database.reading() as work:
        return [payment.reference for payment in work.payments.of_order(OrderId(2))]
