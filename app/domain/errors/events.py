"""Refusals about events."""

from app.domain.errors.kinds import ConditionFailed, Conflict, Invalid, NotFound


class EventNotFound(NotFound):
    title = "No event has this id."

    def __init__(self, event_id: int) -> None:
        super().__init__(f"There is no event {event_id}.", event_id=event_id)


class EventIsDraft(Conflict):
    title = "The event is a draft."

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"Event {event_id} is a draft: publish it first, or delete it.", event_id=event_id
        )


class EventIsCancelled(Conflict):
    title = "The event was cancelled."

    def __init__(self, event_id: int) -> None:
        super().__init__(f"Event {event_id} was cancelled, for good.", event_id=event_id)


class PreconditionFailed(ConditionFailed):
    title = "The event has changed since it was read."

    def __init__(self, event_id: int, etag: str) -> None:
        super().__init__(
            f"Event {event_id} is not as If-Match says; its ETag is {etag} now. Read it again, see "
            "what has changed, and send your change with that ETag.",
            event_id=event_id,
            etag=etag,
        )


class EventNotReady(Conflict):
    title = "The draft lacks what a sale needs; `errors` lists what."

    def __init__(self, event_id: int, errors: list[dict[str, str]]) -> None:
        self.errors = errors
        rules = "; ".join(f"{each['pointer'].lstrip('/')} {each['detail']}" for each in errors)
        super().__init__(
            f"Event {event_id} cannot be published yet: {rules}.", event_id=event_id, errors=errors
        )


class EventInPast(Invalid):
    title = "The event's date must be in the future."

    def __init__(self, field: str = "date") -> None:
        super().__init__(
            "The event's date must be in the future.",
            errors=[{"pointer": f"/{field}", "detail": "must be in the future"}],
        )


class EventValueInvalid(Invalid):
    title = "The event's values do not fit together."

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(
            f"The field {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class EventHasOrders(Conflict):
    title = "The event has orders, so it cannot be deleted and keeps its currency."

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"Event {event_id} has orders, so it cannot be deleted and keeps its currency.",
            event_id=event_id,
        )


class CapacityTooSmall(Conflict):
    title = "The capacity would fall below the places sold or held."

    def __init__(self, taken: int) -> None:
        super().__init__(
            f"{taken} places are sold or held; the capacity cannot be smaller.", taken=taken
        )


class TicketTypeNotFound(NotFound):
    title = "The event has no such ticket type, or the access code is missing or wrong."

    def __init__(self, ticket_type_id: int | None = None) -> None:
        super().__init__(
            "The event has no such ticket type, or the access code is missing or wrong.",
            ticket_type_id=ticket_type_id,
        )


class TicketTypeNameTaken(Conflict):
    title = "Another ticket type of the event has this name."
    sentence = "Another ticket type of this event has this name."
    field = "name"


class LastTicketType(Conflict):
    title = "An event keeps at least one ticket type."

    def __init__(self, event_id: int) -> None:
        super().__init__(f"Event {event_id} has no other ticket type.", event_id=event_id)


class NoHolders(Conflict):
    title = "No one holds a ticket of the event."

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"No one holds a valid ticket of event {event_id}: sell tickets first.",
            event_id=event_id,
        )


class SamplesRefused(Conflict):
    title = "Samples cannot be made here."
