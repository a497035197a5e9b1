"""Deletes what is not needed any more, a batch at a time."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Delete, Select, delete, exists, select, text

from app.domain.states import (
    AnnouncementKind,
    OutboxKind,
    OutboxStatus,
    TransferState,
    WaitingState,
)
from app.models.admins.actions import AdminAction
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import OrderNote
from app.models.orders.waiting import WaitingEntry
from app.models.organizers.invitations import Invitation
from app.models.payments.payments import WebhookDelivery
from app.models.tickets.transfers import TicketTransfer
from app.models.users.users import LoginSession, RefreshToken
from app.repositories.base import Repository

NO_TICKETS: Final = text("kind <> 'tickets-issued'")
"""As the index says it: a parameter in its place would not be recognized."""

OPEN_WAITS: Final = (WaitingState.WAITING, WaitingState.OFFERED)


class RetentionRepository(Repository):
    """Each method deletes at most ``limit`` rows and tells how many."""

    def delete_webhooks(self, *, before: datetime, limit: int) -> int:
        """Webhooks that came before then and were acted on.

        Only the oldest are looked at: no index has to find what is old.
        """
        oldest = select(WebhookDelivery.id).order_by(WebhookDelivery.id).limit(limit)
        return self._delete(
            delete(WebhookDelivery).where(
                WebhookDelivery.id.in_(oldest.scalar_subquery()),
                WebhookDelivery.received_at < before,
                WebhookDelivery.work_at.is_(None),
            )
        )

    def delete_messages(self, *, before: datetime, limit: int) -> int:
        """Mails that were due before then and are due no more, but those with tickets."""
        old = (
            select(OutboxMessage.id)
            .where(
                NO_TICKETS,
                OutboxMessage.work_at < before,
                OutboxMessage.status != OutboxStatus.DUE,
            )
            .order_by(OutboxMessage.work_at)
        )
        return self._delete_found(OutboxMessage, old, limit)

    def delete_logins(self, *, before: datetime, limit: int) -> int:
        """Logins begun before then of which no refresh token is left."""
        has_token = exists().where(RefreshToken.session_id == LoginSession.id)
        old = (
            select(LoginSession.id)
            .where(LoginSession.started_at < before, ~has_token)
            .order_by(LoginSession.id)
        )
        return self._delete_found(LoginSession, old, limit)

    def delete_invitations(self, *, before: datetime, limit: int) -> int:
        """Invitations that could be accepted at most until then."""
        old = (
            select(Invitation.id)
            .where(Invitation.expires_at < before)
            .order_by(Invitation.expires_at)
        )
        return self._delete_found(Invitation, old, limit)

    def delete_admin_actions(self, *, before: datetime, limit: int) -> int:
        """What admins did before then."""
        old = select(AdminAction.id).where(AdminAction.at < before).order_by(AdminAction.at)
        return self._delete_found(AdminAction, old, limit)

    def delete_transfers(self, *, before: datetime, limit: int) -> int:
        """Ended offers of tickets whose event began before then."""
        is_past = exists().where(Event.id == TicketTransfer.event_id, Event.starts_at < before)
        old = (
            select(TicketTransfer.id)
            .where(
                TicketTransfer.state != TransferState.OFFERED,
                TicketTransfer.expires_at < before,
                is_past,
            )
            .order_by(TicketTransfer.expires_at)
        )
        return self._delete_found(TicketTransfer, old, limit)

    def delete_waits(self, *, before: datetime, limit: int) -> int:
        """Ended entries in waiting lists of events that began before then."""
        is_past = exists().where(Event.id == WaitingEntry.event_id, Event.starts_at < before)
        old = (
            select(WaitingEntry.id)
            .where(WaitingEntry.state.not_in(OPEN_WAITS), is_past)
            .order_by(WaitingEntry.id)
        )
        return self._delete_found(WaitingEntry, old, limit)

    def delete_notes(self, *, before: datetime, limit: int) -> int:
        """Notes on orders of events that began before then, if they were written before then."""
        is_past = exists().where(Event.id == OrderNote.event_id, Event.starts_at < before)
        old = select(OrderNote.id).where(OrderNote.at < before, is_past).order_by(OrderNote.id)
        return self._delete_found(OrderNote, old, limit)

    def delete_holder_messages(self, *, before: datetime, limit: int) -> int:
        """Messages to holders of events that began before then, once none of their mails is known.

        A mail that is tried again is written from its message.
        """
        is_past = exists().where(Event.id == Announcement.event_id, Event.starts_at < before)
        has_mails = exists().where(
            OutboxMessage.kind == OutboxKind.EVENT_MESSAGE,
            OutboxMessage.subject_id == Announcement.id,
            OutboxMessage.event_id == Announcement.event_id,
        )
        old = (
            select(Announcement.id)
            .where(
                Announcement.kind == AnnouncementKind.MESSAGE,
                Announcement.created_at < before,
                Announcement.work_at.is_(None),
                is_past,
                ~has_mails,
            )
            .order_by(Announcement.id)
        )
        return self._delete_found(Announcement, old, limit)

    def _delete_found(self, model: Any, found: Select[Any], limit: int) -> int:
        return self._delete(delete(model).where(model.id.in_(found.limit(limit).scalar_subquery())))

    def _delete(self, statement: Delete) -> int:
        outcome = self._db.execute(statement)
        return int(outcome.rowcount)  # type: ignore[attr-defined]  # a DELETE has one
