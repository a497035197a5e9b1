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
)
from app.pages.users import sessions, signing_in

BEFORE_THE_API: Final[tuple[APIRouter, ...]] = (payments.router,)
"""Whose address would be taken for a payment's reference."""

PAGES: Final[tuple[APIRouter, ...]] = (
    events.router,
    signing_in.router,
    sessions.router,
    refusals.router,
    orders.router,
    checkout.router,
    tickets.router,
    transfers.router,
    invitations.router,
    accounts.router,
    scanner.router,
    docs.router,
)
