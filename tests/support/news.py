"""News about an event: who makes it, and who is told."""

from typing import Any

from app.domain.events.changes import EventChanges
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.ports import Mail
from app.http.services import Services
from app.models.users.users import User
from tests.support.fakes import FakeMailer


class Edits:
    """Changes one event."""

    def __init__(self, services: Services, organizer: User, event_id: EventId) -> None:
        self._services = services
        self._organizer = organizer
        self._event_id = event_id

    def __call__(self, **values: Any) -> EventListing:
        return self._services.events.edit(
            event_id=self._event_id, organizer=self._organizer, changes=EventChanges(**values)
        )


def news(mailer: FakeMailer, user: User) -> list[Mail]:
    """What a person was told beyond having tickets and refunds."""
    known = ("Your ticket", "Refund", "Tickets refunded")
    return [mail for mail in mailer.to(user.email) if not mail.subject.startswith(known)]
