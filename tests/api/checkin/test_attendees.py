"""Who has a ticket."""

import httpx
import pytest

from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.http.services import Services
from tests.api.conftest import Person
from tests.steps.door import Door
from tests.support.factories import Factory


class TestAttendees:
    @pytest.mark.parametrize(
        "words", ["ada", "ADA@EXAMPLE", "{short}", "{lower}", "{id}", "{order}"]
    )
    def test_are_found(
        self,
        api: httpx.Client,
        door: Door,
        make: Factory,
        ada: Person,
        bola: Person,
        organizer: Person,
        words: str,
    ) -> None:
        make.buy(bola.user, door.event_id, quantity=3)
        bought = make.buy(ada.user, door.event_id)
        ticket = bought.tickets[0]
        q = words.format(
            short=ticket.code,
            lower=ticket.code.lower().replace("-", ""),
            id=ticket.id,
            order=bought.order.id,
        )

        answer = api.get(
            f"/events/{door.event_id}/attendees", params={"q": q}, headers=organizer.headers
        )

        expected = {
            "ticket_id": ticket.id,
            "ticket_type": "General admission",
            "attendee_name": None,
            "holder_name": "ada",
            "email": "ada@example.com",
            "order_id": bought.order.id,
            "status": "valid",
            "is_used": False,
            "used_at": None,
            "is_revoked": False,
        }
        assert expected in answer.json()
        assert {each["email"] for each in answer.json() if q.isalpha()} <= {"ada@example.com"}

    def test_are_found_as_somebody_with_a_plain_keyboard_types_them(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        ada: Person,
        organizer: Person,
    ) -> None:
        event = make.event(organizer=organizer.user, price="0")
        names = [
            "José Díaz",
            "Adéṣọlá Ògúnbọ̀wálé",
            "Seán O\u2019Connor",
            "İbrahim Y\u0131ld\u0131z",
            "Łukasz Ø",
        ]
        typed = ["Diaz", "adesola", "O'Connor", "yildiz", "lukasz o"]
        item = RequestedItem(
            ticket_type_id=event.ticket_types[0].id, quantity=len(names), attendees=names
        )
        services.orders.place(
            buyer=ada.user, order_request=OrderRequest(event_id=event.id, items=[item])
        )

        for name, words in zip(names, typed, strict=True):
            for q in (words, name, name.upper()):
                found = api.get(
                    f"/events/{event.id}/attendees", params={"q": q}, headers=organizer.headers
                )
                assert [each["attendee_name"] for each in found.json()] == [name], q

    def test_come_in_pages(
        self, api: httpx.Client, door: Door, make: Factory, ada: Person, organizer: Person
    ) -> None:
        make.buy(ada.user, door.event_id, quantity=3)
        path = f"/events/{door.event_id}/attendees"

        for q in ({}, {"q": "ada"}):
            first = api.get(path, params={"limit": 2, **q}, headers=organizer.headers)
            rest = api.get(first.links["next"]["url"], headers=organizer.headers)

            assert [each["ticket_id"] for each in first.json()] == [1, 2]
            assert [each["ticket_id"] for each in rest.json()] == [3]
            assert "link" not in rest.headers
