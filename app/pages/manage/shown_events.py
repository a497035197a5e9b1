"""The event that a page of the console is about, and its moments as people there read them."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession
from app.http.services import Services


def event_of(
    event_id: EventId, session: BrowserSession, services: Services, action: Action
) -> EventListing:
    """The event, for an account that may do this.

    Raises:
        EventNotFound: there is none, or the account is not in its organization.
        OrganizationRoleMissing: its role there does not allow it.
    """
    desk = services.managed_events.show(event_id=event_id, organizer=session.user, action=action)
    return desk.shown.event


def local_times(event: EventListing) -> Callable[[datetime], datetime]:
    """What tells a moment in the event's zone."""
    zone = ZoneInfo(event.time_zone)
    return lambda moment: moment.astimezone(zone)
