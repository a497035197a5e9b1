"""Every router of pages, as they are tried in turn."""

from typing import Final

from fastapi import APIRouter

from app.pages import accounts, docs, orders, payments, refusals, scanner, tickets, transfers

PAGES: Final[tuple[APIRouter, ...]] = (
    refusals.router,
    payments.router,
    orders.router,
    tickets.router,
    transfers.router,
    accounts.router,
    scanner.router,
    docs.router,
)
