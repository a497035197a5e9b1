"""Every table, so that importing this package fills the metadata migrations are checked against."""

from app.models.base import Base
from app.models.events import BuyerPlaces, Event
from app.models.idempotency import IdempotencyKey
from app.models.ledger import LedgerEntry
from app.models.orders import Order, OrderChange, OrderItem
from app.models.outbox import OutboxMessage
from app.models.payments import Payment, Refund, WebhookDelivery
from app.models.promo_codes import PromoCode
from app.models.ticket_types import TicketType
from app.models.tickets import Ticket
from app.models.users import LoginAttempts, LoginSession, RefreshToken, User
from app.models.waiting import WaitingEntry

__all__ = [
    "Base",
    "BuyerPlaces",
    "Event",
    "IdempotencyKey",
    "LedgerEntry",
    "LoginAttempts",
    "LoginSession",
    "Order",
    "OrderChange",
    "OrderItem",
    "OutboxMessage",
    "Payment",
    "PromoCode",
    "RefreshToken",
    "Refund",
    "Ticket",
    "TicketType",
    "User",
    "WaitingEntry",
    "WebhookDelivery",
]
