from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select

from app.domain.checkin.doors import doors_close_at
from app.domain.moments import starts_a_day
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.repositories.base import Repository

E: Final = Event.__table__.c

OF_EVENTS: Final = select(
    E.id, E.starts_at, E.ends_at, E.all_day, E.doors_open_at, E.time_zone
).order_by(E.id)
OF_TYPES: Final = (
    select(TicketType, Event.starts_at, Event.ends_at)
    .join(Event, Event.id == TicketType.event_id)
    .order_by(TicketType.id)
)
OF_CODES: Final = select(PromoCode.id, PromoCode.valid_from, PromoCode.valid_until).where(
    PromoCode.valid_until <= PromoCode.valid_from
)


class DatesAuditRepository(Repository):
    """The auditor's questions about moments that depend on each other."""

    def findings(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every event, sale and promo code whose moments do not fit: the rule, what, the row."""
        for event in self._run(OF_EVENTS).mappings():
            if event["ends_at"] is not None and event["ends_at"] <= event["starts_at"]:
                yield "I12", "the event ends before it starts", dict(event)
            if event["all_day"] and not _lasts_whole_days(event):
                yield (
                    "I12",
                    "an event of whole days begins or ends within one",
                    dict(event),
                )
            opens, closes = (
                event["doors_open_at"],
                doors_close_at(event["starts_at"], event["ends_at"]),
            )
            if opens is not None and opens >= closes:
                yield "I12", "the doors open when they are closed for good", dict(event)
        for ticket_type, starts_at, ends_at in self._db.execute(OF_TYPES):
            unfit = ticket_type.unfit_window(doors_close_at(starts_at, ends_at))
            if unfit is not None:
                facts = {"ticket_type": ticket_type.id, "starts_at": starts_at, "ends_at": ends_at}
                yield "I12", f"a sale does not fit its event: {' '.join(unfit)}", facts
        for code in self._run(OF_CODES).mappings():
            yield "I12", "a promo code ends before it begins", dict(code)


def _lasts_whole_days(event: Mapping[Any, Any]) -> bool:
    zone, ends_at = event["time_zone"], event["ends_at"]
    return (
        starts_a_day(event["starts_at"], zone)
        and ends_at is not None
        and starts_a_day(ends_at, zone)
    )
