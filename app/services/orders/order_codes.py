"""Codes that buyers send along with an order. Wrong ones are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import PromoCodeNotBegun, PromoCodeNotFound, PromoCodeUsedUp
from app.domain.ids import UserId
from app.domain.orders.order_requests import OrderRequest
from app.domain.users.attempts import AttemptCounter
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.code_guesses import ACCESS_CODES, PROMO_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCodes:
    """Access codes of hidden ticket types, and promo codes."""

    database: Database

    def try_access(
        self,
        work: UnitOfWork,
        buyer: User,
        order_request: OrderRequest,
        types: Sequence[TicketType],
        *,
        now: datetime,
    ) -> None:
        """Count the access code if it does not open all types ordered, which are refused later.

        Args:
            work: the transaction.
            buyer: who orders.
            order_request: the code, and the types ordered.
            types: those of the event.
            now: the present moment.

        Raises:
            TooManyGuesses: the buyer, or others from there or for the event, tried too many.
        """
        counters = ACCESS_CODES.counters(
            _caller(buyer), order_request.event_id, order_request.client
        )
        ACCESS_CODES.ensure_may_try(work, counters, now=now)
        opened = {each.id for each in types if each.opens_to(order_request.access_code)}
        if not opened or not opened.issuperset(i.ticket_type_id for i in order_request.items):
            self._count_after_rollback(work, counters, now=now)

    def use_promo(
        self,
        work: UnitOfWork,
        buyer: User,
        order_request: OrderRequest,
        code: str,
        *,
        now: datetime,
    ) -> PromoCode:
        """Use the promo code of the request once more.

        Raises:
            PromoCodeNotFound: the code is not the event's.
            PromoCodeNotBegun: it is good from a later moment on.
            PromoCodeUsedUp: it has been used as often as it may be, or has ended.
            TooManyPromoCodes: the buyer, or others from there or for the event, tried too many.
        """
        counters = PROMO_CODES.counters(
            _caller(buyer), order_request.event_id, order_request.client
        )
        PROMO_CODES.ensure_may_try(work, counters, now=now)
        promo = work.promo_codes.find(order_request.event_id, code)
        if promo is None:
            self._count_after_rollback(work, counters, now=now)
            raise PromoCodeNotFound
        if not work.promo_codes.use(promo.id, now=now):
            if promo.valid_from is not None and now < promo.valid_from:
                raise PromoCodeNotBegun(promo.valid_from)
            raise PromoCodeUsedUp
        return promo

    def _count_after_rollback(
        self, work: UnitOfWork, counters: Sequence[AttemptCounter], *, now: datetime
    ) -> None:
        """Count a wrong code in a transaction of its own: the count outlives the refusal."""

        def count() -> None:
            with self.database.writing() as counting:
                counting.attempts.count(counters, now=now)

        work.after_rollback(count)


def _caller(buyer: User) -> UserId | None:
    """The account that orders; ``None`` for a guest.

    Anyone types an address, and a guest who is refused leaves no row: on SQLite the next guest has
    its number.
    """
    return None if buyer.is_guest else buyer.id
