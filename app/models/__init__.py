"""Every table, so that importing this package fills the metadata migrations are checked against."""

from app.models.base import Base
from app.models.events import Event, TicketType
from app.models.orders import Order
from app.models.outbox import OutboxMessage
from app.models.payments import Payment, Refund, WebhookDelivery
from app.models.tickets import Ticket
from app.models.users import LoginAttempts, LoginSession, RefreshToken, User

__all__ = [
    "Base",
    "Event",
    "LoginAttempts",
    "LoginSession",
    "Order",
    "OutboxMessage",
    "Payment",
    "RefreshToken",
    "Refund",
    "Ticket",
    "TicketType",
    "User",
    "WebhookDelivery",
]
