"""Every router of the API, the most wanted first, as they are tried in turn."""

from typing import Final

from fastapi import APIRouter

from app.routers.admins import attention, mails, people, searches
from app.routers.checkin import check_ins, devices, keys, offline, staff
from app.routers.events import (
    calendars,
    categories,
    event_life,
    events,
    holder_messages,
    pictures,
    promo_codes,
    ticket_types,
)
from app.routers.operations import health, messages
from app.routers.orders import corrections, desk, event_orders, notes, orders, waiting
from app.routers.organizers import (
    export_jobs,
    exports,
    invitations,
    logos,
    members,
    organizations,
    reports,
)
from app.routers.payments import checkouts, disputes, payments, refunds
from app.routers.tickets import reissues, ticket_forms, tickets, transfers, wallets
from app.routers.users import account_requests, own_data, sessions, tokens, users

ROUTERS: Final[tuple[APIRouter, ...]] = (
    payments.router,
    checkouts.router,
    calendars.router,  # before the events: its address would be taken for an id
    events.router,
    event_life.router,
    categories.router,
    orders.router,
    tickets.router,
    ticket_forms.router,
    users.router,
    users.passwords,
    sessions.router,
    own_data.router,
    account_requests.router,
    tokens.router,
    ticket_types.router,
    promo_codes.router,
    pictures.router,
    holder_messages.router,
    event_orders.router,
    desk.router,
    notes.router,
    corrections.router,
    reports.router,
    reports.organizations,
    exports.router,
    export_jobs.requests,
    export_jobs.router,
    refunds.router,
    waiting.router,
    wallets.router,
    transfers.router,
    reissues.router,
    keys.router,
    messages.router,
    disputes.router,
    staff.router,
    devices.router,
    check_ins.router,
    offline.router,
    organizations.router,
    organizations.events,
    logos.router,
    members.router,
    invitations.router,
    invitations.links,
    searches.router,
    people.router,
    mails.router,
    attention.router,
    health.router,
)
