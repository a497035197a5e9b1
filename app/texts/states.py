"""Words of states and roles, which pages and mails show through the filter ``translated``."""

from typing import Final

from app.domain.languages import marked

ROLES: Final = (
    marked("owner"),
    marked("manager"),
    marked("finance"),
    marked("support"),
    marked("checker"),
)

EXPORTS: Final = (marked("orders"), marked("attendees"), marked("check-ins"), marked("ledger"))

STATES: Final = (
    marked("pending"),
    marked("paid"),
    marked("expired"),
    marked("cancelled"),
    marked("starting"),
    marked("open"),
    marked("failed"),
    marked("succeeded"),
    marked("returned"),
    marked("valid"),
    marked("used"),
    marked("revoked"),
    marked("requested"),
    marked("processed"),
    marked("needs-attention"),
    marked("due"),
    marked("sent"),
    marked("dead"),
    marked("dropped"),
    marked("waiting"),
    marked("running"),
    marked("ready"),
)
"""Of orders, payments, tickets, refunds, mails and prepared files."""

MAILS: Final = (
    marked("tickets issued"),
    marked("payment returned"),
    marked("tickets refunded"),
    marked("refund delayed"),
    marked("places offered"),
    marked("payment failed"),
    marked("ticket reissued"),
    marked("transfer offered"),
    marked("transfer accepted"),
    marked("event changed"),
    marked("event cancelled"),
    marked("event reminder"),
)
"""Kinds of mails about an order."""
