"""Events once more: the same on another date, with its ticket types and promo codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from app.domain.errors import EventValueInvalid
from app.domain.ids import EventId, TicketTypeId
from app.domain.listings import EventListing
from app.domain.moments import in_zone
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.event_dates import end_of_days, ensure_dates, ensure_whole_days


@dataclass(frozen=True, slots=True)
class Distance:
    """Moves moments as an event's start is moved: doors at 18:00 stay doors at 18:00.

    Where clocks have changed in between, hours of the day are kept, not hours passed.
    """

    by: timedelta
    time_zone: str

    @classmethod
    def between(cls, start: datetime, other: datetime, *, time_zone: str) -> Self:
        return cls(_local(other, time_zone) - _local(start, time_zone), time_zone)

    def beyond(self, moment: datetime) -> datetime:
        """The moment as far from the other start as this one is from the first, in UTC.

        Raises:
            OverflowError: it would be before the year 1 or after 9999.
        """
        return in_zone(_local(moment, self.time_zone) + self.by, self.time_zone)

    def beyond_if_any(self, moment: datetime | None) -> datetime | None:
        """As ``beyond``; ``None`` stays ``None``."""
        return None if moment is None else self.beyond(moment)


def _local(moment: datetime, time_zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateService:
    """Makes drafts of events there are, also of those that are over or cancelled."""

    database: Database
    clock: Clock

    def duplicate(
        self, *, event_id: EventId, organizer: User, starts_at: datetime, title: str | None = None
    ) -> EventListing:
        """Make a draft of the same organization with the event's ticket types and promo codes.

        Their windows, the end and the doors move with the start, by the clocks of the event's
        place. Nothing of the copy is held, sold or used. Answers it with its hidden ticket types.

        Args:
            event_id: what to copy.
            organizer: who will have created the copy.
            starts_at: when the copy begins; without an offset in the event's zone.
            title: another title, if it gets one.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventInPast: the copy would start now or earlier or, if it lasts whole days, be over.
            EventValueInvalid: another moment would be after the year 9999, or the event lasts whole
                days and the start is within one.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.CREATE_EVENT)
            start = in_zone(starts_at, event.time_zone)
            distance = Distance.between(event.starts_at, start, time_zone=event.time_zone)
            types = work.ticket_types.of_event(event_id)
            codes = work.promo_codes.of_event(event_id)
            try:
                copy = event_copy(event, start=start, distance=distance, now=now)
                type_copies = [type_copy(each, distance=distance) for each in types]
                code_copies = [code_copy(each, distance=distance) for each in codes]
            except OverflowError as error:
                rule = "moves another moment of the event beyond the year 9999"
                raise EventValueInvalid("date", rule) from error
            copy.title = title or copy.title
            copy.created_by = organizer.id
            ensure_whole_days(copy)
            ensure_dates(copy, now=now)
            copy.describe()
            work.events.add(copy)
            for type_of_copy in type_copies:
                type_of_copy.event_id = copy.id
            work.ticket_types.save(*type_copies)
            for code_of_copy in code_copies:
                code_of_copy.event_id = copy.id
            _name_types(code_copies, types, type_copies)
            work.promo_codes.add_all(code_copies)
            return work.events.listing(copy.id, with_hidden=True, with_drafts=True)


def event_copy(event: Event, *, start: datetime, distance: Distance, now: datetime) -> Event:
    """A draft with all that its organizer has said about the event."""
    doors = distance.beyond_if_any(event.doors_open_at)
    ends_at = distance.beyond_if_any(event.ends_at)
    if event.all_day:
        ends_at = end_of_days(start, event.when.days, event.time_zone)
    elif doors is not None:
        # Doors of an event that had begun may have been opened later than that.
        doors = min(doors, start)
    return Event(
        organization_id=event.organization_id,
        title=event.title,
        category=event.category,
        location=event.location,
        description=event.description,
        image_url=event.image_url,
        picture_key=event.picture_key,
        picture_alt=event.picture_alt,
        starts_at=start,
        ends_at=ends_at,
        all_day=event.all_day,
        time_zone=event.time_zone,
        currency=event.currency,
        price_minor=event.price_minor,
        capacity=event.capacity,
        max_per_buyer=event.max_per_buyer,
        refund_hours=event.refund_hours,
        doors_open_at=doors,
        reentry=event.reentry,
        terms=event.terms,
        is_draft=True,
        created_at=now,
        updated_at=now,
    )


def type_copy(ticket_type: TicketType, *, distance: Distance) -> TicketType:
    """The same type with all its places free, as yet of no event."""
    return TicketType(
        name=ticket_type.name,
        name_key=ticket_type.name_key,
        price_minor=ticket_type.price_minor,
        capacity=ticket_type.capacity,
        sales_open_at=distance.beyond_if_any(ticket_type.sales_open_at),
        sales_close_at=distance.beyond_if_any(ticket_type.sales_close_at),
        min_per_order=ticket_type.min_per_order,
        max_per_order=ticket_type.max_per_order,
        access_code=ticket_type.access_code,
    )


def code_copy(code: PromoCode, *, distance: Distance) -> PromoCode:
    """The same code, unused, as yet of no event."""
    return PromoCode(
        code=code.code,
        code_key=code.code_key,
        kind=code.kind,
        value=code.value,
        max_uses=code.max_uses,
        used=0,
        valid_from=distance.beyond_if_any(code.valid_from),
        valid_until=distance.beyond_if_any(code.valid_until),
        ticket_type_ids=list(code.ticket_type_ids),
        is_stopped=code.is_stopped,
    )


def _name_types(
    codes: Sequence[PromoCode], types: Sequence[TicketType], copies: Sequence[TicketType]
) -> None:
    """Let codes be good for the copies of the types that they were good for."""
    instead: dict[TicketTypeId, TicketTypeId] = {
        each.id: copy.id for each, copy in zip(types, copies, strict=True)
    }
    for code in codes:
        code.ticket_type_ids = [instead[type_id] for type_id in code.ticket_type_ids]
