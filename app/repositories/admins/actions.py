from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, select

from app.domain.actors import Actor
from app.domain.admins.actions import NOTHING, About, AdminActionKind, AdminSubject
from app.domain.ids import UserId
from app.domain.paging import Cursor, Page
from app.models.admins.actions import AdminAction
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository

LONGEST_KEPT_WORDS = 400

ABOUT: Final[Mapping[AdminSubject | None, Select[Any]]] = {
    AdminSubject.ORDER: select(Order.buyer_id).where(Order.id == bindparam("subject_id")),
    AdminSubject.TICKET: select(Ticket.user_id).where(Ticket.id == bindparam("subject_id")),
    AdminSubject.REFUND: select(Order.buyer_id)
    .join(Payment, and_(Payment.order_id == Order.id, Payment.event_id == Order.event_id))
    .join(Refund, and_(Refund.payment_id == Payment.id, Refund.event_id == Payment.event_id))
    .where(Refund.id == bindparam("subject_id")),
}
"""Whose data it is about, by what it is about."""


class AdminActionRepository(Repository):
    """The log of what admins do. It is only added to; see retention for its end."""

    def note(
        self,
        actor: Actor,
        action: AdminActionKind,
        about: About = NOTHING,
        *,
        now: datetime,
        words: str | None = None,
        detail: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Add what the actor does in this transaction."""
        self._insert_row(
            AdminAction(
                at=now,
                actor=actor.name,
                action=action,
                subject=about.subject,
                subject_id=about.subject_id,
                account_id=about.account_id,
                words=None if words is None else words[:LONGEST_KEPT_WORDS],
                detail=detail,
                reason=reason,
            )
        )

    def note_if_admin(
        self,
        actor: Actor,
        action: AdminActionKind,
        about: About,
        *,
        now: datetime,
        reason: str | None,
    ) -> None:
        """As ``note``, of what members of an organization may do, too: theirs is not noted."""
        if actor.is_admin:
            self.note(actor, action, about, now=now, reason=reason)

    def account_of(self, about: About) -> UserId | None:
        """The account that is named, else the one that an order, a ticket or a refund is about."""
        if about.account_id is not None or about.subject not in ABOUT:
            return about.account_id
        return self._run(ABOUT[about.subject], subject_id=about.subject_id).scalar()

    def page(
        self,
        *,
        actor: str | None,
        action: AdminActionKind | None,
        account_id: UserId | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[AdminAction]:
        """One page of the log, the newest first; ``None`` does not filter."""
        statement = select(AdminAction)
        if actor is not None:
            statement = statement.where(AdminAction.actor == actor)
        if action is not None:
            statement = statement.where(AdminAction.action == action)
        if account_id is not None:
            statement = statement.where(AdminAction.account_id == account_id)
        moment, key = AdminAction.at, AdminAction.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: row.AdminAction)
