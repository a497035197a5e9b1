"""The page to which Paystack sends a buyer back."""

import threading

import httpx
import pytest

from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.money import Money
from app.http.services import Services
from app.services.payments.settlement import ASK_AGAIN_AFTER
from tests.api.conftest import Person, one_database
from tests.api.http.test_pages import LINK, open_page
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.racing import at_once

PATH = "/payments/callback"


def way_back(gateway: FakeGateway, reference: str) -> str:
    """Where Paystack sends the buyer's browser."""
    back = httpx.URL(gateway.charges[reference].callback_url)
    return str(
        back.copy_merge_params({"trxref": reference, "reference": reference}).raw_path, "ascii"
    )


@one_database
class TestPaymentPage:
    def test_settles_and_links_the_ticket(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        reference = make.pay(ada.user, make.event().id).payment.reference

        page = open_page(api, way_back(gateway, reference))

        assert "Paid" in page
        link = LINK.search(page)
        assert link is not None
        assert "Lagos Jazz Night" in open_page(api, link.group(1))
        assert len(api.get("/tickets/", headers=ada.headers).json()) == 1

    @pytest.mark.parametrize("key", ["", "&key=", "&key=1.AAAA", "&key=%00", "&key=" + "9" * 500])
    def test_links_no_ticket_for_those_who_know_only_the_reference(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, key: str
    ) -> None:
        ada, event = make.user(), make.event()
        paid = make.buy(ada, event.id)
        gateway.pays_at_once = False
        waiting = make.pay(ada, event.id)

        pages = [
            open_page(api, f"{PATH}?reference={each.payment.reference}{key}")
            for each in (paid, waiting)
        ]

        assert "Thank you!" in pages[0]
        assert not any("/t/" in page or "checkout.test" in page for page in pages)

    def test_takes_no_key_of_another_payment(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event()
        mine, other = (make.buy(make.user(), event.id).payment.reference for _ in range(2))
        back = httpx.URL(way_back(gateway, mine))

        page = open_page(api, str(back.copy_merge_params({"reference": other, "trxref": other})))

        assert not LINK.search(page)

    def test_links_no_ticket_that_was_issued_again(
        self, api: httpx.Client, hand_over: HandOver, gateway: FakeGateway, services: Services
    ) -> None:
        path = way_back(gateway, hand_over.bought.payment.reference)
        before = LINK.findall(open_page(api, path))
        services.reissues.reissue(
            ticket_id=hand_over.ticket_id, organizer=hand_over.organizer, reason="seen by others"
        )

        after = LINK.findall(open_page(api, path))

        assert (len(before), after) == (2, before[1:])

    def test_links_no_ticket_that_was_handed_on(
        self, api: httpx.Client, hand_over: HandOver, gateway: FakeGateway
    ) -> None:
        path = way_back(gateway, hand_over.bought.payment.reference)
        before = LINK.findall(open_page(api, path))
        new = hand_over.accept(hand_over.offer())

        after = LINK.findall(open_page(api, path))

        assert (len(before), after) == (2, before[1:])
        assert f"/t/{new.link_key}" not in after

    def test_leads_buyers_back_who_left_the_payment(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        cancelled = httpx.URL(gateway.charges[reference].cancel_url)

        page = open_page(api, cancelled.raw_path.decode())

        assert "Nothing was charged" in page
        assert f"https://checkout.test/{reference}" in page

    def test_says_the_same_when_opened_again(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        path = way_back(gateway, make.pay(ada.user, make.event().id).payment.reference)

        assert open_page(api, path) == open_page(api, path)
        assert len(api.get("/tickets/", headers=ada.headers).json()) == 1

    def test_tells_how_it_stands(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        event = make.event()
        waiting, declined, wrong = (
            make.pay(make.user(), event.id).payment.reference for _ in range(3)
        )
        gateway.decline(declined, "Insufficient <Funds>")
        gateway.pay(wrong, Money(1, "NGN"))

        pages = {
            reference: open_page(api, way_back(gateway, reference))
            for reference in (waiting, declined, wrong)
        }

        assert f"https://checkout.test/{waiting}" in pages[waiting]
        assert "Insufficient &lt;Funds&gt;" in pages[declined]
        assert "goes back to you" in pages[wrong]
        assert not any(LINK.search(page) for page in pages.values())

    def test_keeps_the_buyer_calm_while_the_provider_is_silent(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.go_down()

        page = open_page(api, f"{PATH}?reference={reference}", status=503)

        assert "comes by mail" in page

    def test_knows_a_cancelled_payment(self, api: httpx.Client) -> None:
        assert "Nothing was charged" in open_page(api, f"{PATH}?cancelled=true")


@one_database
class TestAddress:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?reference=TCK-UNKNOWN",
            "?reference=%00",
            "?reference=<b>",
            "?reference=a/b&trxref=",
            "?cancelled=x&new=1",
            "?reference=" + "A" * 65,
            "?reference=%ff",
            "?reference=" + "&reference=".join("ABCDEFGH"),
        ],
    )
    def test_that_names_no_payment_is_answered_by_a_page(
        self, api: httpx.Client, query: str
    ) -> None:
        open_page(api, f"{PATH}{query}", status=404)

    @pytest.mark.parametrize(
        "query",
        [
            "reference=&trxref={}",
            "reference=a/b&trxref={}",
            "reference=TCK-OTHER&trxref={}",
            "reference=%20{}%0A",
            "reference={}&utm_source=mail",
        ],
    )
    def test_is_searched_for_a_reference_that_is_known(
        self, api: httpx.Client, make: Factory, query: str
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference

        assert "Thank you!" in open_page(api, f"{PATH}?{query.format(reference)}")

    @pytest.mark.parametrize(
        ("failure", "status"),
        [(Busy(), 503), (DatabaseUnavailable(), 503), (RuntimeError("unforeseen"), 500)],
    )
    def test_is_answered_by_a_page_whatever_goes_wrong(
        self,
        api: httpx.Client,
        make: Factory,
        gateway: FakeGateway,
        failure: Exception,
        status: int,
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.failure = failure

        page = open_page(api, f"{PATH}?reference={reference}", status=status)

        assert "comes by mail" in page
        assert "unforeseen" not in page


class TestQuestions:
    def test_about_an_open_payment_are_asked_once_in_a_few_seconds(
        self,
        api: httpx.Client,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        ada: Person,
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(ada.user, make.event().id).payment.reference

        for _ in range(20):
            open_page(api, f"{PATH}?reference={reference}")
            answer = api.post(f"/payments/verify/{reference}", headers=ada.headers)
            assert answer.status_code == 402
        asked = len(gateway.asked)
        gateway.pay(reference)
        clock.advance(ASK_AGAIN_AFTER)
        paid = api.post(f"/payments/verify/{reference}", headers=ada.headers)

        assert (asked, paid.status_code) == (1, 200)

    def test_of_many_callers_at_once_are_one(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        never = threading.Event()
        # Long enough for all to be here; late ones find it paid, so nothing depends on it.
        gateway.before_find = lambda: never.wait(0.3)

        pages = at_once([lambda: open_page(api, f"{PATH}?reference={reference}")] * 12)

        assert gateway.asked == [reference]
        assert all("Thank you!" in page for page in pages)

    def test_about_other_payments_do_not_count(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        event = make.event()
        references = [make.pay(make.user(), event.id).payment.reference for _ in range(3)]

        for reference in references:
            open_page(api, f"{PATH}?reference={reference}")

        assert gateway.asked == references
