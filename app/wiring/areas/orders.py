"""The services of orders, held places and waiting lists."""

from app.config import Settings
from app.http.services import OrderServices
from app.services.orders.corrections import CorrectionService
from app.services.orders.desk import DeskService
from app.services.orders.event_orders import EventOrderService
from app.services.orders.holds import HoldService
from app.services.orders.order_codes import OrderCodes
from app.services.orders.order_placement import OrderPlacement
from app.services.orders.order_steps import OrderSteps
from app.services.orders.orders import OrderService
from app.services.orders.waiting import WaitingService
from app.services.payments.settlement import SettlementService
from app.services.tickets.ticket_versions import TicketVersions
from app.wiring.adapters import Adapters
from app.wiring.areas.limits import hold_limits


def order_placement(outside: Adapters, settings: Settings) -> OrderPlacement:
    return OrderPlacement(
        ids=outside.ids,
        hold_for=settings.hold_for,
        codes=OrderCodes(database=outside.database),
        limits=hold_limits(settings),
    )


def order_services(
    outside: Adapters,
    settings: Settings,
    *,
    placement: OrderPlacement,
    steps: OrderSteps,
    settlement: SettlementService,
) -> OrderServices:
    database, clock = outside.database, outside.clock
    return OrderServices(
        orders=OrderService(
            database=database,
            clock=clock,
            placement=placement,
            orders=steps,
            settle=settlement.settle,
            signal=outside.signal,
        ),
        event_orders=EventOrderService(database=database, clock=clock),
        corrections=CorrectionService(
            database=database,
            clock=clock,
            ids=outside.ids,
            versions=TicketVersions(ids=outside.ids, signer=outside.signer),
            signal=outside.signal,
        ),
        desk=DeskService(
            database=database,
            clock=clock,
            ids=outside.ids,
            placement=placement,
            orders=steps,
            signal=outside.signal,
        ),
        holds=HoldService(database=database, clock=clock, orders=steps, settle=settlement.settle),
        waiting=WaitingService(
            database=database,
            clock=clock,
            placement=placement,
            limits=hold_limits(settings),
            signal=outside.signal,
            offer_for=settings.offer_for,
        ),
    )
