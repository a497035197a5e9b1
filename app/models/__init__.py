"""Every table, so that importing this package fills the metadata migrations are checked against."""

from app.models.account_requests import AccountRequest
from app.models.announcements import Announcement
from app.models.attempts import AttemptCount
from app.models.base import Base
from app.models.check_ins import CheckIn
from app.models.devices import ScannerDevice
from app.models.disputes import Dispute
from app.models.events import BuyerPlaces, Event
from app.models.failed_items import FailedItem
from app.models.idempotency import IdempotencyKey
from app.models.ledger import LedgerEntry
from app.models.migrations import AppliedMigration
from app.models.orders import Order, OrderChange, OrderItem
from app.models.outbox import OutboxMessage
from app.models.payments import Payment, Refund, WebhookDelivery
from app.models.promo_codes import PromoCode
from app.models.replaced_codes import ReplacedCode
from app.models.staff import EventStaff
from app.models.ticket_types import TicketType
from app.models.tickets import Ticket
from app.models.transfers import TicketTransfer
from app.models.users import LoginSession, RefreshToken, User
from app.models.waiting import WaitingEntry

__all__ = [
    "AccountRequest",
    "Announcement",
    "AppliedMigration",
    "AttemptCount",
    "Base",
    "BuyerPlaces",
    "CheckIn",
    "Dispute",
    "Event",
    "EventStaff",
    "FailedItem",
    "IdempotencyKey",
    "LedgerEntry",
    "LoginSession",
    "Order",
    "OrderChange",
    "OrderItem",
    "OutboxMessage",
    "Payment",
    "PromoCode",
    "RefreshToken",
    "Refund",
    "ReplacedCode",
    "ScannerDevice",
    "Ticket",
    "TicketTransfer",
    "TicketType",
    "User",
    "WaitingEntry",
    "WebhookDelivery",
]
