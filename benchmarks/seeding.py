"""Fills a database before it is measured, in one transaction and past the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clients.ids import RandomIds
from app.clients.passwords import Argon2Hasher
from app.domain.ids import EventId, TicketId, TicketTypeId
from app.domain.states import OrderStatus, Role, TicketStatus
from app.models.base import Base
from app.models.events import Event
from app.models.orders import Order, OrderItem
from app.models.outbox import OutboxMessage
from app.models.ticket_types import TicketType
from app.models.tickets import Ticket
from app.models.users import User
from app.repositories.database import Database
from app.repositories.migrations import migrate
from app.services.ticket_types import NewTicketType, as_row
from benchmarks.past_orders import add_past_orders

PASSWORD = "correct horse battery"
CATEGORIES = ("Music", "Theatre", "Sport", "Business", "Film")
PLACES = ("Freedom Park, Lagos", "Terra Kulture, Lagos", "Eko Hotel, Lagos", "Agora, Abuja")


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a seeded database holds. All tickets are the first buyer's."""

    buyers: Sequence[str]
    event_ids: Sequence[EventId]
    ticket_type_ids: Sequence[TicketTypeId]
    ticket_ids: Sequence[TicketId]


def seed(url: str, *, events: int, buyers: int, tickets: int, past_orders: int = 0) -> Seeds:
    """Migrate an empty database and fill it; ``past_orders`` of the first event are over."""
    database = Database(url)
    try:
        migrate(database)
        with Session(database.engine, expire_on_commit=False) as session:
            people = _buyers(buyers)
            shows = [_event(number) for number in range(1, events + 1)]
            session.add_all([*people, *shows])
            session.flush()
            types = [_ticket_type(show) for show in shows]
            session.add_all(types)
            session.flush()
            order = _order(people[0], types[0], quantity=tickets)
            session.add(order)
            session.flush()
            issued = _tickets(order)
            session.add_all(issued)
            session.flush()
            add_past_orders(session, of=order, amount=past_orders)
            session.commit()
        _digest(database)
        return Seeds(
            buyers=[person.username for person in people],
            event_ids=[show.id for show in shows],
            ticket_type_ids=[ticket_type.id for ticket_type in types],
            ticket_ids=[ticket.id for ticket in issued],
        )
    finally:
        database.close()


def _digest(database: Database) -> None:
    """Do now what PostgreSQL does after so many rows at once, lest it does so while measured.

    Rows that came one by one, over weeks, would have left nothing to do. Tables without rows are
    left alone, as PostgreSQL does: told to look at one, it plans as if it stayed empty.
    """
    if database.is_sqlite:
        return  # it does so when its last connection is closed
    with database.connection() as connection:
        for table in Base.metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is not None:
                connection.exec_driver_sql(f"VACUUM ANALYZE {table.name}")
        connection.exec_driver_sql("CHECKPOINT")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets there are, and how many of the mails promised for them were sent."""

    tickets: int
    mails_promised: int
    mails_sent: int


def count(url: str) -> Counts:
    """Count what the purchases left behind."""
    database = Database(url)
    try:
        with database.connection() as connection:
            tickets = connection.scalar(select(func.count(Ticket.id)))
            promised = connection.scalar(select(func.count(OutboxMessage.id)))
            sent = connection.scalar(select(func.count(OutboxMessage.sent_at)))
        return Counts(tickets or 0, promised or 0, sent or 0)
    finally:
        database.close()


def held_places(url: str) -> int:
    """How many places of all ticket types are held."""
    database = Database(url)
    try:
        with database.connection() as connection:
            return connection.scalar(select(func.sum(TicketType.held))) or 0
    finally:
        database.close()


def _buyers(amount: int) -> list[User]:
    hashed = Argon2Hasher().hash(PASSWORD)  # one for all: hashing is slow on purpose
    people = []
    for number in range(amount):
        person = User(password_hash=hashed, full_name=None, role=Role.BUYER, created_at=_now())
        person.rename(email=f"buyer{number}@example.com", username=f"buyer{number}")
        people.append(person)
    return people


def _event(number: int) -> Event:
    event = Event(
        title=f"Evening {number} of the long season",
        category=CATEGORIES[number % len(CATEGORIES)],
        location=PLACES[number % len(PLACES)],
        description="Doors open an hour before. Bring somebody you like; seats are not numbered.",
        image_url=None,
        starts_at=_now() + timedelta(days=30, minutes=10 * number),
        ends_at=None,
        time_zone="Africa/Lagos",
        currency="NGN",
        price_minor=250_000,
        created_at=_now(),
        updated_at=_now(),
    )
    event.describe()
    return event


def _ticket_type(event: Event) -> TicketType:
    general = NewTicketType(name="General admission", price=event.price.major, capacity=1_000_000)
    return as_row(event, general)


def _order(buyer: User, ticket_type: TicketType, *, quantity: int) -> Order:
    return Order(
        buyer_id=buyer.id,
        event_id=ticket_type.event_id,
        items=[
            OrderItem(
                ticket_type_id=ticket_type.id,
                quantity=quantity,
                unit_price_minor=ticket_type.price_minor,
            )
        ],
        total_minor=quantity * ticket_type.price_minor,
        currency="NGN",
        status=OrderStatus.PAID,
        placed_at=_now(),
        expires_at=_now(),
        closed_at=_now(),
    )


def _tickets(order: Order) -> list[Ticket]:
    ids = RandomIds()
    return [
        Ticket(
            order_id=order.id,
            number=number,
            user_id=order.buyer_id,
            event_id=order.event_id,
            ticket_type_id=order.items[0].ticket_type_id,
            paid_minor=order.items[0].unit_price_minor,
            code=ids.short_code(),
            key_id=1,
            link_key=ids.token(),
            status=TicketStatus.VALID,
            purchase_date=_now(),
            used_at=None,
        )
        for number in range(1, order.quantity + 1)
    ]


def _now() -> datetime:
    return datetime.now(UTC)
