"""Everything that is kept about one account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import selectinload

from app.domain.ids import UserId
from app.domain.states import OutboxKind
from app.models.admins.actions import AdminAction
from app.models.checkin.check_ins import CheckIn
from app.models.checkin.scanning import EventStaff
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order, OrderNote
from app.models.orders.waiting import WaitingEntry
from app.models.organizers.export_jobs import ExportJob
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Membership, Organization
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.account_requests import AccountRequest
from app.models.users.two_step import TwoStepSecret
from app.models.users.users import LoginSession, User
from app.repositories.base import Repository
from app.repositories.operations.outbox import ABOUT_REQUESTS, ABOUT_TWO_STEP
from app.repositories.orders.event_orders import ABOUT_ORDERS, ABOUT_REFUNDS

TO_ADDRESSEES: Final = (
    OutboxKind.EVENT_CHANGED,
    OutboxKind.EVENT_CANCELLED,
    OutboxKind.EVENT_REMINDER,
    OutboxKind.EVENT_MESSAGE,
    OutboxKind.ORDER_MOVED,
)
"""Kinds of mails whose row says to whom they go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """What is kept about an account, each the oldest first. No secret is among what is shown."""

    user: User
    two_step_since: datetime | None
    """Since when the account signs in in two steps; ``None``: in one."""
    sessions: Sequence[LoginSession]
    requests: Sequence[AccountRequest]
    orders: Sequence[Order]
    payments: Sequence[Payment]
    refunds: Sequence[Row[Refund, Payment]]
    tickets: Sequence[Row[Ticket, Event]]
    scans: Sequence[CheckIn]
    transfers: Sequence[TicketTransfer]
    waits: Sequence[WaitingEntry]
    mails: Sequence[OutboxMessage]
    staff: Sequence[EventStaff]
    invitations: Sequence[Row[Invitation, Organization]]
    memberships: Sequence[Row[Membership, Organization]]
    exports: Sequence[ExportJob]
    events: Sequence[Event]
    notes: Sequence[OrderNote]
    admin_actions: Sequence[AdminAction]


class OwnDataRepository(Repository):
    def of(self, user_id: UserId) -> OwnData:
        """All of it, in a fixed number of queries."""
        my_payments = Payment.order_id.in_(_ids(Order, Order.buyer_id == user_id))
        paid_back = (
            select(Refund, Payment)
            .join(
                Payment, and_(Payment.id == Refund.payment_id, Payment.event_id == Refund.event_id)
            )
            .where(my_payments)
        )
        held = select(Ticket, Event).join(Event, Event.id == Ticket.event_id)
        my_orders = select(Order).options(selectinload(Order.items))
        return OwnData(
            user=self._db.get_one(User, user_id),
            two_step_since=self._db.scalar(
                select(TwoStepSecret.enabled_at).where(
                    TwoStepSecret.user_id == user_id, TwoStepSecret.ended_at.is_(None)
                )
            ),
            sessions=self._all(LoginSession, LoginSession.user_id == user_id),
            requests=self._all(AccountRequest, AccountRequest.user_id == user_id),
            orders=self._db.scalars(
                my_orders.where(Order.buyer_id == user_id).order_by(Order.id)
            ).all(),
            payments=self._all(Payment, my_payments),
            refunds=self._db.execute(paid_back.order_by(Refund.id)).all(),
            tickets=self._db.execute(
                held.where(Ticket.user_id == user_id).order_by(Ticket.id)
            ).all(),
            scans=self._all(
                CheckIn, CheckIn.ticket_id.in_(_ids(Ticket, Ticket.user_id == user_id))
            ),
            transfers=self._all(TicketTransfer, _was_in(user_id)),
            waits=self._all(WaitingEntry, WaitingEntry.user_id == user_id),
            mails=self._all(OutboxMessage, mails_of(user_id)),
            staff=self._db.scalars(
                select(EventStaff)
                .where(EventStaff.user_id == user_id)
                .order_by(EventStaff.event_id)
            ).all(),
            invitations=self._db.execute(
                select(Invitation, Organization)
                .join(Organization, Organization.id == Invitation.organization_id)
                .join(User, User.email_key == Invitation.email_key)
                .where(User.id == user_id, User.email_confirmed_at.is_not(None))
                .order_by(Invitation.id)
            ).all(),
            memberships=self._db.execute(
                select(Membership, Organization)
                .join(Organization, Organization.id == Membership.organization_id)
                .where(Membership.user_id == user_id)
                .order_by(Membership.created_at, Organization.id)
            ).all(),
            exports=self._all(ExportJob, ExportJob.requested_by == user_id),
            events=self._all(Event, Event.created_by == user_id),
            notes=self._all(OrderNote, OrderNote.author_id == user_id),
            admin_actions=self._all(AdminAction, AdminAction.account_id == user_id),
        )

    def _all(self, model: Any, which: ColumnElement[bool]) -> Sequence[Any]:
        return self._db.scalars(select(model).where(which).order_by(model.id)).all()


def _ids(model: Any, which: ColumnElement[bool]) -> Select[Any]:
    return select(model.id).where(which)


def _was_in(user_id: UserId) -> ColumnElement[bool]:
    return or_(TicketTransfer.from_user_id == user_id, TicketTransfer.accepted_by == user_id)


def _key_of(user_id: UserId) -> ScalarSelect[str]:
    """The key of the account's address, once that is confirmed."""
    return (
        select(User.email_key)
        .where(User.id == user_id, User.email_confirmed_at.is_not(None))
        .scalar_subquery()
    )


def mails_of(user_id: UserId) -> ColumnElement[bool]:
    """Which mails went to the account, by what they are about."""
    kind, subject = OutboxMessage.kind, OutboxMessage.subject_id
    return or_(
        and_(kind.in_(TO_ADDRESSEES), OutboxMessage.addressee_id == user_id),
        *(and_(kind.in_(kinds), subject.in_(ids)) for kinds, ids in subjects_of(user_id).items()),
    )


def subjects_of(user_id: UserId) -> dict[tuple[OutboxKind, ...], Select[Any]]:
    """What mails to the account are about whose row does not say to whom they go, by their kind."""
    orders = _ids(Order, Order.buyer_id == user_id)
    payments = _ids(Payment, Payment.order_id.in_(orders))
    return {
        ABOUT_ORDERS: orders,
        (OutboxKind.PAYMENT_FAILED,): payments,
        ABOUT_REFUNDS: _ids(Refund, Refund.payment_id.in_(payments)),
        (OutboxKind.WAIT_ASKED, OutboxKind.WAIT_ENDED): _ids(
            WaitingEntry, WaitingEntry.user_id == user_id
        ),
        (OutboxKind.TICKET_REISSUED,): _ids(Ticket, Ticket.user_id == user_id),
        (OutboxKind.TRANSFER_OFFERED,): _ids(TicketTransfer, TicketTransfer.accepted_by == user_id),
        (OutboxKind.TRANSFER_ACCEPTED,): _ids(
            TicketTransfer, TicketTransfer.from_user_id == user_id
        ),
        (OutboxKind.ORGANIZATION_INVITATION,): _ids(
            Invitation, Invitation.email_key == _key_of(user_id)
        ),
        ABOUT_TWO_STEP: _ids(TwoStepSecret, TwoStepSecret.user_id == user_id),
        (OutboxKind.EXPORT_DONE,): _ids(ExportJob, ExportJob.requested_by == user_id),
        ABOUT_REQUESTS: _ids(AccountRequest, AccountRequest.user_id == user_id),
    }
