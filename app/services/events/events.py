"""Events: created, shown, changed and cancelled."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import EventNotFound, EventValueInvalid
from app.domain.events.changes import EventChanges, after
from app.domain.events.lists import EventFilter
from app.domain.events.versions import IfMatch
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.paging import Cursor, EventSort, Page
from app.domain.permissions import Action
from app.domain.ports import CalendarEntry, CalendarWriter, Clock, WorkSignal
from app.domain.states import AnnouncementKind
from app.models.events.events import Event
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.announcements import Shown, announce, announce_changes
from app.services.events.creators import EventCreators
from app.services.events.event_dates import (
    Dates,
    ensure_changed_dates,
    ensure_dates,
    ensure_whole_days,
    in_whole_days,
    move_with_start,
)
from app.services.events.event_edits import apply, edit_limits, edit_price, ensure_unordered
from app.services.events.new_events import NewEvent, event_row, organization_for, type_rows


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling an event means, or how far it is. Amounts are in minor units."""

    cancelled_at: datetime | None
    orders_to_refund: int
    minor_to_refund: int
    orders_refunded: int
    minor_refunded: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventService:
    """Shows events, and lets their organizers create and change them."""

    database: Database
    clock: Clock
    creators: EventCreators
    signal: WorkSignal
    calendars: CalendarWriter

    def create(self, *, organizer: User | None, new: NewEvent) -> EventListing:
        """Put an event on sale, or keep it as a draft; answers it with its hidden ticket types.

        It belongs to the organization named, else to the account's personal one, which is made
        with its first event. In the demo environment no login is needed, and a buyer
        becomes an organizer.

        Raises:
            NotLoggedIn: the caller is not logged in, and this is not the demo environment, or an
                organization was named.
            RoleMissing: the account is a buyer's, and neither is this the demo environment nor do
                the settings let accounts with a confirmed address sell.
            EmailNotConfirmed: they do, and its address is not.
            OrganizationNotFound: the account is not in the organization named.
            OrganizationRoleMissing: its role there does not allow it.
            EventInPast: it starts now or earlier or, if it lasts whole days, is over.
            EventValueInvalid: it ends before it starts, or starts before the doors open, or a
                sale window does not fit, or it lasts whole days and begins or ends within one.
            PriceNotPayable: Paystack does not charge such an amount.
        """
        self.creators.ensure(organizer, is_named=new.organization_id is not None)
        now = self.clock.now()
        event = event_row(organizer, new, now=now)
        ensure_whole_days(event)
        ensure_dates(event, now=now)
        event.describe()
        with self.database.writing() as work:
            event.organization_id = organization_for(work, organizer, new, now=now)
            work.events.add(event)
            work.ticket_types.save(*type_rows(event, new))
            event.price_minor = work.ticket_types.lowest_price(event.id) or 0
            work.events.add(event)
            return work.events.listing(event.id, with_hidden=True, with_drafts=True)

    def page(
        self, which: EventFilter, *, sort: EventSort, after: Cursor | None, limit: int
    ) -> Page[EventListing]:
        """One page of the public list."""
        now = self.clock.now()
        with self.database.reading() as work:
            return work.events.page(which, sort=sort, after=after, limit=limit, now=now)

    def get(self, event_id: EventId) -> EventListing:
        """One event that is published.

        Raises:
            EventNotFound: no event has this id, or it is a draft.
        """
        with self.database.reading() as work:
            return work.events.listing(event_id)

    def calendar(self, *, event_id: EventId, host: str, url: str | None = None) -> bytes:
        """The event as an iCalendar file.

        Args:
            event_id: which one.
            host: the shop's name on the network; it makes the entry's name unique in the world.
            url: a page to open from the calendar, such as that of a ticket.

        Raises:
            EventNotFound: no event has this id, or it is a draft.
        """
        with self.database.reading() as work:
            event = work.events.get(event_id)
        if event.is_draft:
            raise EventNotFound(event_id)
        changed_at = _changed_at(event)
        return self.calendars.write(
            CalendarEntry(
                uid=f"event-{event.id}@{host}",
                # Seconds grow with every change, and need no counter that others had to keep.
                revision=int((changed_at - event.created_at).total_seconds()),
                changed_at=changed_at,
                created_at=event.created_at,
                title=event.title,
                when=event.when,
                location=event.location,
                description=event.description,
                category=event.category,
                url=url,
                is_cancelled=event.cancelled_at is not None,
            )
        )

    def edit(
        self,
        *,
        event_id: EventId,
        organizer: User,
        changes: EventChanges,
        if_match: IfMatch | None = None,
    ) -> EventListing:
        """Change an event; answers it with its hidden ticket types.

        Tickets already ordered keep the price they were ordered at.

        Holders of tickets get a mail about another time, place or title.

        Moments without an offset are local time in the event's zone, the new one if it changes. An
        event that moves takes along what depends on its start and is not given: its end, its doors,
        and the windows of ticket types and promo codes that still lie ahead. One that lasts whole
        days, or will, keeps its days where they are not given.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventInPast: it would start now or earlier or, if it lasts whole days, be over.
            EventValueInvalid: its moments would not fit together or, if it lasts whole days, be
                within one, or re-entry would end although a ticket was admitted.
            PriceNotPayable: Paystack does not charge such an amount.
            EventHasOrders: the currency would change although there are orders.
            CapacityTooSmall: places sold or held would be lost.
            PreconditionFailed: it is not as ``if_match`` says.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_as_read(if_match)
            # Codes before types, as when an order is placed: no deadlock.
            codes = work.promo_codes.lock_of_event(event_id)
            types = work.ticket_types.lock_of_event(event_id)
            changes = changes.in_zone(after(changes.time_zone, event.time_zone))
            changes = in_whole_days(event, changes)
            changes = move_with_start(event, types, codes, changes, now=now)
            edit_limits(work, event, types, changes)
            edit_price(work, event, types, codes, changes)
            if changes.reentry is False and work.check_ins.has_entries(event_id):
                raise EventValueInvalid("reentry", "cannot be changed after the first admission")
            shown, dates = Shown.of(event), Dates.of(event)
            apply(event, changes)
            ensure_changed_dates(event, types, before=dates, now=now)
            announce_changes(work, event, shown, now=now)
            event.updated_at = now
            event.count_change()
            event.describe()
            work.events.add(event)
            listing = work.events.listing(event_id, with_hidden=True, with_drafts=True)
        self.signal.wake()
        return listing

    def delete(
        self, *, event_id: EventId, organizer: User, if_match: IfMatch | None = None
    ) -> None:
        """Delete an event without orders.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventHasOrders: one was.
            PreconditionFailed: it is not as ``if_match`` says.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_as_read(if_match)
            ensure_unordered(work, event_id)
            # Its codes are deleted with it, and locked before its types: see above.
            work.promo_codes.lock_of_event(event_id)
            work.events.delete(event_id)

    def cancel(self, *, event_id: EventId, organizer: User, dry_run: bool) -> Cancellation:
        """Cancel an event: sales end, holders get a mail, and buyers get a refund.

        The refunds are made in the background, some orders at a time, and go on where they were
        after a restart. Calling again changes nothing and tells how far they are.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventIsDraft: nothing was sold; it can be deleted.
        """
        if dry_run:
            with self.database.reading() as work:
                event = work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
                event.ensure_published()
                return _cancellation(work, event)
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_published()
            if event.cancelled_at is None:
                # Orders before types, as everywhere: no deadlock. Behind
                # the types no ticket is being issued, and none will be.
                work.holds.end_of_event(event_id, at=self.clock.now())
                work.ticket_types.lock_of_event(event_id)
                event.count_change()
                now = event.cancelled_at = self.clock.now()
                work.flush()
                announce(work, event_id, AnnouncementKind.CANCELLED, now=now)
            cancellation = _cancellation(work, event)
        self.signal.wake()
        return cancellation


def _cancellation(work: UnitOfWork, event: Event) -> Cancellation:
    progress = work.refunds.of_cancelled(event.id)
    return Cancellation(event.cancelled_at, *progress, currency=event.currency)


def _changed_at(event: Event) -> datetime:
    """When what the calendar shows changed last: cancelling an event is a change."""
    return max(event.updated_at, event.cancelled_at or event.updated_at)
