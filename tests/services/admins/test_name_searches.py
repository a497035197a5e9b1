"""Admins find people by the names they gave: with an account, at checkout, and on tickets."""

from dataclasses import replace

import pytest

from app.domain.admins.actions import AdminActionKind
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.users.guests import Guest
from app.wiring.adapters import Adapters
from tests.steps.checkouts import Shopper
from tests.steps.corrections import Corrector
from tests.support.factories import PASSWORD, Factory

ADESOLA = Guest(name="Adéṣọlá  Grace Okonkwo-Obi", email="a@example.com")


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(name="root", role=Role.ADMIN)


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer, max_per_buyer=4)


class Finder:
    def __init__(self, services: Services, admin: User) -> None:
        self._search = services.admin_search
        self._admin = admin

    def people(self, words: str) -> list[str]:
        """The addresses of who is found."""
        found = self._search.people(caller=self._admin, words=words, after=None, limit=9)
        return sorted(user.email for user in found.items)

    def of_each_kind(self, words: str) -> dict[str, list[int]]:
        found = self._search.search(caller=self._admin, words=words, limit=9)
        return {
            "orders": [each.order.id for each in found.orders.items],
            "payments": [each.payment.id for each in found.payments.items],
            "tickets": sorted(each.ticket.id for each in found.tickets.items),
        }


@pytest.fixture
def find(services: Services, admin: User) -> Finder:
    return Finder(services, admin)


class TestPeople:
    @pytest.mark.parametrize(
        "words",
        [
            "Adéṣọlá Grace Okonkwo-Obi",
            "adesola grace okonkwo",
            "ADESOLA OKONKWO-OBI",
            "okonkwo-obi adesola",
            "ade",
            "grace adesola okon",
        ],
    )
    def test_are_found_by_what_they_gave_at_checkout(
        self, find: Finder, check_out: Shopper, event: EventListing, words: str
    ) -> None:
        check_out(event.id, guest=ADESOLA)
        check_out(event.id, guest=Guest(name="Bola Adesola", email="bola@example.com"))

        assert find.people(words) == ["a@example.com"]

    @pytest.mark.parametrize("words", ["ad", "okonkwo-obi", "adesola obi", "a%", "adesol_ grace"])
    def test_are_not_found_by_less(
        self, find: Finder, check_out: Shopper, event: EventListing, words: str
    ) -> None:
        check_out(event.id, guest=ADESOLA)

        assert find.people(words) == []

    def test_are_found_by_the_name_of_their_account(
        self, find: Finder, services: Services, make: Factory
    ) -> None:
        ada = make.user(name="a17")
        services.users.edit(user_id=ada.id, full_name="Ada Obi")
        assert find.people("obi ada") == ["a17@example.com"]

        services.users.edit(user_id=ada.id, full_name="Ada Eze")

        assert (find.people("ada obi"), find.people("ada eze")) == ([], ["a17@example.com"])

    def test_are_found_by_a_name_on_a_ticket_they_hold(
        self, find: Finder, services: Services, make: Factory, event: EventListing
    ) -> None:
        ada = make.user(name="a17")
        first = services.events.get(event.id).ticket_types[0]
        item = RequestedItem(ticket_type_id=first.id, quantity=2, attendees=["Chi Eze", "Ngozi"])
        request = OrderRequest(event_id=event.id, items=[item])
        order = services.orders.place(buyer=ada, order_request=request).order
        assert find.people("chi eze") == []
        paid = services.settlement.settle(make.pay_order(ada, order).payment.reference)

        assert find.people("chi eze") == ["a17@example.com"]
        assert find.of_each_kind("eze chi") == {
            "orders": [order.id],
            "payments": [paid.payment.id],
            "tickets": [ticket.id for ticket in paid.tickets],
        }


class TestNamesThatChange:
    def test_are_found_as_they_are_now(
        self,
        find: Finder,
        services: Services,
        check_out: Shopper,
        jazz_organizer: User,
        event: EventListing,
    ) -> None:
        correct = Corrector(services, jazz_organizer, event)
        (ticket,) = correct.tickets(check_out.bought(event.id).order.id)
        correct.name(ticket, "Chi Eze")
        assert find.of_each_kind("chi eze")["tickets"] == [ticket.id]

        services.reissues.reissue(ticket_id=ticket.id, organizer=jazz_organizer, reason="lost")
        assert find.of_each_kind("chi eze")["tickets"] == [ticket.id]
        correct.name(correct.tickets(ticket.order_id)[0], None)

        assert find.of_each_kind("chi eze")["tickets"] == []

    def test_pass_with_a_transfer(
        self,
        find: Finder,
        services: Services,
        make: Factory,
        outside: Adapters,
        event: EventListing,
    ) -> None:
        ada, bola = make.user(name="a17"), make.user(name="b17")
        services.users.edit(user_id=bola.id, full_name="Bola Eze")
        (ticket,) = make.buy(ada, event.id).tickets
        offer = services.transfers.offer(ticket_id=ticket.id, giver=ada, email=bola.email)

        services.transfers.accept(token=outside.links.issue(offer.link_subject))

        assert find.of_each_kind("eze bola")["tickets"] == [ticket.id]

    def test_are_forgotten_with_the_account(
        self, find: Finder, services: Services, make: Factory, admin: User, event: EventListing
    ) -> None:
        ada = make.user(name="a17")
        services.users.edit(user_id=ada.id, full_name="Ada Obi")
        assert find.people("ADA Obi") == ["a17@example.com"]

        services.account_deletion.delete_own(user=ada, password=PASSWORD)

        log = services.admin_log.page(caller=admin, after=None, limit=9).items
        assert [(row.action, row.words) for row in log] == [(AdminActionKind.SEARCHED, None)]
        assert find.people("ada obi") == []


def test_names_with_nothing_to_type_are_no_names(
    find: Finder, check_out: Shopper, event: EventListing
) -> None:
    check_out(event.id, guest=replace(ADESOLA, name="\u200d\u200d\u200d"))

    assert find.people("\u200d\u200d\u200d") == []
