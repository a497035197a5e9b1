"""Sales paused in one step: nothing new is held, what is held can be paid, doors stay open."""

import json
import re

import httpx
import pytest

from app.domain.checkin.doors import Verdict
from app.domain.ids import EventId
from app.domain.states import OrderStatus, WaitingState
from app.http.services import Services
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.api.events.test_drafts import PURCHASES
from tests.steps.door import Door
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import FakeGateway

PAUSED = (409, "sales-paused")
ON_PAGES = ("checkout_page", "wait_page")


def turn(api: httpx.Client, verb: str, person: Person) -> httpx.Response:
    return api.post(f"/events/1/{verb}-sales", headers=person.headers)


@pytest.fixture
def event(make: Factory, organizer: Person) -> None:
    """Event 1, on sale."""
    make.event(organizer=organizer.user)


@pytest.mark.usefixtures("event")
class TestPauseSales:
    @pytest.mark.parametrize("name", sorted(set(PURCHASES) - {"hidden_type"}))
    def test_refuses_new_orders_until_they_are_resumed(
        self, api: httpx.Client, ada: Person, organizer: Person, name: str
    ) -> None:
        turn(api, "pause", organizer)

        refused = PURCHASES[name](api, ada.headers)

        if name in ON_PAGES:
            assert refused.status_code == 409
            assert "Sales for event 1 are paused" in refused.text
        else:
            assert code_of(refused) == PAUSED
        turn(api, "resume", organizer)
        after = PURCHASES[name](api, ada.headers)
        assert after.is_success or after.is_redirect or "wait" in name, after.text

    @pytest.mark.smoke
    def test_leaves_what_is_held_to_be_paid(
        self,
        api: httpx.Client,
        make: Factory,
        ada: Person,
        organizer: Person,
        services: Services,
        gateway: FakeGateway,
    ) -> None:
        gateway.pays_at_once = False
        held, opened = make.order(ada.user, EventId(1), quantity=2), make.pay(ada.user, EventId(1))
        turn(api, "pause", organizer)

        paid = api.post(f"/orders/{held.id}/pay", headers=ada.headers)
        again = api.post("/payments/pay", json={"event_id": 1}, headers=ada.headers)

        assert (paid.status_code, again.status_code) == (200, 200)
        for reference in (paid.json()["reference"], opened.payment.reference):
            gateway.pay(reference)
            assert services.settlement.settle(reference).order.status == OrderStatus.PAID

    def test_leaves_the_door_open(self, make: Factory, organizer: Person, door: Door) -> None:
        ticket = door.ticket()
        make.services.event_life.pause_sales(event_id=door.event_id, organizer=organizer.user)

        assert door.scan(door.code(ticket)).check_in.verdict == Verdict.ACCEPTED

    def test_is_shown_everywhere(self, api: httpx.Client, organizer: Person) -> None:
        paused = turn(api, "pause", organizer).json()

        again = turn(api, "pause", organizer).json()
        page = api.get("/e/1-lagos-jazz-night").text
        described = re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)
        resumed = turn(api, "resume", organizer).json()

        assert paused["sales_paused_at"] == again["sales_paused_at"] == "2027-03-01T12:00:00Z"
        assert "Sales are paused." in page
        assert '<form class="stack"' not in page
        assert described is not None
        offer = json.loads(described[1])["offers"][0]
        assert offer["availability"] == "https://schema.org/OutOfStock"
        assert resumed["sales_paused_at"] is None
        assert turn(api, "resume", organizer).json() == resumed == api.get("/events/1").json()
        assert "Sales are paused." not in api.get("/e/1-lagos-jazz-night").text

    def test_is_for_those_who_manage_events(
        self, api: httpx.Client, ada: Person, rival: Person
    ) -> None:
        answers = [turn(api, verb, each) for verb in ("pause", "resume") for each in (ada, rival)]

        assert [code_of(each) for each in answers] == [(404, "event-not-found")] * 4

    def test_makes_no_sense_for_a_cancelled_event(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        cancel = {"dry_run": False}
        api.post("/events/1/cancellation", json=cancel, headers=organizer.headers)

        answers = [turn(api, verb, organizer) for verb in ("pause", "resume")]

        assert [code_of(each) for each in answers] == [(409, "event-is-cancelled")] * 2


class TestDrafts:
    def test_have_no_sales_to_pause(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        make.event(organizer=organizer.user, is_draft=True)

        answers = [turn(api, verb, organizer) for verb in ("pause", "resume")]

        assert [code_of(each) for each in answers] == [(409, "event-is-draft")] * 2


class TestWaitingLists:
    def test_offer_nothing_until_sales_are_resumed(
        self, services: Services, make: Factory, organizer: Person, gateway: FakeGateway
    ) -> None:
        event = make.event(organizer=organizer.user, capacity=1)
        type_id = event.ticket_types[0].id
        first, waiter = make.user(), make.user()
        held = make.order(first, event.id)
        services.waiting.join(user=waiter, event_id=event.id, ticket_type_id=type_id, quantity=1)
        services.event_life.pause_sales(event_id=event.id, organizer=organizer.user)
        services.orders.cancel(buyer_id=first.id, order_id=held.id)

        made = services.waiting.offer_due()
        (waiting,) = services.waiting.mine(user=waiter)
        services.event_life.resume_sales(event_id=event.id, organizer=organizer.user)

        assert (made, waiting.entry.state) == (0, WaitingState.WAITING)
        assert services.waiting.offer_due() == 1

    def test_leave_an_offer_to_be_paid(
        self, services: Services, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user, capacity=1)
        type_id = event.ticket_types[0].id
        first, waiter = make.user(), make.user()
        held = make.order(first, event.id)
        services.waiting.join(user=waiter, event_id=event.id, ticket_type_id=type_id, quantity=1)
        services.orders.cancel(buyer_id=first.id, order_id=held.id)
        services.waiting.offer_due()
        order_request = make.order_request(event.id)
        services.event_life.pause_sales(event_id=event.id, organizer=organizer.user)

        opened = services.payments.pay(buyer=waiter, order_request=order_request, returns=RETURNS)

        assert opened.order.status == OrderStatus.PENDING
