"""What an account would lose, and what is forgotten with it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from app.domain.checkin.doors import DOORS_CLOSE_AFTER
from app.domain.ids import UserId
from app.domain.organizers.organizations import InvitationState
from app.domain.permissions import OrganizationRole
from app.domain.states import OrderStatus, RefundState, TicketStatus, WaitingState
from app.domain.users.deletions import Obstacle
from app.domain.users.names import address_of_deleted
from app.models.admins.actions import AdminAction
from app.models.checkin.scanning import EventStaff
from app.models.events.events import Event
from app.models.operations.idempotency import IdempotencyKey
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order, OrderItem, OrderNote
from app.models.orders.waiting import WaitingEntry
from app.models.organizers.export_jobs import ExportJob
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Membership, Organization
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.account_requests import AccountRequest
from app.models.users.two_step import RecoveryCode, TwoStepSecret
from app.models.users.users import LoginSession, RefreshToken
from app.repositories.base import Repository
from app.repositories.operations.outbox import ABOUT_REQUESTS
from app.repositories.organizers.invitations import IS_OPEN
from app.repositories.users.own_data import mails_of

PAYS_FOR_IT: Final = and_(Payment.order_id == Order.id, Payment.event_id == Order.event_id)
NOT_SERVED: Final = (WaitingState.UNCONFIRMED, WaitingState.WAITING)
NOT_BACK: Final = Refund.state != RefundState.PROCESSED


class DeletionRepository(Repository):
    def obstacles(self, user_id: UserId, *, now: datetime) -> dict[Obstacle, list[int]]:
        """What the account would lose: the ids of orders, tickets or events, by kind."""
        found = {
            obstacle: list(self._db.scalars(query)) for obstacle, query in _queries(user_id, now)
        }
        return {obstacle: ids for obstacle, ids in found.items() if ids}

    def lock_organizations(self, user_id: UserId) -> None:
        """Keep others from changing who owns the organizations of an account that is locked."""
        mine = select(Membership.organization_id).where(Membership.user_id == user_id)
        found = select(Organization.id).where(Organization.id.in_(mine)).order_by(Organization.id)
        self._db.scalars(found.with_for_update(key_share=True)).all()

    def forget(
        self, user_id: UserId, *, username: str, email_key: str, searched: Collection[str]
    ) -> None:
        """Delete or blank what tells who the account's owner was, and whom they dealt with.

        Orders, payments, refunds, tickets and scans stay, as the law wants, without names. The
        account's personal organization stays with its events, under the emptied ``username``. Open
        invitations end that it has sent, or that were sent to the address with ``email_key``. What
        admins did about the account stays without their reasons, which may name it, as does that
        they ``searched`` for it.
        """
        # Who is renewing a login has its row; what they add to it is seen by the next statement.
        logins = select(LoginSession.id).where(LoginSession.user_id == user_id)
        self._db.scalars(logins.order_by(LoginSession.id).with_for_update()).all()
        my_orders = select(Order.id).where(Order.buyer_id == user_id)
        my_sessions = select(LoginSession.id).where(LoginSession.user_id == user_id)
        my_requests = select(AccountRequest.id).where(AccountRequest.user_id == user_id)
        my_secrets = select(TwoStepSecret.id).where(TwoStepSecret.user_id == user_id)
        is_to_it = Invitation.email_key == email_key
        was_in = or_(TicketTransfer.from_user_id == user_id, TicketTransfer.accepted_by == user_id)
        changes: tuple[Any, ...] = (
            delete(RecoveryCode).where(RecoveryCode.two_step_id.in_(my_secrets)),
            delete(TwoStepSecret).where(TwoStepSecret.user_id == user_id),
            delete(RefreshToken).where(RefreshToken.session_id.in_(my_sessions)),
            delete(LoginSession).where(LoginSession.user_id == user_id),
            update(OutboxMessage).where(mails_of(user_id)).values(last_error=None),
            delete(OutboxMessage).where(
                OutboxMessage.kind.in_(ABOUT_REQUESTS), OutboxMessage.subject_id.in_(my_requests)
            ),
            delete(AccountRequest).where(AccountRequest.user_id == user_id),
            delete(IdempotencyKey).where(IdempotencyKey.caller == f"user:{user_id}"),
            delete(ExportJob).where(ExportJob.requested_by == user_id),
            delete(EventStaff).where(EventStaff.user_id == user_id),
            delete(Membership).where(Membership.user_id == user_id),
            update(Invitation)
            .where(or_(is_to_it, Invitation.invited_by == user_id), IS_OPEN)
            .values(state=InvitationState.REVOKED),
            update(Invitation)
            .where(is_to_it)
            .values(email=address_of_deleted(user_id), email_key=address_of_deleted(user_id)),
            update(Organization)
            .where(Organization.personal_of == user_id)
            .values(name=username, contact_email=None, reply_to=None),
            update(AdminAction).where(AdminAction.account_id == user_id).values(reason=None),
            update(AdminAction).where(AdminAction.words.in_(searched)).values(words=None),
            update(Order)
            .where(Order.buyer_id == user_id)
            .values(buyer_name=None, buyer_name_key=None, language=None),
            # What is noted on an order is about its buyer; what the account noted itself stays.
            delete(OrderNote).where(OrderNote.order_id.in_(my_orders)),
            update(OrderItem).where(OrderItem.order_id.in_(my_orders)).values(attendees=[]),
            update(Ticket)
            .where(Ticket.user_id == user_id)
            .values(attendee_name=None, attendee_key=None),
            update(TicketTransfer)
            .where(was_in)
            .values(to_email=address_of_deleted(user_id), to_name=None),
            update(WaitingEntry)
            .where(WaitingEntry.user_id == user_id, WaitingEntry.state.in_(NOT_SERVED))
            .values(state=WaitingState.LEFT),
            update(WaitingEntry).where(WaitingEntry.user_id == user_id).values(buyer_name=None),
        )
        for change in changes:
            self._db.execute(change)


def _queries(user_id: UserId, now: datetime) -> Iterator[tuple[Obstacle, Select[Any]]]:
    is_ahead = or_(
        Event.ends_at > now,
        and_(Event.ends_at.is_(None), Event.starts_at > now - DOORS_CLOSE_AFTER),
    )
    is_asked_about = exists().where(PAYS_FOR_IT, Payment.ask_at.is_not(None))
    my_orders = select(Order.id).where(Order.buyer_id == user_id).order_by(Order.id)
    my_events = select(Event.id).where(Event.organization_id.in_(_alone_in(user_id)))
    my_events = my_events.order_by(Event.id)
    yield (
        Obstacle.UNFINISHED_ORDERS,
        my_orders.where(or_(Order.status == OrderStatus.PENDING, is_asked_about)),
    )
    yield Obstacle.REFUNDS_UNDER_WAY, my_orders.where(_is_owed())
    yield (
        Obstacle.TICKETS_AHEAD,
        select(Ticket.id)
        .join(Event, Event.id == Ticket.event_id)
        .where(Ticket.user_id == user_id, Ticket.status == TicketStatus.VALID, is_ahead)
        .order_by(Ticket.id),
    )
    yield Obstacle.EVENTS_AHEAD, my_events.where(is_ahead, Event.cancelled_at.is_(None))
    yield Obstacle.MONEY_OWED, my_events.where(_owes())
    other = aliased(Membership)
    yield (
        Obstacle.MEMBERS_LEFT_ALONE,
        _alone_in(user_id)
        .where(
            exists().where(
                other.organization_id == Membership.organization_id, other.user_id != user_id
            )
        )
        .order_by(Membership.organization_id),
    )


def _alone_in(user_id: UserId) -> Select[Any]:
    """The organizations that have no other owner."""
    other = aliased(Membership)
    return select(Membership.organization_id).where(
        Membership.user_id == user_id,
        Membership.role == OrganizationRole.OWNER,
        ~exists().where(
            other.organization_id == Membership.organization_id,
            other.user_id != user_id,
            other.role == OrganizationRole.OWNER,
        ),
    )


def _is_owed() -> ColumnElement[bool]:
    """Whether a refund of the order is not back yet."""
    goes_back = and_(Refund.payment_id == Payment.id, Refund.event_id == Payment.event_id)
    return exists().where(PAYS_FOR_IT, goes_back, NOT_BACK)


def _owes() -> ColumnElement[bool]:
    """Whether buyers of the event get money back, or say that they should."""
    is_disputed = exists().where(
        PAYS_FOR_IT,
        Dispute.payment_id == Payment.id,
        Dispute.event_id == Payment.event_id,
        Dispute.resolved_at.is_(None),
    )
    is_unreturned = and_(Event.cancelled_at.is_not(None), Order.status == OrderStatus.PAID)
    return exists().where(Order.event_id == Event.id, or_(_is_owed(), is_disputed, is_unreturned))
