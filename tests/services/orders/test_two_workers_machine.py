"""The shop machine with two workers, transfers, a cancelled event, and a provider that is slow.

While one worker waits for the provider, time passes, sometimes more than a lease lasts, and the
other worker does what is due. Notes of refunds come back altered, answers get lost.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from app.config import Settings
from app.domain.ids import TicketId
from app.models.users.users import User
from app.services.payments.refunds import LEASE
from app.wiring.services import build_services
from tests.programs.open_databases import OpenDatabases
from tests.programs.reused_database import CopiedFile
from tests.services.orders.test_shop_machine import BOUNDS, Shop
from tests.services.refunds.refund_rules import NUMBERS
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer
from tests.support.outside import outside_of

NOTES: Final[Mapping[str, Callable[[str], str]]] = {
    "kept": str,
    "blanks collapsed": lambda note: " ".join(note.split()),
    "upper case": str.upper,
    "cut": lambda note: note[:20],
    "a byte lost": lambda note: "?" + note[1:],
}


SLOW: Final = (5, LEASE.total_seconds() + 60)
"""Seconds that a call takes: some, and more than a lease lasts."""


class SharedShop(Shop):
    """The same shop, in which another worker works while one waits for the provider."""

    def _start(self) -> None:
        self.outside = outside_of(
            self.database, clock=self.clock, gateway=self.gateway, mailer=FakeMailer()
        )
        settings = Settings(_env_file=None, var_dir=self.folder, public_url="https://shop.test")
        self.services = build_services(self.outside, settings)
        self.other = Factory(build_services(self.outside, settings))
        self.make = Factory(self.services)
        self.is_other_at_work = False

    @precondition(lambda self: self.orders)
    @rule(number=NUMBERS, to=st.integers(0, 2))
    def transfer(self, number: int, to: int) -> None:
        """A buyer hands the tickets of an order to another buyer."""
        buyer, order_id = self.order_of(number)
        giver = self.buyers[buyer]
        tickets = self.services.orders.get(buyer_id=giver.id, order_id=order_id).tickets
        for ticket in tickets:
            self.attempt(self._hand_over, ticket.id, giver, self.buyers[to])

    def _hand_over(self, ticket_id: TicketId, giver: User, receiver: User) -> None:
        offer = self.services.transfers.offer(
            ticket_id=ticket_id, giver=giver, email=receiver.email
        )
        token = self.outside.links.issue(offer.link_subject)
        self.services.transfers.accept(token=token)

    @rule(buyer=st.integers(0, 2), to=st.integers(0, 2), most=st.none() | st.integers(2, 5))
    def buy_and_transfer(self, buyer: int, to: int, most: int | None) -> None:
        """Two tickets are bought and transferred; perhaps only then there is a limit per buyer."""
        self.change_limit("max_per_buyer", None)
        self.hold(buyer, (2, 0), with_code=False, pays=True)
        if self.gateway.charges:
            self.succeed(len(self.gateway.charges) - 1, 1)
        if self.orders:
            self.transfer(len(self.orders) - 1, to)
        self.change_limit("max_per_buyer", most)
        self.hold(buyer, (1, 0), with_code=False, pays=False)
        if self.orders:
            self.cancel(len(self.orders) - 1)

    @precondition(lambda self: self.orders)
    @rule(
        number=NUMBERS,
        how_many=st.integers(1, 3),
        seconds=st.sampled_from(SLOW),
        loses_answers=st.booleans(),
    )
    def refund_slowly(
        self, number: int, how_many: int, seconds: float, loses_answers: bool
    ) -> None:
        """An order's tickets are refunded, and both workers see to the money."""
        self.refund(number, how_many)
        self.take_time(seconds)
        if loses_answers:
            self.go_down(loses_answers=True)
        self.work()
        self.come_back()

    @rule(seconds=st.sampled_from([0, *SLOW]))
    def take_time(self, seconds: float) -> None:
        """From now on the provider takes so long, and the other worker uses that time."""
        meanwhile = (lambda: self._other_works(timedelta(seconds=seconds))) if seconds else None
        self.gateway.before_refund = self.gateway.before_find = meanwhile
        self.gateway.after_list = meanwhile

    def _other_works(self, takes: timedelta) -> None:
        if self.is_other_at_work:
            return
        self.is_other_at_work = True
        try:
            self.clock.advance(takes)
            self.other.work()
        finally:
            self.is_other_at_work = False

    @rule(how=st.sampled_from(sorted(NOTES)))
    def alter_notes(self, how: str) -> None:
        self.gateway.keeps_note = NOTES[how]

    @precondition(lambda self: self.gateway.refunds)
    @rule(number=NUMBERS)
    def have_news(self, number: int) -> None:
        """The provider's webhook says something about a refund."""
        key = list(self.gateway.refunds)[number % len(self.gateway.refunds)]
        body = '{"event": "refund.pending", "data": {"transaction_reference": "%s", "n": "%s"}}'
        self.services.webhooks.receive(
            body=(body % (self.gateway.refunded[key], self.clock.now())).encode(),
            signature="signed",
        )

    @precondition(lambda self: len(self.orders) > 3)
    @rule(really=st.sampled_from([False, False, False, True]))
    def call_off(self, really: bool) -> None:
        self.attempt(
            self.services.events.cancel,
            event_id=self.event_id,
            organizer=self.organizer,
            dry_run=not really,
        )

    @invariant()
    def no_refund_is_paid_twice(self) -> None:
        found = self.services.audit.violations(provider=self.gateway.ledger())
        paid_back = [str(v) for v in found if v.rule == "I10"]
        assert paid_back == []

    def teardown(self) -> None:
        self.take_time(0)
        super().teardown()


@pytest.mark.slow
def test_two_workers_keep_the_books_and_pay_no_refund_twice(
    sqlite_file: CopiedFile, open_databases: OpenDatabases
) -> None:
    SharedShop.file, SharedShop.databases = sqlite_file, open_databases

    run_state_machine_as_test(SharedShop, settings=BOUNDS)
