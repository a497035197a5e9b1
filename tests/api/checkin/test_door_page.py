"""The page of the door: a ticket is found by its holder's name, checked in, and taken back."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx
import pytest

from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.services.checkin.attendees import MOST_FOUND
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor, hidden_in, words_of
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

pytestmark = one_database

ADMIT: Final = re.compile(r'action="(/manage/events/\d+/door/tickets/\d+/admit)"')
UNDO: Final = re.compile(r'action="(/manage/events/\d+/door/check-ins/\d+/undo)"')
VERDICT: Final = re.compile(r'class="verdict (\w+)".*?<h2>([\w ]+)</h2>(.*?)</section>', re.DOTALL)


@dataclass
class DoorPage:
    """A browser on the page of an event's door."""

    visitor: Visitor
    event_id: EventId

    @property
    def path(self) -> str:
        return f"/manage/events/{self.event_id}/door"

    def find(self, words: str, *, gate: str = "") -> str:
        return self.visitor.open(f"{self.path}?q={words}&gate={gate}")

    def send(self, shown: str, form: re.Pattern[str]) -> str:
        """Press the first button of this kind, and read what comes of it."""
        found = form.search(shown)
        assert found is not None, shown
        return self.send_to(found[1], shown)

    def send_to(self, path: str, shown: str) -> str:
        fields = {name: hidden_in(shown, name) for name in ("form_token", "q")}
        gate = re.search(r'<input type="hidden" name="gate" value="([^"]*)"', shown)
        answer = self.visitor.post(path, 303, **fields, gate=gate[1] if gate else "")
        return self.visitor.open(answer.headers["location"])


def verdict_on(shown: str) -> tuple[str, str, str]:
    """The colour, the word, and all that is told of it."""
    found = VERDICT.search(shown)
    assert found is not None, shown
    return found[1], found[2], words_of(found[3])


@pytest.fixture
def event_id(services: Services, make: Factory, organizer: Person, ada: Person) -> EventId:
    """An event to which Ngozi and Tunde have tickets, in one order of Ada's."""
    event = make.event(organizer=organizer.user, price="0")
    item = RequestedItem(
        ticket_type_id=event.ticket_types[0].id, quantity=2, attendees=["Ngozi Eze", "Tunde Bello"]
    )
    services.orders.place(
        buyer=ada.user, order_request=OrderRequest(event_id=event.id, items=[item])
    )
    return event.id


@pytest.fixture
def door_page(
    api: httpx.Client, services: Services, event_id: EventId, organizer: Person, bola: Person
) -> DoorPage:
    """Of Bola, who is gate staff and a member of nothing."""
    services.staff.take_on(event_id=event_id, organizer=organizer.user, name="bola")
    visitor = Visitor(api)
    visitor.sign_in("bola")
    return DoorPage(visitor, event_id)


class TestSearch:
    @pytest.mark.parametrize("words", ["ngozi", "EZE", "1", "%231"])
    def test_finds_tickets_by_name_and_number(self, door_page: DoorPage, words: str) -> None:
        assert "Ngozi Eze" in door_page.find(words)

    def test_finds_them_by_code_and_reference(
        self, door_page: DoorPage, services: Services, make: Factory, organizer: Person, ada: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        services.staff.take_on(event_id=event.id, organizer=organizer.user, name="bola")
        bought = make.buy(ada.user, event.id)
        door = DoorPage(door_page.visitor, event.id)

        for words in (bought.tickets[0].code, bought.payment.reference.lower()):
            assert f"Ticket {bought.tickets[0].id}, order" in door.find(words)
            assert "fits these words" in door_page.find(words)  # of the other event

    def test_shows_the_first_of_many(
        self, door_page: DoorPage, make: Factory, ada: Person, bola: Person
    ) -> None:
        for buyer in (ada.user, bola.user):
            make.order(buyer, door_page.event_id, quantity=10)

        shown = door_page.find("example.com")

        assert len(ADMIT.findall(shown)) == MOST_FOUND
        assert "More tickets fit" in shown

    def test_tells_neither_addresses_nor_money(
        self, door_page: DoorPage, services: Services, make: Factory, organizer: Person, ada: Person
    ) -> None:
        event = make.event(organizer=organizer.user, price="2500")
        services.staff.take_on(event_id=event.id, organizer=organizer.user, name="bola")
        make.buy(ada.user, event.id)

        shown = DoorPage(door_page.visitor, event.id).find("ada")

        assert "ada" in shown
        assert "example.com" not in shown
        assert "2,500" not in shown


class TestGates:
    def test_are_told_apart_once_tickets_are_admitted(self, door_page: DoorPage) -> None:
        before = door_page.find("ngozi", gate="North")
        after = door_page.send(before, ADMIT)

        for shown, is_empty in ((before, True), (after, False)):
            assert ('data-without-rows="by_gate" hidden' in shown) is not is_empty
            assert ('data-with-rows="by_gate" hidden' in shown) is is_empty
        assert "No one came in yet." in before


class TestAdmit:
    def test_checks_a_ticket_in_at_the_gate(
        self, door_page: DoorPage, services: Services, organizer: Person
    ) -> None:
        shown = door_page.send(door_page.find("ngozi", gate="North"), ADMIT)

        colour, word, told = verdict_on(shown)
        assert (colour, word) == ("good", "Admitted")
        assert "Ngozi Eze, General admission" in told
        counts = services.attendees.counts(event_id=door_page.event_id, actor=organizer.user.actor)
        assert [(each.gate, each.admitted) for each in counts.by_gate] == [("North", 1)]
        assert 'value="North"' in shown
        assert ADMIT.search(shown) is None

    def test_happens_once_for_a_form_that_is_sent_twice(
        self, door_page: DoorPage, services: Services, organizer: Person
    ) -> None:
        shown = door_page.find("tunde")

        answers = [verdict_on(door_page.send(shown, ADMIT)) for _ in range(2)]

        assert [(colour, word) for colour, word, _ in answers] == [("good", "Admitted")] * 2
        history = services.check_ins.page(
            event_id=door_page.event_id,
            actor=organizer.user.actor,
            verdict=None,
            ticket_id=None,
            after=None,
            limit=10,
        )
        assert len(history.items) == 1

    def test_is_refused_with_the_reason_if_the_ticket_came_in_meanwhile(
        self, door_page: DoorPage
    ) -> None:
        first, second = door_page.find("ngozi", gate="North"), door_page.find("ngozi")
        door_page.send(first, ADMIT)

        colour, word, told = verdict_on(door_page.send(second, ADMIT))

        assert (colour, word) == ("bad", "Not admitted")
        assert "was used before" in told
        assert told.endswith("North")

    def test_is_of_tickets_of_this_event_alone(
        self, door_page: DoorPage, make: Factory, organizer: Person, ada: Person
    ) -> None:
        other = make.event(organizer=organizer.user)
        ticket = make.buy(ada.user, other.id).tickets[0]
        door_page.find("ngozi")

        door_page.visitor.post(f"{door_page.path}/tickets/{ticket.id}/admit", 404)
        door_page.visitor.post(f"/manage/events/{other.id}/door/tickets/{ticket.id}/admit", 404)


class TestUndo:
    def test_lets_the_ticket_be_checked_in_again(self, door_page: DoorPage) -> None:
        admitted = door_page.send(door_page.find("ngozi"), ADMIT)

        undone = door_page.send(admitted, UNDO)
        again = door_page.send(undone, ADMIT)

        assert verdict_on(undone)[:2] == ("wait", "Undone")
        assert verdict_on(again)[:2] == ("good", "Admitted")

    def test_is_answered_the_same_when_it_is_sent_twice(self, door_page: DoorPage) -> None:
        admitted = door_page.send(door_page.find("ngozi"), ADMIT)

        for _ in range(2):
            assert verdict_on(door_page.send(admitted, UNDO))[1] == "Undone"

    def test_of_an_older_scan_tells_why_not(self, door_page: DoorPage) -> None:
        admitted = door_page.send(door_page.find("ngozi"), ADMIT)
        refused = door_page.visitor.post(
            f"{door_page.path}/tickets/1/admit", 303, form_token="another"
        )
        number = refused.headers["location"].rpartition("=")[2]

        answer = door_page.visitor.post(f"{door_page.path}/check-ins/{number}/undo", 409)

        assert "can no longer be undone" in answer.text
        assert "Admitted" in admitted


class TestRights:
    def test_are_those_of_checkers_and_gate_staff(
        self, api: httpx.Client, services: Services, make: Factory
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        for role in OrganizationRole:
            if role is not OrganizationRole.OWNER:
                band.member(role, name=f"the-{role}")
        served = {}
        for name in ("bandleader", *(f"the-{role}" for role in OrganizationRole)):
            if name == "the-owner":
                continue
            visitor = Visitor(api)
            visitor.sign_in(name)
            served[name] = api.get(
                f"/manage/events/{event.id}/door", headers=visitor.headers
            ).status_code
            assert (event.title in visitor.open("/manage/door")) == (served[name] == 200)

        assert served == {
            "bandleader": 200,
            "the-manager": 200,
            "the-finance": 403,
            "the-support": 403,
            "the-checker": 200,
        }

    def test_end_some_time_after_the_event(self, door_page: DoorPage, clock: FakeClock) -> None:
        assert "Lagos Jazz Night" in door_page.visitor.open("/manage/door")

        clock.advance(timedelta(days=31, hours=1))
        over = door_page.visitor
        over.sign_in("bola")

        assert "Lagos Jazz Night" not in over.open("/manage/door")
        assert "Lagos Jazz Night" in over.open(door_page.path)
        clock.advance(timedelta(days=3))
        over.sign_in("bola")
        over.open(door_page.path, 404)


class TestCounts:
    def test_are_streamed_to_the_page(self, door_page: DoorPage) -> None:
        door_page.send(door_page.find("ngozi", gate="North"), ADMIT)

        stream = door_page.visitor.get(f"/manage/events/{door_page.event_id}/counts")

        assert stream.headers["content-type"].startswith("text/event-stream")
        assert '"by_gate":[{"gate":"North","admitted":1}]' in stream.text.replace(" ", "")

    def test_are_for_those_who_may_watch(
        self, door_page: DoorPage, api: httpx.Client, ada: Person
    ) -> None:
        buyer = Visitor(api)
        buyer.sign_in("ada")
        path = f"/manage/events/{door_page.event_id}/counts"

        assert buyer.open(path, 404)
        assert api.get(path, headers={"Accept": "text/event-stream"}).status_code == 303
