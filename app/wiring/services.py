"""The services, each handed what it uses and nothing else."""

from functools import partial

from app.config import Settings
from app.database.schema import schema_state
from app.domain.users.passwords import MOST_COMMON, CommonPasswords
from app.http.services import Services
from app.services.checkin.access import CheckInAccess
from app.services.checkin.attendees import AttendeeService
from app.services.checkin.check_ins import CheckInService
from app.services.checkin.devices import DeviceService
from app.services.checkin.manifests import ManifestService
from app.services.checkin.offline_scans import OfflineScanService
from app.services.checkin.scans import ScanSteps
from app.services.checkin.staff import StaffService
from app.services.events.announcements import AnnouncementService
from app.services.events.calendars import CalendarService
from app.services.events.event_pages import EventPageService
from app.services.events.events import EventService
from app.services.events.promo_codes import PromoCodeService
from app.services.events.ticket_types import TicketTypeService
from app.services.operations.audit import AuditService
from app.services.operations.clean_up import CleanUpService
from app.services.operations.health import HealthService
from app.services.operations.idempotency import IdempotencyService
from app.services.operations.item_runner import ItemRunner
from app.services.operations.messages import MessageService
from app.services.operations.retention import RetentionService
from app.services.orders.event_orders import EventOrderService
from app.services.orders.holds import HoldService
from app.services.orders.order_codes import OrderCodes
from app.services.orders.order_placement import OrderPlacement
from app.services.orders.order_steps import OrderSteps
from app.services.orders.orders import OrderService
from app.services.orders.waiting import WaitingService
from app.services.organizers.exports import ExportService
from app.services.organizers.managed_events import ManagedEventService
from app.services.organizers.members import MemberService
from app.services.organizers.organizations import OrganizationService
from app.services.organizers.reports import ReportService
from app.services.payments.disputes import DisputeService
from app.services.payments.payments import PaymentService
from app.services.payments.provider_audit import compared
from app.services.payments.reconciliation import ReconciliationService
from app.services.payments.refund_desk import RefundDeskService
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.refunds import RefundService
from app.services.payments.settlement import SettlementService
from app.services.payments.webhooks import WebhookService
from app.services.tickets.reissues import ReissueService
from app.services.tickets.ticket_pages import TicketPageService
from app.services.tickets.ticket_versions import TicketVersions
from app.services.tickets.tickets import TicketService
from app.services.tickets.transfers import TransferService
from app.services.tickets.wallets import WalletService
from app.services.users.account_deletion import AccountDeletionService
from app.services.users.account_requests import AccountRequestService
from app.services.users.accounts import AccountControlService
from app.services.users.email_changes import EmailChangeService
from app.services.users.guest_claims import GuestClaims
from app.services.users.mailed_requests import MailedRequests
from app.services.users.own_data import OwnDataService
from app.services.users.sessions import SessionService
from app.services.users.users import UserService
from app.wiring.adapters import Adapters
from app.wiring.checkouts import build_checkouts
from app.wiring.limits import (
    hold_limits,
    kept_for,
    login_limits,
    password_checks,
    registration_limit,
)
from app.wiring.mails import mail_delivery_service
from app.wiring.organizers import invitation_service
from app.wiring.work import build_work


def build_services(outside: Adapters, settings: Settings) -> Services:
    """Hand each service what it uses, and nothing else."""
    database, clock = outside.database, outside.clock
    limits = hold_limits(settings)
    placement = OrderPlacement(
        ids=outside.ids,
        hold_for=settings.hold_for,
        codes=OrderCodes(database=database),
        limits=limits,
    )
    orders = OrderSteps(ids=outside.ids, signer=outside.signer)
    settlement = SettlementService(
        database=database,
        clock=clock,
        gateway=outside.gateway,
        orders=orders,
        signal=outside.signal,
    )
    refunds = RefundService(database=database, clock=clock, gateway=outside.gateway)
    webhooks = WebhookService(
        database=database,
        clock=clock,
        gateway=outside.gateway,
        settlement=settlement,
        refunds=refunds,
        signal=outside.signal,
    )
    refused_passwords = CommonPasswords(() if settings.is_demo else MOST_COMMON)
    users = UserService(
        database=database,
        clock=clock,
        hasher=outside.hasher,
        refused_passwords=refused_passwords,
        registrations=registration_limit(settings),
        passwords=password_checks(outside, settings),
    )
    requests, claims = MailedRequests(outside.links), GuestClaims(database=database)
    account_requests = AccountRequestService(
        database=database,
        clock=clock,
        hasher=outside.hasher,
        requests=requests,
        refused_passwords=refused_passwords,
        claims=claims,
        signal=outside.signal,
    )
    email_changes = EmailChangeService(
        database=database, clock=clock, requests=requests, signal=outside.signal
    )
    sessions = SessionService(
        database=database,
        clock=clock,
        ids=outside.ids,
        hasher=outside.hasher,
        tokens=outside.tokens,
        limits=login_limits(settings),
        claims=claims,
    )
    order_service = OrderService(
        database=database,
        clock=clock,
        placement=placement,
        orders=orders,
        settle=settlement.settle,
        signal=outside.signal,
    )
    waiting = WaitingService(
        database=database,
        clock=clock,
        placement=placement,
        limits=limits,
        signal=outside.signal,
        offer_for=settings.offer_for,
    )
    refund_requests = RefundRequestService(database=database, clock=clock, signal=outside.signal)
    idempotency = IdempotencyService(
        database=database,
        clock=clock,
        ids=outside.ids,
        takeover_after=settings.idempotency_takeover,
    )
    door = ScanSteps(signer=outside.signer)
    access = CheckInAccess(clock=clock, rights_for=settings.door_rights_for)
    holds = HoldService(database=database, clock=clock, orders=orders, settle=settlement.settle)
    announcements = AnnouncementService(database=database, clock=clock)
    tickets = TicketService(
        database=database, signer=outside.signer, qr=outside.qr, pages=outside.pages
    )
    versions = TicketVersions(ids=outside.ids, signer=outside.signer)
    transfers = TransferService(
        database=database,
        clock=clock,
        ids=outside.ids,
        links=outside.links,
        versions=versions,
        signal=outside.signal,
    )
    retention = RetentionService(database=database, clock=clock, keep=kept_for(settings))
    clean_up = CleanUpService(
        clock=clock,
        forget=(
            sessions.delete_ended,
            users.delete_ended_attempts,
            account_requests.delete_ended,
            idempotency.delete_old,
            ItemRunner(database=database, clock=clock).delete_stale,
            retention.clean_up,
        ),
    )
    payments = PaymentService(
        database=database,
        clock=clock,
        gateway=outside.gateway,
        links=outside.links,
        placement=placement,
        orders=orders,
        settlement=settlement,
        signal=outside.signal,
    )
    without_login = build_checkouts(
        outside,
        settings,
        payments=payments,
        orders=order_service,
        refunds=refund_requests,
        transfers=transfers,
        waiting=waiting,
    )
    return Services(
        users=users,
        account_requests=account_requests,
        email_changes=email_changes,
        account_control=AccountControlService(database=database, clock=clock),
        sessions=sessions,
        own_data=OwnDataService(database=database),
        account_deletion=AccountDeletionService(
            database=database,
            clock=clock,
            ids=outside.ids,
            passwords=password_checks(outside, settings),
        ),
        announcements=announcements,
        events=EventService(
            database=database,
            clock=clock,
            anyone_may_create=settings.is_demo,
            signal=outside.signal,
        ),
        ticket_types=TicketTypeService(database=database),
        orders=order_service,
        promo_codes=PromoCodeService(database=database),
        waiting=waiting,
        refund_requests=refund_requests,
        refund_desk=RefundDeskService(database=database, clock=clock, signal=outside.signal),
        idempotency=idempotency,
        payments=payments,
        order_pages=without_login.pages,
        order_links=without_login.links,
        checkouts=without_login.checkouts,
        guest_waits=without_login.waits,
        settlement=settlement,
        holds=holds,
        webhooks=webhooks,
        disputes=DisputeService(database=database),
        messages=MessageService(database=database, clock=clock, signal=outside.signal),
        tickets=tickets,
        wallets=WalletService(
            tickets=tickets, clock=clock, apple=outside.apple_passes, google=outside.google_wallet
        ),
        ticket_pages=TicketPageService(database=database, clock=clock),
        transfers=transfers,
        reissues=ReissueService(
            database=database, clock=clock, versions=versions, signal=outside.signal
        ),
        reports=ReportService(database=database),
        exports=ExportService(database=database),
        managed_events=ManagedEventService(database=database),
        event_orders=EventOrderService(database=database),
        event_pages=EventPageService(database=database, clock=clock, qr=outside.qr),
        organizations=OrganizationService(database=database, clock=clock),
        members=MemberService(database=database),
        invitations=invitation_service(outside),
        calendars=CalendarService(database=database, calendars=outside.calendars),
        staff=StaffService(database=database, clock=clock),
        devices=DeviceService(
            database=database, clock=clock, ids=outside.ids, qr=outside.qr, access=access
        ),
        check_ins=CheckInService(database=database, clock=clock, door=door, access=access),
        offline_scans=OfflineScanService(database=database, clock=clock, door=door, access=access),
        manifests=ManifestService(
            database=database,
            clock=clock,
            signer=outside.signer,
            boxes=outside.boxes,
            access=access,
        ),
        attendees=AttendeeService(database=database, access=access),
        health=HealthService(
            database=database,
            clock=clock,
            bulkhead=outside.bulkhead,
            schema_state=partial(schema_state, outside.database),
            database_status=outside.database.status,
        ),
        work=build_work(
            webhooks=webhooks,
            holds=holds,
            refunds=refunds,
            refund_requests=refund_requests,
            waiting=waiting,
            announcements=announcements,
            transfers=transfers,
            clean_up=clean_up,
            mails=mail_delivery_service(outside, settings),
        ),
        audit=AuditService(database=database, clock=clock, compared=compared),
        reconciliation=ReconciliationService(
            database=database, clock=clock, gateway=outside.gateway
        ),
    )
