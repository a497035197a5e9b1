"""What the shop needs from the outside, not who provides it. Everything here is built in wiring."""

from app.domain.ports.accounts import (
    AccessClaims,
    AccessTokens,
    LinkSubject,
    LinkTokens,
    PasswordHasher,
)
from app.domain.ports.calendars import CalendarEntry, CalendarWriter
from app.domain.ports.machine import Clock, IdGenerator, WorkSignal
from app.domain.ports.mail import Attachment, Mail, MailBudgetName, Mailer, MailTemplates, MailText
from app.domain.ports.payments import (
    ChargeReport,
    ChargeStatus,
    GatewayBulkhead,
    PaymentGateway,
    RefundReport,
    RefundStatus,
    UnreadableCharge,
)
from app.domain.ports.tickets import (
    DEFAULT_PIXELS,
    ManifestBoxes,
    PublicKey,
    QrPainter,
    TicketPrinter,
    TicketSigner,
)
from app.domain.ports.wallets import ApplePasses, GoogleWallet

__all__ = [
    "DEFAULT_PIXELS",
    "AccessClaims",
    "AccessTokens",
    "ApplePasses",
    "Attachment",
    "CalendarEntry",
    "CalendarWriter",
    "ChargeReport",
    "ChargeStatus",
    "Clock",
    "GatewayBulkhead",
    "GoogleWallet",
    "IdGenerator",
    "LinkSubject",
    "LinkTokens",
    "Mail",
    "MailBudgetName",
    "MailTemplates",
    "MailText",
    "Mailer",
    "ManifestBoxes",
    "PasswordHasher",
    "PaymentGateway",
    "PublicKey",
    "QrPainter",
    "RefundReport",
    "RefundStatus",
    "TicketPrinter",
    "TicketSigner",
    "UnreadableCharge",
    "WorkSignal",
]
