"""Who may check the tickets of an event, and until when."""

from datetime import timedelta

from app.domain.actors import Actor
from app.domain.checkin.doors import DoorEvent
from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.ports import Clock
from app.repositories.unit_of_work import UnitOfWork


class CheckInAccess:
    """Opens an event to its organizer, and to staff and scanners until some time after it.

    Args:
        clock: tells the time.
        rights_for: how long after the event staff and scanners may still check and look.
    """

    def __init__(self, *, clock: Clock, rights_for: timedelta) -> None:
        self._clock = clock
        self._rights_for = rights_for

    def event(self, work: UnitOfWork, event_id: EventId, actor: Actor) -> DoorEvent:
        """The event, if the actor may check its tickets now.

        Raises:
            EventNotFound: they may not, or there is none.
        """
        event, is_staff = work.gates.event_for(event_id, actor.user_id)
        may = actor.may_check(
            event, is_staff=is_staff, at=self._clock.now(), rights_for=self._rights_for
        )
        if not may:
            raise EventNotFound(event_id)
        return event
