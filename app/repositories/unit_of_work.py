"""One transaction's worth of repositories."""

from contextlib import AbstractContextManager
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session

from app.repositories.events import EventRepository, TicketTypeRepository
from app.repositories.orders import OrderRepository
from app.repositories.outbox import OutboxRepository
from app.repositories.payments import PaymentRepository
from app.repositories.refunds import RefundRepository
from app.repositories.tickets import TicketRepository
from app.repositories.users import SessionRepository, UserRepository
from app.repositories.webhooks import WebhookRepository


class UnitOfWork:
    """What one transaction can read and change. Made by ``Database.unit_of_work``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def users(self) -> UserRepository:
        return UserRepository(self._session)

    @cached_property
    def sessions(self) -> SessionRepository:
        return SessionRepository(self._session)

    @cached_property
    def events(self) -> EventRepository:
        return EventRepository(self._session)

    @cached_property
    def ticket_types(self) -> TicketTypeRepository:
        return TicketTypeRepository(self._session)

    @cached_property
    def orders(self) -> OrderRepository:
        return OrderRepository(self._session)

    @cached_property
    def payments(self) -> PaymentRepository:
        return PaymentRepository(self._session)

    @cached_property
    def refunds(self) -> RefundRepository:
        return RefundRepository(self._session)

    @cached_property
    def webhooks(self) -> WebhookRepository:
        return WebhookRepository(self._session)

    @cached_property
    def tickets(self) -> TicketRepository:
        return TicketRepository(self._session)

    @cached_property
    def outbox(self) -> OutboxRepository:
        return OutboxRepository(self._session)


class UnitOfWorkFactory(Protocol):
    """Opens a transaction; see ``Database.unit_of_work``."""

    def __call__(self, *, read_only: bool = False) -> AbstractContextManager[UnitOfWork]: ...
