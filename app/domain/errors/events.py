"""Refusals about events."""

from app.domain.errors.kinds import Conflict, Invalid, NotFound


class EventNotFound(NotFound):
    """No event has this id."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"There is no event {event_id}.", event_id=event_id)


class EventInPast(Invalid):
    """An event has to lie ahead."""

    def __init__(self, field: str = "date") -> None:
        super().__init__(
            "The event's date lies in the past.",
            errors=[{"pointer": f"/{field}", "detail": "must lie in the future"}],
        )


class EventValueInvalid(Invalid):
    """The event's values do not fit together."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(
            f"The event's {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class EventHasOrders(Conflict):
    """Somebody ordered a ticket: the event stays, and so does its currency."""

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"Event {event_id} has orders, so it cannot be deleted and keeps its currency.",
            event_id=event_id,
        )


class CapacityTooSmall(Conflict):
    """The capacity would fall below the places sold or held."""

    def __init__(self, taken: int) -> None:
        super().__init__(
            f"{taken} places are sold or held; the capacity cannot be smaller.", taken=taken
        )
