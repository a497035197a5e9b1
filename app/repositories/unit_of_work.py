"""One transaction's worth of repositories."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Protocol

from app.database.transaction import Transaction
from app.repositories.checkin.attendees import AttendeeRepository
from app.repositories.checkin.check_ins import CheckInRepository
from app.repositories.checkin.devices import DeviceRepository
from app.repositories.checkin.gates import DoorRepository
from app.repositories.checkin.manifests import ManifestRepository
from app.repositories.checkin.passages import PassageRepository
from app.repositories.checkin.staff import StaffRepository
from app.repositories.events.announcements import AnnouncementRepository
from app.repositories.events.buyer_places import BuyerPlacesRepository
from app.repositories.events.events import EventRepository
from app.repositories.events.promo_codes import PromoCodeRepository
from app.repositories.events.ticket_types import TicketTypeRepository
from app.repositories.operations.audit import AuditRepository
from app.repositories.operations.failed_items import FailedItemRepository
from app.repositories.operations.idempotency import IdempotencyRepository
from app.repositories.operations.outbox import OutboxRepository
from app.repositories.operations.retention import RetentionRepository
from app.repositories.orders.orders import OrderRepository
from app.repositories.orders.sales import SaleRepository
from app.repositories.orders.unpaid import UnpaidRepository
from app.repositories.orders.waiting import WaitingRepository
from app.repositories.payments.booked_payments import BookedPaymentRepository
from app.repositories.payments.disputes import DisputeRepository
from app.repositories.payments.ledger import LedgerRepository
from app.repositories.payments.payments import PaymentRepository
from app.repositories.payments.refund_listings import RefundListingRepository
from app.repositories.payments.refunds import RefundRepository
from app.repositories.payments.webhooks import WebhookRepository
from app.repositories.tickets.tickets import TicketRepository
from app.repositories.tickets.transfers import TransferRepository
from app.repositories.users.account_requests import AccountRequestRepository
from app.repositories.users.attempts import AttemptRepository
from app.repositories.users.deletions import DeletionRepository
from app.repositories.users.own_data import OwnDataRepository
from app.repositories.users.users import SessionRepository, UserRepository


class UnitOfWork:
    """What one transaction can read and change. Made by ``Database.unit_of_work``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._after_failure: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    def if_it_fails(self, step: Callable[[], None]) -> None:
        """Do this after the transaction was rolled back: what has to outlive a refusal."""
        self._after_failure.append(step)

    def failed(self) -> None:
        """Do what was asked for in this case."""
        for step in self._after_failure:
            step()

    def after_commit(self, step: Callable[[], None]) -> None:
        """Do this once the transaction is committed, and not at all if it is not."""
        self._after_commit.append(step)

    def committed(self) -> None:
        """Do what was asked for in this case."""
        for step in self._after_commit:
            step()

    def flush(self) -> None:
        """Write changed rows now, so that constraints speak here rather than at the commit."""
        self._transaction.flush()

    def part(self) -> AbstractContextManager[object]:
        """A part of the transaction that can fail by itself: an exception undoes only that."""
        return self._transaction.part()

    @cached_property
    def users(self) -> UserRepository:
        return UserRepository(self._transaction)

    @cached_property
    def attempts(self) -> AttemptRepository:
        return AttemptRepository(self._transaction)

    @cached_property
    def sessions(self) -> SessionRepository:
        return SessionRepository(self._transaction)

    @cached_property
    def deletions(self) -> DeletionRepository:
        return DeletionRepository(self._transaction)

    @cached_property
    def own_data(self) -> OwnDataRepository:
        return OwnDataRepository(self._transaction)

    @cached_property
    def account_requests(self) -> AccountRequestRepository:
        return AccountRequestRepository(self._transaction)

    @cached_property
    def events(self) -> EventRepository:
        return EventRepository(self._transaction)

    @cached_property
    def announcements(self) -> AnnouncementRepository:
        return AnnouncementRepository(self._transaction)

    @cached_property
    def ticket_types(self) -> TicketTypeRepository:
        return TicketTypeRepository(self._transaction)

    @cached_property
    def buyer_places(self) -> BuyerPlacesRepository:
        return BuyerPlacesRepository(self._transaction)

    @cached_property
    def orders(self) -> OrderRepository:
        return OrderRepository(self._transaction)

    @cached_property
    def sales(self) -> SaleRepository:
        return SaleRepository(self._transaction)

    @cached_property
    def payments(self) -> PaymentRepository:
        return PaymentRepository(self._transaction)

    @cached_property
    def booked_payments(self) -> BookedPaymentRepository:
        return BookedPaymentRepository(self._transaction)

    @cached_property
    def failed_items(self) -> FailedItemRepository:
        return FailedItemRepository(self._transaction)

    @cached_property
    def refunds(self) -> RefundRepository:
        return RefundRepository(self._transaction)

    @cached_property
    def disputes(self) -> DisputeRepository:
        return DisputeRepository(self._transaction)

    @cached_property
    def refund_listings(self) -> RefundListingRepository:
        return RefundListingRepository(self._transaction)

    @cached_property
    def webhooks(self) -> WebhookRepository:
        return WebhookRepository(self._transaction)

    @cached_property
    def tickets(self) -> TicketRepository:
        return TicketRepository(self._transaction)

    @cached_property
    def transfers(self) -> TransferRepository:
        return TransferRepository(self._transaction)

    @cached_property
    def ledger(self) -> LedgerRepository:
        return LedgerRepository(self._transaction)

    @cached_property
    def idempotency(self) -> IdempotencyRepository:
        return IdempotencyRepository(self._transaction)

    @cached_property
    def audit(self) -> AuditRepository:
        return AuditRepository(self._transaction)

    @cached_property
    def promo_codes(self) -> PromoCodeRepository:
        return PromoCodeRepository(self._transaction)

    @cached_property
    def unpaid(self) -> UnpaidRepository:
        return UnpaidRepository(self._transaction)

    @cached_property
    def waiting(self) -> WaitingRepository:
        return WaitingRepository(self._transaction)

    @cached_property
    def staff(self) -> StaffRepository:
        return StaffRepository(self._transaction)

    @cached_property
    def devices(self) -> DeviceRepository:
        return DeviceRepository(self._transaction)

    @cached_property
    def doors(self) -> DoorRepository:
        return DoorRepository(self._transaction)

    @cached_property
    def check_ins(self) -> CheckInRepository:
        return CheckInRepository(self._transaction)

    @cached_property
    def passages(self) -> PassageRepository:
        return PassageRepository(self._transaction)

    @cached_property
    def attendees(self) -> AttendeeRepository:
        return AttendeeRepository(self._transaction)

    @cached_property
    def manifests(self) -> ManifestRepository:
        return ManifestRepository(self._transaction)

    @cached_property
    def retention(self) -> RetentionRepository:
        return RetentionRepository(self._transaction)

    @cached_property
    def outbox(self) -> OutboxRepository:
        return OutboxRepository(self._transaction)


class UnitOfWorkFactory(Protocol):
    """Opens a transaction; see ``Database.unit_of_work``."""

    def __call__(
        self,
        *,
        read_only: bool = False,
        shared: bool = False,
        relaxed: bool = False,
        urgent: bool = False,
    ) -> AbstractContextManager[UnitOfWork]: ...
