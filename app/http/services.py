"""The services, by area. Wiring builds each area in a file of its own."""

from dataclasses import dataclass

from app.services.admins.attention import AttentionService
from app.services.admins.log import AdminLogService
from app.services.admins.records import AdminRecordService
from app.services.admins.searches import AdminSearchService
from app.services.checkin.attendees import AttendeeService
from app.services.checkin.check_ins import CheckInService
from app.services.checkin.devices import DeviceService
from app.services.checkin.manifests import ManifestService
from app.services.checkin.offline_scans import OfflineScanService
from app.services.checkin.staff import StaffService
from app.services.events.announcements import AnnouncementService
from app.services.events.categories import CategoryService
from app.services.events.duplicates import DuplicateService
from app.services.events.event_life import EventLifeService
from app.services.events.event_pages import EventPageService
from app.services.events.event_pictures import EventPictureService
from app.services.events.events import EventService
from app.services.events.holder_messages import HolderMessageService
from app.services.events.pictures import PictureService
from app.services.events.promo_codes import PromoCodeService
from app.services.events.ticket_types import TicketTypeService
from app.services.operations.audit import AuditService
from app.services.operations.health import HealthService
from app.services.operations.idempotency import IdempotencyService
from app.services.operations.messages import MessageService
from app.services.operations.retention import RetentionService
from app.services.operations.worker import WorkService
from app.services.orders.corrections import CorrectionService
from app.services.orders.desk import DeskService
from app.services.orders.event_orders import EventOrderService
from app.services.orders.guest_waits import GuestWaitService
from app.services.orders.holds import HoldService
from app.services.orders.orders import OrderService
from app.services.orders.waiting import WaitingService
from app.services.organizers.export_jobs import ExportJobService
from app.services.organizers.exports import ExportService
from app.services.organizers.invitations import InvitationService
from app.services.organizers.managed_events import ManagedEventService
from app.services.organizers.members import MemberService
from app.services.organizers.organizations import OrganizationService
from app.services.organizers.reports import ReportService
from app.services.payments.checkouts import CheckoutService
from app.services.payments.money_refunds import MoneyRefundService
from app.services.payments.order_links import OrderLinkService
from app.services.payments.order_pages import OrderPageService
from app.services.payments.payment_polling import PaymentPollingService
from app.services.payments.payments import PaymentService
from app.services.payments.reconciliation import ReconciliationService
from app.services.payments.refund_desk import RefundDeskService
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.refunds import RefundService
from app.services.payments.settlement import SettlementService
from app.services.payments.webhooks import WebhookService
from app.services.tickets.reissues import ReissueService
from app.services.tickets.ticket_pages import TicketPageService
from app.services.tickets.tickets import TicketService
from app.services.tickets.transfers import TransferService
from app.services.users.account_deletion import AccountDeletionService
from app.services.users.account_requests import AccountRequestService
from app.services.users.accounts import AccountControlService
from app.services.users.email_changes import EmailChangeService
from app.services.users.kept_forms import KeptFormService
from app.services.users.logins.second_steps import SecondSteps
from app.services.users.logins.sign_in_links import SignInLinkService
from app.services.users.logins.two_step import TwoStepService
from app.services.users.sessions import SessionService
from app.services.users.users import UserService


@dataclass(frozen=True, kw_only=True)
class UserServices:
    """Accounts, logins and what a user keeps here."""

    users: UserService
    account_requests: AccountRequestService
    email_changes: EmailChangeService
    account_control: AccountControlService
    sessions: SessionService
    second_steps: SecondSteps
    two_step: TwoStepService
    sign_in_links: SignInLinkService
    kept_forms: KeptFormService
    account_deletion: AccountDeletionService


@dataclass(frozen=True, kw_only=True)
class EventServices:
    """Events, what is sold for them and what is told about them."""

    events: EventService
    event_life: EventLifeService
    duplicates: DuplicateService
    event_pages: EventPageService
    categories: CategoryService
    event_pictures: EventPictureService
    pictures: PictureService
    ticket_types: TicketTypeService
    promo_codes: PromoCodeService
    announcements: AnnouncementService
    holder_messages: HolderMessageService


@dataclass(frozen=True, kw_only=True)
class OrderServices:
    """Orders, held places and waiting lists."""

    orders: OrderService
    event_orders: EventOrderService
    desk: DeskService
    corrections: CorrectionService
    holds: HoldService
    waiting: WaitingService


@dataclass(frozen=True, kw_only=True)
class PaymentServices:
    """Money: what comes in, what goes back, and what Paystack says of it."""

    payments: PaymentService
    settlement: SettlementService
    polling: PaymentPollingService
    webhooks: WebhookService
    refunds: RefundService
    refund_requests: RefundRequestService
    money_refunds: MoneyRefundService
    refund_desk: RefundDeskService
    reconciliation: ReconciliationService


@dataclass(frozen=True, kw_only=True)
class GuestServices:
    """What buyers use who do not log in."""

    checkouts: CheckoutService
    order_pages: OrderPageService
    order_links: OrderLinkService
    guest_waits: GuestWaitService


@dataclass(frozen=True, kw_only=True)
class TicketServices:
    """Tickets, their forms and their changes of hands."""

    tickets: TicketService
    ticket_pages: TicketPageService
    transfers: TransferService
    reissues: ReissueService


@dataclass(frozen=True, kw_only=True)
class CheckinServices:
    """Gates: staff, scanners, scans and counts."""

    check_ins: CheckInService
    offline_scans: OfflineScanService
    manifests: ManifestService
    attendees: AttendeeService
    staff: StaffService
    devices: DeviceService


@dataclass(frozen=True, kw_only=True)
class OrganizerServices:
    """Organizations, and the figures of their events."""

    organizations: OrganizationService
    members: MemberService
    invitations: InvitationService
    managed_events: ManagedEventService
    reports: ReportService
    exports: ExportService
    export_jobs: ExportJobService


@dataclass(frozen=True, kw_only=True)
class OperationServices:
    """What keeps the shop running."""

    idempotency: IdempotencyService
    messages: MessageService
    health: HealthService
    work: WorkService
    audit: AuditService
    retention: RetentionService


@dataclass(frozen=True, kw_only=True)
class AdminServices:
    """What admins look up, what needs them, and the log of what they do."""

    admin_log: AdminLogService
    admin_search: AdminSearchService
    admin_records: AdminRecordService
    attention: AttentionService


@dataclass(frozen=True, kw_only=True)
class Services(
    UserServices,
    EventServices,
    OrderServices,
    PaymentServices,
    GuestServices,
    TicketServices,
    CheckinServices,
    OrganizerServices,
    OperationServices,
    AdminServices,
):
    """All services, each under its own name."""
