"""The services of money that comes in and goes back."""

from app.http.services import PaymentServices
from app.services.orders.order_placement import OrderPlacement
from app.services.orders.order_steps import OrderSteps
from app.services.payments.money_refunds import MoneyRefundService
from app.services.payments.payment_polling import PaymentPollingService
from app.services.payments.payments import PaymentService
from app.services.payments.reconciliation import ReconciliationService
from app.services.payments.refund_desk import RefundDeskService
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.refunds import RefundService
from app.services.payments.settlement import SettlementService
from app.services.payments.webhooks import WebhookService
from app.wiring.adapters import Adapters


def payment_services(
    outside: Adapters, *, placement: OrderPlacement, steps: OrderSteps
) -> PaymentServices:
    database, clock, gateway = outside.database, outside.clock, outside.gateway
    settlement = SettlementService(
        database=database, clock=clock, gateway=gateway, orders=steps, signal=outside.signal
    )
    refunds = RefundService(database=database, clock=clock, gateway=gateway)
    return PaymentServices(
        payments=PaymentService(
            database=database,
            clock=clock,
            gateway=gateway,
            links=outside.links,
            placement=placement,
            orders=steps,
            settlement=settlement,
            signal=outside.signal,
        ),
        settlement=settlement,
        polling=PaymentPollingService(database=database, clock=clock, settlement=settlement),
        webhooks=WebhookService(
            database=database,
            clock=clock,
            gateway=gateway,
            settlement=settlement,
            refunds=refunds,
            signal=outside.signal,
        ),
        refunds=refunds,
        refund_requests=RefundRequestService(database=database, clock=clock, signal=outside.signal),
        money_refunds=MoneyRefundService(database=database, clock=clock, signal=outside.signal),
        refund_desk=RefundDeskService(database=database, clock=clock, signal=outside.signal),
        reconciliation=ReconciliationService(database=database, clock=clock, gateway=gateway),
    )
