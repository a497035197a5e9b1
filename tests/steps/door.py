"""An event with people at its door, for tests of what happens there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from app.domain.actors import Actor
from app.domain.checkin.doors import Direction
from app.domain.ids import EventId, OrderId, TicketId
from app.domain.listings import TicketListing
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.checkin.check_ins import Answer
from app.services.checkin.scans import Scan
from tests.support.factories import Factory
from tests.support.fakes import START

_scans = count(1)


@dataclass
class Door:
    """The door of one event: its organizer, staff and scanners, and tickets to hold before it."""

    services: Services
    make: Factory
    event_id: EventId
    organizer: User
    staff: Actor = field(init=False)
    _orders: dict[TicketId, OrderId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff = self.organizer.actor

    def scanner(self, gate: str) -> Actor:
        """A scanner that is enrolled, at a gate."""
        devices = self.services.devices
        made = devices.prepare(
            event_id=self.event_id, organizer=self.organizer, name=gate, gate=gate, url_of=str
        )
        token, _ = devices.enrol(code=made.code)
        return devices.actor_of(token)

    def tickets(self, quantity: int = 1) -> list[TicketListing]:
        """Tickets of a new buyer."""
        buyer = self.make.user()
        bought = self.make.buy(buyer, self.event_id, quantity=quantity)
        self._orders.update((ticket.id, bought.order.id) for ticket in bought.tickets)
        return [
            self.services.tickets.get(ticket_id=ticket.id, user_id=buyer.id)
            for ticket in bought.tickets
        ]

    def ticket(self) -> TicketListing:
        return self.tickets()[0]

    def code(self, ticket: TicketListing) -> str:
        return self.services.tickets.code(ticket)

    def request_refund(self, ticket: TicketListing) -> None:
        """Refund it, as the organizer may at any time."""
        self.services.refund_requests.request_refund(
            order_id=self._orders[ticket.id],
            caller=self.organizer,
            ticket_ids=[ticket.id],
            reason="rain",
        )

    def scan(
        self,
        code: str,
        *,
        by: Actor | None = None,
        direction: Direction = Direction.IN,
        scan_id: str | None = None,
        scanned_at: datetime | None = None,
    ) -> Answer:
        scan = Scan(
            scan_id=scan_id or f"scan-{next(_scans)}",
            code=code,
            direction=direction,
            scanned_at=scanned_at,
        )
        return self.services.check_ins.scan(
            event_id=self.event_id, actor=by or self.staff, scan=scan
        )

    def history(self, ticket_id: TicketId) -> Sequence[Answer]:
        """What was said to the ticket, the newest first."""
        return self.services.check_ins.page(
            event_id=self.event_id,
            actor=self.staff,
            verdict=None,
            ticket_id=ticket_id,
            after=None,
            limit=100,
        ).items


def open_door(
    services: Services,
    make: Factory,
    *,
    reentry: bool = False,
    doors_open_at: datetime | None = None,
    starts_at: datetime = START + timedelta(days=30),
) -> Door:
    """A new event with a new organizer."""
    organizer = make.user(role=Role.ORGANIZER)
    event = make.event(
        organizer=organizer, reentry=reentry, doors_open_at=doors_open_at, starts_at=starts_at
    )
    return Door(services, make, event.id, organizer)
