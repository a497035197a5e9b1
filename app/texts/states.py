"""Words of states and roles, which pages and mails show through the filter ``translated``."""

from typing import Final

from app.domain.languages import marked

ROLES: Final = (
    marked("owner"),
    marked("manager"),
    marked("finance"),
    marked("support"),
    marked("checker"),
    marked("buyer"),
    marked("organizer"),
    marked("admin"),
)
"""Of members of an organization, and of accounts."""

ACTORS: Final = (marked("operator"), marked("clock"), marked("paystack"))
"""Who did something, where it is no account: the command line, the shop itself, Paystack."""

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
    marked("needs attention"),
    marked("to hand back"),
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
    marked("refund stuck"),
    marked("payment disputed"),
    marked("order moved"),
    marked("wait asked"),
    marked("wait ended"),
    marked("event message"),
    marked("password reset"),
    marked("email confirmation"),
    marked("email change asked"),
    marked("sign in link"),
    marked("two step on"),
    marked("two step off"),
    marked("organization invitation"),
    marked("export done"),
)
"""Kinds of mails, with blanks between their words."""

ADMIN_ACTIONS: Final = (
    marked("searched"),
    marked("shown"),
    marked("organizer operation"),
    marked("account disabled"),
    marked("account enabled"),
    marked("account deleted"),
    marked("role changed"),
    marked("logged out"),
    marked("two step reset"),
    marked("mail resent"),
    marked("mail dropped"),
    marked("refund retried"),
    marked("refund done"),
    marked("hold released"),
    marked("payment checked"),
    marked("dispute closed"),
)
"""What admins did, in the same way; and what they searched for:"""

SEARCHED: Final = (
    marked("everything"),
    marked("people"),
    marked("orders"),
    marked("payments"),
    marked("tickets"),
    marked("mails"),
)
