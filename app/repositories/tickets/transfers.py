from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from app.database.constraints import broken_key, unique_key
from app.domain.errors import TransferNotFound, TransferOpen
from app.domain.ids import TicketId, TransferId, UserId
from app.domain.paging import Cursor, Page
from app.domain.states import TransferState
from app.models.tickets.transfers import TicketTransfer
from app.repositories.base import Repository

OPEN_OFFER: Final = unique_key(TicketTransfer, "ticket_id")

_IS_OPEN = TicketTransfer.state == TransferState.OFFERED


class TransferRepository(Repository):
    def offer(self, transfer: TicketTransfer) -> None:
        """Insert an open offer.

        Raises:
            TransferOpen: there is one of the same ticket.
        """
        try:
            self.add(transfer)
        except IntegrityError as error:
            if broken_key(error, OPEN_OFFER):
                raise TransferOpen(transfer.ticket_id) from error
            raise

    def get(self, transfer_id: TransferId) -> TicketTransfer:
        """The offer of this number.

        Raises:
            TransferNotFound: there is none, or none any more.
        """
        return self._get(TicketTransfer, transfer_id, TransferNotFound(transfer_id))

    def find(self, transfer_id: TransferId) -> TicketTransfer | None:
        return self._db.get(TicketTransfer, transfer_id)

    def offered_since(self, ticket_id: TicketId, moment: datetime) -> Sequence[datetime]:
        """When the ticket was offered after the moment, the first time first."""
        return self._db.scalars(
            select(TicketTransfer.offered_at)
            .where(TicketTransfer.ticket_id == ticket_id, TicketTransfer.offered_at > moment)
            .order_by(TicketTransfer.offered_at)
        ).all()

    def open_of(
        self, ticket_ids: Sequence[TicketId], *, now: datetime
    ) -> dict[TicketId, TicketTransfer]:
        """The offers of these tickets that can be accepted now, by ticket."""
        found = self._db.scalars(
            select(TicketTransfer).where(
                TicketTransfer.ticket_id.in_(ticket_ids),
                TicketTransfer.state == TransferState.OFFERED,
                TicketTransfer.expires_at > now,
            )
        )
        return {transfer.ticket_id: transfer for transfer in found}

    def page(self, user_id: UserId, *, after: Cursor | None, limit: int) -> Page[TicketTransfer]:
        """One page of the user's offers, the newest first."""
        statement = select(TicketTransfer).where(TicketTransfer.from_user_id == user_id)
        moment, key = TicketTransfer.offered_at, TicketTransfer.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: row.TicketTransfer)

    def accept(self, transfer_id: TransferId, *, by: UserId, now: datetime) -> bool:
        """Close the offer as accepted if it is open and lasts; tell whether it was."""
        return self._end(
            TransferState.ACCEPTED,
            TicketTransfer.id == transfer_id,
            TicketTransfer.expires_at > now,
            now=now,
            accepted_by=by,
        )

    def withdraw(self, transfer_id: TransferId, *, giver_id: UserId, now: datetime) -> bool:
        """Take an open offer of this giver back; tell whether there was one."""
        return self._end(
            TransferState.WITHDRAWN,
            TicketTransfer.id == transfer_id,
            TicketTransfer.from_user_id == giver_id,
            now=now,
        )

    def withdraw_of(self, ticket_ids: Sequence[TicketId], *, now: datetime) -> None:
        """End the open offers of these tickets, if there are any."""
        self._end(TransferState.WITHDRAWN, TicketTransfer.ticket_id.in_(ticket_ids), now=now)

    def expire_of(self, ticket_id: TicketId, *, now: datetime) -> None:
        """End the ticket's open offer if its time is over."""
        self._end(
            TransferState.EXPIRED,
            TicketTransfer.ticket_id == ticket_id,
            TicketTransfer.expires_at <= now,
            now=now,
        )

    def due_to_expire(self, now: datetime, *, limit: int) -> Sequence[TransferId]:
        """Open offers whose time is over."""
        return self._db.scalars(
            select(TicketTransfer.id)
            .where(_IS_OPEN, TicketTransfer.expires_at <= now)
            .order_by(TicketTransfer.expires_at, TicketTransfer.id)
            .limit(limit)
        ).all()

    def expire(self, transfer_id: TransferId, *, now: datetime) -> bool:
        """End an offer; tell whether it was still open."""
        return self._end(TransferState.EXPIRED, TicketTransfer.id == transfer_id, now=now)

    def _end(
        self, state: TransferState, *which: ColumnElement[bool], now: datetime, **values: Any
    ) -> bool:
        """Close open offers; the state is the referee between all who would close one."""
        ended = self._db.scalars(
            update(TicketTransfer)
            .where(_IS_OPEN, *which)
            .values(state=state, ended_at=now, **values)
            .returning(TicketTransfer)
            .execution_options(populate_existing=True)
        ).all()
        return bool(ended)
