"""Admins find everything by what a caller quotes, and nothing by what another one would."""

import json
from dataclasses import dataclass

import pytest

from app.domain.admins.actions import AdminActionKind
from app.domain.errors import RoleMissing
from app.domain.paging import Cursor
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.admins.searches import Found
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway


@dataclass(frozen=True)
class Shop:
    """What Ada and Bola bought of an organizer, and an admin who looks for it."""

    services: Services
    admin: User
    organizer: User
    ada: User
    of_ada: Settlement
    of_bola: Settlement

    def find(self, words: str) -> Found:
        return self.services.admin_search.search(caller=self.admin, words=words, limit=5)

    def kinds(self, words: str) -> set[str]:
        """What kinds were found."""
        found = self.find(words)
        names = ("people", "orders", "payments", "tickets", "mails")
        kinds = {name for name in names if getattr(found, name).items}
        return kinds | ({"events"} if found.events else set())


@pytest.fixture
def shop(services: Services, make: Factory) -> Shop:
    admin, organizer = make.user(name="root", role=Role.ADMIN), make.user(role=Role.ORGANIZER)
    ada, bola = make.user(name="ada.obi"), make.user(name="bola")
    # Numbers that differ from kind to kind.
    for _ in range(3):
        make.order(bola, make.event(organizer=organizer, title="Theatre", price="0").id)
    event = make.event(organizer=organizer, title="Lagos Jazz Night")
    of_ada = make.buy(ada, event.id, quantity=2)
    of_bola = make.buy(bola, event.id)
    return Shop(services, admin, organizer, ada, of_ada, of_bola)


class TestSearch:
    @pytest.mark.parametrize("words", ["ADA.OBI@example.com", "Ada.Obi"])
    def test_finds_all_of_a_person(self, shop: Shop, words: str) -> None:
        found = shop.find(words)

        assert [user.id for user in found.people.items] == [shop.ada.id]
        assert [each.order.id for each in found.orders.items] == [shop.of_ada.order.id]
        assert [each.payment.id for each in found.payments.items] == [shop.of_ada.payment.id]
        assert {each.ticket.id for each in found.tickets.items} == {
            ticket.id for ticket in shop.of_ada.tickets
        }
        assert [mail.subject_id for mail in found.mails.items] == [shop.of_ada.order.id]
        assert found.orders.items[0].event.title == "Lagos Jazz Night"
        assert found.orders.items[0].buyer.id == shop.ada.id

    def test_finds_people_by_the_beginning_of_a_name(self, shop: Shop) -> None:
        assert shop.kinds("ada.") == {"people"}
        assert shop.kinds("ada.obi@ex") == {"people"}
        assert shop.kinds("ad") == set()
        assert shop.kinds("obi") == set()
        assert shop.kinds("%da") == shop.kinds("ad_.obi") == set()

    def test_finds_an_order_by_what_was_paid_and_issued(
        self, shop: Shop, gateway: FakeGateway
    ) -> None:
        paid = gateway.charges[shop.of_bola.payment.reference].report.transaction_id
        assert paid is not None
        ticket = shop.of_bola.tickets[0]

        for words in (shop.of_bola.payment.reference, paid, ticket.code, ticket.code.lower()):
            found = shop.find(words)

            assert [each.order.id for each in found.orders.items] == [shop.of_bola.order.id], words
            assert [each.ticket.id for each in found.tickets.items] == [ticket.id], words
            assert not found.people.items

    def test_finds_a_ticket_by_a_code_of_before(self, shop: Shop) -> None:
        ticket = shop.of_bola.tickets[0]
        before = ticket.code
        shop.services.reissues.reissue(ticket_id=ticket.id, organizer=shop.organizer, reason="lost")

        found = shop.find(before)

        assert [each.ticket.id for each in found.tickets.items] == [ticket.id]
        assert [each.order.id for each in found.orders.items] == [shop.of_bola.order.id]

    def test_finds_by_paystacks_numbers_of_refunds_and_disputes(
        self, shop: Shop, make: Factory
    ) -> None:
        shop.services.refund_requests.request_refund(
            order_id=shop.of_ada.order.id, caller=shop.organizer
        )
        make.work()
        detail = shop.services.orders.get(buyer_id=shop.ada.id, order_id=shop.of_ada.order.id)
        dispute = {
            "id": 358950,
            "status": "awaiting-merchant-feedback",
            "transaction": {"reference": shop.of_bola.payment.reference},
        }
        body = json.dumps({"event": "charge.dispute.create", "data": dispute}).encode()
        shop.services.webhooks.receive(body=body, signature="signed")
        make.work()

        provider_id = detail.refunds[0].refund.provider_id
        assert provider_id is not None
        of_refund, of_dispute = shop.find(provider_id), shop.find("358950")

        assert shop.of_ada.order.id in [each.order.id for each in of_refund.orders.items]
        assert [each.order.id for each in of_dispute.orders.items] == [shop.of_bola.order.id]

    def test_finds_by_numbers(self, shop: Shop) -> None:
        for words in (str(shop.of_ada.order.id), f"#{shop.of_ada.order.id}"):
            found = shop.find(words)
            assert shop.of_ada.order.id in [each.order.id for each in found.orders.items]
        assert [mail.id for mail in shop.find("<outbox-1@shop.test>").mails.items] == [1]
        assert [mail.id for mail in shop.find("outbox-2-1").mails.items] == [2]
        assert shop.kinds("9" * 16) == shop.kinds("0") == shop.kinds("²") == set()

    def test_finds_events_by_words(self, shop: Shop) -> None:
        assert [event.title for event in shop.find("jazz lagos").events] == ["Lagos Jazz Night"]
        assert len(shop.find("Theatre").events) == 3

    def test_finds_guests(self, shop: Shop, make: Factory) -> None:
        with_guest = shop.services.admin_search.people(
            caller=shop.admin, words="nobody@example.com", after=None, limit=5
        )

        assert with_guest.items == []

    def test_is_for_admins(self, shop: Shop) -> None:
        search = shop.services.admin_search
        for find in (search.people, search.orders, search.payments, search.tickets):
            with pytest.raises(RoleMissing):
                find(caller=shop.organizer, words="ada", after=None, limit=5)
        with pytest.raises(RoleMissing):
            search.search(caller=shop.ada, words="ada", limit=5)

    def test_is_in_the_log_before_anything_is_shown(self, shop: Shop) -> None:
        shop.find("ADA.Obi@example.com")
        shop.services.admin_search.orders(caller=shop.admin, words="bola", after=None, limit=5)
        with pytest.raises(RoleMissing):
            shop.services.admin_search.search(caller=shop.ada, words="ada", limit=5)

        log = shop.services.admin_log.page(caller=shop.admin, after=None, limit=9).items

        assert [(row.actor, row.action, row.words, row.detail) for row in log] == [
            (f"user:{shop.admin.id}", AdminActionKind.SEARCHED, "bola", "orders"),
            (
                f"user:{shop.admin.id}",
                AdminActionKind.SEARCHED,
                "ada.obi@example.com",
                "everything",
            ),
        ]


class TestLists:
    @pytest.mark.parametrize("kind", ["orders", "payments", "tickets"])
    def test_come_in_pages_that_meet_each_row_once(
        self, shop: Shop, make: Factory, kind: str
    ) -> None:
        for _ in range(4):
            make.order(shop.ada, shop.of_ada.order.event_id)

        def ids(after: Cursor | None, limit: int) -> tuple[list[int], Cursor | None]:
            find = getattr(shop.services.admin_search, kind)
            page = find(caller=shop.admin, words="ada.obi", after=after, limit=limit)
            return [getattr(each, kind[:-1]).id for each in page.items], page.next

        everything, _ = ids(None, 50)
        seen, after = ids(None, 2)
        while after is not None:
            more, after = ids(after, 2)
            seen += more

        assert seen == everything
        assert len(set(seen)) == len(seen) >= 1
