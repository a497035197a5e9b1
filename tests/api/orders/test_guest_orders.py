"""What a guest does on the page of their order, without any script."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from app.domain.ids import TicketId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.services.users.accounts import OPERATOR
from app.services.users.guests import Guest
from tests.api.http.test_pages import LINK, open_page
from tests.support.factories import PASSWORD, RETURNS, Factory
from tests.support.fakes import FakeGateway, FakeMailer
from tests.support.links import mailed_order, token_in

HOSTILE = '"><script>alert(1)</script>'
GUEST = Guest(name=f"Ada {HOSTILE}", email="ada@example.com")

Buy = Callable[..., str]


@pytest.fixture
def buy(make: Factory, services: Services, gateway: FakeGateway) -> Buy:
    """Check out as a guest; gives the path of the order's page."""

    def check_out(*, quantity: int = 2, paid: bool = True, price: str = "2500") -> str:
        event = make.event(title=HOSTILE, price=price, refund_hours=24)
        item = RequestedItem(ticket_type_id=event.ticket_types[0].id, quantity=quantity)
        gateway.pays_at_once = paid
        token = services.checkouts.check_out(
            guest=GUEST,
            order_request=OrderRequest(event_id=event.id, items=[item]),
            returns=RETURNS,
        )
        payment = services.order_pages.look(token=token).payment
        assert payment is not None
        if paid:
            services.settlement.settle(payment.reference)
        return f"/o/{token}"

    return check_out


def press(api: httpx.Client, path: str, action: str, **fields: str | int) -> httpx.Response:
    return api.post(f"{path}/{action}", data=fields)


def ids_of(services: Services, path: str) -> list[int]:
    linked = services.order_pages.look(token=path.removeprefix("/o/"))
    return [each.ticket.id for each in linked.tickets]


@pytest.mark.smoke
@pytest.mark.usefixtures("audited_shop")
class TestUnpaid:
    def test_tells_until_when_the_places_are_held(self, api: httpx.Client, buy: Buy) -> None:
        shown = open_page(api, buy(paid=False))

        assert "15 minutes left" in shown
        assert "Pay ₦5,000" in shown
        assert "&lt;script&gt;" in shown

    def test_leads_to_paystack(self, api: httpx.Client, buy: Buy, gateway: FakeGateway) -> None:
        path = buy(paid=False)

        pressed = press(api, path, "pay")

        (reference,) = gateway.charges
        assert pressed.headers["refresh"] == f"0; url=https://checkout.test/{reference}"

    def test_says_that_a_payment_was_declined_and_pays_anew(
        self, api: httpx.Client, buy: Buy, gateway: FakeGateway, services: Services
    ) -> None:
        path = buy(paid=False)
        (reference,) = gateway.charges
        gateway.decline(reference, "Insufficient funds")
        services.settlement.settle(reference)

        shown = open_page(api, path)
        pressed = press(api, path, "pay")

        assert "Insufficient funds" in shown
        assert reference not in pressed.headers["refresh"]

    def test_gives_the_places_up(self, api: httpx.Client, buy: Buy) -> None:
        path = buy(paid=False)

        assert press(api, path, "cancel").headers["location"] == path

        shown = open_page(api, path)
        assert "was cancelled" in shown
        assert f"{path}/pay" not in shown
        assert press(api, path, "pay").status_code == 409

    def test_is_led_to_from_the_page_after_paystack(
        self, api: httpx.Client, buy: Buy, gateway: FakeGateway
    ) -> None:
        path = buy(paid=False)
        (charge,) = gateway.charges.values()

        back = httpx.URL(charge.cancel_url)

        assert f'href="{path}"' in open_page(api, f"{back.path}?{back.query.decode()}")
        unkeyed = back.copy_remove_param("key")
        assert "/o/" not in open_page(api, f"{unkeyed.path}?{unkeyed.query.decode()}")


@pytest.mark.usefixtures("audited_shop")
class TestPaid:
    def test_links_the_tickets(self, api: httpx.Client, buy: Buy) -> None:
        shown = open_page(api, buy())

        links = LINK.findall(shown)
        assert len(links) == 2
        assert all(api.get(link).status_code == 200 for link in links)

    def test_hands_a_ticket_on_to_the_reader_of_a_mail(
        self,
        api: httpx.Client,
        buy: Buy,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        path = buy()
        first, _ = ids_of(services, path)

        press(api, path, "transfer", ticket_id=first, email="bola@example.com", name="Bola")
        make.work()

        assert "Offered to Bola" in open_page(api, path)
        (mail,) = mailer.to("bola@example.com")
        token = mail.text.partition("/transfer?token=")[2].split()[0]
        assert api.post("/transfer", data={"token": token}).status_code == 303
        after = open_page(api, path)
        assert "was transferred" in after
        assert len(LINK.findall(after)) == 1

    def test_takes_an_offer_back(self, api: httpx.Client, buy: Buy, services: Services) -> None:
        path = buy()
        first, _ = ids_of(services, path)
        press(api, path, "transfer", ticket_id=first, email="bola@example.com")
        offer = services.order_pages.look(token=path.removeprefix("/o/")).tickets[0].offer
        assert offer is not None

        press(api, path, "withdraw", transfer_id=offer.id)

        assert "Offered to" not in open_page(api, path)

    def test_gives_one_ticket_back_and_then_the_rest(
        self, api: httpx.Client, buy: Buy, services: Services
    ) -> None:
        path = buy()
        first, _ = ids_of(services, path)

        press(api, path, "refund", ticket_id=first)
        after_one = open_page(api, path)
        press(api, path, "refund")
        after_all = open_page(api, path)

        assert "Refund of ₦2,500: on its way." in after_one
        assert len(LINK.findall(after_one)) == 1
        assert "was paid and refunded" in after_all

    @pytest.mark.parametrize("email", ["", "nobody", f"{HOSTILE}@example.com"])
    def test_says_what_is_wrong_with_an_address(
        self, api: httpx.Client, buy: Buy, services: Services, email: str
    ) -> None:
        path = buy()

        refused = press(api, path, "transfer", ticket_id=ids_of(services, path)[0], email=email)

        assert refused.status_code == 422
        assert "no e-mail address" in refused.text
        assert "<script" not in refused.text

    def test_says_why_a_ticket_cannot_be_handed_on(
        self, api: httpx.Client, buy: Buy, services: Services
    ) -> None:
        path = buy()
        first, _ = ids_of(services, path)

        refused = press(api, path, "transfer", ticket_id=first, email=GUEST.email)

        assert refused.status_code == 422
        assert "yourself" in refused.text

    def test_touches_no_ticket_of_another_order(
        self, api: httpx.Client, buy: Buy, services: Services
    ) -> None:
        path, other = buy(), buy()

        ticket_id = ids_of(services, other)[0]
        for action in ("transfer", "refund"):
            pressed = press(api, path, action, ticket_id=ticket_id, email="bola@example.com")
            assert pressed.status_code in (404, 409)

        assert len(LINK.findall(open_page(api, other))) == 2

    def test_is_opened_by_the_link_in_the_mail_as_well(
        self, api: httpx.Client, buy: Buy, make: Factory, mailer: FakeMailer
    ) -> None:
        path = buy()
        make.work()

        mailed = f"/o/{mailed_order(mailer.to(GUEST.email)[0])}"

        assert mailed != path
        assert len(LINK.findall(open_page(api, mailed))) == 2

    def test_is_kept_by_no_cache_and_told_to_no_other_site(
        self, api: httpx.Client, buy: Buy
    ) -> None:
        answer = api.get(buy())

        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.fixture
def audited_shop(services: Services) -> Iterator[None]:
    """Whatever a test did, the auditor finds nothing wrong at its end."""
    yield
    assert [str(violation) for violation in services.audit.violations()] == []


@pytest.mark.usefixtures("audited_shop")
class TestAfterwards:
    def test_tells_nothing_of_what_becomes_of_a_ticket_that_was_handed_on(
        self,
        api: httpx.Client,
        buy: Buy,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        path = buy()
        first, _ = ids_of(services, path)
        press(api, path, "transfer", ticket_id=first, email="bola@example.com")
        make.work()
        token = mailer.to("bola@example.com")[0].text.partition("/transfer?token=")[2].split()[0]
        _, ticket = services.transfers.accept(token=token)
        bola = services.account_control.find(actor=OPERATOR, name="bola@example.com")
        assert ticket.user_id == bola.id

        services.transfers.offer(ticket_id=ticket.id, giver=bola, email="chi@example.com")

        shown = open_page(api, path)
        assert "was transferred" in shown
        assert "chi@example.com" not in shown
        assert "withdraw" not in shown

    def test_changes_nothing_any_more_from_an_address_that_its_account_has_left(
        self,
        api: httpx.Client,
        buy: Buy,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        placed = buy()
        make.work()
        mailed = f"/o/{mailed_order(mailer.to(GUEST.email)[-1])}"
        ada = services.users.register(
            email=GUEST.email, username="ada", password=PASSWORD, email_is_confirmed=True
        )
        services.sessions.log_in(name="ada", password=PASSWORD)
        assert f"{mailed}/refund" in open_page(api, mailed)

        services.users.edit(user_id=ada.id, email="new@example.com", current_password=PASSWORD)
        make.work()
        services.account_requests.confirm_email(token=token_in(mailer, "new@example.com"))
        services.checkouts.check_out(
            guest=Guest(name="Thief", email="new@example.com"),
            order_request=make.order_request(make.event().id),
            returns=RETURNS,
        )
        first, second = ids_of(services, mailed)
        admin = make.user(role=Role.ADMIN)
        services.reissues.reissue(
            ticket_id=TicketId(first), organizer=admin, reason="the link was seen"
        )

        for path in (placed, mailed):
            shown = open_page(api, path)
            assert "new@example.com" not in shown
            assert len(LINK.findall(shown)) == 1
            assert f"{path}/refund" not in shown
            for action in ("refund", "transfer"):
                pressed = press(api, path, action, ticket_id=second, email="chi@example.com")
                assert pressed.status_code == 404
