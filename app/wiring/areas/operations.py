"""The services that keep the shop running."""

from functools import partial

from app.config import Settings
from app.database.schema import schema_state
from app.http.services import (
    EventServices,
    OperationServices,
    OrderServices,
    OrganizerServices,
    PaymentServices,
    TicketServices,
)
from app.services.operations.audit import AuditService
from app.services.operations.health import HealthService
from app.services.operations.idempotency import IdempotencyService
from app.services.operations.messages import MessageService
from app.services.operations.retention import CleanUpService, RetentionService
from app.services.operations.worker import Lane, WorkService
from app.services.payments.provider_audit import compared
from app.wiring.adapters import Adapters
from app.wiring.areas.limits import kept_for
from app.wiring.areas.mails import mail_delivery_service


def operation_services(
    outside: Adapters,
    settings: Settings,
    *,
    events: EventServices,
    orders: OrderServices,
    payments: PaymentServices,
    tickets: TicketServices,
    organizers: OrganizerServices,
) -> OperationServices:
    database, clock = outside.database, outside.clock
    idempotency = IdempotencyService(
        database=database,
        clock=clock,
        ids=outside.ids,
        takeover_after=settings.idempotency_takeover,
    )
    retention = RetentionService(database=database, clock=clock, keep=kept_for(settings))
    clean_up = CleanUpService(
        clock=clock,
        forget=(
            retention.delete_ended,
            events.pictures.delete_unused,
            organizers.export_jobs.clean_up,
            retention.clean_up,
        ),
    )
    return OperationServices(
        idempotency=idempotency,
        messages=MessageService(database=database, clock=clock, signal=outside.signal),
        health=HealthService(
            database=database,
            clock=clock,
            bulkhead=outside.bulkhead,
            schema_state=partial(schema_state, database),
            database_status=database.status,
        ),
        work=WorkService(
            lanes=(
                _provider_lane(orders, payments),
                _database_lane(events, orders, payments, tickets, clean_up),
                Lane("exports", (("exports", organizers.export_jobs.write_due),)),
                Lane("mail", (("messages", mail_delivery_service(outside, settings).send_due),)),
            )
        ),
        audit=AuditService(database=database, clock=clock, compared=compared),
        retention=retention,
    )


def _provider_lane(orders: OrderServices, payments: PaymentServices) -> Lane:
    """What asks Paystack, in the order in which it takes its turns."""
    return Lane(
        "provider",
        (
            ("webhooks", payments.webhooks.act_on_due),
            ("payments", payments.polling.ask_due),
            ("holds", orders.holds.expire),
            ("refunds", payments.refunds.advance_due),
        ),
    )


def _database_lane(
    events: EventServices,
    orders: OrderServices,
    payments: PaymentServices,
    tickets: TicketServices,
    clean_up: CleanUpService,
) -> Lane:
    """What needs the database alone, in the order in which it takes its turns."""
    return Lane(
        "database",
        (
            ("cancelled holds", orders.holds.end_cancelled),
            ("disabled offers", orders.holds.end_disabled_offers),
            ("unopened holds", orders.holds.expire_unopened),
            ("ended waits", orders.waiting.end_impossible),
            ("waiting lists", orders.waiting.offer_due),
            ("cancelled events", payments.refund_requests.refund_cancelled),
            ("reminders", events.announcements.remind_due),
            ("announcements", events.announcements.tell_due),
            ("transfers", tickets.transfers.expire),
            ("clean-up", clean_up.run),
        ),
    )
