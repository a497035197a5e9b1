"""The services, each handed what it uses and nothing else."""

from collections.abc import Callable

from app.config import Settings
from app.domain.passwords import MOST_COMMON, CommonPasswords
from app.repositories.migrations import is_migrated
from app.routers.services import Services
from app.services.events import EventService
from app.services.health import HealthService
from app.services.messages import MessageService
from app.services.orders import OrderPlacer
from app.services.payments import PaymentService
from app.services.refunds import RefundService
from app.services.sessions import LoginLimits, SessionService
from app.services.settlement import SettlementService
from app.services.tickets import TicketService
from app.services.users import UserService
from app.services.webhooks import WebhookService
from app.services.work import WorkService
from app.wiring.adapters import Adapters


def build_services(outside: Adapters, settings: Settings) -> Services:
    """Hand each service what it uses, and nothing else."""
    unit_of_work, clock = outside.database.unit_of_work, outside.clock
    orders = OrderPlacer(ids=outside.ids, hold_for=settings.hold_for)
    settlement = SettlementService(
        unit_of_work=unit_of_work,
        clock=clock,
        gateway=outside.gateway,
        orders=orders,
        signal=outside.signal,
    )
    webhooks = WebhookService(
        unit_of_work=unit_of_work,
        clock=clock,
        gateway=outside.gateway,
        settlement=settlement,
        signal=outside.signal,
    )
    users = UserService(
        unit_of_work=unit_of_work,
        clock=clock,
        hasher=outside.hasher,
        refused_passwords=CommonPasswords(() if settings.is_demo else MOST_COMMON),
    )
    sessions = SessionService(
        unit_of_work=unit_of_work,
        clock=clock,
        ids=outside.ids,
        hasher=outside.hasher,
        tokens=outside.tokens,
        limits=LoginLimits(
            attempts=settings.login_attempts,
            window=settings.login_window,
            refresh_life=settings.refresh_token_life,
        ),
    )
    return Services(
        users=users,
        sessions=sessions,
        events=EventService(
            unit_of_work=unit_of_work, clock=clock, anyone_may_create=settings.is_demo
        ),
        payments=PaymentService(
            unit_of_work=unit_of_work,
            clock=clock,
            ids=outside.ids,
            gateway=outside.gateway,
            orders=orders,
            settlement=settlement,
            signal=outside.signal,
        ),
        settlement=settlement,
        webhooks=webhooks,
        tickets=TicketService(unit_of_work=unit_of_work, qr=outside.qr),
        health=HealthService(
            unit_of_work=unit_of_work,
            clock=clock,
            fence=outside.fence,
            is_migrated=_remembered(lambda: is_migrated(outside.database)),
        ),
        work=WorkService(
            unit_of_work=unit_of_work,
            clock=clock,
            orders=orders,
            settlement=settlement,
            webhooks=webhooks,
            refunds=RefundService(unit_of_work=unit_of_work, clock=clock, gateway=outside.gateway),
            messages=MessageService(
                unit_of_work=unit_of_work,
                clock=clock,
                mailer=outside.mailer,
                templates=outside.mail_templates,
                qr=outside.qr,
                public_url=settings.public_url or "http://127.0.0.1:8000",
            ),
            sessions=sessions,
            users=users,
        ),
    )


def _remembered(check: Callable[[], bool]) -> Callable[[], bool]:
    """Ask until the answer is yes: a migrated database stays migrated under a running process."""
    known = False

    def ask() -> bool:
        nonlocal known
        known = known or check()
        return known

    return ask
