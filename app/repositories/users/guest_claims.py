"""What moves from a guest to the account that has shown to own the guest's address."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from app.domain.ids import OrderId, UserId
from app.domain.states import WaitingState
from app.models.events.events import BuyerPlaces
from app.models.orders.orders import Order
from app.models.orders.waiting import WaitingEntry
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.repositories.base import Repository
from app.repositories.events.buyer_places import BuyerPlacesRepository

OPEN: Final = (WaitingState.WAITING, WaitingState.OFFERED)


class GuestClaimRepository(Repository):
    def orders_of(self, guest_id: UserId) -> Sequence[OrderId]:
        """The guest's orders, in the order in which they are locked."""
        return self._db.scalars(
            select(Order.id).where(Order.buyer_id == guest_id).order_by(Order.id)
        ).all()

    def has_waits(self, guest_id: UserId) -> bool:
        """Whether the guest is, or was, on a waiting list."""
        return bool(self._db.scalar(select(exists().where(WaitingEntry.user_id == guest_id))))

    def move(self, guest_id: UserId, *, to: UserId) -> None:
        """Give the account all that is the guest's, and count its places there.

        The caller has locked the guest's orders and row: nothing of it changes meanwhile.
        """
        self._move_places(guest_id, to=to)
        self._end_repeated_waits(guest_id, of=to)
        moves: tuple[Any, ...] = (
            update(Order).where(Order.buyer_id == guest_id).values(buyer_id=to),
            update(Ticket).where(Ticket.user_id == guest_id).values(user_id=to),
            update(TicketTransfer)
            .where(TicketTransfer.from_user_id == guest_id)
            .values(from_user_id=to),
            update(WaitingEntry).where(WaitingEntry.user_id == guest_id).values(user_id=to),
        )
        for statement in moves:
            self._db.execute(statement)

    def _move_places(self, guest_id: UserId, *, to: UserId) -> None:
        """Add the guest's counts to the account's; one that has none begins with what it has."""
        counted = self._db.execute(
            select(BuyerPlaces.event_id, BuyerPlaces.places)
            .where(BuyerPlaces.buyer_id == guest_id)
            .order_by(BuyerPlaces.event_id)
        ).all()
        account = BuyerPlacesRepository(self._transaction)
        for event_id, places in counted:
            had = account.of(event_id, to)
            self._db.execute(
                self._insert(BuyerPlaces)
                .values(event_id=event_id, buyer_id=to, places=had + places)
                .on_conflict_do_update(
                    index_elements=[BuyerPlaces.event_id, BuyerPlaces.buyer_id],
                    set_={"places": BuyerPlaces.places + places},
                )
            )
        self._db.execute(delete(BuyerPlaces).where(BuyerPlaces.buyer_id == guest_id))

    def _end_repeated_waits(self, guest_id: UserId, *, of: UserId) -> None:
        """Leave lines in which the account has a place already."""
        own = aliased(WaitingEntry)
        is_repeated = exists().where(
            own.event_id == WaitingEntry.event_id,
            own.ticket_type_id == WaitingEntry.ticket_type_id,
            own.user_id == of,
            own.state.in_(OPEN),
        )
        self._db.execute(
            update(WaitingEntry)
            .where(
                WaitingEntry.user_id == guest_id,
                WaitingEntry.state == WaitingState.WAITING,
                is_repeated,
            )
            .values(state=WaitingState.LEFT)
        )
