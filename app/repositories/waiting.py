from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, func, or_, select, update

from app.domain.errors import WaitingEntryNotFound
from app.domain.ids import EventId, OrderId, TicketTypeId, UserId, WaitingEntryId
from app.domain.states import WaitingState
from app.models.events import Event
from app.models.ticket_types import TicketType
from app.models.waiting import WaitingEntry
from app.repositories.base import REFRESHES, Repository, table_of

W: Final = WaitingEntry.__table__.c

CLOSE: Final = (
    update(table_of(WaitingEntry))
    .where(W.order_id == bindparam("of_order"), W.state == WaitingState.OFFERED)
    .values(state=bindparam("new_state"))
)


class WaitingRepository(Repository):
    def find_open(self, ticket_type_id: TicketTypeId, user_id: UserId) -> WaitingEntry | None:
        """The user's entry that is waiting or has an offer."""
        return self._db.scalar(
            select(WaitingEntry).where(
                WaitingEntry.ticket_type_id == ticket_type_id,
                WaitingEntry.user_id == user_id,
                WaitingEntry.state.in_((WaitingState.WAITING, WaitingState.OFFERED)),
            )
        )

    def of_user(self, user_id: UserId) -> Sequence[WaitingEntry]:
        return self._db.scalars(
            select(WaitingEntry)
            .where(WaitingEntry.user_id == user_id)
            .order_by(WaitingEntry.id.desc())
            .limit(100)
        ).all()

    def get_for(self, entry_id: WaitingEntryId, *, user_id: UserId) -> WaitingEntry:
        """An entry of this user.

        Raises:
            WaitingEntryNotFound: there is none, or it is somebody else's.
        """
        entry = self._db.scalar(
            select(WaitingEntry).where(WaitingEntry.id == entry_id, WaitingEntry.user_id == user_id)
        )
        if entry is None:
            raise WaitingEntryNotFound(entry_id)
        return entry

    def place_in_line(self, entry: WaitingEntry) -> int:
        """How many wait before this entry, and one."""
        ahead = select(func.count()).where(
            WaitingEntry.ticket_type_id == entry.ticket_type_id,
            WaitingEntry.state == WaitingState.WAITING,
            WaitingEntry.id < entry.id,
        )
        return int(self._db.scalar(ahead) or 0) + 1

    def lines(self, *, limit: int) -> Sequence[tuple[EventId, TicketTypeId]]:
        """Ticket types somebody waits for, with places to be had."""
        rows = self._db.execute(
            select(WaitingEntry.event_id, WaitingEntry.ticket_type_id)
            .join(TicketType, TicketType.id == WaitingEntry.ticket_type_id)
            .join(Event, Event.id == WaitingEntry.event_id)
            .where(
                WaitingEntry.state == WaitingState.WAITING,
                or_(
                    TicketType.capacity.is_(None),
                    TicketType.held + TicketType.sold < TicketType.capacity,
                ),
                or_(Event.capacity.is_(None), Event.held + Event.sold < Event.capacity),
            )
            .group_by(WaitingEntry.event_id, WaitingEntry.ticket_type_id)
            .order_by(func.min(WaitingEntry.id))
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    def first(self, ticket_type_id: TicketTypeId) -> WaitingEntry | None:
        """Whose turn it is."""
        return self._db.scalar(
            select(WaitingEntry)
            .where(
                WaitingEntry.ticket_type_id == ticket_type_id,
                WaitingEntry.state == WaitingState.WAITING,
            )
            .order_by(WaitingEntry.id)
            .limit(1)
        )

    def move(
        self,
        entry_id: WaitingEntryId,
        *,
        from_: WaitingState,
        to: WaitingState,
        order_id: OrderId | None = None,
    ) -> bool:
        """Change the entry's state if it still is ``from_``; tell whether it did."""
        values = {"state": to} if order_id is None else {"state": to, "order_id": order_id}
        statement = (
            update(WaitingEntry)
            .where(WaitingEntry.id == entry_id, WaitingEntry.state == from_)
            .values(values)
            .returning(WaitingEntry)
            .execution_options(**REFRESHES)
        )
        return self._db.scalar(statement) is not None

    def close_of_order(self, order_id: OrderId, *, to: WaitingState) -> None:
        """Say how the offer that led to this order ended, if one did."""
        self._run(CLOSE, of_order=order_id, new_state=to)

    def leave_all(self, event_id: EventId) -> None:
        """End every wait for the event: it will not take place."""
        self._db.execute(
            update(WaitingEntry)
            .where(WaitingEntry.event_id == event_id, WaitingEntry.state == WaitingState.WAITING)
            .values(state=WaitingState.LAPSED)
            .execution_options(synchronize_session=False)
        )
