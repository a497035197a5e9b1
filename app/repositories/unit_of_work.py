"""One transaction's worth of repositories."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from app.repositories.admins.actions import AdminActionRepository
from app.repositories.admins.attention import AttentionRepository
from app.repositories.admins.searches import AdminSearchRepository
from app.repositories.base import Repository, Transaction
from app.repositories.checkin.attendees import AttendeeRepository
from app.repositories.checkin.check_ins import CheckInRepository
from app.repositories.checkin.devices import DeviceRepository
from app.repositories.checkin.gates import GateRepository
from app.repositories.checkin.manifests import ManifestRepository
from app.repositories.checkin.staff import StaffRepository
from app.repositories.events.announcements import AnnouncementRepository
from app.repositories.events.buyer_places import BuyerPlacesRepository
from app.repositories.events.categories import CategoryRepository
from app.repositories.events.event_access import EventAccessRepository
from app.repositories.events.event_life import EventLifeRepository
from app.repositories.events.events import EventRepository
from app.repositories.events.pictures import PictureRepository
from app.repositories.events.promo_codes import PromoCodeRepository
from app.repositories.events.ticket_types import TicketTypeRepository
from app.repositories.operations.audit import AuditRepository
from app.repositories.operations.failed_items import FailedItemRepository
from app.repositories.operations.idempotency import IdempotencyRepository
from app.repositories.operations.outbox import OutboxRepository
from app.repositories.operations.retention import RetentionRepository
from app.repositories.orders.event_orders import EventOrderRepository
from app.repositories.orders.holds import HoldRepository
from app.repositories.orders.notes import OrderNoteRepository
from app.repositories.orders.orders import OrderRepository
from app.repositories.orders.waiting import WaitingRepository
from app.repositories.organizers.export_jobs import ExportJobRepository
from app.repositories.organizers.exports import ExportRepository
from app.repositories.organizers.invitations import InvitationRepository
from app.repositories.organizers.memberships import MembershipRepository
from app.repositories.organizers.organization_sales import OrganizationSalesRepository
from app.repositories.organizers.organizations import OrganizationRepository
from app.repositories.organizers.reports import ReportRepository
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
from app.repositories.users.guest_claims import GuestClaimRepository
from app.repositories.users.own_data import OwnDataRepository
from app.repositories.users.sessions import SessionRepository
from app.repositories.users.two_step import TwoStepRepository
from app.repositories.users.users import UserRepository

R = TypeVar("R", bound=Repository)


class OnFirstUse(Generic[R]):
    """An attribute of a unit of work: a repository, made when it is first used."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, work: "UnitOfWork", _: type) -> R:
        made = work.__dict__[self._name] = self._kind(work._transaction)
        return made


class UnitOfWork:
    """What one transaction can read and change. Opened by ``Database``."""

    users = OnFirstUse(UserRepository)
    attempts = OnFirstUse(AttemptRepository)
    sessions = OnFirstUse(SessionRepository)
    two_step = OnFirstUse(TwoStepRepository)
    deletions = OnFirstUse(DeletionRepository)
    guest_claims = OnFirstUse(GuestClaimRepository)
    own_data = OnFirstUse(OwnDataRepository)
    account_requests = OnFirstUse(AccountRequestRepository)
    organizations = OnFirstUse(OrganizationRepository)
    invitations = OnFirstUse(InvitationRepository)
    memberships = OnFirstUse(MembershipRepository)
    events = OnFirstUse(EventRepository)
    event_access = OnFirstUse(EventAccessRepository)
    categories = OnFirstUse(CategoryRepository)
    event_life = OnFirstUse(EventLifeRepository)
    announcements = OnFirstUse(AnnouncementRepository)
    ticket_types = OnFirstUse(TicketTypeRepository)
    buyer_places = OnFirstUse(BuyerPlacesRepository)
    orders = OnFirstUse(OrderRepository)
    order_notes = OnFirstUse(OrderNoteRepository)
    event_orders = OnFirstUse(EventOrderRepository)
    holds = OnFirstUse(HoldRepository)
    payments = OnFirstUse(PaymentRepository)
    booked_payments = OnFirstUse(BookedPaymentRepository)
    failed_items = OnFirstUse(FailedItemRepository)
    refunds = OnFirstUse(RefundRepository)
    disputes = OnFirstUse(DisputeRepository)
    refund_listings = OnFirstUse(RefundListingRepository)
    webhooks = OnFirstUse(WebhookRepository)
    tickets = OnFirstUse(TicketRepository)
    transfers = OnFirstUse(TransferRepository)
    ledger = OnFirstUse(LedgerRepository)
    idempotency = OnFirstUse(IdempotencyRepository)
    audit = OnFirstUse(AuditRepository)
    promo_codes = OnFirstUse(PromoCodeRepository)
    waiting = OnFirstUse(WaitingRepository)
    staff = OnFirstUse(StaffRepository)
    devices = OnFirstUse(DeviceRepository)
    gates = OnFirstUse(GateRepository)
    check_ins = OnFirstUse(CheckInRepository)
    attendees = OnFirstUse(AttendeeRepository)
    manifests = OnFirstUse(ManifestRepository)
    reports = OnFirstUse(ReportRepository)
    organization_sales = OnFirstUse(OrganizationSalesRepository)
    exports = OnFirstUse(ExportRepository)
    export_jobs = OnFirstUse(ExportJobRepository)
    retention = OnFirstUse(RetentionRepository)
    pictures = OnFirstUse(PictureRepository)
    outbox = OnFirstUse(OutboxRepository)
    admin_actions = OnFirstUse(AdminActionRepository)
    admin_searches = OnFirstUse(AdminSearchRepository)
    attention = OnFirstUse(AttentionRepository)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._after_commit: list[Callable[[], None]] = []
        self._after_rollback: list[Callable[[], None]] = []

    def after_commit(self, step: Callable[[], None]) -> None:
        """Do this once the transaction is committed, and not at all if it is not."""
        self._after_commit.append(step)

    def after_rollback(self, step: Callable[[], None]) -> None:
        """Do this once the transaction is rolled back: what has to outlive a refusal."""
        self._after_rollback.append(step)

    def ended(self, *, committed: bool) -> None:
        """Run the steps for this end of the transaction, which is over."""
        for step in self._after_commit if committed else self._after_rollback:
            step()

    def flush(self) -> None:
        """Write changed rows now, so that constraints are checked here, not at the commit."""
        self._transaction.flush()

    def part(self) -> AbstractContextManager[object]:
        """A part of the transaction that can fail alone: an exception undoes only that."""
        return self._transaction.part()
