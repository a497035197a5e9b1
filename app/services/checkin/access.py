"""Access policy of check-in: the actors that check an event's tickets, and until when."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.actors import Actor
from app.domain.checkin.doors import DoorEvent
from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInAccess:
    """Opens an event to members, and to gate staff and scanners until some time after it.

    Attributes:
        clock: tells the time.
        rights_for: how long after the event gate staff and scanners may still check and look.
    """

    clock: Clock
    rights_for: timedelta

    def event(self, work: UnitOfWork, event_id: EventId, actor: Actor, action: Action) -> DoorEvent:
        """The event, if the actor may do this at its gates now.

        Raises:
            EventNotFound: there is none, or the actor has nothing to do with it.
            OrganizationRoleMissing: its role in the event's organization does not allow it.
        """
        if actor.is_scanner:
            event = work.gates.event(event_id)
            if actor.event_id != event_id or not self._is_open(event):
                raise EventNotFound(event_id)
            return event
        event, rights, is_staff = work.gates.event_for(event_id, actor)
        if not (is_staff and self._is_open(event)):
            rights.ensure(action, EventNotFound(event_id))
        return event

    def _is_open(self, event: DoorEvent) -> bool:
        return self.clock.now() < event.closes_at + self.rights_for
