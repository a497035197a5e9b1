"""All services, each area built by a file of ``areas/``."""

from app.config import Settings
from app.http.services import Services
from app.services.orders.order_steps import OrderSteps
from app.wiring.adapters import Adapters
from app.wiring.areas.admins import admin_services
from app.wiring.areas.checkin import checkin_services
from app.wiring.areas.events import event_services
from app.wiring.areas.guests import guest_services
from app.wiring.areas.operations import operation_services
from app.wiring.areas.orders import order_placement, order_services
from app.wiring.areas.organizers import organizer_services
from app.wiring.areas.payments import payment_services
from app.wiring.areas.tickets import ticket_services
from app.wiring.areas.users import user_services


def build_services(outside: Adapters, settings: Settings) -> Services:
    """Hand each service what it uses, and nothing else."""
    placement = order_placement(outside, settings)
    steps = OrderSteps(ids=outside.ids, signer=outside.signer)
    users = user_services(outside, settings)
    events = event_services(outside, settings)
    tickets = ticket_services(outside, settings)
    payments = payment_services(outside, placement=placement, steps=steps)
    orders = order_services(
        outside, settings, placement=placement, steps=steps, settlement=payments.settlement
    )
    guests = guest_services(outside, settings, orders=orders, payments=payments, tickets=tickets)
    organizers = organizer_services(outside, settings, pictures=events.pictures)
    operations = operation_services(
        outside,
        settings,
        events=events,
        orders=orders,
        payments=payments,
        tickets=tickets,
        organizers=organizers,
    )
    return Services(
        **vars(users),
        **vars(events),
        **vars(orders),
        **vars(payments),
        **vars(guests),
        **vars(tickets),
        **vars(checkin_services(outside, settings)),
        **vars(organizers),
        **vars(operations),
        **vars(admin_services(outside, payments=payments)),
    )
