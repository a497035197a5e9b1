from dataclasses import dataclass

from app.services.checkin.attendees import AttendeeService
from app.services.checkin.check_ins import CheckInService
from app.services.checkin.devices import DeviceService
from app.services.checkin.manifests import ManifestService
from app.services.checkin.offline_scans import OfflineScanService
from app.services.checkin.staff import StaffService
from app.services.events.announcements import AnnouncementService
from app.services.events.calendars import CalendarService
from app.services.events.event_pages import EventPageService
from app.services.events.events import EventService
from app.services.events.promo_codes import PromoCodeService
from app.services.events.ticket_types import TicketTypeService
from app.services.operations.audit import AuditService
from app.services.operations.health import HealthService
from app.services.operations.idempotency import IdempotencyService
from app.services.operations.messages import MessageService
from app.services.operations.work import WorkService
from app.services.orders.event_orders import EventOrderService
from app.services.orders.guest_waits import GuestWaitService
from app.services.orders.holds import HoldService
from app.services.orders.orders import OrderService
from app.services.orders.waiting import WaitingService
from app.services.organizers.exports import ExportService
from app.services.organizers.invitations import InvitationService
from app.services.organizers.managed_events import ManagedEventService
from app.services.organizers.members import MemberService
from app.services.organizers.organizations import OrganizationService
from app.services.organizers.reports import ReportService
from app.services.payments.checkouts import CheckoutService
from app.services.payments.disputes import DisputeService
from app.services.payments.order_links import OrderLinkService
from app.services.payments.order_pages import OrderPageService
from app.services.payments.payments import PaymentService
from app.services.payments.reconciliation import ReconciliationService
from app.services.payments.refund_desk import RefundDeskService
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.settlement import SettlementService
from app.services.payments.webhooks import WebhookService
from app.services.tickets.reissues import ReissueService
from app.services.tickets.ticket_pages import TicketPageService
from app.services.tickets.tickets import TicketService
from app.services.tickets.transfers import TransferService
from app.services.tickets.wallets import WalletService
from app.services.users.account_deletion import AccountDeletionService
from app.services.users.account_requests import AccountRequestService
from app.services.users.accounts import AccountControlService
from app.services.users.email_changes import EmailChangeService
from app.services.users.own_data import OwnDataService
from app.services.users.sessions import SessionService
from app.services.users.users import UserService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    users: UserService
    account_requests: AccountRequestService
    email_changes: EmailChangeService
    account_control: AccountControlService
    sessions: SessionService
    own_data: OwnDataService
    account_deletion: AccountDeletionService
    announcements: AnnouncementService
    events: EventService
    event_pages: EventPageService
    ticket_types: TicketTypeService
    organizations: OrganizationService
    members: MemberService
    invitations: InvitationService
    orders: OrderService
    event_orders: EventOrderService
    promo_codes: PromoCodeService
    waiting: WaitingService
    guest_waits: GuestWaitService
    refund_requests: RefundRequestService
    refund_desk: RefundDeskService
    idempotency: IdempotencyService
    payments: PaymentService
    order_pages: OrderPageService
    order_links: OrderLinkService
    checkouts: CheckoutService
    settlement: SettlementService
    holds: HoldService
    webhooks: WebhookService
    disputes: DisputeService
    tickets: TicketService
    messages: MessageService
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
    reports: ReportService
    exports: ExportService
    managed_events: ManagedEventService
    reconciliation: ReconciliationService
