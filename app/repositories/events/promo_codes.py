from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.database.constraints import broken_key, unique_key
from app.domain.errors import PromoCodeHasOrders, PromoCodeNotFound, PromoCodeTaken
from app.domain.ids import EventId, PromoCodeId, TicketTypeId
from app.domain.text import name_key
from app.models.events.promo_codes import PromoCode
from app.models.orders.orders import Order
from app.repositories.base import Repository

LETTERS: Final = unique_key(PromoCode, "event_id", "code_key")


class PromoCodeRepository(Repository):
    def save(self, code: PromoCode) -> None:
        """Write a new or changed code now.

        Raises:
            PromoCodeTaken: the event has another one of these letters.
        """
        try:
            self.add(code)
        except IntegrityError as error:
            if broken_key(error, LETTERS):
                raise PromoCodeTaken from error
            raise

    def of_event(self, event_id: EventId) -> Sequence[PromoCode]:
        return self._db.scalars(
            select(PromoCode).where(PromoCode.event_id == event_id).order_by(PromoCode.id)
        ).all()

    def lock(self, event_id: EventId, promo_code_id: PromoCodeId) -> PromoCode:
        """The event's code, kept from other writers until this transaction ends.

        Raises:
            PromoCodeNotFound: the event has no such code.
        """
        code = self._db.scalar(
            select(PromoCode)
            .where(PromoCode.event_id == event_id, PromoCode.id == promo_code_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if code is None:
            raise PromoCodeNotFound(promo_code_id)
        return code

    def delete(self, code: PromoCode) -> None:
        """Delete a code that no order was placed with.

        Raises:
            PromoCodeHasOrders: one was.
        """
        ordered = exists().where(Order.event_id == code.event_id, Order.promo_code_id == code.id)
        if self._db.scalar(select(ordered)):
            raise PromoCodeHasOrders(code.id)
        self._db.delete(code)
        self._db.flush()

    def lock_of_event(self, event_id: EventId) -> Sequence[PromoCode]:
        """The event's codes, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already.
        """
        return self._db.scalars(
            select(PromoCode)
            .where(PromoCode.event_id == event_id)
            .order_by(PromoCode.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()

    def forget_type(self, codes: Iterable[PromoCode], ticket_type_id: TicketTypeId) -> None:
        """Take a ticket type that is deleted out of its event's codes, which are locked.

        A code for this type alone is deleted too: without types it would be good for all.
        """
        for code in codes:
            others = [other for other in code.ticket_type_ids if other != ticket_type_id]
            if others:
                code.ticket_type_ids = others
            elif code.ticket_type_ids:
                self._delete_unused(code)

    def _delete_unused(self, code: PromoCode) -> None:
        # A used one stays, good for a number that no type gets again: orders refer to it.
        self._db.execute(
            delete(PromoCode).where(
                PromoCode.id == code.id,
                PromoCode.used == 0,
                ~exists().where(Order.event_id == code.event_id, Order.promo_code_id == code.id),
            )
        )

    def find(self, event_id: EventId, code: str) -> PromoCode | None:
        """The event's code of these letters, whatever their case."""
        return self._db.scalar(
            select(PromoCode).where(
                PromoCode.event_id == event_id, PromoCode.code_key == name_key(code)
            )
        )

    def use(self, promo_code_id: PromoCodeId, *, now: datetime) -> bool:
        """Count one more use if there is one left now; tell whether there was.

        One conditional UPDATE, as for places: of two buyers racing for the last use one loses.
        """
        statement = (
            update(PromoCode)
            .where(
                PromoCode.id == promo_code_id,
                PromoCode.is_stopped.is_(False),
                or_(PromoCode.max_uses.is_(None), PromoCode.used < PromoCode.max_uses),
                or_(PromoCode.valid_from.is_(None), PromoCode.valid_from <= now),
                or_(PromoCode.valid_until.is_(None), PromoCode.valid_until > now),
            )
            .values(used=PromoCode.used + 1)
            .returning(PromoCode.id)
        )
        return self._db.scalar(statement) is not None

    def use_again(self, promo_code_id: PromoCodeId) -> bool:
        """Count a use that was given back, whenever that was; tell whether one is left."""
        statement = (
            update(PromoCode)
            .where(
                PromoCode.id == promo_code_id,
                or_(PromoCode.max_uses.is_(None), PromoCode.used < PromoCode.max_uses),
            )
            .values(used=PromoCode.used + 1)
            .returning(PromoCode.id)
        )
        return self._db.scalar(statement) is not None

    def unuse(self, promo_code_id: PromoCodeId) -> None:
        """Give a use back."""
        self._db.execute(
            update(PromoCode).where(PromoCode.id == promo_code_id).values(used=PromoCode.used - 1)
        )
