"""New events, as organizers describe them and as they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.domain.errors import Invalid
from app.domain.ids import OrganizationId
from app.domain.permissions import Action
from app.domain.states import Role
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.ticket_types import NewTicketType, as_row

GENERAL_ADMISSION: Final = "General admission"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event as its organizer describes it. ``price`` is in major units of ``currency``.

    ``price`` and ``capacity`` are the short way to one ticket type; with ``ticket_types`` they are
    not used. ``shared_capacity`` bounds all types together.
    """

    title: str
    starts_at: datetime
    location: str
    price: Decimal
    category: str | None = None
    description: str | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    """Whether it lasts whole days: then both moments are the starts of days in ``time_zone``."""
    time_zone: str
    image_url: str | None = None
    currency: str
    capacity: int | None = None
    shared_capacity: int | None = None
    max_per_buyer: int | None = None
    refund_hours: int | None = None
    doors_open_at: datetime | None = None
    reentry: bool = False
    terms: str | None = None
    ticket_types: Sequence[NewTicketType] = ()
    is_draft: bool = False
    """Whether only members see it, and nothing is sold, until it is published."""
    organization_id: OrganizationId | None = None
    """Whose it will be; ``None``: of the account's personal organization."""


def event_row(creator: User | None, new: NewEvent, *, now: datetime) -> Event:
    """The row of a new event, as yet of no organization and without a price."""
    return Event(
        created_by=creator.id if creator else None,
        title=new.title,
        category=new.category,
        location=new.location,
        description=new.description,
        image_url=new.image_url,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        all_day=new.all_day,
        time_zone=new.time_zone,
        currency=new.currency,
        price_minor=0,
        capacity=new.shared_capacity,
        max_per_buyer=new.max_per_buyer,
        refund_hours=new.refund_hours,
        doors_open_at=new.doors_open_at,
        reentry=new.reentry,
        terms=new.terms,
        is_draft=new.is_draft,
        created_at=now,
        updated_at=now,
    )


def organization_for(
    work: UnitOfWork, creator: User | None, new: NewEvent, *, now: datetime
) -> OrganizationId:
    """Whose the event will be, if the account may create it there."""
    if creator is None:
        return work.organizations.demo(now=now)
    if new.organization_id is not None:
        work.organizations.ensure_may(creator.actor, new.organization_id, Action.CREATE_EVENT)
        work.organizations.keep(new.organization_id)
        return new.organization_id
    if creator.role == Role.BUYER:
        work.users.make_organizer(creator)
    return work.organizations.personal_of(creator, now=now)


def type_rows(event: Event, new: NewEvent) -> list[TicketType]:
    """The rows of its ticket types.

    Raises:
        PriceNotPayable: Paystack does not charge such an amount.
        EventValueInvalid: the windows or quantities of one do not fit together.
    """
    if not new.ticket_types:
        only = NewTicketType(name=GENERAL_ADMISSION, price=new.price, capacity=new.capacity)
        return [as_row(event, only)]
    types = []
    for number, described in enumerate(new.ticket_types):
        try:
            types.append(as_row(event, described))
        except Invalid as refusal:
            raise refusal.inside(f"/ticket_types/{number}") from None
    return types
