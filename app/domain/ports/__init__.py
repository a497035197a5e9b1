"""What the shop needs from the outside, not who provides it. Everything here is built in wiring."""

from app.domain.ports.accounts import (
    AccessClaims,
    AccessTokens,
    LinkPurpose,
    LinkTokens,
    PasswordHasher,
)
from app.domain.ports.machine import (
    Clock,
    IdGenerator,
    WorkSignal,
)
from app.domain.ports.mail import (
    Attachment,
    Mail,
    Mailer,
    MailTemplates,
    MailText,
)
from app.domain.ports.payments import (
    Charge,
    ChargeReport,
    ChargeStatus,
    GatewayFence,
    PaymentGateway,
    RefundReport,
    RefundStatus,
)
from app.domain.ports.tickets import (
    PublicKey,
    QrPainter,
    TicketSigner,
)

__all__ = [
    "AccessClaims",
    "AccessTokens",
    "Attachment",
    "Charge",
    "ChargeReport",
    "ChargeStatus",
    "Clock",
    "GatewayFence",
    "IdGenerator",
    "LinkPurpose",
    "LinkTokens",
    "Mail",
    "MailTemplates",
    "MailText",
    "Mailer",
    "PasswordHasher",
    "PaymentGateway",
    "PublicKey",
    "QrPainter",
    "RefundReport",
    "RefundStatus",
    "TicketSigner",
    "WorkSignal",
]
