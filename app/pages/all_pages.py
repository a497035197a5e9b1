"""Every router of pages, as they are tried in turn."""

from typing import Final

from fastapi import APIRouter

from app.pages import (
    accounts,
    checkout,
    docs,
    events,
    invitations,
    orders,
    payments,
    refusals,
    scanner,
    tickets,
    transfers,
    waiting,
)
from app.pages.admin import actions as admin_actions
from app.pages.admin import front as admin_front
from app.pages.admin import records as admin_records
from app.pages.files import colours, pictures
from app.pages.manage import event as managed_event
from app.pages.manage import event_life as managed_life
from app.pages.manage import events as managed_events
from app.pages.manage import exports as managed_exports
from app.pages.manage import gates as managed_gates
from app.pages.manage import messages as managed_messages
from app.pages.manage import pictures as managed_pictures
from app.pages.manage import promo_codes as managed_codes
from app.pages.manage import reports as managed_reports
from app.pages.manage import samples as managed_samples
from app.pages.manage import teams as managed_teams
from app.pages.manage import ticket_types as managed_types
from app.pages.manage.checkin import door as managed_door
from app.pages.manage.orders import corrections as managed_corrections
from app.pages.manage.orders import desk as managed_desk
from app.pages.manage.orders import money_refunds as managed_money_refunds
from app.pages.manage.orders import notes as managed_notes
from app.pages.manage.orders import orders as managed_orders
from app.pages.manage.orders import waiting_list as managed_waiting_list
from app.pages.manage.organizations import handovers as managed_handovers
from app.pages.manage.organizations import logos as organization_logos
from app.pages.manage.organizations import organizations as organization_looks
from app.pages.manage.organizations import reports as organization_reports
from app.pages.users import (
    forgotten_password,
    passwords,
    second_steps,
    sessions,
    sign_in_links,
    signing_in,
    two_step,
)
from app.pages.users import tickets as my_tickets

BEFORE_THE_API: Final[tuple[APIRouter, ...]] = (payments.router,)
"""Whose address would be taken for a payment's reference."""

PAGES: Final[tuple[APIRouter, ...]] = (
    events.router,
    pictures.router,
    colours.router,
    signing_in.router,
    sign_in_links.router,
    forgotten_password.router,
    sessions.router,
    passwords.router,
    two_step.router,
    second_steps.router,
    my_tickets.router,
    managed_events.router,  # before one event, whose number would be taken for "new"
    managed_event.router,
    managed_life.router,
    managed_types.router,
    managed_codes.router,
    managed_gates.router,
    managed_door.router,
    managed_teams.router,
    managed_samples.router,
    managed_pictures.router,
    managed_orders.router,
    managed_desk.router,
    managed_waiting_list.router,
    managed_money_refunds.router,
    managed_notes.router,
    managed_messages.router,
    managed_corrections.router,
    managed_handovers.router,
    managed_reports.router,
    managed_exports.router,
    organization_reports.router,
    organization_looks.router,
    organization_logos.router,
    admin_front.router,
    admin_records.router,
    admin_actions.router,
    refusals.router,
    orders.router,
    checkout.router,
    waiting.router,
    tickets.router,
    transfers.router,
    invitations.router,
    accounts.router,
    scanner.router,
    docs.router,
)
