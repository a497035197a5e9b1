"""What is done for the samples, through the services of the shop, at the moments of a clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from app.domain.errors import NotSoldOut, SoldOut
from app.domain.ids import EventId, OrderId
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.ports import IdGenerator
from app.domain.states import OrderKind
from app.http.services import Services
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.services.checkin.scans import Scan
from app.services.orders.desk import DeskSale
from app.services.payments.payments import Returns
from app.services.users.accounts import OPERATOR
from app.services.users.guests import guest_row
from app.wiring.samples.events import CODE_OF_PRESS, SampleEvent, sample_events
from app.wiring.samples.people import guest, name_of, part
from app.wiring.samples.sales import LAST_BEFORE, Purchase, Way, purchases

RETURNS: Final = Returns("https://shop.example/payments/callback")
"""Where the browsers of simulated customers would be sent."""

PICTURES: Final = Path(__file__).with_name("pictures")

GATES: Final = ("Main gate", "Lagoon gate")
COME: Final = 0.78
"""The part of the holders who are here already."""

COME_ANYWAY: Final = 0.15
"""The part of those who come although their ticket was refunded."""

WAITING: Final = 6
PENDING: Final = 3
REASONS: Final = ("Asked by mail: cannot come", "Bought twice by mistake", "Ill")
NOTES: Final = {
    OrderKind.COMPLIMENTARY: "Guest of the sponsors",
    OrderKind.CASH: "Paid at the box office",
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at a moment."""

    at: datetime
    do: Callable[[], None]


@dataclass(slots=True)
class Sales:
    """An event that was made, and what was sold of it."""

    sample: SampleEvent
    listing: EventListing
    orders: dict[int, OrderId] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    refunded: set[OrderId] = field(default_factory=set)

    @property
    def event_id(self) -> EventId:
        return self.listing.id


class SampleActs:
    """All acts for one organizer, in the order in which they are to be done.

    Args:
        services: the shop's, on the clock that moves from act to act.
        ids: makes up passwords, which are kept by no one, and names of scans.
        organizer: whose events they will be.
        now: the last moment.
    """

    def __init__(
        self, *, services: Services, ids: IdGenerator, organizer: User, now: datetime
    ) -> None:
        self._services = services
        self._ids = ids
        self._organizer = organizer
        self._now = now
        self._samples = sample_events(now)
        self._sales: dict[str, Sales] = {}

    def go_on(self, services: Services) -> None:
        """Do what follows with these services."""
        self._services = services

    def of_sales(self) -> list[Act]:
        """Weeks of them: events, orders, refunds, and people who wait."""
        acts = [act for sample in self._samples for act in self._of_event(sample)]
        return sorted(acts, key=lambda act: act.at)

    def of_today(self) -> list[Act]:
        """The doors of the event that is on, and orders that wait to be paid."""
        on = self._sales[self._samples[0].name]
        acts = sorted(self._of_door(on), key=lambda act: act.at)
        return [*acts, *self._of_unpaid()]

    def _of_event(self, sample: SampleEvent) -> Iterator[Act]:
        yield Act(self._now - sample.on_sale_for, partial(self._create, sample))
        number = 1000 * (1 + self._samples.index(sample))
        for each in purchases(sample, now=self._now, first_number=number):
            yield Act(each.at, partial(self._sell, sample, each))
            if each.refund_after is not None:
                at = each.at + each.refund_after
                yield Act(at, partial(self._refund, sample, each))
        if sample.new.max_per_buyer is not None:
            for person in range(WAITING):
                at = self._now - LAST_BEFORE - timedelta(hours=19 * (WAITING - person))
                yield Act(at, partial(self._wait, sample, person))

    def _create(self, sample: SampleEvent) -> None:
        events = self._services.events
        listing = events.create(organizer=self._organizer, new=sample.new)
        # Who creates a first event becomes an organizer by that.
        self._organizer = self._services.account_control.find(
            actor=OPERATOR, name=self._organizer.username
        )
        for code in sample.codes:
            self._services.promo_codes.create(
                event_id=listing.id, organizer=self._organizer, new=code
            )
        self._services.event_pictures.upload(
            event_id=listing.id,
            organizer=self._organizer,
            content=(PICTURES / f"{sample.name}.jpg").read_bytes(),
            alt=sample.picture_shows,
        )
        self._sales[sample.name] = Sales(sample, listing)

    def _sell(self, sample: SampleEvent, purchase: Purchase) -> None:
        sales = self._sales[sample.name]
        buyer = guest(purchase.number)
        companions = [name_of(purchase.number + 100_000 * n) for n in range(1, purchase.quantity)]
        item = RequestedItem(
            ticket_type_id=sales.listing.ticket_types[purchase.kind].id,
            quantity=purchase.quantity,
            attendees=[buyer.name, *companions],
        )
        with suppress(SoldOut):  # as people find out who come late
            if purchase.way is Way.ONLINE:
                self._sell_online(sales, purchase, item)
            else:
                self._sell_at_desk(sales, purchase, item)

    def _sell_online(self, sales: Sales, purchase: Purchase, item: RequestedItem) -> None:
        buyer, codes = guest(purchase.number), sales.sample.codes
        request = OrderRequest(
            event_id=sales.event_id,
            items=[item],
            access_code=CODE_OF_PRESS,
            promo_code=None if purchase.code is None else codes[purchase.code].code,
            buyer_name=buyer.name,
        )
        begun = self._services.payments.pay_new(
            lambda work: guest_row(work, buyer, ids=self._ids, now=purchase.at),
            order_request=request,
            returns=RETURNS,
            progress=None,
        )
        paid = self._services.settlement.settle(begun.payment.reference)
        sales.tickets += paid.tickets
        if paid.payment.settled_at == purchase.at:
            # Else the worker of another process, whose clock is right, was quicker.
            sales.orders[purchase.number] = paid.order.id

    def _sell_at_desk(self, sales: Sales, purchase: Purchase, item: RequestedItem) -> None:
        is_cash = purchase.way is Way.CASH
        kind = OrderKind.CASH if is_cash else OrderKind.COMPLIMENTARY
        sold = self._services.desk.sell(
            event_id=sales.event_id,
            seller=self._organizer,
            sale=DeskSale(
                kind=kind,
                buyer=guest(purchase.number),
                items=[item],
                reason=NOTES[kind],
                is_mailed=False,
            ),
        )
        sales.tickets += sold.tickets

    def _refund(self, sample: SampleEvent, purchase: Purchase) -> None:
        sales = self._sales[sample.name]
        order_id = sales.orders.get(purchase.number)
        if order_id is None:  # it was sold out, or at the desk
            return
        self._services.refund_requests.request_refund(
            order_id=order_id,
            caller=self._organizer,
            reason=REASONS[purchase.number % len(REASONS)],
        )
        sales.refunded.add(order_id)

    def _wait(self, sample: SampleEvent, person: int) -> None:
        sales = self._sales[sample.name]
        with suppress(NotSoldOut):
            self._services.waiting.join(
                user=self._account(person),
                event_id=sales.event_id,
                ticket_type_id=sales.listing.ticket_types[0].id,
                quantity=1 + person % 2,
            )

    def _account(self, person: int) -> User:
        """An account of a person in the waiting list; its password is random and not kept."""
        wanted = guest(900 + person)
        username = wanted.email.partition("@")[0].replace(".", "-")
        email = f"{username}@example.com"
        found = self._services.users.find(email=email, username=username)
        return found or self._services.users.register(
            email=email,
            username=username,
            password=self._ids.token(),
            full_name=wanted.name,
            email_is_confirmed=True,
        )

    def _of_door(self, sales: Sales) -> Iterator[Act]:
        """Arrivals at two gates, most of them shortly before the beginning, and what goes wrong."""
        opened = sales.sample.new.doors_open_at
        if opened is None:
            return
        actors = {gate: self._scanner(sales, gate) for gate in GATES}
        for number, ticket in enumerate(sales.tickets):
            is_refunded = ticket.order_id in sales.refunded
            if part("comes", number) > (COME_ANYWAY if is_refunded else COME):
                continue
            at = opened + (self._now - opened) * (1 - part("arrives", number) ** 1.5)
            gate = GATES[part("gate", number) > 0.64]
            yield Act(at, self._scan_of(sales, actors[gate], ticket.code, at))
            if number % 17 == 3:
                again = min(at + timedelta(seconds=40), self._now)
                yield Act(again, self._scan_of(sales, actors[gate], ticket.code, again))

    def _scanner(self, sales: Sales, gate: str) -> str:
        made = self._services.devices.prepare(
            event_id=sales.event_id, organizer=self._organizer, name=gate, gate=gate, url_of=str
        )
        token, _ = self._services.devices.enrol(code=made.code)
        return token

    def _scan_of(self, sales: Sales, token: str, code: str, at: datetime) -> Callable[[], None]:
        def scan() -> None:
            self._services.check_ins.scan(
                event_id=sales.event_id,
                actor=self._services.devices.actor_of(token),
                scan=Scan(scan_id=self._ids.token(), code=code, scanned_at=at),
            )

        return scan

    def _of_unpaid(self) -> Sequence[Act]:
        ahead = self._sales[self._samples[1].name]
        return [Act(self._now, partial(self._hold, ahead, person)) for person in range(PENDING)]

    def _hold(self, sales: Sales, person: int) -> None:
        item = RequestedItem(
            ticket_type_id=sales.listing.ticket_types[person % 2].id, quantity=1 + person
        )
        self._services.orders.place(
            buyer=self._account(person),
            order_request=OrderRequest(event_id=sales.event_id, items=[item]),
        )
