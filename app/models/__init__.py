"""Every table, so that importing this package fills the metadata migrations are checked against."""

from app.models.admins.actions import AdminAction
from app.models.base import Base as Base
from app.models.checkin.check_ins import CheckIn
from app.models.checkin.scanning import EventStaff, ScannerDevice
from app.models.events.announcements import Announcement
from app.models.events.events import BuyerPlaces, Event
from app.models.events.pictures import KeptPicture
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.operations.failed_items import FailedItem
from app.models.operations.idempotency import IdempotencyKey
from app.models.operations.migrations import AppliedMigration
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order, OrderChange, OrderItem, OrderNote
from app.models.orders.waiting import WaitingEntry
from app.models.organizers.export_jobs import ExportJob
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Membership, Organization
from app.models.payments.disputes import Dispute
from app.models.payments.ledger import LedgerEntry
from app.models.payments.payments import Payment, Refund, WebhookDelivery
from app.models.tickets.tickets import ReplacedCode, Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.account_requests import AccountRequest
from app.models.users.attempts import AttemptCount
from app.models.users.two_step import RecoveryCode, TwoStepSecret
from app.models.users.users import LoginSession, RefreshToken, User
