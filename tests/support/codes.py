"""Codes as tickets carry them, for tests of what draws, reads and checks them."""

import os
from datetime import UTC, datetime, timedelta

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.ids import EventId, TicketId
from app.domain.tickets.ticket_codes import SECRET_BYTES, TicketFacts, short_code_of

KEY = "a-ticket-key-for-tests-of-enough-length"
SIGNER = Ed25519TicketSigner(KEY)
SENT_ALONG = [
    ("", "\n"),
    ("", "\r\n"),
    ("", "\r"),
    ("", "\t"),
    ("", " "),
    (" ", ""),
    ("\ufeff", ""),
    ("\ufeff ", " \r\n"),
]
"""What hand scanners send before and after a code."""


def some_facts(*, ticket_id: int = 1, event_id: int = 1, version: int = 1) -> TicketFacts:
    """What a ticket for tomorrow says; its short code is another one each time."""
    now = datetime.now(UTC).replace(microsecond=0)
    return TicketFacts(
        ticket_id=TicketId(ticket_id),
        event_id=EventId(event_id),
        version=version,
        not_before=now,
        not_after=now + timedelta(days=3),
        short_code=short_code_of(os.urandom(SECRET_BYTES)),
    )


def some_code(**facts: int) -> str:
    """A signed code, another one each time."""
    return SIGNER.sign(some_facts(**facts), key_id=SIGNER.current_key_id)
