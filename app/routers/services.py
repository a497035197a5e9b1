from dataclasses import dataclass

from app.services.events import EventService
from app.services.health import HealthService
from app.services.payments import PaymentService
from app.services.sessions import SessionService
from app.services.settlement import SettlementService
from app.services.tickets import TicketService
from app.services.users import UserService
from app.services.webhooks import WebhookService
from app.services.work import WorkService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case, built once in ``app/wiring.py``."""

    users: UserService
    sessions: SessionService
    events: EventService
    payments: PaymentService
    settlement: SettlementService
    webhooks: WebhookService
    tickets: TicketService
    health: HealthService
    work: WorkService
