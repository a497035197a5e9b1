"""Promo codes: making them, and keeping people from guessing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.errors import (
    EventValueInvalid,
    TicketTypeNotFound,
)
from app.domain.ids import EventId, TicketTypeId
from app.domain.money import Money
from app.domain.states import DiscountKind
from app.domain.text import name_key
from app.models.promo_codes import PromoCode
from app.models.users import User
from app.repositories.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromoCode:
    """A promo code. ``value`` is a whole percentage, or major units off each ticket."""

    code: str
    kind: DiscountKind
    value: Decimal
    max_uses: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    ticket_type_ids: Sequence[TicketTypeId] = ()


class PromoCodeService:
    """Lets organizers hand out promo codes."""

    def __init__(self, *, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def create(self, *, event_id: EventId, organizer: User, new: NewPromoCode) -> PromoCode:
        """Hand out a code.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            PromoCodeTaken: the event has one of these letters.
            TicketTypeNotFound: the event has no such type.
            EventValueInvalid: the value or the window makes no sense.
        """
        with self._unit_of_work() as work:
            event = work.events.managed_by(organizer.actor, event_id)
            known = {ticket_type.id for ticket_type in work.ticket_types.of_event(event_id)}
            for ticket_type_id in new.ticket_type_ids:
                if ticket_type_id not in known:
                    raise TicketTypeNotFound(ticket_type_id)
            code = PromoCode(
                event_id=event_id,
                code=new.code,
                code_key=name_key(new.code),
                kind=new.kind,
                value=_value(new, event.currency),
                max_uses=new.max_uses,
                used=0,
                valid_from=new.valid_from,
                valid_until=new.valid_until,
                ticket_type_ids=list(new.ticket_type_ids),
            )
            work.promo_codes.save(code)
        return code

    def all_of(self, *, event_id: EventId, organizer: User) -> Sequence[PromoCode]:
        """The event's codes.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self._unit_of_work(read_only=True) as work:
            work.events.managed_by(organizer.actor, event_id)
            return work.promo_codes.of_event(event_id)


def _value(new: NewPromoCode, currency: str) -> int:
    if new.valid_from and new.valid_until and new.valid_until <= new.valid_from:
        raise EventValueInvalid("valid_until", "must be later than valid_from")
    if new.kind == DiscountKind.FIXED:
        return Money.from_major(new.value, currency).minor
    if new.value != int(new.value) or not 1 <= new.value <= 100:
        raise EventValueInvalid("value", "must be a whole percentage from 1 to 100")
    return int(new.value)
