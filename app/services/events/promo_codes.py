"""Promo codes: making, changing, stopping and deleting them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.errors import EventValueInvalid, TicketTypeNotFound
from app.domain.events.changes import UNCHANGED, PromoCodeChanges, after
from app.domain.ids import EventId, PromoCodeId, TicketTypeId
from app.domain.moments import in_zone
from app.domain.money import Money, smallest_coin
from app.domain.permissions import Action
from app.domain.states import DiscountKind
from app.domain.text import name_key
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromoCode:
    """A promo code. ``value`` is a whole percentage, or major units off each ticket.

    Moments without an offset are local time at the event.
    """

    code: str
    kind: DiscountKind
    value: Decimal
    max_uses: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    ticket_type_ids: Sequence[TicketTypeId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoCodeService:
    """Lets organizers hand out promo codes."""

    database: Database

    def create(self, *, event_id: EventId, organizer: User, new: NewPromoCode) -> PromoCode:
        """Hand out a code.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            PromoCodeTaken: the event already has this code, in upper or lower case.
            TicketTypeNotFound: the event has no such type.
            EventValueInvalid: the value or the window makes no sense.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            _ensure_types(work.ticket_types.of_event(event_id), new.ticket_type_ids)
            code = PromoCode(
                event_id=event_id,
                code=new.code,
                code_key=name_key(new.code),
                kind=new.kind,
                value=_value(new.value, new.kind, event.currency),
                max_uses=new.max_uses,
                used=0,
                valid_from=new.valid_from and in_zone(new.valid_from, event.time_zone),
                valid_until=new.valid_until and in_zone(new.valid_until, event.time_zone),
                ticket_type_ids=list(new.ticket_type_ids),
            )
            _ensure_window(code)
            work.promo_codes.save(code)
        return code

    def all_of(self, *, event_id: EventId, organizer: User) -> Sequence[PromoCode]:
        """The event's codes.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_EVENT)
            return work.promo_codes.of_event(event_id)

    def edit(
        self,
        *,
        event_id: EventId,
        promo_code_id: PromoCodeId,
        organizer: User,
        changes: PromoCodeChanges,
    ) -> PromoCode:
        """Change the code, or stop it.

        Orders placed before keep their discount.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            PromoCodeNotFound: the event has no such code.
            PromoCodeTaken: another promo code of the event has this code, in upper or lower case.
            TicketTypeNotFound: the event has no such type.
            EventValueInvalid: the value or the window makes no sense, or more orders use it.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            code = work.promo_codes.lock(event_id, promo_code_id)
            _ensure_types(work.ticket_types.of_event(event_id), after(changes.ticket_type_ids, ()))
            _apply(code, changes.in_zone(event.time_zone), currency=event.currency)
            if code.max_uses is not None and code.max_uses < code.used:
                raise EventValueInvalid(
                    "max_uses", f"must be at least {code.used}, its uses so far"
                )
            if (changes.valid_from, changes.valid_until) != (UNCHANGED, UNCHANGED):
                _ensure_window(code)
            work.promo_codes.save(code)
        return code

    def delete(self, *, event_id: EventId, promo_code_id: PromoCodeId, organizer: User) -> None:
        """Delete a code that no order was placed with.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            PromoCodeNotFound: the event has no such code.
            PromoCodeHasOrders: orders were placed with it; it can be stopped.
        """
        with self.database.writing() as work:
            work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            work.promo_codes.delete(work.promo_codes.lock(event_id, promo_code_id))


def _apply(code: PromoCode, changes: PromoCodeChanges, *, currency: str) -> None:
    if changes.value is not UNCHANGED:
        code.value = _value(changes.value, code.kind, currency)
    code.code = after(changes.code, code.code)
    code.code_key = name_key(code.code)
    code.max_uses = after(changes.max_uses, code.max_uses)
    code.valid_from = after(changes.valid_from, code.valid_from)
    code.valid_until = after(changes.valid_until, code.valid_until)
    code.ticket_type_ids = list(after(changes.ticket_type_ids, code.ticket_type_ids))
    code.is_stopped = after(changes.is_stopped, code.is_stopped)


def _ensure_types(types: Iterable[TicketType], ticket_type_ids: Iterable[TicketTypeId]) -> None:
    known = {ticket_type.id for ticket_type in types}
    for ticket_type_id in ticket_type_ids:
        if ticket_type_id not in known:
            raise TicketTypeNotFound(ticket_type_id)


def _ensure_window(code: PromoCode) -> None:
    if code.valid_from and code.valid_until and code.valid_until <= code.valid_from:
        raise EventValueInvalid("valid_until", "must be later than valid_from")


def _value(value: Decimal, kind: DiscountKind, currency: str) -> int:
    """As it is kept: a percentage, or minor units."""
    if kind == DiscountKind.FIXED:
        try:
            return Money.from_major(value, currency).minor
        except ValueError as error:
            coin = Money(smallest_coin(currency), currency)
            raise EventValueInvalid("value", f"must be a multiple of {coin}") from error
    if value != int(value) or not 1 <= value <= 100:
        raise EventValueInvalid("value", "must be a whole percentage from 1 to 100")
    return int(value)
