from dataclasses import dataclass

from app.services.account_control import AccountControlService
from app.services.account_deletion import AccountDeletionService
from app.services.account_requests import AccountRequestService
from app.services.announcements import AnnouncementService
from app.services.attendees import AttendeeService
from app.services.audit import AuditService
from app.services.calendars import CalendarService
from app.services.check_ins import CheckInService
from app.services.devices import DeviceService
from app.services.disputes import DisputeService
from app.services.email_changes import EmailChangeService
from app.services.events import EventService
from app.services.give_backs import GiveBackService
from app.services.health import HealthService
from app.services.holds import HoldService
from app.services.idempotency import IdempotencyService
from app.services.manifests import ManifestService
from app.services.offline_scans import OfflineScanService
from app.services.order_pages import OrderPageService
from app.services.orders import OrderService
from app.services.outbox import OutboxService
from app.services.own_data import OwnDataService
from app.services.payments import PaymentService
from app.services.promo_codes import PromoCodeService
from app.services.reconciliation import ReconciliationService
from app.services.refund_desk import RefundDeskService
from app.services.reissues import ReissueService
from app.services.sessions import SessionService
from app.services.settlement import SettlementService
from app.services.staff import StaffService
from app.services.ticket_pages import TicketPageService
from app.services.ticket_types import TicketTypeService
from app.services.tickets import TicketService
from app.services.transfers import TransferService
from app.services.users import UserService
from app.services.waiting import WaitingService
from app.services.wallets import WalletService
from app.services.webhooks import WebhookService
from app.services.work import WorkService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case, built once in ``app/wiring.py``."""

    users: UserService
    account_requests: AccountRequestService
    email_changes: EmailChangeService
    account_control: AccountControlService
    sessions: SessionService
    own_data: OwnDataService
    account_deletion: AccountDeletionService
    announcements: AnnouncementService
    events: EventService
    ticket_types: TicketTypeService
    orders: OrderService
    promo_codes: PromoCodeService
    waiting: WaitingService
    give_backs: GiveBackService
    refund_desk: RefundDeskService
    idempotency: IdempotencyService
    payments: PaymentService
    order_pages: OrderPageService
    settlement: SettlementService
    holds: HoldService
    webhooks: WebhookService
    disputes: DisputeService
    tickets: TicketService
    outbox: OutboxService
    wallets: WalletService
    ticket_pages: TicketPageService
    transfers: TransferService
    reissues: ReissueService
    calendars: CalendarService
    staff: StaffService
    devices: DeviceService
    check_ins: CheckInService
    offline_scans: OfflineScanService
    manifests: ManifestService
    attendees: AttendeeService
    health: HealthService
    work: WorkService
    audit: AuditService
    reconciliation: ReconciliationService
